// SPDX-License-Identifier: GPL-2.0
/* The plans of up, down and save. */
#include "tools/wg-quick/plan.h"

static const char no_memory[] = "not enough memory";

bool plan_skips(const struct plan *plan, const struct prefix *prefix)
{
	return prefix->family == AF_INET6 && !plan->facts.has_ipv6;
}

/* One warning for all of the configuration. */
static void warn_of_ipv6(const struct plan *plan)
{
	const struct settings *settings = plan->settings;
	bool is_wanted = false;
	size_t i, k;

	if (plan->facts.has_ipv6)
		return;
	for (i = 0; i < settings->addresses.n; i++)
		is_wanted |= settings->addresses.prefix[i].family == AF_INET6;
	for (i = 0; i < settings->config->peer_n; i++)
		for (k = 0; k < settings->config->peer[i].allowed.n; k++)
			is_wanted |= settings->config->peer[i].allowed
					     .prefix[k].family == AF_INET6;
	if (is_wanted)
		fprintf(stderr, "wg-quick: %s: warning: IPv6 is disabled here: "
			"its addresses and routes are left out\n",
			settings->path);
}

void plan_add_hooks(struct plan *plan, enum config_key key)
{
	const struct config_items *items = &plan->settings->config->items;
	const struct config_item *item;
	struct step *step;

	for (item = config_find(items, key, NULL); item;
	     item = config_find(items, key, item)) {
		step = plan_add(plan, STEP_HOOK);
		step->hook = key;
		step->text = item->value;
		step->line = item->line;
		step->column = item->value_column;
	}
}

struct step *plan_add_address(struct plan *plan, const struct prefix *prefix)
{
	struct step *step = plan_add(plan, STEP_ADDRESS);

	step->prefix = *prefix;
	step->line = prefix->line;
	step->column = prefix->column;
	return step;
}

struct step *plan_add_route(struct plan *plan, const struct route *route)
{
	struct step *step = plan_add(plan, STEP_ROUTE);

	step->route = *route;
	step->line = route->to.line;
	step->column = route->to.column;
	return step;
}

static void add_addresses(struct plan *plan)
{
	const struct prefix_list *list = &plan->settings->addresses;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!plan_skips(plan, &list->prefix[i]))
			plan_add_address(plan, &list->prefix[i]);
}

void plan_add_dns(struct plan *plan)
{
	const struct settings *settings = plan->settings;

	if (plan->facts.dns == DNS_RESOLVCONF) {
		if (settings->dns_servers.n)
			plan_add(plan, STEP_DNS_RESOLVCONF);
	} else if (settings->dns_servers.n) {
		plan_add(plan, STEP_DNS_SERVERS);
		plan_add(plan, STEP_DNS_DOMAINS);
	}
}

static bool wants_default(const struct plan *plan, u16 family)
{
	return family == AF_INET6 ? plan->routes.has_default_v6 :
				    plan->routes.has_default_v4;
}

void plan_add_rules(struct plan *plan, u16 family)
{
	plan_add(plan, STEP_RULE_CATCH)->family = family;
	plan_add(plan, STEP_RULE_SPARE)->family = family;
}

/*
 * Everything that keeps the tunnel's own packets out of it is in place before
 * the default routes, which come last of all.
 */
static void add_default(struct plan *plan)
{
	bool has_v4 = wants_default(plan, AF_INET);
	bool has_v6 = wants_default(plan, AF_INET6);

	if (!has_v4 && !has_v6)
		return;
	if (has_v4)
		plan_add_rules(plan, AF_INET);
	if (has_v6)
		plan_add_rules(plan, AF_INET6);
	if (!plan->settings->config->fwmark)
		plan_add(plan, STEP_FWMARK);
	if (has_v4 && !plan->facts.has_valid_mark)
		plan_add(plan, STEP_VALID_MARK);
	plan_add(plan, STEP_FIREWALL);
}

static void add_routes(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->routes.n; i++)
		plan_add_route(plan, &plan->routes.route[i]);
}

const char *plan_check_dns(const struct plan *plan)
{
	if (plan->settings->dns_servers.n && plan->facts.dns == DNS_NOBODY)
		return "DNS: there is neither systemd-resolved nor resolvconf: "
		       "expected one of them, or no DNS line";
	return NULL;
}

const char *plan_up(struct plan *plan)
{
	const char *reason = plan_check_dns(plan);

	if (reason)
		return reason;
	if (plan->settings->config->fwmark)
		plan->facts.place.mark = plan->settings->config->fwmark;
	if (!routes_want(&plan->routes, plan->settings, plan->facts.has_ipv6))
		return no_memory;
	warn_of_ipv6(plan);
	plan_add(plan, STEP_LINK);
	plan_add_hooks(plan, CONFIG_PRE_UP);
	plan_add(plan, STEP_CONFIGURE);
	add_addresses(plan);
	plan_add(plan, STEP_UP)->mtu = plan->settings->mtu;
	plan_add_dns(plan);
	add_default(plan);
	add_routes(plan);
	plan_add_hooks(plan, CONFIG_POST_UP);
	return plan->has_failed ? no_memory : NULL;
}

/* Down: from what is there, whatever the file says by now. */

void plan_drop_rules(struct plan *plan, u16 family,
		     const struct live_rules *rules)
{
	struct step *step;

	if (!rules->catch_priority)
		return;
	step = plan_add(plan, STEP_RULE_CATCH);
	step->family = family;
	step->priority = rules->catch_priority;
	step->mark = plan->live.device.fwmark;
	step->is_off = true;
	if (!rules->spare_priority)
		return;
	step = plan_add(plan, STEP_RULE_SPARE);
	step->family = family;
	step->priority = rules->spare_priority;
	step->is_off = true;
}

static void drop_throws(struct plan *plan)
{
	const struct route_list *list = &plan->live.routes;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (list->route[i].kind == ROUTE_THROW)
			plan_add_route(plan, &list->route[i])->is_off = true;
}

void plan_drop_dns(struct plan *plan)
{
	if (!plan->settings->dns_servers.n || plan->facts.dns == DNS_NOBODY)
		return;
	plan_add(plan, plan->facts.dns == DNS_RESOLVED ?
			STEP_DNS_SERVERS : STEP_DNS_RESOLVCONF)->is_off = true;
}

const char *plan_down(struct plan *plan)
{
	const struct live *live = &plan->live;

	plan->facts.place.mark = live->device.fwmark;
	plan_add_hooks(plan, CONFIG_PRE_DOWN);
	if (plan->settings->saves)
		plan_add(plan, STEP_SAVE);
	plan_drop_dns(plan);
	plan_add(plan, STEP_LINK)->is_off = true;
	plan_drop_rules(plan, AF_INET, &live->v4);
	plan_drop_rules(plan, AF_INET6, &live->v6);
	drop_throws(plan);
	if (live->v4.catch_priority || live->v6.catch_priority)
		plan_add(plan, STEP_FIREWALL)->is_off = true;
	plan_add_hooks(plan, CONFIG_POST_DOWN);
	return plan->has_failed ? no_memory : NULL;
}

const char *plan_save(struct plan *plan)
{
	plan_add(plan, STEP_SAVE);
	return plan->has_failed ? no_memory : NULL;
}
