// SPDX-License-Identifier: GPL-2.0
/*
 * What is excluded of a default route becomes a "throw" route in the tunnel's
 * table: the kernel then looks further in the next one. Any other prefix is in
 * the main table, where a throw would end the search, and is split around what
 * is excluded instead.
 */
#include "tools/wg-quick/routes.h"

#include <stdlib.h>

bool prefix_covers(const struct prefix *outer, const struct prefix *inner)
{
	struct prefix cut = *inner, whole = *outer;

	if (outer->family != inner->family || outer->cidr > inner->cidr)
		return false;
	cut.cidr = outer->cidr;
	prefix_mask(&cut);
	prefix_mask(&whole);
	return !memcmp(cut.addr, whole.addr, sizeof(cut.addr));
}

bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return a->family == b->family && a->cidr == b->cidr &&
	       !memcmp(a->addr, b->addr, sizeof(a->addr));
}

bool route_list_add(struct route_list *list, const struct route *route)
{
	size_t room = list->room ? 2 * list->room : 16;
	struct route *grown;

	if (list->n == list->room) {
		grown = reallocarray(list->route, room, sizeof(*grown));
		if (!grown)
			return false;
		list->route = grown;
		list->room = room;
	}
	list->route[list->n++] = *route;
	return true;
}

void route_list_free(struct route_list *list)
{
	free(list->route);
	memset(list, 0, sizeof(*list));
}

/* What is excluded for one peer: its own list and everybody's. */
struct excluded {
	const struct prefix_list *list[2];
};

/* The first of the excluded that overlaps @prefix, or NULL. */
static const struct prefix *excluded_find(const struct excluded *excluded,
					  const struct prefix *prefix)
{
	const struct prefix *each;
	size_t i, k;

	for (k = 0; k < 2; k++)
		for (i = 0; i < excluded->list[k]->n; i++) {
			each = &excluded->list[k]->prefix[i];
			if (prefix_covers(each, prefix) ||
			    prefix_covers(prefix, each))
				return each;
		}
	return NULL;
}

/* The lower or the upper half of a prefix. */
static struct prefix prefix_half(const struct prefix *prefix, bool is_upper)
{
	struct prefix half = *prefix;

	if (is_upper)
		half.addr[half.cidr / 8] |= 0x80 >> half.cidr % 8;
	half.cidr++;
	return half;
}

/* Halves until a part is excluded wholly, or not at all; 128 deep at most. */
static bool split_add(struct route_list *list, struct route *route,
		      const struct excluded *excluded)
{
	const struct prefix *out = excluded_find(excluded, &route->to);
	struct route half = *route;

	if (!out)
		return route_list_add(list, route);
	if (prefix_covers(out, &route->to))
		return true;
	half.to = prefix_half(&route->to, false);
	if (!split_add(list, &half, excluded))
		return false;
	half.to = prefix_half(&route->to, true);
	return split_add(list, &half, excluded);
}

static bool throws_add(struct route_list *list, const struct route *route,
		       const struct excluded *excluded)
{
	struct route hole = { .table = route->table, .kind = ROUTE_THROW };
	size_t i, k;

	for (k = 0; k < 2; k++)
		for (i = 0; i < excluded->list[k]->n; i++) {
			hole.to = excluded->list[k]->prefix[i];
			if (hole.to.family == route->to.family &&
			    !route_list_add(list, &hole))
				return false;
		}
	return true;
}

/* The kernel itself makes routes for the networks of the addresses. */
static bool is_connected(const struct settings *settings,
			 const struct prefix *prefix)
{
	const struct prefix *own;
	size_t i;

	for (i = 0; i < settings->addresses.n; i++) {
		own = &settings->addresses.prefix[i];
		if (own->family == AF_INET && own->cidr == 32)
			continue;
		if (prefix_covers(own, prefix))
			return true;
	}
	return false;
}

static bool allowed_add(struct route_list *list,
			const struct settings *settings,
			const struct prefix *allowed,
			const struct excluded *excluded)
{
	bool is_auto = settings->table == TABLE_AUTO;
	struct route route = { .to = *allowed };

	prefix_mask(&route.to);
	route.to.sign = 0;
	if (is_auto)
		route.table = allowed->cidr ? TABLE_MAIN : 0;
	else
		route.table = settings->table_number;
	if (is_auto && allowed->cidr && is_connected(settings, &route.to))
		return true;
	if (allowed->cidr)
		return split_add(list, &route, excluded);
	list->has_default_v4 |= is_auto && allowed->family == AF_INET;
	list->has_default_v6 |= is_auto && allowed->family == AF_INET6;
	return throws_add(list, &route, excluded) &&
	       route_list_add(list, &route);
}

int route_compare(const void *a, const void *b)
{
	const struct route *x = a, *y = b;

	if (x->to.cidr != y->to.cidr)
		return y->to.cidr - x->to.cidr;
	if (x->to.family != y->to.family)
		return x->to.family - y->to.family;
	if (x->kind != y->kind)
		return x->kind == ROUTE_THROW ? -1 : 1;
	return memcmp(x->to.addr, y->to.addr, sizeof(x->to.addr));
}

/* Two peers may be allowed the same; one route does for both. */
static void route_list_settle(struct route_list *list)
{
	size_t i, n = 0;

	if (list->n)
		qsort(list->route, list->n, sizeof(*list->route),
		      route_compare);
	for (i = 0; i < list->n; i++) {
		if (n && !route_compare(&list->route[n - 1], &list->route[i]))
			continue;
		list->route[n++] = list->route[i];
	}
	list->n = n;
}

bool routes_want(struct route_list *list, const struct settings *settings,
		 bool has_ipv6)
{
	const struct config *config = settings->config;
	struct excluded excluded = { { &settings->excluded, NULL } };
	const struct prefix *allowed;
	size_t i, k;

	memset(list, 0, sizeof(*list));
	if (settings->table == TABLE_OFF)
		return true;
	for (i = 0; i < config->peer_n; i++) {
		excluded.list[1] = &settings->peer_excluded[i];
		for (k = 0; k < config->peer[i].allowed.n; k++) {
			allowed = &config->peer[i].allowed.prefix[k];
			if (allowed->sign == '-' ||
			    (allowed->family == AF_INET6 && !has_ipv6))
				continue;
			if (!allowed_add(list, settings, allowed, &excluded))
				return false;
		}
	}
	route_list_settle(list);
	return true;
}
