/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The routes a configuration asks for: from what its peers are allowed, less
 * what is excluded. Calculated, nothing is asked of the system.
 */
#ifndef TOOLS_WG_QUICK_ROUTES_H
#define TOOLS_WG_QUICK_ROUTES_H

#include "tools/wg-quick/rtnl.h"
#include "tools/wg-quick/settings.h"

struct route_list {
	struct route *route;	/* table 0: the tunnel's own, not yet known */
	size_t n;
	size_t room;
	bool has_default_v4;	/* through a table and rules of their own */
	bool has_default_v6;
};

/*
 * Longest prefixes first, so that a default route, which takes the traffic of
 * all, comes last. Without @has_ipv6 only those of IPv4. False: no memory.
 */
bool routes_want(struct route_list *list, const struct settings *settings,
		 bool has_ipv6);
bool route_list_add(struct route_list *list, const struct route *route);
void route_list_free(struct route_list *list);

/* The order of a list; 0: the same destination, table apart. */
int route_compare(const void *a, const void *b);

/* Whether @outer holds every address of @inner. */
bool prefix_covers(const struct prefix *outer, const struct prefix *inner);
bool prefix_equal(const struct prefix *a, const struct prefix *b);

#endif /* TOOLS_WG_QUICK_ROUTES_H */
