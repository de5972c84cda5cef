/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a plan has to know of the system. Plans are made from settings and
 * facts alone, so that tests can have any machine they like.
 */
#ifndef TOOLS_WG_QUICK_FACTS_H
#define TOOLS_WG_QUICK_FACTS_H

#include "tools/wg-quick/rtnl.h"
#include "tools/wg-quick/settings.h"

enum dns_tool {
	DNS_NOBODY,
	DNS_RESOLVED,		/* systemd-resolved, by resolvectl */
	DNS_RESOLVCONF,
};

/* The rules of a default route go in front of all others but the first. */
struct place {
	u32 mark;		/* fwmark and number of the routing table */
	u32 priority_v4;	/* of the rule that catches; the one that */
	u32 priority_v6;	/* spares the main table goes in front of it */
};

struct facts {
	bool has_ipv6;
	bool has_valid_mark;	/* net.ipv4.conf.all.src_valid_mark is 1 */
	enum dns_tool dns;
	char dns_prefix[32];	/* of the interface's name, for resolvconf */
	struct place place;
	u32 mtu;		/* for the way to the endpoints */
};

/*
 * @change: with the endpoints looked up so far; @mark: of what is sent to
 * them. 0 or -errno.
 */
int facts_read(struct facts *facts, struct netlink *rtnl,
	       const struct device *change, u32 mark);

/*
 * The first number from 51820 on that is no routing table in use and that no
 * rule knows, or @wanted when that is not 0; and where rules may go.
 */
int place_find(struct place *place, struct netlink *rtnl, u32 wanted);

/*
 * Of the way to the endpoints, for packets with @mark, less the 80 bytes that
 * a tunnel adds at most (IPv6, UDP, WireGuard's own).
 */
u32 mtu_find(struct netlink *rtnl, const struct device *change, u32 mark);

#endif /* TOOLS_WG_QUICK_FACTS_H */
