/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys as people write them: 32 bytes in base64 (RFC 4648 section 4, one '='),
 * and as the user-space protocol writes them: 64 hexadecimal digits.
 *
 * All four run in time and with memory accesses that do not depend on the key.
 * The caller owns, and wipes, both sides.
 */
#ifndef TOOLS_CONFIG_KEY_H
#define TOOLS_CONFIG_KEY_H

#include "crypto/port.h"

#define KEY_LEN		32
#define KEY_BASE64_LEN	44	/* without the NUL */
#define KEY_HEX_LEN	64	/* without the NUL */

/*
 * Exactly KEY_BASE64_LEN characters at @text, which need not end in a NUL.
 * False: not the canonical text of any key; @key is zero then.
 */
bool key_read_base64(u8 key[KEY_LEN], const char *text);
void key_write_base64(char text[KEY_BASE64_LEN + 1], const u8 key[KEY_LEN]);

/* Exactly KEY_HEX_LEN digits at @text, either case; written in lower case. */
bool key_read_hex(u8 key[KEY_LEN], const char *text);
void key_write_hex(char text[KEY_HEX_LEN + 1], const u8 key[KEY_LEN]);

#endif /* TOOLS_CONFIG_KEY_H */
