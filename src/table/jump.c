// SPDX-License-Identifier: GPL-2.0
#include "table/jump.h"

#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* Positions up to here have all bits before in the path of their nodes. */
#define LEVEL_N (PATH_BITS / STRIDE + 1)

static struct wg_jump *jump_of(struct wg_trie *t, unsigned int family)
{
	return rcu_dereference_protected(t->jump[family],
					 lockdep_is_held(t->lock));
}

static void __rcu **jump_slot(struct wg_jump *jump, const struct wg_node *node)
{
	return &jump->node[wg_jump_at(node->place >> 8)];
}

static bool jump_takes(const struct wg_jump *jump, void *slot)
{
	return wg_slot_is_node(slot) &&
	       wg_node_pos(wg_slot_node(slot)) == jump->pos;
}

void wg_jump_swap(struct wg_trie *t, unsigned int family, void *old, void *slot)
{
	struct wg_jump *jump = jump_of(t, family);
	void __rcu **at;

	if (!jump)
		return;
	if (jump_takes(jump, old)) {
		at = jump_slot(jump, wg_slot_node(old));
		if (wg_slot_read(t, at) == old)
			RCU_INIT_POINTER(*at, NULL);
	}
	if (jump_takes(jump, slot))
		rcu_assign_pointer(*jump_slot(jump, wg_slot_node(slot)), slot);
}

/* What there is at a position. */
struct level {
	u32 node_n;
	u32 route_n;	/* in and below these */
};

/* Adds up the levels of the tree in @slot; returns how many routes it has.
 * Recursive, but no deeper than DEPTH_MAX.
 */
static u32 level_count(struct wg_trie *t, void *slot, struct level *level)
{
	struct wg_node *node = wg_slot_node(slot);
	u32 i, n, pos;

	if (!wg_slot_is_node(slot))
		return !!slot;
	n = hweight64(node->inner);
	for (i = 0; i < hweight64(node->outer); i++)
		n += level_count(t, wg_slot_read(t, &node->slot[i]), level);
	pos = wg_node_pos(node);
	if (pos <= PATH_BITS) {
		level[pos / STRIDE].node_n++;
		level[pos / STRIDE].route_n += n;
	}
	cond_resched();
	return n;
}

/* The position where a jump helps most, or 0: few miss it, and many nodes are
 * spared.
 */
static u32 best_pos(struct wg_trie *t, void *root)
{
	struct level level[LEVEL_N] = { 0 };
	u32 i, best = 0, n = level_count(t, root, level) / 2;

	for (i = 1; i < LEVEL_N; i++) {
		if (level[i].node_n >= JUMP_NODE_MIN && level[i].route_n > n) {
			n = level[i].route_n;
			best = i;
		}
	}
	return best * STRIDE;
}

/* Recursive, but no deeper than LEVEL_N. Nobody reads @jump yet. */
static void jump_fill(struct wg_trie *t, struct wg_jump *jump, void *slot)
{
	struct wg_node *node = wg_slot_node(slot);
	unsigned int i;

	if (!wg_slot_is_node(slot) || wg_node_pos(node) > jump->pos)
		return;
	if (jump_takes(jump, slot))
		RCU_INIT_POINTER(*jump_slot(jump, node), slot);
	for (i = 0; i < hweight64(node->outer); i++)
		jump_fill(t, jump, wg_slot_read(t, &node->slot[i]));
	cond_resched();
}

static void jump_drop(struct wg_trie *t, unsigned int family)
{
	struct wg_jump *jump = jump_of(t, family);

	RCU_INIT_POINTER(t->jump[family], NULL);
	if (jump)
		kvfree_rcu_mightsleep(jump);
}

static void jump_update(struct wg_trie *t, unsigned int family)
{
	void *root = wg_slot_read(t, &t->root[family]);
	struct wg_jump *jump = jump_of(t, family);
	u32 pos = best_pos(t, root);

	if (jump && jump->pos == pos)
		return;
	jump_drop(t, family);
	if (!pos)
		return;
	jump = kvzalloc(sizeof(*jump), GFP_KERNEL | __GFP_NOWARN);
	if (!jump)
		return;
	jump->pos = pos;
	jump_fill(t, jump, root);
	rcu_assign_pointer(t->jump[family], jump);
}

void wg_jump_grown(struct wg_trie *t)
{
	if (t->node_n < t->jump_try)
		return;
	t->jump_try = t->node_n + t->node_n / 2;
	jump_update(t, 0);
	jump_update(t, 1);
}

void wg_jump_shrunk(struct wg_trie *t)
{
	if (t->jump_try > JUMP_NODE_MIN && t->node_n < JUMP_NODE_MIN / 2)
		wg_jump_drop(t);
}

void wg_jump_drop(struct wg_trie *t)
{
	t->jump_try = JUMP_NODE_MIN;
	jump_drop(t, 0);
	jump_drop(t, 1);
}
