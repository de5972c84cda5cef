// SPDX-License-Identifier: GPL-2.0
#include "table/trie.h"

#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include "table/jump.h"
#include "table/node.h"
#include "table/route.h"
#include "table/trail.h"

/* The prefixes of 0 to 5 bits of @c, as bits in wg_node.inner. */
#define COVER(c)							\
	(1ULL << 1 | 1ULL << (2 | (c) >> 5) | 1ULL << (4 | (c) >> 4) |	\
	 1ULL << (8 | (c) >> 3) | 1ULL << (16 | (c) >> 2) |		\
	 1ULL << (32 | (c) >> 1))
#define COVER_4(c)							\
	COVER(c), COVER((c) + 1), COVER((c) + 2), COVER((c) + 3)
#define COVER_16(c)							\
	COVER_4(c), COVER_4((c) + 4), COVER_4((c) + 8), COVER_4((c) + 12)
static const u64 chunk_cover[1 << STRIDE] = {
	COVER_16(0), COVER_16(16), COVER_16(32), COVER_16(48)
};

void wg_trie_init(struct wg_trie *t, struct mutex *lock)
{
	RCU_INIT_POINTER(t->root[0], NULL);
	RCU_INIT_POINTER(t->root[1], NULL);
	RCU_INIT_POINTER(t->jump[0], NULL);
	RCU_INIT_POINTER(t->jump[1], NULL);
	t->jump_try = JUMP_NODE_MIN;
	t->lock = lock;
	t->prefix_n = 0;
	t->node_n = 0;
}

void wg_owner_init(struct wg_owner *owner)
{
	INIT_LIST_HEAD(&owner->pages);
	owner->prefix_n = 0;
	owner->seq = 0;
}

static struct wg_key key_read(unsigned int bits, const void *addr)
{
	const u8 *p = addr;

	if (bits == WG_V6_BITS)
		return (struct wg_key){ get_unaligned_be64(p),
					get_unaligned_be64(p + 8) };
	return (struct wg_key){ (u64)get_unaligned_be32(p) << 32, 0 };
}

/* The first @cidr bits of @key. */
static struct wg_key key_mask(struct wg_key key, unsigned int cidr)
{
	u64 all = ~0ULL;

	if (cidr <= 64) {
		key.hi &= cidr ? all << (64 - cidr) : 0;
		key.lo = 0;
	} else {
		key.lo &= all << (128 - cidr);
	}
	return key;
}

static bool route_covers(const struct wg_route *route, unsigned int bits,
			 const struct wg_key *key)
{
	u64 differ;

	if (bits == WG_V4_BITS) {
		differ = (key->hi >> 32) ^ route->addr4;
		return !(differ >> (32 - route->cidr));
	}
	differ = key->hi ^ route->addr6[0];
	if (route->cidr <= 64)
		return !route->cidr || !(differ >> (64 - route->cidr));
	return !differ &&
	       !((key->lo ^ route->addr6[1]) >> (128 - route->cidr));
}

static void *slot_deref(void __rcu *const *slot)
{
	return rcu_dereference_check(*slot, rcu_read_lock_bh_held());
}

/* The route of exactly @cidr bits of @key, for readers. */
static struct wg_route *exact_find(const struct wg_trie *t, unsigned int bits,
				   const struct wg_key *key, unsigned int cidr)
{
	struct wg_key want = key_mask(*key, cidr);
	void __rcu *const *slot = &t->root[bits == WG_V6_BITS];
	struct wg_node *node;
	struct wg_route *route;
	void *at;

	while (slot && wg_slot_is_node(at = slot_deref(slot))) {
		node = wg_slot_node(at);
		if (wg_node_common(node, &want) < wg_node_pos(node) ||
		    cidr < wg_node_pos(node))
			return NULL;
		slot = wg_node_find(node, &want, cidr);
	}
	route = slot ? wg_slot_route(at) : NULL;
	return route && route->cidr == cidr && route_covers(route, bits, key) ?
	       route : NULL;
}

/* The longest route below @cidr bits, one length after the other: for readers
 * who met the empty slot of a prefix that was removed.
 */
static noinline struct wg_owner *shorter_find(const struct wg_trie *t,
					      unsigned int bits,
					      const struct wg_key *key,
					      unsigned int cidr)
{
	struct wg_route *route;

	while (cidr--) {
		route = exact_find(t, bits, key, cidr);
		if (route)
			return wg_route_owner(route);
	}
	return NULL;
}

/* The owner of the longest inner prefix of @node; bit 0 of @covers is clear. */
static struct wg_owner *inner_find(const struct wg_trie *t,
				   const struct wg_node *node, u64 covers,
				   unsigned int bits, const struct wg_key *key)
{
	unsigned int bit = fls64(covers) - 1;
	void *slot = slot_deref(&node->slot[wg_node_inner_at(node, bit)]);

	if (slot)
		return wg_slot_owner(slot);
	return shorter_find(t, bits, key, wg_node_pos(node) + STRIDE);
}

/* The owner of the longest prefix of @key that is found from @slot on. */
static __always_inline struct wg_owner *slot_find(const struct wg_trie *t,
						  void *slot, unsigned int bits,
						  const struct wg_key *key)
{
	const struct wg_node *node, *best = NULL;
	u64 window, covers, best_covers = 0;
	unsigned int pos, chunk;

	while (wg_slot_is_node(slot)) {
		node = wg_slot_node(slot);
		slot = NULL;
		pos = wg_node_pos(node);
		window = wg_key_window(key, pos);
		if (wg_window_place(window, pos) != node->place)
			break;
		chunk = wg_window_chunk(window);
		covers = node->inner & chunk_cover[chunk];
		if (covers) {
			best = node;
			best_covers = covers;
		}
		if (!(node->outer >> chunk & 1))
			break;
		slot = slot_deref(&node->slot[wg_node_outer_at(node, chunk)]);
	}
	if (slot && (wg_slot_is_sure(slot) || route_covers(slot, bits, key)))
		return wg_slot_owner(slot);
	return best ? inner_find(t, best, best_covers, bits, key) : NULL;
}

struct wg_owner *wg_trie_find(const struct wg_trie *t, unsigned int bits,
			      const void *addr)
{
	const struct wg_key key = key_read(bits, addr);
	unsigned int family = bits == WG_V6_BITS;
	const struct wg_jump *jump;
	struct wg_owner *owner;

	jump = rcu_dereference_check(t->jump[family], rcu_read_lock_bh_held());
	if (jump) {
		owner = slot_find(t, wg_jump_find(jump, &key), bits, &key);
		if (owner)
			return owner;
	}
	return slot_find(t, slot_deref(&t->root[family]), bits, &key);
}

/* Frees a route that no longer hangs in the tree. If that leaves its page
 * nearly empty, the rest moves to a smaller one, when there is memory.
 */
static void route_drop(struct wg_trie *t, struct wg_route *route)
{
	struct wg_route_page *page = wg_route_free(route), *copy = NULL;
	struct wg_trail trail;
	struct wg_key key;
	u32 at;

	if (page)
		copy = wg_route_page_copy(page);
	if (!copy)
		return;
	for (at = 0; (route = wg_route_at(copy, at));
	     at = wg_route_end(route)) {
		if (wg_route_gone(route))
			continue;
		key = wg_route_key(route);
		wg_trail_seek(t, wg_route_bits(route), &key, route->cidr, &trail);
		wg_trail_put(t, &trail, route);
	}
	wg_route_page_swap(page, copy);
}

static bool prefix_is_valid(const struct wg_prefix *prefix)
{
	return (prefix->family_bits == WG_V4_BITS ||
		prefix->family_bits == WG_V6_BITS) &&
	       prefix->cidr <= prefix->family_bits;
}

/* The route of @prefix, or NULL; @trail ends at its slot, or where that would
 * be. Returns what @prefix says in @key.
 */
static struct wg_route *prefix_seek(struct wg_trie *t,
				    const struct wg_prefix *prefix,
				    struct wg_key *key, struct wg_trail *trail)
{
	struct wg_route *route;
	void *at;

	*key = key_mask(key_read(prefix->family_bits, prefix->addr),
			prefix->cidr);
	wg_trail_seek(t, prefix->family_bits, key, prefix->cidr, trail);
	at = wg_slot_read(t, wg_trail_last(trail));
	route = wg_slot_route(at);
	if (!at || wg_slot_is_node(at) || route->cidr != prefix->cidr ||
	    !route_covers(route, prefix->family_bits, key))
		return NULL;
	return route;
}

int wg_trie_insert(struct wg_trie *t, const struct wg_prefix *prefix,
		   struct wg_owner *owner)
{
	struct wg_route *old, *route;
	struct wg_trail trail;
	struct wg_key key;

	lockdep_assert_held(t->lock);
	if (!prefix_is_valid(prefix))
		return -EINVAL;
	old = prefix_seek(t, prefix, &key, &trail);
	if (old && wg_route_owner(old) == owner && wg_route_is_last(old))
		return 0;
	route = wg_route_new(owner, &key, prefix->family_bits, prefix->cidr);
	if (!route)
		return -ENOMEM;
	if (!old && !wg_trail_hang(t, &trail, route)) {
		wg_route_undo(route);
		return -ENOMEM;
	}
	wg_route_keep(route);
	if (old) {
		wg_trail_put(t, &trail, route);
		route_drop(t, old);	/* may move @route, too */
	} else {
		t->prefix_n++;
		wg_jump_grown(t);
	}
	return 0;
}

void wg_trie_remove(struct wg_trie *t, const struct wg_prefix *prefix,
		    struct wg_owner *owner)
{
	struct wg_route *route;
	struct wg_trail trail;
	struct wg_key key;

	lockdep_assert_held(t->lock);
	if (!prefix_is_valid(prefix))
		return;
	route = prefix_seek(t, prefix, &key, &trail);
	if (!route || wg_route_owner(route) != owner)
		return;
	wg_trail_unhang(t, &trail);
	route_drop(t, route);
}

static void page_unhang(struct wg_trie *t, struct wg_route_page *page)
{
	struct wg_route *route;
	struct wg_trail trail;
	struct wg_key key;
	u32 at;

	for (at = 0; (route = wg_route_at(page, at));
	     at = wg_route_end(route)) {
		if (wg_route_gone(route))
			continue;
		key = wg_route_key(route);
		wg_trail_seek(t, wg_route_bits(route), &key, route->cidr, &trail);
		wg_trail_unhang(t, &trail);
	}
}

void wg_trie_remove_owner(struct wg_trie *t, struct wg_owner *owner)
{
	struct wg_route_page *page;

	lockdep_assert_held(t->lock);
	if (owner->prefix_n == t->prefix_n) {
		wg_tree_clear(t);
	} else {
		list_for_each_entry(page, &owner->pages, list) {
			page_unhang(t, page);
			cond_resched();
		}
	}
	wg_route_free_all(owner);
}

void wg_trie_exit(struct wg_trie *t)
{
	struct wg_route *route;

	lockdep_assert_held(t->lock);
	while (t->prefix_n) {
		route = wg_node_any(t, wg_slot_read(t, &t->root[0]));
		if (!route)
			route = wg_node_any(t, wg_slot_read(t, &t->root[1]));
		wg_trie_remove_owner(t, wg_route_owner(route));
	}
}

/* The page the walk goes on in, and from where, to @at. */
static struct wg_route_page *cursor_page(const struct wg_owner *owner,
					 struct wg_owner_cursor *cursor)
{
	if (cursor->page)
		return wg_owner_changed(owner, cursor) ? NULL :
							 (void *)cursor->page;
	if (list_empty(&owner->pages))
		return NULL;
	cursor->seq = owner->seq;
	return list_first_entry(&owner->pages, struct wg_route_page, list);
}

static void prefix_write(struct wg_prefix *out, const struct wg_route *route)
{
	struct wg_key key = wg_route_key(route);

	memset(out, 0, sizeof(*out));
	out->family_bits = wg_route_bits(route);
	out->cidr = route->cidr;
	if (out->family_bits == WG_V4_BITS) {
		put_unaligned_be32(key.hi >> 32, out->addr);
		return;
	}
	put_unaligned_be64(key.hi, out->addr);
	put_unaligned_be64(key.lo, out->addr + 8);
}

bool wg_owner_next(const struct wg_owner *owner, struct wg_owner_cursor *cursor,
		   struct wg_prefix *out)
{
	struct wg_route_page *page = cursor_page(owner, cursor);
	struct wg_route *route;

	while (page) {
		cursor->page = page;
		while ((route = wg_route_at(page, cursor->at))) {
			cursor->at = wg_route_end(route);
			if (wg_route_gone(route))
				continue;
			prefix_write(out, route);
			return true;
		}
		if (list_is_last(&page->list, &owner->pages))
			return false;
		page = list_next_entry(page, list);
		cursor->at = 0;
	}
	return false;
}
