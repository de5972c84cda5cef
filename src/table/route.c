// SPDX-License-Identifier: GPL-2.0
#include "table/route.h"

#include <linux/kernel.h>
#include <linux/slab.h>

/* Pages: a line holds one IPv4 and one IPv6 prefix; beyond 1 KiB, room not used
 * at the end costs more than the headers save.
 */
#define PAGE_MIN	(ROUTE_LINE_N * sizeof(u64))

/*
 * Room for at least @want words of records that fills its power of two. kmalloc()
 * aligns such a length to itself.
 */
static struct wg_route_page *page_new(struct wg_owner *owner, u32 want)
{
	u32 bytes = PAGE_MIN, word_n = ROUTE_FIRST + want + want / (ROUTE_LINE_N - 1);
	struct wg_route_page *page;
	u32 at;

	static_assert(sizeof(*page) + 4 * sizeof(u64) <= PAGE_MIN);
	while (bytes < min_t(u32, word_n * sizeof(u64), ROUTE_PAGE_MAX))
		bytes *= 2;
	page = kmalloc(bytes, GFP_KERNEL);
	if (!page)
		return NULL;
	page->word_n = bytes / sizeof(u64);
	page->used_n = ROUTE_FIRST;
	page->live_n = 0;
	for (at = 0; at < page->word_n; at += ROUTE_LINE_N)
		*(struct wg_owner **)((u64 *)page + at) = owner;
	return page;
}

static void page_free(struct wg_route_page *page)
{
	list_del(&page->list);
	kvfree_rcu_mightsleep(page);
}

/* Where a record of @len words would begin in @page. */
static u32 page_end(const struct wg_route_page *page, u32 len)
{
	u32 at = page->used_n;

	if (at % ROUTE_LINE_N && at % ROUTE_LINE_N + len <= ROUTE_LINE_N)
		return at;
	return round_up(at, ROUTE_LINE_N) + 1;
}

static bool page_has_room(const struct wg_route_page *page, u32 len)
{
	return page_end(page, len) + len <= page->word_n;
}

/* The last page of @owner if it has room for @len words, else a new one. */
static struct wg_route_page *page_with_room(struct wg_owner *owner, u32 len)
{
	struct wg_route_page *page, *last = NULL;

	if (!list_empty(&owner->pages))
		last = list_last_entry(&owner->pages, struct wg_route_page,
				       list);
	if (last && page_has_room(last, len))
		return last;
	page = page_new(owner, last ? last->word_n * 2 : len);
	if (page)
		list_add_tail(&page->list, &owner->pages);
	return page;
}

/* Fills the line of @page that is too short. */
static void page_end_line(struct wg_route_page *page)
{
	struct wg_route *gap;

	for (; page->used_n % ROUTE_LINE_N; page->used_n++) {
		gap = (struct wg_route *)((u64 *)page + page->used_n);
		gap->at = page->used_n;
		gap->kind = ROUTE_V4 | ROUTE_GONE;
	}
}

static struct wg_route *page_add(struct wg_route_page *page,
				 const struct wg_key *key, u8 kind, u8 cidr)
{
	u32 at = page_end(page, kind);
	struct wg_route *route = (struct wg_route *)((u64 *)page + at);

	if (at != page->used_n)
		page_end_line(page);
	route->at = at;
	route->cidr = cidr;
	route->kind = kind;
	route->addr4 = key->hi >> 32;
	if (kind == ROUTE_V6) {
		route->addr6[0] = key->hi;
		route->addr6[1] = key->lo;
	}
	page->used_n = at + kind;
	page->live_n += kind;
	return route;
}

struct wg_route *wg_route_new(struct wg_owner *owner, const struct wg_key *key,
			      unsigned int bits, u8 cidr)
{
	u8 kind = bits == WG_V6_BITS ? ROUTE_V6 : ROUTE_V4;
	struct wg_route_page *page = page_with_room(owner, kind);

	return page ? page_add(page, key, kind, cidr) : NULL;
}

void wg_route_keep(struct wg_route *route)
{
	struct wg_owner *owner = wg_route_owner(route);

	owner->prefix_n++;
	owner->seq++;
}

void wg_route_undo(struct wg_route *route)
{
	struct wg_route_page *page = wg_route_page(route);

	page->used_n = route->at;
	page->live_n -= route->kind;
	if (page->used_n == ROUTE_FIRST)
		page_free(page);
}

bool wg_route_is_last(const struct wg_route *route)
{
	struct wg_route_page *page = wg_route_page(route);

	return list_is_last(&page->list, &page->owner->pages) &&
	       wg_route_end(route) == page->used_n;
}

struct wg_route_page *wg_route_free(struct wg_route *route)
{
	struct wg_route_page *page = wg_route_page(route);

	page->owner->prefix_n--;
	page->owner->seq++;
	page->live_n -= route->kind;
	route->kind |= ROUTE_GONE;
	if (!page->live_n) {
		page_free(page);
		return NULL;
	}
	if (page->word_n > ROUTE_LINE_N && page->live_n <= page->word_n / 4)
		return page;
	return NULL;
}

struct wg_route_page *wg_route_page_copy(const struct wg_route_page *page)
{
	struct wg_route_page *copy = page_new(page->owner, page->live_n * 2);
	struct wg_route *route;
	struct wg_key key;
	u32 at;

	if (!copy)
		return NULL;
	for (at = 0; (route = wg_route_at((void *)page, at));
	     at = wg_route_end(route)) {
		if (wg_route_gone(route))
			continue;
		key = wg_route_key(route);
		page_add(copy, &key, route->kind, route->cidr);
	}
	return copy;
}

void wg_route_page_swap(struct wg_route_page *page, struct wg_route_page *copy)
{
	list_replace(&page->list, &copy->list);
	kvfree_rcu_mightsleep(page);
}

void wg_route_free_all(struct wg_owner *owner)
{
	struct wg_route_page *page, *next;

	list_for_each_entry_safe(page, next, &owner->pages, list)
		page_free(page);
	if (owner->prefix_n)
		owner->seq++;
	owner->prefix_n = 0;
}
