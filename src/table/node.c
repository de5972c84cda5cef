// SPDX-License-Identifier: GPL-2.0
#include "table/node.h"

#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/slab.h>

unsigned int wg_node_common(const struct wg_node *node,
			    const struct wg_key *key)
{
	unsigned int pos = wg_node_pos(node);
	u64 place = wg_window_place(wg_key_window(key, pos), pos);

	return pos - fls64((place ^ node->place) >> 8);
}

struct wg_key wg_node_key(const struct wg_node *node,
			  const struct wg_key *near)
{
	unsigned int pos = wg_node_pos(node);
	u64 path = node->place >> 8;
	struct wg_key key = *near;

	/* All bits where the two differ are among the last PATH_BITS. */
	path ^= wg_window_place(wg_key_window(near, pos), pos) >> 8;
	if (pos <= 64) {
		key.hi ^= pos ? path << (64 - pos) : 0;
		return key;
	}
	key.hi ^= path >> (pos - 64);
	key.lo ^= path << (128 - pos);
	return key;
}

/* Where a prefix is, or would be, among the slots of @node. */
static unsigned int prefix_at(const struct wg_node *node, unsigned int chunk,
			      unsigned int len)
{
	if (len >= STRIDE)
		return wg_node_outer_at(node, chunk);
	return wg_node_inner_at(node, wg_inner_bit(chunk, len));
}

void __rcu **wg_node_find(struct wg_node *node, const struct wg_key *key,
			  unsigned int cidr)
{
	unsigned int pos = wg_node_pos(node), len = cidr - pos;
	unsigned int chunk = wg_window_chunk(wg_key_window(key, pos));
	bool found;

	if (len >= STRIDE)
		found = node->outer >> chunk & 1;
	else
		found = node->inner >> wg_inner_bit(chunk, len) & 1;
	return found ? &node->slot[prefix_at(node, chunk, len)] : NULL;
}

static struct wg_node *node_alloc(struct wg_trie *t, unsigned int slot_n)
{
	struct wg_node *node;

	node = kmalloc(struct_size(node, slot, slot_n), GFP_KERNEL);
	if (node)
		t->node_n++;
	return node;
}

static void slots_copy(struct wg_trie *t, struct wg_node *to, unsigned int at,
		       const struct wg_node *from, unsigned int from_at,
		       unsigned int n)
{
	void *slot;

	for (; n; n--, at++, from_at++) {
		slot = rcu_dereference_protected(from->slot[from_at],
						 lockdep_is_held(t->lock));
		RCU_INIT_POINTER(to->slot[at], slot);
	}
}

static void prefix_mark(struct wg_node *node, unsigned int chunk,
			unsigned int len)
{
	if (len >= STRIDE)
		node->outer |= 1ULL << chunk;
	else
		node->inner |= 1ULL << wg_inner_bit(chunk, len);
}

struct wg_node *wg_node_new(struct wg_trie *t, unsigned int pos, void *slot,
			    const struct wg_key *key, unsigned int cidr)
{
	struct wg_node *node = node_alloc(t, 1);
	u64 window = wg_key_window(key, pos);

	if (!node)
		return NULL;
	node->place = wg_window_place(window, pos);
	node->outer = 0;
	node->inner = 0;
	prefix_mark(node, wg_window_chunk(window), cidr - pos);
	RCU_INIT_POINTER(node->slot[0], wg_slot_at(slot, pos + STRIDE));
	return node;
}

struct wg_node *wg_node_with(struct wg_trie *t, const struct wg_node *node,
			     void *slot, const struct wg_key *key,
			     unsigned int cidr)
{
	unsigned int pos = wg_node_pos(node), len = cidr - pos;
	unsigned int chunk = wg_window_chunk(wg_key_window(key, pos));
	unsigned int n = wg_node_slot_n(node), at = prefix_at(node, chunk, len);
	struct wg_node *copy = node_alloc(t, n + 1);

	if (!copy)
		return NULL;
	copy->place = node->place;
	copy->outer = node->outer;
	copy->inner = node->inner;
	prefix_mark(copy, chunk, len);
	slots_copy(t, copy, 0, node, 0, at);
	RCU_INIT_POINTER(copy->slot[at], wg_slot_at(slot, pos + STRIDE));
	slots_copy(t, copy, at + 1, node, at, n - at);
	return copy;
}

/* @bits without the @at-th of those that are set. */
static u64 bits_without(u64 bits, unsigned int at)
{
	u64 high = bits;

	while (at--)
		high &= high - 1;
	return bits ^ (high & -high);
}

struct wg_node *wg_node_without(struct wg_trie *t, const struct wg_node *node,
				unsigned int at)
{
	unsigned int n = wg_node_slot_n(node), outer_n = hweight64(node->outer);
	struct wg_node *copy = node_alloc(t, n - 1);

	if (!copy)
		return NULL;
	copy->place = node->place;
	copy->outer = node->outer;
	copy->inner = node->inner;
	if (at < outer_n)
		copy->outer = bits_without(node->outer, at);
	else
		copy->inner = bits_without(node->inner, at - outer_n);
	slots_copy(t, copy, 0, node, 0, at);
	slots_copy(t, copy, at, node, at + 1, n - at - 1);
	return copy;
}

void wg_node_free(struct wg_trie *t, struct wg_node *node)
{
	t->node_n--;
	kvfree_rcu_mightsleep(node);
}

/* Recursive, but no deeper than DEPTH_MAX. */
void wg_node_free_all(struct wg_trie *t, void *slot)
{
	struct wg_node *node;
	unsigned int i;

	if (!wg_slot_is_node(slot))
		return;
	node = wg_slot_node(slot);
	for (i = 0; i < wg_node_slot_n(node); i++)
		wg_node_free_all(t, wg_slot_read(t, &node->slot[i]));
	wg_node_free(t, node);
	cond_resched();
}

/* Recursive, but no deeper than DEPTH_MAX. */
struct wg_route *wg_node_any(struct wg_trie *t, void *slot)
{
	struct wg_route *route = NULL;
	struct wg_node *node;
	unsigned int i;

	if (!wg_slot_is_node(slot))
		return wg_slot_route(slot);
	node = wg_slot_node(slot);
	for (i = 0; !route && i < wg_node_slot_n(node); i++)
		route = wg_node_any(t, wg_slot_read(t, &node->slot[i]));
	return route;
}
