// SPDX-License-Identifier: GPL-2.0
#include "table/split.h"

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* A page of marks fills a page of memory on 64-bit machines. */
#define PAGE_MARK_N 255
/* With the directory at 8 KiB, the last of the buckets have no mark of their
 * own and use one further up, as after a failed allocation.
 */
#define PAGE_MAX 1024
#define BUCKET_MAX (1U << 18)

struct wg_split_page {
	struct rcu_head rcu;
	struct wg_split_node mark[PAGE_MARK_N];
};

/* Bit i to bit 31 - i: neighbouring pairs first, bytes last. */
static u32 bits_reverse(u32 v)
{
	v = (v & 0x55555555) << 1 | (v >> 1 & 0x55555555);
	v = (v & 0x33333333) << 2 | (v >> 2 & 0x33333333);
	v = (v & 0x0f0f0f0f) << 4 | (v >> 4 & 0x0f0f0f0f);
	v = (v & 0x00ff00ff) << 8 | (v >> 8 & 0x00ff00ff);
	return v << 16 | v >> 16;
}

static struct wg_split_node *node_deref(struct wg_split *s,
					struct wg_split_node __rcu *const *p)
{
	return rcu_dereference_check(*p, rcu_read_lock_bh_held() ||
					 lockdep_is_held(&s->lock));
}

/* Of a writer: the list does not change under the lock. */
static struct wg_split_node *node_next(struct wg_split *s,
				       const struct wg_split_node *node)
{
	return rcu_dereference_protected(node->next,
					 lockdep_is_held(&s->lock));
}

int wg_split_init(struct wg_split *s)
{
	memset(s, 0, sizeof(*s));
	spin_lock_init(&s->lock);
	s->bucket_n = 1;
	s->head.hash = ~0U;
	s->page = kvcalloc(PAGE_MAX, sizeof(*s->page), GFP_KERNEL);
	return s->page ? 0 : -ENOMEM;
}

void wg_split_exit(struct wg_split *s)
{
	u32 p;

	WARN_ON_ONCE(s->entry_n);
	for (p = 0; p < s->page_end; p++)
		kfree(rcu_dereference_protected(s->page[p], true));
	kvfree(s->page);
	s->page = NULL;
}

/* The mark of bucket @b > 0, or NULL while it has none. */
static struct wg_split_node *mark_find(struct wg_split *s, u32 b)
{
	u32 p = (b - 1) / PAGE_MARK_N;
	struct wg_split_page *page;
	struct wg_split_node *mark;

	if (p >= PAGE_MAX)
		return NULL;
	page = rcu_dereference_check(s->page[p], rcu_read_lock_bh_held() ||
						 lockdep_is_held(&s->lock));
	if (!page)
		return NULL;
	mark = &page->mark[(b - 1) % PAGE_MARK_N];
	/* Only bucket 0 has order 0. Pairs with the release in mark_make(). */
	return smp_load_acquire(&mark->order) ? mark : NULL;
}

/* The last mark at or before bucket @b: its own, or that of the bucket from
 * which it was, or would have been, split.
 */
static struct wg_split_node *mark_near(struct wg_split *s, u32 b)
{
	struct wg_split_node *mark;

	for (; b; b ^= 1U << (fls(b) - 1)) {
		mark = mark_find(s, b);
		if (mark)
			return mark;
	}
	return &s->head;
}

static struct wg_split_node *hash_mark(struct wg_split *s, u32 hash)
{
	return mark_near(s, hash & (READ_ONCE(s->bucket_n) - 1));
}

/* A reader may still stand on a node since it was last removed. If it is linked
 * again, that reader goes on from its new place and may miss what it looks for;
 * then it finds the count changed, and looks again. So the node is out of the
 * list for everybody before the count changes, and changes itself afterwards.
 */
static void change_note(struct wg_split *s)
{
	smp_wmb();
	WRITE_ONCE(s->change_n, s->change_n + 1);
	smp_wmb();
}

/* From @at, the last node whose order is below @order. */
static struct wg_split_node *order_before(struct wg_split *s,
					  struct wg_split_node *at, u32 order)
{
	struct wg_split_node *next;

	while ((next = node_next(s, at)) && next->order < order)
		at = next;
	return at;
}

/* The node before @node, or NULL if @node is not linked. */
static struct wg_split_node *node_before(struct wg_split *s,
					 const struct wg_split_node *node)
{
	struct wg_split_node *next, *at = hash_mark(s, node->hash);

	while ((next = node_next(s, at)) && next->order <= node->order) {
		if (next == node)
			return at;
		at = next;
	}
	return NULL;
}

static struct wg_split_page *page_make(struct wg_split *s, u32 p)
{
	struct wg_split_page *page;

	page = rcu_dereference_protected(s->page[p], lockdep_is_held(&s->lock));
	if (page)
		return page;
	page = kzalloc(sizeof(*page), GFP_ATOMIC | __GFP_NOWARN);
	if (!page)
		return NULL;
	rcu_assign_pointer(s->page[p], page);
	s->page_end = max(s->page_end, p + 1);
	return page;
}

/* Gives bucket @b > 0 its mark, if there is memory. */
static void mark_make(struct wg_split *s, u32 b)
{
	u32 p = (b - 1) / PAGE_MARK_N, order = bits_reverse(b);
	struct wg_split_page *page;
	struct wg_split_node *mark, *prev;

	if (p >= PAGE_MAX)
		return;
	page = page_make(s, p);
	if (!page)
		return;
	mark = &page->mark[(b - 1) % PAGE_MARK_N];
	if (mark->order)
		return;
	prev = order_before(s, mark_near(s, b), order);
	mark->hash = ~b;	/* what no entry of this order has */
	rcu_assign_pointer(mark->next, node_next(s, prev));
	/* Readers may start here as soon as they see an order. */
	smp_store_release(&mark->order, order);
	rcu_assign_pointer(prev->next, mark);
}

void wg_split_insert(struct wg_split *s, struct wg_split_node *node, u32 hash)
{
	struct wg_split_node *prev, *next;
	u32 order = bits_reverse(hash), b;

	lockdep_assert_held(&s->lock);
	if (s->entry_n >= s->bucket_n && s->bucket_n < BUCKET_MAX)
		WRITE_ONCE(s->bucket_n, s->bucket_n * 2);
	s->entry_n++;
	b = hash & (s->bucket_n - 1);
	if (b)
		mark_make(s, b);
	prev = order_before(s, mark_near(s, b), order);
	while ((next = node_next(s, prev)) && next->order == order)
		prev = next;
	change_note(s);
	WRITE_ONCE(node->hash, hash);
	WRITE_ONCE(node->order, order);
	rcu_assign_pointer(node->next, node_next(s, prev));
	rcu_assign_pointer(prev->next, node);
}

bool wg_split_replace(struct wg_split *s, struct wg_split_node *from,
		      struct wg_split_node *to)
{
	struct wg_split_node *prev;

	lockdep_assert_held(&s->lock);
	prev = node_before(s, from);
	if (!prev)
		return false;
	change_note(s);
	WRITE_ONCE(to->hash, from->hash);
	WRITE_ONCE(to->order, from->order);
	rcu_assign_pointer(to->next, node_next(s, from));
	rcu_assign_pointer(prev->next, to);
	return true;
}

/* Takes the marks of page @p off the list and frees it. */
static void page_drop(struct wg_split *s, u32 p)
{
	struct wg_split_page *page;
	struct wg_split_node *mark, *prev;
	u32 i;

	page = rcu_dereference_protected(s->page[p], lockdep_is_held(&s->lock));
	if (!page)
		return;
	/* First the way to the marks: who finds none starts further up. */
	RCU_INIT_POINTER(s->page[p], NULL);
	for (i = 0; i < PAGE_MARK_N; i++) {
		mark = &page->mark[i];
		if (!mark->order)
			continue;
		prev = order_before(s, mark_near(s, p * PAGE_MARK_N + i + 1),
				    mark->order);
		rcu_assign_pointer(prev->next, node_next(s, mark));
	}
	kfree_rcu(page, rcu);
}

/* One step towards the size that so few entries need: at most one page, so that
 * no removal holds the lock for long.
 */
static void split_trim(struct wg_split *s)
{
	u32 keep;

	if (s->entry_n < s->bucket_n / 8)
		WRITE_ONCE(s->bucket_n, s->bucket_n / 2);
	keep = s->bucket_n * 2 / PAGE_MARK_N + 1;
	if (s->page_end > keep)
		page_drop(s, --s->page_end);
}

bool wg_split_remove(struct wg_split *s, struct wg_split_node *node)
{
	struct wg_split_node *prev;

	lockdep_assert_held(&s->lock);
	prev = node_before(s, node);
	if (!prev)
		return false;
	rcu_assign_pointer(prev->next, node_next(s, node));
	s->entry_n--;
	split_trim(s);
	return true;
}

static struct wg_split_node *find_once(struct wg_split *s, u32 hash, u32 order,
				       wg_split_same_fn same, const void *what)
{
	struct wg_split_node *at = hash_mark(s, hash);
	u32 at_order;

	while ((at = node_deref(s, &at->next))) {
		at_order = READ_ONCE(at->order);
		if (at_order < order)
			continue;
		if (at_order > order)
			return NULL;
		if (READ_ONCE(at->hash) == hash && (!same || same(at, what)))
			return at;
	}
	return NULL;
}

struct wg_split_node *wg_split_find(struct wg_split *s, u32 hash,
				    wg_split_same_fn same, const void *what)
{
	u32 order = bits_reverse(hash), change_n;
	struct wg_split_node *found;

	do {
		/* Pairs with the barriers in change_note(). */
		change_n = smp_load_acquire(&s->change_n);
		found = find_once(s, hash, order, same, what);
		if (found)
			return found;
		smp_rmb();
	} while (change_n != READ_ONCE(s->change_n));
	return NULL;
}
