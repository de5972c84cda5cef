/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Configuration text, read once into a structure. The only parser of it: `wg`
 * reads its own dialect, wg-quick the larger one, and what a key means is said
 * in one table (config.c).
 *
 * config_read() prints nothing and stops at nothing: it collects every mistake
 * and warning as a note with line and column, so that `wg` can report the
 * first and `wg-quick check` all of them. A structure with error_n > 0 is for
 * reporting only.
 *
 * Everything a struct config points to belongs to it; config_free() wipes all
 * of it, keys and text included.
 *
 * Names of peers. A comment "# name: NAME" ("=" does as well; "friendly_name"
 * is taken as "name") names the peer in whose section it stands, or, when it
 * stands in the comment lines directly above "[Peer]", that peer. The kernel
 * never sees it.
 */
#ifndef TOOLS_CONFIG_CONFIG_H
#define TOOLS_CONFIG_CONFIG_H

#include "crypto/port.h"
#include "tools/config/key.h"
#include "tools/config/value.h"

enum config_dialect {
	CONFIG_WG,	/* what `wg setconf` takes; all else is unrecognized */
	CONFIG_QUICK,	/* that and the keys of wg-quick */
};

enum config_key {
	/* [Interface], both dialects */
	CONFIG_PRIVATE_KEY,
	CONFIG_LISTEN_PORT,
	CONFIG_FWMARK,
	/* [Interface], wg-quick */
	CONFIG_ADDRESS,
	CONFIG_DNS,
	CONFIG_MTU,
	CONFIG_TABLE,
	CONFIG_PRE_UP,
	CONFIG_POST_UP,
	CONFIG_PRE_DOWN,
	CONFIG_POST_DOWN,
	CONFIG_SAVE_CONFIG,
	CONFIG_PRIVATE_KEY_FILE,
	CONFIG_EXCLUDED_IPS,	/* in [Interface] or in [Peer] */
	/* [Peer], both dialects */
	CONFIG_PUBLIC_KEY,
	CONFIG_PRESHARED_KEY,
	CONFIG_ALLOWED_IPS,
	CONFIG_ENDPOINT,
	CONFIG_PERSISTENT_KEEPALIVE,
	/* [Peer], wg-quick */
	CONFIG_PRESHARED_KEY_FILE,
	CONFIG_KEY_N
};

enum config_severity {
	CONFIG_WARNING,
	CONFIG_ERROR,
};

/*
 * Something to tell. @what is the text in question, or NULL when that could
 * show a secret. Lines and columns count from 1, columns in bytes.
 */
struct config_note {
	enum config_severity severity;
	u32 line;
	u32 column;
	const char *reason;
	const char *what;
};

/*
 * One "Key = value" line. @value ends in a NUL; of wg's own keys all white
 * space is gone, as `wg` does it, of the others only that around it. A comment
 * is cut off, but kept in the four hooks, where '#' belongs to the shell. In
 * the dialect of wg, where nobody asks for them, there are no items.
 */
struct config_item {
	enum config_key key;
	u32 line;
	u32 column;		/* of the key */
	u32 value_column;
	const char *value;
};

struct config_items {
	struct config_item *item;	/* in order of appearance */
	size_t n;
	size_t room;
};

struct config_peer {
	u32 line;			/* of "[Peer]" */
	bool has_public_key;
	bool has_preshared_key;
	bool has_keepalive;
	u8 public_key[KEY_LEN];
	u8 preshared_key[KEY_LEN];	/* all zero means none */
	u16 keepalive;			/* seconds, 0 is off */
	const char *endpoint_host;	/* NULL: no Endpoint; not resolved */
	const char *endpoint_port;
	u32 endpoint_line;
	u32 endpoint_column;
	struct prefix_list allowed;	/* every AllowedIPs line of it */
	const char *name;		/* NULL: none */
	struct config_items items;
};

struct config {
	bool has_private_key;
	bool has_listen_port;
	bool has_fwmark;
	u8 private_key[KEY_LEN];
	u16 listen_port;
	u32 fwmark;
	struct config_items items;	/* of every [Interface] */

	struct config_peer *peer;	/* in order of appearance */
	size_t peer_n;
	size_t peer_room;

	struct config_note *note;	/* in order of appearance */
	size_t note_n;
	size_t note_room;
	size_t error_n;			/* notes that are errors */

	char *text;			/* the input, unchanged, and a NUL */
	size_t text_len;
	char *arena;			/* what the strings above point into */
	size_t arena_len;
	size_t arena_room;
};

/* NULL only when memory is short. @text may hold anything. */
struct config *config_read(const char *text, size_t len,
			   enum config_dialect dialect);
/* The same of what config_text_load() gave, which is taken over, not copied. */
struct config *config_read_own(char *text, size_t len,
			       enum config_dialect dialect);
void config_free(struct config *config);

/* One more, found by whoever knows more than the parser; lends its texts. */
void config_note_add(struct config *config, const struct config_note *add);

/* The error that stands first in the text, or NULL. */
const struct config_note *config_find_error(const struct config *config);

/*
 * The first item with @key after @previous (NULL: from the start), or NULL:
 *	for (item = config_find(list, K, NULL); item;
 *	     item = config_find(list, K, item))
 */
const struct config_item *config_find(const struct config_items *items,
				      enum config_key key,
				      const struct config_item *previous);

/* "PrivateKey" for CONFIG_PRIVATE_KEY, and so on. */
const char *config_key_name(enum config_key key);

/*
 * Whether @key is wg-quick's own: `wg-quick strip` prints every line of the
 * text but those of such items.
 */
bool config_key_is_quick(enum config_key key);

/*
 * The whole of the file @path ("-" is standard input) in memory of its own,
 * with a NUL behind it. False and errno when that fails (EFBIG above 1 GiB).
 * Free with config_text_free(), which wipes.
 */
bool config_text_load(const char *path, char **text, size_t *len);
void config_text_free(char *text, size_t len);

#endif /* TOOLS_CONFIG_CONFIG_H */
