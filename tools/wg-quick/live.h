/* SPDX-License-Identifier: GPL-2.0 */
/* What is there of a tunnel that is up. */
#ifndef TOOLS_WG_QUICK_LIVE_H
#define TOOLS_WG_QUICK_LIVE_H

#include "tools/wg-quick/routes.h"
#include "tools/wg-quick/rtnl.h"

/* The rules of a default route of one family; priority 0: not there. */
struct live_rules {
	u32 catch_priority;
	u32 spare_priority;
};

struct live {
	bool is_there;
	struct link link;
	struct device device;
	struct prefix_list addresses;
	struct route_list routes;	/* not the kernel's own */
	struct live_rules v4;
	struct live_rules v6;
};

/*
 * 0 or -errno; -ENODEV: there is no such link, -EOPNOTSUPP: there is one, but
 * not WireGuard's.
 */
int live_read(struct live *live, struct netlink *rtnl, const char *name);
void live_free(struct live *live);

/* Fills live->v4 and live->v6 from the mark of live->device. */
int live_read_rules(struct live *live, struct netlink *rtnl);

bool prefix_list_append(struct prefix_list *list, const struct prefix *prefix);

#endif /* TOOLS_WG_QUICK_LIVE_H */
