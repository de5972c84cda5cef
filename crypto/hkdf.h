/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The KDF of the handshake: HKDF [RFC 5869] over HMAC-BLAKE2s with empty info,
 * one to three outputs of 32 bytes [N 4.3, WP 5.4].
 *
 * Any context; the caller owns the buffers and wipes what it no longer needs.
 */
#ifndef WG_CRYPTO_HKDF_H
#define WG_CRYPTO_HKDF_H

#include "crypto/port.h"

#define HKDF_LEN	32

/*
 * KDF1, KDF2 or KDF3 of the chaining key @key and @len bytes of input.
 * @out2 may be NULL; @out3 may be NULL, and is when @out2 is. Any output may be
 * the same buffer as @key or lie in @in; outputs are distinct from each other.
 */
void hkdf(u8 out1[HKDF_LEN], u8 *out2, u8 *out3, const u8 key[HKDF_LEN],
	  const void *in, size_t len);

#endif /* WG_CRYPTO_HKDF_H */
