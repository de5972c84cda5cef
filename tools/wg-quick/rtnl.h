/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is said to rtnetlink: links, addresses, routes and policy rules, one
 * request each. All return 0 or -errno and print nothing.
 *
 * A list is read by a function that is called for each element; it returns
 * false to hear of no more.
 */
#ifndef TOOLS_WG_QUICK_RTNL_H
#define TOOLS_WG_QUICK_RTNL_H

#include "tools/wg/device.h"
#include "tools/wg/netlink.h"

#define TABLE_MAIN	254

struct link {
	u32 index;
	u32 mtu;
	bool is_up;
	bool is_wireguard;	/* by its kind: in the kernel */
};

enum route_kind {
	ROUTE_DEVICE,	/* through a link */
	ROUTE_THROW,	/* "look further in the next table" */
};

struct route {
	struct prefix to;	/* without host bits */
	u32 table;
	enum route_kind kind;
	u32 ifindex;
	bool by_kernel;		/* of those read: not made by anybody's hand */
};

/*
 * The two policy rules of a default route through a tunnel (ip-rule(8)):
 * "not fwmark MARK lookup TABLE" and "lookup main suppress_prefixlength 0".
 */
struct rule {
	u16 family;
	u32 priority;
	u32 table;
	u32 mark;		/* 0: any packet */
	bool is_inverted;	/* "not" */
	bool suppresses_default;
};

int rtnl_open(struct netlink *rtnl);
void rtnl_close(struct netlink *rtnl);

int rtnl_link_add(struct netlink *rtnl, const char *name);
int rtnl_link_delete(struct netlink *rtnl, u32 index);
int rtnl_link_up(struct netlink *rtnl, u32 index, u32 mtu);
int rtnl_link_read(struct netlink *rtnl, const char *name, struct link *link);
int rtnl_link_mtu(struct netlink *rtnl, u32 index, u32 *mtu);

/* The three that come and go: @on adds, else deletes. */
int rtnl_address(struct netlink *rtnl, bool on, u32 index,
		 const struct prefix *prefix);
int rtnl_route(struct netlink *rtnl, bool on, const struct route *route);
int rtnl_rule(struct netlink *rtnl, bool on, const struct rule *rule);

typedef bool address_seen(const struct prefix *prefix, void *data);
typedef bool route_seen(const struct route *route, void *data);
typedef bool rule_seen(const struct rule *rule, void *data);

int rtnl_addresses(struct netlink *rtnl, u32 index, address_seen *seen,
		   void *data);

/* Zero: any. */
struct route_filter {
	u16 family;
	u32 table;
	u32 ifindex;
};

/* Unicast and throw routes. */
int rtnl_routes(struct netlink *rtnl, const struct route_filter *filter,
		route_seen *seen, void *data);
int rtnl_rules(struct netlink *rtnl, u16 family, rule_seen *seen, void *data);

/* How large a packet with @mark to @endpoint may be; 0: there is no way. */
int rtnl_route_mtu(struct netlink *rtnl, const union endpoint *endpoint,
		   u32 mark, u32 *mtu);

#endif /* TOOLS_WG_QUICK_RTNL_H */
