// SPDX-License-Identifier: GPL-2.0
#include "table/trail.h"

#include <linux/kernel.h>
#include <linux/lockdep.h>
#include "table/jump.h"

void wg_trail_seek(struct wg_trie *t, unsigned int bits,
		   const struct wg_key *key, unsigned int cidr,
		   struct wg_trail *trail)
{
	void __rcu **slot = &t->root[bits == WG_V6_BITS];
	struct wg_node *node;
	void *at;

	for (trail->n = 0; slot; slot = wg_node_find(node, key, cidr)) {
		trail->slot[trail->n++] = slot;
		at = wg_slot_read(t, slot);
		if (!wg_slot_is_node(at))
			return;
		node = wg_slot_node(at);
		if (cidr < wg_node_pos(node) ||
		    wg_node_common(node, key) < wg_node_pos(node))
			return;
	}
}

/* The first bit after those that slot number @i of @trail decides by. */
static unsigned int trail_end(struct wg_trie *t, const struct wg_trail *trail,
			      unsigned int i)
{
	if (!i)
		return 0;
	return wg_node_pos(wg_slot_node(wg_slot_read(t, trail->slot[i - 1]))) +
	       STRIDE;
}

/* Whether @at may hang in slot number @i of @trail. */
static bool trail_reaches(struct wg_trie *t, const struct wg_trail *trail,
			  unsigned int i, void *at)
{
	return !wg_slot_is_node(at) || wg_node_pos(wg_slot_node(at)) <=
				       trail_end(t, trail, i) + PATH_BITS;
}

static unsigned int trail_family(const struct wg_trie *t,
				 const struct wg_trail *trail)
{
	return trail->slot[0] == &t->root[1];
}

/* Puts @at in the place of the node in slot number @i of @trail. */
static void node_swap(struct wg_trie *t, const struct wg_trail *trail,
		      unsigned int i, void *at)
{
	void *old = wg_slot_read(t, trail->slot[i]);

	rcu_assign_pointer(*trail->slot[i],
			   wg_slot_at(at, trail_end(t, trail, i)));
	wg_jump_swap(t, trail_family(t, trail), old, at);
	wg_node_free(t, wg_slot_node(old));
}

/* Going up from the last slot of @trail: a node with no other slot than the one
 * that @trail goes through gives way to what is in it.
 */
static void trail_hoist(struct wg_trie *t, const struct wg_trail *trail)
{
	unsigned int i = trail->n - 1;
	struct wg_node *up;
	void *at;

	for (; i; i--) {
		up = wg_slot_node(wg_slot_read(t, trail->slot[i - 1]));
		at = wg_slot_read(t, trail->slot[i]);
		if (wg_node_slot_n(up) > 1 ||
		    !trail_reaches(t, trail, i - 1, at))
			return;
		node_swap(t, trail, i - 1, at);
	}
}

/* Going up from the last slot of @trail, which is empty: makes the node around
 * an empty slot smaller, or gives its place to what is left. Does less without
 * memory.
 */
static void trail_shrink(struct wg_trie *t, struct wg_trail *trail)
{
	struct wg_node *up, *copy;
	unsigned int i, n, at;
	void *left;

	for (i = trail->n - 1; i; i--) {
		up = wg_slot_node(wg_slot_read(t, trail->slot[i - 1]));
		at = trail->slot[i] - up->slot;
		n = wg_node_slot_n(up);
		left = n == 2 ? wg_slot_read(t, &up->slot[!at]) : NULL;
		if (n > 2 || !trail_reaches(t, trail, i - 1, left)) {
			copy = wg_node_without(t, up, at);
			if (copy)
				node_swap(t, trail, i - 1, wg_node_slot(copy));
			return;
		}
		node_swap(t, trail, i - 1, left);
		if (left) {
			trail->n = i;
			trail_hoist(t, trail);
			return;
		}
	}
}

/* How many of the first bits of two keys are equal. */
static unsigned int key_common(const struct wg_key *a, const struct wg_key *b)
{
	if (a->hi != b->hi)
		return 64 - fls64(a->hi ^ b->hi);
	return 128 - fls64(a->lo ^ b->lo);
}

/* What a slot holds, as a prefix, and how far another one is the same. */
struct fork {
	struct wg_key key;
	unsigned int cidr;
	unsigned int common;
};

static struct fork slot_fork(void *at, const struct wg_key *key,
			     unsigned int cidr)
{
	struct wg_route *route = wg_slot_route(at);
	struct wg_node *node;
	struct fork f;

	if (wg_slot_is_node(at)) {
		node = wg_slot_node(at);
		f.key = wg_node_key(node, key);
		f.cidr = wg_node_pos(node);
		f.common = wg_node_common(node, key);
	} else {
		f.key = wg_route_key(route);
		f.cidr = route->cidr;
		f.common = min(key_common(&f.key, key), f.cidr);
	}
	f.common = min(f.common, cidr);
	return f;
}

/* Puts a node where the prefix of @key and @cidr parts from what the last slot
 * of @trail holds. If that is further down than a node may hang there, the node
 * goes between, and @trail through it. False without memory.
 */
static bool trail_part(struct wg_trie *t, struct wg_trail *trail,
		       const struct fork *fork, const struct wg_key *key,
		       unsigned int cidr)
{
	unsigned int reach = trail_end(t, trail, trail->n - 1) + PATH_BITS;
	unsigned int pos = rounddown(min(fork->common, reach), STRIDE);
	void __rcu **slot = wg_trail_last(trail);
	struct wg_node *node;

	node = wg_node_new(t, pos, wg_slot_read(t, slot), &fork->key,
			   fork->cidr);
	if (!node)
		return false;
	rcu_assign_pointer(*slot, wg_node_slot(node));
	wg_jump_swap(t, trail_family(t, trail), NULL, wg_node_slot(node));
	slot = wg_node_find(node, key, cidr);
	if (slot)
		trail->slot[trail->n++] = slot;
	return true;
}

/* Takes back what trail_part() did for a prefix that could not be hung. */
static void trail_rejoin(struct wg_trie *t, struct wg_trail *trail)
{
	void *at = wg_slot_read(t, wg_trail_last(trail));

	if (wg_slot_is_node(at) && wg_node_slot_n(wg_slot_node(at)) == 1)
		trail->slot[trail->n++] = wg_slot_node(at)->slot;
	trail_hoist(t, trail);
}

void wg_trail_put(struct wg_trie *t, const struct wg_trail *trail,
		  struct wg_route *route)
{
	rcu_assign_pointer(*wg_trail_last(trail),
			   wg_slot_at(route, trail_end(t, trail, trail->n - 1)));
}

bool wg_trail_hang(struct wg_trie *t, struct wg_trail *trail,
		   struct wg_route *route)
{
	struct wg_key key = wg_route_key(route);
	struct wg_node *node, *copy;
	struct fork fork;
	void *at;

	while ((at = wg_slot_read(t, wg_trail_last(trail)))) {
		fork = slot_fork(at, &key, route->cidr);
		if (!wg_slot_is_node(at) || fork.common < fork.cidr) {
			if (trail_part(t, trail, &fork, &key, route->cidr))
				continue;
			trail_rejoin(t, trail);
			return false;
		}
		node = wg_slot_node(at);
		copy = wg_node_with(t, node, route, &key, route->cidr);
		if (!copy) {
			trail_rejoin(t, trail);
			return false;
		}
		node_swap(t, trail, trail->n - 1, wg_node_slot(copy));
		return true;
	}
	wg_trail_put(t, trail, route);
	return true;
}

void wg_tree_clear(struct wg_trie *t)
{
	void *slot;
	int i;

	wg_jump_drop(t);
	for (i = 0; i < 2; i++) {
		slot = wg_slot_read(t, &t->root[i]);
		RCU_INIT_POINTER(t->root[i], NULL);
		wg_node_free_all(t, slot);
	}
	t->prefix_n = 0;
}

void wg_trail_unhang(struct wg_trie *t, struct wg_trail *trail)
{
	/* Whatever memory there is from here on: the route is gone. */
	RCU_INIT_POINTER(*wg_trail_last(trail), NULL);
	if (!--t->prefix_n) {
		wg_tree_clear(t);
		return;
	}
	trail_shrink(t, trail);
	wg_jump_shrunk(t);
}
