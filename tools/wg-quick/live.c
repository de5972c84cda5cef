// SPDX-License-Identifier: GPL-2.0
#include "tools/wg-quick/live.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/wg/backend.h"
#include "tools/wg/usersock.h"

bool prefix_list_append(struct prefix_list *list, const struct prefix *prefix)
{
	size_t room = list->room ? 2 * list->room : 8;
	struct prefix *grown;

	if (list->n == list->room) {
		grown = reallocarray(list->prefix, room, sizeof(*grown));
		if (!grown)
			return false;
		list->prefix = grown;
		list->room = room;
	}
	list->prefix[list->n++] = *prefix;
	return true;
}

static bool address_keep(const struct prefix *prefix, void *data)
{
	return prefix_list_append(data, prefix);
}

static bool route_keep(const struct route *route, void *data)
{
	return route->by_kernel || route_list_add(data, route);
}

struct rules_seen {
	u32 mark;
	struct live_rules *rules;
};

static bool catch_find(const struct rule *rule, void *data)
{
	struct rules_seen *seen = data;

	if (rule->is_inverted && rule->mark == seen->mark &&
	    rule->table == seen->mark && !seen->rules->catch_priority)
		seen->rules->catch_priority = rule->priority;
	return true;
}

/* The nearest in front of the other: each tunnel has one of its own. */
static bool spare_find(const struct rule *rule, void *data)
{
	struct rules_seen *seen = data;

	if (rule->suppresses_default && rule->table == TABLE_MAIN &&
	    rule->priority < seen->rules->catch_priority &&
	    rule->priority >= seen->rules->spare_priority)
		seen->rules->spare_priority = rule->priority;
	return true;
}

static int rules_read(struct netlink *rtnl, u16 family, u32 mark,
		      struct live_rules *rules)
{
	struct rules_seen seen = { .mark = mark, .rules = rules };
	int error = rtnl_rules(rtnl, family, catch_find, &seen);

	if (!error && rules->catch_priority)
		error = rtnl_rules(rtnl, family, spare_find, &seen);
	return error;
}

static bool throw_keep(const struct route *route, void *data)
{
	return route->kind != ROUTE_THROW || route_list_add(data, route);
}

int live_read_rules(struct live *live, struct netlink *rtnl)
{
	struct route_filter filter = { .table = live->device.fwmark };
	int error;

	if (!filter.table)
		return 0;
	error = rules_read(rtnl, AF_INET, filter.table, &live->v4);
	if (!error)
		error = rules_read(rtnl, AF_INET6, filter.table, &live->v6);
	filter.family = AF_INET;
	if (!error && live->v4.catch_priority)
		error = rtnl_routes(rtnl, &filter, throw_keep, &live->routes);
	filter.family = AF_INET6;
	if (!error && live->v6.catch_priority)
		error = rtnl_routes(rtnl, &filter, throw_keep, &live->routes);
	return error;
}

static int routes_read(struct live *live, struct netlink *rtnl)
{
	struct route_filter filter = { .ifindex = live->link.index };
	int error;

	filter.family = AF_INET;
	error = rtnl_routes(rtnl, &filter, route_keep, &live->routes);
	filter.family = AF_INET6;
	if (!error)
		error = rtnl_routes(rtnl, &filter, route_keep, &live->routes);
	return error;
}

static bool has_socket(const char *name)
{
	int fd = usersock_open(name);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int live_read(struct live *live, struct netlink *rtnl, const char *name)
{
	int error;

	memset(live, 0, sizeof(*live));
	device_init(&live->device, name);
	error = rtnl_link_read(rtnl, name, &live->link);
	if (error)
		return error;
	live->is_there = true;
	if (!live->link.is_wireguard && !has_socket(name))
		return -EOPNOTSUPP;
	error = backend_read(&live->device);
	if (!error)
		error = rtnl_addresses(rtnl, live->link.index, address_keep,
				       &live->addresses);
	if (!error)
		error = routes_read(live, rtnl);
	if (!error)
		error = live_read_rules(live, rtnl);
	return error;
}

void live_free(struct live *live)
{
	device_free(&live->device);
	prefix_list_free(&live->addresses);
	route_list_free(&live->routes);
}
