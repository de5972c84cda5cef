/* SPDX-License-Identifier: GPL-2.0 */
/* Between the files of `wg-quick new'. */
#ifndef TOOLS_WG_QUICK_NEW_H
#define TOOLS_WG_QUICK_NEW_H

#include "tools/wg-quick/command.h"

struct new_options {	/* NULL: not said */
	const char *address;
	const char *port;
	const char *nat;
	const char *endpoint;
	const char *dns;
	const char *allow;
	const char *output;
	bool hides_qr;
};

int new_client(const char *server, const char *name,
	       const struct new_options *options);

/* All of these complain when they fail. */
bool new_random(u8 *bytes, size_t len);
FILE *new_file(const char *path);	/* 0600, and not there before */
bool new_file_finish(FILE *file, const char *path);
void new_write_key(FILE *file, const char *name, const u8 key[KEY_LEN]);

/* Shows @text as a QR code on stdout. False: too long for one. */
bool qr_print(const char *text, size_t len);

#endif /* TOOLS_WG_QUICK_NEW_H */
