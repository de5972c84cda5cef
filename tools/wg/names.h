/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of peers, from the comments of the configuration file that wg-quick
 * would use (see tools/config/config.h). The kernel does not know them.
 */
#ifndef TOOLS_WG_NAMES_H
#define TOOLS_WG_NAMES_H

#include "tools/config/config.h"

struct names {
	struct config *config;
	const struct config_peer **peer;	/* with a name, by public key */
	size_t n;
};

/*
 * Those of CONFIG_DIR/@interface.conf. No file, no right to read it, or a
 * mistake in it: no names.
 */
void names_init(struct names *names, const char *interface);
void names_exit(struct names *names);

/* The name of the peer, or NULL. Any bytes but NUL and newline. */
const char *names_find(const struct names *names, const u8 key[KEY_LEN]);

#endif /* TOOLS_WG_NAMES_H */
