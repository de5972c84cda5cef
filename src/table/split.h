/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A resizable hash table whose entries never move: a split-ordered list
 * [Shalev, Shavit: Split-Ordered Lists, J. ACM 53(3), 2006].
 *
 * All entries hang on one list, sorted by their hash with its bits reversed.
 * Buckets are marks in that list. Doubling the table adds marks between those
 * that exist, so it costs nothing at once, no reader can miss an entry because
 * of it, and lack of memory only makes walks longer. Used by index and keys.
 *
 * Readers: any context, under RCU. Writers: process context or softirq; the
 * caller holds split.lock (BH off). Entries stay the caller's memory; one that
 * was removed may be inserted again at once, and freed after a grace period.
 */
#ifndef WG_TABLE_SPLIT_H
#define WG_TABLE_SPLIT_H

#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include "crypto/port.h"

struct wg_split_node {
	struct wg_split_node __rcu *next;
	u32 hash;
	u32 order;		/* hash with bits reversed: the place in the list */
};

struct wg_split_page;

struct wg_split {
	spinlock_t lock;
	u32 entry_n;
	u32 bucket_n;		/* power of two */
	u32 page_end;		/* pages of marks from here on are unused */
	u32 change_n;		/* insertions begun: a reader that misses looks */
	struct wg_split_node head;		/* the mark of bucket 0 */
	struct wg_split_page __rcu **page;	/* marks of the other buckets */
};

/* 0 or -ENOMEM. May sleep. */
int wg_split_init(struct wg_split *s);

/* The table is empty by now, and nobody reads it. */
void wg_split_exit(struct wg_split *s);

/* Links @node under @hash, behind others of equal hash. Lock held. */
void wg_split_insert(struct wg_split *s, struct wg_split_node *node, u32 hash);

/* @to takes the place and hash of @from; false if @from was not linked, and
 * nothing has changed. @to is not linked. Lock held.
 */
bool wg_split_replace(struct wg_split *s, struct wg_split_node *from,
		      struct wg_split_node *to);

/* False if @node was not linked. Lock held. */
bool wg_split_remove(struct wg_split *s, struct wg_split_node *node);

/* The first entry with @hash for which @same(entry, @what) holds, or NULL; with
 * @same NULL, the first. RCU read section, or lock held.
 */
typedef bool (*wg_split_same_fn)(const struct wg_split_node *node,
				 const void *what);
struct wg_split_node *wg_split_find(struct wg_split *s, u32 hash,
				    wg_split_same_fn same, const void *what);

#endif /* WG_TABLE_SPLIT_H */
