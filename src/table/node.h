/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The nodes of the trie: a tree bitmap with compressed paths [Eatherton,
 * Varghese, Dittia: Tree Bitmap, CCR 34(2), 2004]. Private to trie.
 *
 * A node stands at a bit position that is a multiple of STRIDE and decides by
 * the STRIDE bits from there. @outer has a bit for each value of these bits
 * that leads further; @inner one for each prefix that ends within them, as in
 * a heap: bit 1 is the empty prefix, bits 2n and 2n + 1 are n and one bit more.
 * @slot holds what belongs to the set bits, first of @outer, then of @inner.
 *
 * A subtree with a single prefix is that prefix, wherever it is; a node exists
 * only where paths part. As it may stand far below the slot that leads to it,
 * it knows the PATH_BITS before its own, and readers compare these. Nodes
 * further apart than that have one between them that does nothing else.
 *
 * A prefix that ends no later than the bits its node decides by needs no look at
 * its record: the slot says so if, besides, the owner is found without it.
 *
 * Readers see a node complete or not at all: bits change in copies, slots in
 * place. An empty slot is what removal leaves if there is no memory for a
 * smaller copy; it means nothing, and is used again.
 */
#ifndef WG_TABLE_NODE_H
#define WG_TABLE_NODE_H

#include <linux/bitops.h>
#include <linux/lockdep.h>
#include "table/route.h"

#define STRIDE 6
#define PATH_BITS 56
/* Nodes from the root to an IPv6 address, if there is one at every STRIDE. */
#define DEPTH_MAX (WG_V6_BITS / STRIDE + 1)

struct wg_node {
	u64 place;		/* the path, then the position in 8 bits */
	u64 outer;
	u64 inner;
	void __rcu *slot[];	/* tagged node, route, or NULL */
};

static inline bool wg_slot_is_node(const void *slot)
{
	return (unsigned long)slot & 1;
}

static inline struct wg_node *wg_slot_node(void *slot)
{
	return (struct wg_node *)((unsigned long)slot - 1);
}

static inline void *wg_node_slot(struct wg_node *node)
{
	return (void *)((unsigned long)node + 1);
}

/* Of a prefix that the way to the slot decides: only whose it is, is asked. */
static inline bool wg_slot_is_sure(const void *slot)
{
	return (unsigned long)slot & 2;
}

static inline struct wg_route *wg_slot_route(void *slot)
{
	return (struct wg_route *)((unsigned long)slot & ~2UL);
}

static inline struct wg_owner *wg_slot_owner(const void *slot)
{
	return wg_slot_is_sure(slot) ? wg_route_page_owner(slot) :
				       wg_route_owner(slot);
}

/* What is in @slot as it goes into one where the first @end bits are decided. */
static inline void *wg_slot_at(void *slot, unsigned int end)
{
	struct wg_route *route = wg_slot_route(slot);

	if (!slot || wg_slot_is_node(slot))
		return slot;
	if (route->cidr > end || !wg_route_page_is_full_size(route))
		return route;
	return (void *)((unsigned long)route | 2);
}

static inline unsigned int wg_node_pos(const struct wg_node *node)
{
	return node->place & 0xff;
}

/* The 64 bits of @key that end with those a node at @pos decides by, or fewer
 * near the start; behind the end of the key are zeros.
 */
static inline u64 wg_key_window(const struct wg_key *key, unsigned int pos)
{
	unsigned int end = pos + STRIDE;

	if (end <= 64)
		return key->hi >> (64 - end);
	if (end <= 128)
		return key->hi << (end - 65) << 1 | key->lo >> (128 - end);
	return key->lo << (end - 128);
}

/* By what a node decides, from the key's window at its position. */
static inline unsigned int wg_window_chunk(u64 window)
{
	return window & ((1 << STRIDE) - 1);
}

/* The place of a node at @pos on the way of the key with this window. */
static inline u64 wg_window_place(u64 window, unsigned int pos)
{
	return window >> STRIDE << 8 | pos;
}

static inline u64 wg_bits_below(unsigned int bit)
{
	return (1ULL << bit) - 1;
}

/* The bit in @inner of a prefix that ends @len bits, 0 to 5, into @chunk. */
static inline unsigned int wg_inner_bit(unsigned int chunk, unsigned int len)
{
	return 1U << len | chunk >> (STRIDE - len);
}

static inline unsigned int wg_node_outer_at(const struct wg_node *node,
					    unsigned int bit)
{
	return hweight64(node->outer & wg_bits_below(bit));
}

static inline unsigned int wg_node_inner_at(const struct wg_node *node,
					    unsigned int bit)
{
	return hweight64(node->outer) +
	       hweight64(node->inner & wg_bits_below(bit));
}

static inline unsigned int wg_node_slot_n(const struct wg_node *node)
{
	return hweight64(node->outer) + hweight64(node->inner);
}

/* What a slot holds, of a writer. */
static inline void *wg_slot_read(const struct wg_trie *t, void __rcu **slot)
{
	return rcu_dereference_protected(*slot, lockdep_is_held(t->lock));
}

/* How many of the first bits of @key and of the path to @node are equal, up to
 * its position. That the bits before the path are, is known.
 */
unsigned int wg_node_common(const struct wg_node *node,
			    const struct wg_key *key);

/* The slot of @node for a prefix of at least its position, or NULL. */
void __rcu **wg_node_find(struct wg_node *node, const struct wg_key *key,
			  unsigned int cidr);

/* New nodes that nobody sees yet, or NULL: at @pos on the way to @slot, whose
 * key and length are @key and @cidr, with nothing else; a copy of @node that
 * has @slot for this prefix as well; and one without the slot number @at.
 */
struct wg_node *wg_node_new(struct wg_trie *t, unsigned int pos, void *slot,
			    const struct wg_key *key, unsigned int cidr);
struct wg_node *wg_node_with(struct wg_trie *t, const struct wg_node *node,
			     void *slot, const struct wg_key *key,
			     unsigned int cidr);
struct wg_node *wg_node_without(struct wg_trie *t, const struct wg_node *node,
				unsigned int at);

/* Some bits of the way to @node, for wg_node_new() above it: a key that equals
 * @near up to where the path of @node begins, and is the path from there on.
 */
struct wg_key wg_node_key(const struct wg_node *node,
			  const struct wg_key *near);

/* Frees @node, which is out of the tree, after a grace period. */
void wg_node_free(struct wg_trie *t, struct wg_node *node);

/* The same for @slot and all nodes below; routes are left alone. */
void wg_node_free_all(struct wg_trie *t, void *slot);

/* Some route in or below @slot, or NULL. */
struct wg_route *wg_node_any(struct wg_trie *t, void *slot);

#endif /* WG_TABLE_NODE_H */
