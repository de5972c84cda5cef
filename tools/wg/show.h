/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ways to print an interface. All print to stdout, which main() flushes
 * and whose errors it reports.
 */
#ifndef TOOLS_WG_SHOW_H
#define TOOLS_WG_SHOW_H

#include "tools/wg/device.h"
#include "tools/wg/names.h"

/* In the order of the usage text. */
enum show_field {
	SHOW_PUBLIC_KEY,
	SHOW_PRIVATE_KEY,
	SHOW_LISTEN_PORT,
	SHOW_FWMARK,
	SHOW_PEERS,
	SHOW_PRESHARED_KEYS,
	SHOW_ENDPOINTS,
	SHOW_ALLOWED_IPS,
	SHOW_LATEST_HANDSHAKES,
	SHOW_TRANSFER,
	SHOW_KEEPALIVE,
	SHOW_DUMP,
	SHOW_FIELD_N		/* everything, for people */
};

/* SHOW_FIELD_N when there is no field of that name. */
enum show_field show_field_find(const char *name);
const char *show_field_name(enum show_field field);

/*
 * One field for scripts: columns between tabs, each line led by the name of
 * the interface when @with_name.
 */
void show_script(const struct device *device, enum show_field field,
		 bool with_name);

/* What changed since @before, @seconds ago. */
struct show_rates {
	const struct device *before;
	double seconds;
};

/* For people; @rates may be NULL. Reads the clock and the environment. */
bool show_pretty(const struct device *device, const struct names *names,
		 const struct show_rates *rates);

/* An object of the schema in wg(8), with the fields @field selects. */
void show_json(const struct device *device, const struct names *names,
	       enum show_field field);

/* The text of a configuration file that sets what the interface has. */
void show_config(const struct device *device);

/* Whether WG_HIDE_KEYS lets secrets be shown to people. */
bool show_secrets(void);

/* Pieces that several of these print. */
void print_key(const u8 key[KEY_LEN]);
void print_key_or_none(const u8 key[KEY_LEN], bool is_set);
void print_endpoint(const union endpoint *endpoint);
void print_allowed(const struct device *device, const struct peer *peer,
		   const char *slash, const char *separator);

#endif /* TOOLS_WG_SHOW_H */
