/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A short way into a large trie: where most nodes are, one step from the key.
 * Private to trie, whose lock writers hold.
 *
 * A full table's upper nodes no longer fit the caches, and each is one more miss
 * before the node that knows. So once there are many, a direct-mapped cache has
 * those at one position of the key. IPv4 has an entry for each of its first 18
 * bits; longer paths are folded to that, and of two that meet, one is not in it.
 *
 * It is no part of the tree: what is not found this way is looked up from the
 * root. All it has to keep is that no node is in it that is not in the tree.
 */
#ifndef WG_TABLE_JUMP_H
#define WG_TABLE_JUMP_H

#include "table/node.h"

#ifndef JUMP_BITS	/* tests make it meet more often */
#define JUMP_BITS 18
#endif
/* With the position they fill a power of two. */
#define JUMP_N ((1U << JUMP_BITS) - 1)
/* So many nodes at one position pay for one. */
#define JUMP_NODE_MIN (1U << (JUMP_BITS - 3))

struct wg_jump {
	unsigned long pos;	/* of its nodes, with all bits before in their path */
	void __rcu *node[JUMP_N];	/* tagged, as in slots, or NULL */
};

static inline u32 wg_jump_at(u64 path)
{
	u32 at = path ^ path >> JUMP_BITS ^ path >> 2 * JUMP_BITS;

	return min(at & JUMP_N, JUMP_N - 1);
}

/* For readers: as if from a slot on the way of @key, a node or NULL. */
static inline void *wg_jump_find(const struct wg_jump *jump,
					   const struct wg_key *key)
{
	u64 path = wg_key_window(key, jump->pos) >> STRIDE;

	return rcu_dereference_check(jump->node[wg_jump_at(path)],
				     rcu_read_lock_bh_held());
}

/* In the tree of @family, 0 or 1, is @slot now, and @old no longer: nodes or not. */
void wg_jump_swap(struct wg_trie *t, unsigned int family, void *old, void *slot);

/* Looks whether there should be one, or another one, each time the tree has grown
 * by half. Without memory there is none.
 */
void wg_jump_grown(struct wg_trie *t);

/* Drops it if the tree has become too small for one. */
void wg_jump_shrunk(struct wg_trie *t);

/* There is none from now on, until the tree has grown. */
void wg_jump_drop(struct wg_trie *t);

#endif /* WG_TABLE_JUMP_H */
