/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Receiver indices: the random 32-bit ids by which the other side names our
 * handshakes and sessions [WP 5.4.2, 5.4.6].
 *
 * One table per device. Called by flow/ for every batch received (find, any
 * context, under RCU) and by the handshake and the keyring (the others; process
 * context or softirq, they take the table's lock with BH off). Every test of
 * whether an entry is in the table is made under that lock, together with the
 * change that depends on it.
 *
 * Entries are embedded in what they stand for and stay the caller's memory. An
 * entry starts zero-filled; once removed or replaced it may be inserted again
 * at once, and freed after a grace period.
 */
#ifndef WG_TABLE_INDEX_H
#define WG_TABLE_INDEX_H

#include "table/split.h"

struct wg_index {
	struct wg_split split;
};

struct wg_index_entry {
	struct wg_split_node node;
	u32 id;			/* valid while in the table */
};

/* 0 or -ENOMEM. May sleep. */
int wg_index_init(struct wg_index *x);

/* The table is empty by now, and nobody reads it. */
void wg_index_exit(struct wg_index *x);

/* Puts @entry under an id nobody has, drawn with @random, and stores it in
 * @entry->id. An entry that is in the table already gets a new id. 0, or
 * -ENOSPC if @random gives nothing but ids in use; then @entry is not in the
 * table. Needs no memory.
 */
int wg_index_insert(struct wg_index *x, struct wg_index_entry *entry,
		    u32 (*random)(void));

/* @to, which is not in the table, takes place and id of @from. False if @from
 * is no longer in the table; then nothing has changed.
 */
bool wg_index_replace(struct wg_index *x, struct wg_index_entry *from,
		      struct wg_index_entry *to);

/* False if @entry was not in the table. */
bool wg_index_remove(struct wg_index *x, struct wg_index_entry *entry);

/* The entry with @id, lent until the end of the RCU read section, or NULL. It
 * may have been removed meanwhile: what it stands for says if it is alive.
 */
struct wg_index_entry *wg_index_find(struct wg_index *x, u32 id);

#endif /* WG_TABLE_INDEX_H */
