/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changes of the trie's tree, along the slots from the root to a prefix.
 * Private to trie, whose lock the caller holds; all but seek may sleep.
 */
#ifndef WG_TABLE_TRAIL_H
#define WG_TABLE_TRAIL_H

#include "table/node.h"

/* The slots from the root to where a prefix is, or where it would go. Good
 * until the tree changes.
 */
struct wg_trail {
	void __rcu **slot[DEPTH_MAX + 1];
	unsigned int n;
};

static inline void __rcu **wg_trail_last(const struct wg_trail *trail)
{
	return trail->slot[trail->n - 1];
}

/* Follows the prefix as far as the tree goes. The last slot is then where it
 * is, where something else is, or holds the node that it has to go into.
 */
void wg_trail_seek(struct wg_trie *t, unsigned int bits,
		   const struct wg_key *key, unsigned int cidr,
		   struct wg_trail *trail);

/* Puts @route into the last slot of @trail, for what was its prefix there. */
void wg_trail_put(struct wg_trie *t, const struct wg_trail *trail,
		  struct wg_route *route);

/* Hangs @route where @trail ends, as sought for it. False without memory; then
 * the tree is as it was.
 */
bool wg_trail_hang(struct wg_trie *t, struct wg_trail *trail,
		   struct wg_route *route);

/* Takes the route at the end of @trail out of the tree. Cannot fail; memory is
 * only needed to make nodes smaller.
 */
void wg_trail_unhang(struct wg_trie *t, struct wg_trail *trail);

/* Forgets the whole tree, whose routes are about to be freed. */
void wg_tree_clear(struct wg_trie *t);

#endif /* WG_TABLE_TRAIL_H */
