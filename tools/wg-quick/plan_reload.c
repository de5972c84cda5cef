// SPDX-License-Identifier: GPL-2.0
/*
 * From what is there to what the file says by now, in as few steps as there
 * are differences. Hooks are not run: they make and unmake, they do not change.
 */
#include "tools/wg-quick/plan.h"

#include <stdlib.h>

static const char no_memory[] = "not enough memory";

/* Those of IPv4 that go through the link; a throw goes through none. */
static void routes_forget(struct route_list *list)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++)
		if (list->route[i].to.family != AF_INET ||
		    list->route[i].kind == ROUTE_THROW)
			list->route[n++] = list->route[i];
	list->n = n;
}

/* Addresses. */

static bool list_has(const struct prefix_list *list,
		     const struct prefix *prefix)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (prefix_equal(&list->prefix[i], prefix))
			return true;
	return false;
}

static size_t count_v4(const struct prefix_list *list)
{
	size_t i, n = 0;

	for (i = 0; i < list->n; i++)
		n += list->prefix[i].family == AF_INET;
	return n;
}

static bool drops_v4(const struct plan *plan)
{
	const struct prefix_list *there = &plan->live.addresses;
	size_t i;

	for (i = 0; i < there->n; i++)
		if (there->prefix[i].family == AF_INET &&
		    !list_has(&plan->settings->addresses, &there->prefix[i]))
			return true;
	return false;
}

/* New ones first: without an IPv4 address a link loses its IPv4 routes. */
static void change_addresses(struct plan *plan)
{
	const struct prefix_list *wanted = &plan->settings->addresses;
	const struct prefix_list *there = &plan->live.addresses;
	size_t i;

	for (i = 0; i < wanted->n; i++)
		if (!plan_skips(plan, &wanted->prefix[i]) &&
		    !list_has(there, &wanted->prefix[i]))
			plan_add_address(plan, &wanted->prefix[i]);
	if (drops_v4(plan))
		plan_add(plan, STEP_PROMOTE);
	for (i = 0; i < there->n; i++)
		if (!list_has(wanted, &there->prefix[i]))
			plan_add_address(plan, &there->prefix[i])->is_off =
				true;
	if (count_v4(there) && !count_v4(wanted))
		routes_forget(&plan->live.routes);
}

/* Routes. */

static bool route_has(const struct route_list *sorted,
		      const struct route *route)
{
	const struct route *found = NULL;

	if (sorted->n)
		found = bsearch(route, sorted->route, sorted->n,
				sizeof(*route), route_compare);
	return found && found->table == route->table;
}

/* Routes through the tunnel's own table have its number from here on. */
static void routes_place(struct route_list *list, u32 mark)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!list->route[i].table)
			list->route[i].table = mark;
}

static void routes_sort(struct route_list *list)
{
	if (list->n)
		qsort(list->route, list->n, sizeof(*list->route),
		      route_compare);
}

/* What peers are allowed by now, as if each were a route. */
static bool routes_allowed(struct route_list *list,
			   const struct device *device)
{
	struct route route = { .kind = ROUTE_DEVICE };
	size_t i;

	for (i = 0; i < device->allowed_n; i++) {
		route.to = device->allowed[i];
		prefix_mask(&route.to);
		if (!route_list_add(list, &route))
			return false;
	}
	routes_sort(list);
	return true;
}

static bool has_excluded(const struct settings *settings)
{
	size_t i, n = settings->excluded.n;

	for (i = 0; i < settings->config->peer_n; i++)
		n += settings->peer_excluded[i].n;
	return n;
}

/*
 * Whether wg-quick made a route: one to what a peer is allowed, or a part of
 * that where prefixes may have been split. Others are somebody else's.
 */
static bool route_is_ours(const struct plan *plan,
			  const struct route_list *allowed,
			  const struct route *route)
{
	size_t i;

	if (route->kind == ROUTE_THROW)
		return true;
	if (allowed->n && bsearch(route, allowed->route, allowed->n,
				  sizeof(*route), route_compare))
		return true;
	if (has_excluded(plan->settings))
		for (i = 0; i < allowed->n; i++)
			if (prefix_covers(&allowed->route[i].to, &route->to))
				return true;
	return false;
}

static void drop_routes(struct plan *plan)
{
	const struct route_list *there = &plan->live.routes;
	struct route_list allowed = { 0 };
	size_t i;

	plan->has_failed |= !routes_allowed(&allowed, &plan->live.device);
	for (i = 0; i < there->n; i++)
		if (!route_has(&plan->routes, &there->route[i]) &&
		    route_is_ours(plan, &allowed, &there->route[i]))
			plan_add_route(plan, &there->route[i])->is_off = true;
	route_list_free(&allowed);
}

static void change_routes(struct plan *plan)
{
	struct route_list *there = &plan->live.routes;
	const struct route_list *wanted = &plan->routes;
	size_t i;

	routes_sort(there);
	drop_routes(plan);
	for (i = 0; i < wanted->n; i++)
		if (!route_has(there, &wanted->route[i]))
			plan_add_route(plan, &wanted->route[i]);
}

/* Rules, and all that goes with a default route. */

static void change_rules(struct plan *plan, u16 family, bool is_wanted,
			 bool stays)
{
	const struct live_rules *rules = family == AF_INET6 ? &plan->live.v6 :
							      &plan->live.v4;

	if (!stays)
		plan_drop_rules(plan, family, rules);
	if (is_wanted && !stays)
		plan_add_rules(plan, family);
}

static void change_default(struct plan *plan)
{
	const struct config *config = plan->settings->config;
	const struct live *live = &plan->live;
	bool v4 = plan->routes.has_default_v4, v6 = plan->routes.has_default_v6;
	bool had_v4 = live->v4.catch_priority, had_v6 = live->v6.catch_priority;
	bool keeps_mark = !config->fwmark ||
			  config->fwmark == live->device.fwmark;

	change_rules(plan, AF_INET, v4, v4 && had_v4 && keeps_mark);
	change_rules(plan, AF_INET6, v6, v6 && had_v6 && keeps_mark);
	if ((v4 || v6) && !plan->is_placed && !config->fwmark)
		plan_add(plan, STEP_FWMARK);
	if (v4 && !plan->facts.has_valid_mark)
		plan_add(plan, STEP_VALID_MARK);
	if (v4 || v6 || had_v4 || had_v6)
		plan_add(plan, STEP_FIREWALL);
}

/*
 * What the file does not say and the tunnel has by itself stays: the port that
 * the kernel chose, and the mark that wg-quick did.
 */
static void change_settle(struct plan *plan)
{
	const struct config *config = plan->settings->config;

	plan->change.has_listen_port = config->has_listen_port;
	if (!config->has_fwmark && (plan->routes.has_default_v4 ||
				    plan->routes.has_default_v6))
		plan->change.has_fwmark = false;
}

static void place_settle(struct plan *plan)
{
	const struct live *live = &plan->live;
	u32 mark = plan->settings->config->fwmark;

	if (!mark && (live->v4.catch_priority || live->v6.catch_priority))
		mark = live->device.fwmark;
	if (!mark)
		return;
	plan->facts.place.mark = mark;
	plan->is_placed = true;
	routes_place(&plan->routes, mark);
}

const char *plan_reload(struct plan *plan)
{
	const struct settings *settings = plan->settings;
	const char *reason = plan_check_dns(plan);

	if (reason)
		return reason;
	if (!routes_want(&plan->routes, settings, plan->facts.has_ipv6))
		return no_memory;
	place_settle(plan);
	change_settle(plan);
	plan_add(plan, STEP_SYNCHRONIZE);
	change_addresses(plan);
	if (!settings->mtu || settings->mtu != plan->live.link.mtu)
		plan_add(plan, STEP_UP)->mtu = settings->mtu;
	change_default(plan);
	change_routes(plan);
	/* Last, since what was there before is not known. */
	plan_add_dns(plan);
	return plan->has_failed ? no_memory : NULL;
}
