// SPDX-License-Identifier: GPL-2.0
#include "table/route.h"

#include <linux/kernel.h>
#include <linux/slab.h>

/* Units in the pages: room for one IPv4 and one IPv6 prefix makes 64 bytes;
 * beyond 1 KiB, room not used at the end costs more than the headers save.
 */
#define UNIT_MIN 4
#define UNIT_MAX ((1024 - sizeof(struct wg_route_page)) / sizeof(u64))

/* Room for at least @want units that fills its power of two. */
static struct wg_route_page *page_new(struct wg_owner *owner, u32 want)
{
	u32 bytes = sizeof(struct wg_route_page) + UNIT_MIN * sizeof(u64);
	struct wg_route_page *page;

	while (bytes < struct_size(page, unit, min_t(u32, want, UNIT_MAX)))
		bytes *= 2;
	page = kmalloc(bytes, GFP_KERNEL);
	if (!page)
		return NULL;
	page->owner = owner;
	page->unit_n = (bytes - sizeof(*page)) / sizeof(u64);
	page->used_n = 0;
	page->live_n = 0;
	return page;
}

static void page_free(struct wg_route_page *page)
{
	list_del(&page->list);
	kvfree_rcu_mightsleep(page);
}

/* The last page of @owner if it has room for @len units, else a new one. */
static struct wg_route_page *page_with_room(struct wg_owner *owner, u32 len)
{
	struct wg_route_page *page, *last = NULL;

	if (!list_empty(&owner->pages))
		last = list_last_entry(&owner->pages, struct wg_route_page,
				       list);
	if (last && last->used_n + len <= last->unit_n)
		return last;
	page = page_new(owner, last ? last->unit_n * 2 : len);
	if (page)
		list_add_tail(&page->list, &owner->pages);
	return page;
}

static struct wg_route *page_add(struct wg_route_page *page,
				 const struct wg_key *key, u8 kind, u8 cidr)
{
	struct wg_route *route = (struct wg_route *)&page->unit[page->used_n];

	route->at = page->used_n;
	route->cidr = cidr;
	route->kind = kind;
	route->addr4 = key->hi >> 32;
	if (kind == ROUTE_V6) {
		route->addr6[0] = key->hi;
		route->addr6[1] = key->lo;
	}
	page->used_n += kind;
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

	page->used_n -= route->kind;
	page->live_n -= route->kind;
	if (!page->used_n)
		page_free(page);
}

bool wg_route_is_last(const struct wg_route *route)
{
	struct wg_route_page *page = wg_route_page(route);

	return list_is_last(&page->list, &page->owner->pages) &&
	       route->at + wg_route_len(route) == page->used_n;
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
	if (page->unit_n > UNIT_MIN && page->live_n <= page->unit_n / 4)
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
	     at += wg_route_len(route)) {
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
