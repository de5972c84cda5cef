/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Prefixes as the trie keeps them: short records, packed in the pages of their
 * owner in order of insertion. Private to trie.
 *
 * A page is lines of eight words. Each begins with the owner, so that readers
 * find it beside the record, in a line of the cache that they have already; a
 * prefix costs 9 bytes (IPv6: 27) beside the slot that points to it. No record
 * crosses lines; what is left of one is filled with records that are gone.
 *
 * What readers look at is written before the record is published and never
 * changes; a record that is given up stays readable as long as its page, and
 * its space is not used again. Changes need the trie's lock; they may sleep.
 */
#ifndef WG_TABLE_ROUTE_H
#define WG_TABLE_ROUTE_H

#include <linux/kernel.h>
#include "table/trie.h"

/* An address, first bit highest in @hi. IPv4 fills the upper half of @hi. */
struct wg_key {
	u64 hi, lo;
};

struct wg_route {
	u16 at;			/* words from the start of its page */
	u8 cidr;
	u8 kind;		/* of the writer: ROUTE_V4 or _V6, or _GONE */
	u32 addr4;
	u64 addr6[];		/* ROUTE_V6: hi, lo */
};

#define ROUTE_V4	1	/* the length, in words of 8 bytes */
#define ROUTE_V6	3
#define ROUTE_GONE	0x80

#define ROUTE_LINE_N	8	/* words in a line */

/* Bytes of the largest page, which is aligned to that. */
#define ROUTE_PAGE_MAX	1024

/* The first line, of which half is left for records; aligned to a line. */
struct wg_route_page {
	struct wg_owner *owner;
	struct list_head list;	/* in wg_owner.pages */
	u16 word_n;		/* room, all of this included */
	u16 used_n;		/* words up to the last record's end */
	u16 live_n;		/* words of records not gone */
} __aligned(8);

#define ROUTE_FIRST	(sizeof(struct wg_route_page) / sizeof(u64))

static inline struct wg_route_page *wg_route_page(const struct wg_route *route)
{
	return (struct wg_route_page *)((const u64 *)route - route->at);
}

static inline struct wg_owner *wg_route_owner(const struct wg_route *route)
{
	unsigned long line = ROUTE_LINE_N * sizeof(u64);

	return *(struct wg_owner **)((unsigned long)route & ~(line - 1));
}

/* The same, if the page has full size: from a line that is the same for all of
 * it, so that few lines tell the owners of many records. Were it the first,
 * those of all pages would meet in few sets of a cache.
 */
static inline struct wg_owner *wg_route_page_owner(const void *route)
{
	unsigned long at = (unsigned long)route, mask = ROUTE_PAGE_MAX - 1;

	return *(struct wg_owner **)((at & ~mask) |
				     (at >> 11 & mask & ~63UL));
}

static inline bool wg_route_page_is_full_size(const struct wg_route *route)
{
	return wg_route_page(route)->word_n == ROUTE_PAGE_MAX / sizeof(u64);
}

static inline unsigned int wg_route_len(const struct wg_route *route)
{
	return route->kind & ~ROUTE_GONE;
}

static inline unsigned int wg_route_bits(const struct wg_route *route)
{
	return wg_route_len(route) == ROUTE_V6 ? WG_V6_BITS : WG_V4_BITS;
}

static inline bool wg_route_gone(const struct wg_route *route)
{
	return route->kind & ROUTE_GONE;
}

static inline struct wg_key wg_route_key(const struct wg_route *route)
{
	if (wg_route_len(route) == ROUTE_V6)
		return (struct wg_key){ route->addr6[0], route->addr6[1] };
	return (struct wg_key){ (u64)route->addr4 << 32, 0 };
}

/*
 * The record at or, where a line or the page begins, next after @at; NULL behind
 * the last. @at is 0 or where another record ended.
 */
static inline struct wg_route *wg_route_at(struct wg_route_page *page, u32 at)
{
	if (!at)
		at = ROUTE_FIRST;
	else if (!(at % ROUTE_LINE_N))
		at++;
	return at < page->used_n ? (struct wg_route *)((u64 *)page + at) : NULL;
}

/* Where that after @route is looked for, by wg_route_at(). */
static inline u32 wg_route_end(const struct wg_route *route)
{
	return route->at + wg_route_len(route);
}

/* A record behind all others of @owner, or NULL without memory. It counts as
 * the owner's when wg_route_keep() is called; otherwise it goes back with
 * wg_route_undo(), before anything else happens to @owner.
 */
struct wg_route *wg_route_new(struct wg_owner *owner, const struct wg_key *key,
			      unsigned int bits, u8 cidr);
void wg_route_keep(struct wg_route *route);
void wg_route_undo(struct wg_route *route);

/* Whether @route stands behind all others of its owner. */
bool wg_route_is_last(const struct wg_route *route);

/* Gives up a record that no longer hangs in the trie. Returns its page if that
 * is now so empty that wg_route_page_copy() pays, else NULL.
 */
struct wg_route_page *wg_route_free(struct wg_route *route);

/* A copy of the live records of @page, for as many again, or NULL. Once the
 * trie points to the copy, wg_route_page_swap() puts it in the place of @page.
 */
struct wg_route_page *wg_route_page_copy(const struct wg_route_page *page);
void wg_route_page_swap(struct wg_route_page *page, struct wg_route_page *copy);

/* Frees all pages of @owner. No record of it hangs in the trie any more. */
void wg_route_free_all(struct wg_owner *owner);

#endif /* WG_TABLE_ROUTE_H */
