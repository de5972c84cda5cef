/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Static public keys: who of this device's peers has that key [WP 5.4.2].
 *
 * Called by the handshake for every initiation whose static key could be read
 * (find, under RCU) and by host/ (the others; process context). Hashed with a
 * secret of the device, so that nobody can choose keys that collide.
 *
 * Entries are embedded in peers and stay the caller's memory: one that was
 * removed may be freed after a grace period.
 */
#ifndef WG_TABLE_KEYS_H
#define WG_TABLE_KEYS_H

#include <linux/siphash.h>
#include "table/split.h"

#define WG_KEYS_KEY_LEN 32
#define WG_KEYS_SECRET_LEN 16

struct wg_keys {
	struct wg_split split;
	siphash_key_t secret;
};

struct wg_keys_entry {
	struct wg_split_node node;
	u8 key[WG_KEYS_KEY_LEN];
};

/* @secret is random. 0 or -ENOMEM. May sleep. */
int wg_keys_init(struct wg_keys *k, const u8 secret[WG_KEYS_SECRET_LEN]);

/* The table is empty by now, and nobody reads it. */
void wg_keys_exit(struct wg_keys *k);

/* Puts @entry, which is in no table, under @key (copied). 0, or -EEXIST if
 * another entry has that key. Needs no memory.
 */
int wg_keys_insert(struct wg_keys *k, struct wg_keys_entry *entry,
		   const u8 key[WG_KEYS_KEY_LEN]);

/* False if @entry was not in the table. */
bool wg_keys_remove(struct wg_keys *k, struct wg_keys_entry *entry);

/* The entry with @key, lent until the end of the RCU read section, or NULL. */
struct wg_keys_entry *wg_keys_find(struct wg_keys *k,
				   const u8 key[WG_KEYS_KEY_LEN]);

#endif /* WG_TABLE_KEYS_H */
