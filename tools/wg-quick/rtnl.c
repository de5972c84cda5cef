// SPDX-License-Identifier: GPL-2.0
/* Requests that change something; those that read are in rtnl_read.c. */
#include "tools/wg-quick/rtnl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "tools/wg/netlink_talk.h"
#include "tools/wg/uapi.h"


int rtnl_open(struct netlink *rtnl)
{
	int error = netlink_open(rtnl, NETLINK_ROUTE);
	int on = 1;

	/* Kernels that filter dumps when asked save us large tables. */
	if (!error)
		setsockopt(mnl_socket_get_fd(rtnl->context), SOL_NETLINK,
			   NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	return error;
}

void rtnl_close(struct netlink *rtnl)
{
	netlink_close(rtnl);
}

static u16 change_flags(bool on)
{
	return NLM_F_ACK | (on ? NLM_F_CREATE | NLM_F_EXCL : 0);
}

static struct ifinfomsg *link_start(struct netlink *rtnl, u16 type, u16 flags,
				    u32 index, struct nlmsghdr **header)
{
	struct ifinfomsg *link;

	*header = netlink_start(rtnl, type, flags);
	link = mnl_nlmsg_put_extra_header(*header, sizeof(*link));
	link->ifi_index = index;
	return link;
}

int rtnl_link_add(struct netlink *rtnl, const char *name)
{
	struct nlmsghdr *header;
	struct nlattr *nest;

	link_start(rtnl, RTM_NEWLINK, change_flags(true), 0, &header);
	mnl_attr_put_strz(header, IFLA_IFNAME, name);
	nest = mnl_attr_nest_start(header, IFLA_LINKINFO);
	mnl_attr_put_strz(header, IFLA_INFO_KIND, WG_LINK_KIND);
	mnl_attr_nest_end(header, nest);
	return netlink_talk(rtnl, header, NULL, NULL);
}

int rtnl_link_delete(struct netlink *rtnl, u32 index)
{
	struct nlmsghdr *header;

	link_start(rtnl, RTM_DELLINK, NLM_F_ACK, index, &header);
	return netlink_talk(rtnl, header, NULL, NULL);
}

int rtnl_link_up(struct netlink *rtnl, u32 index, u32 mtu)
{
	struct nlmsghdr *header;
	struct ifinfomsg *link;

	link = link_start(rtnl, RTM_NEWLINK, NLM_F_ACK, index, &header);
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	mnl_attr_put_u32(header, IFLA_MTU, mtu);
	return netlink_talk(rtnl, header, NULL, NULL);
}

static size_t addr_len(u16 family)
{
	return family == AF_INET6 ? 16 : 4;
}

int rtnl_address(struct netlink *rtnl, bool on, u32 index,
		 const struct prefix *prefix)
{
	struct nlmsghdr *header;
	struct ifaddrmsg *address;

	header = netlink_start(rtnl, on ? RTM_NEWADDR : RTM_DELADDR,
			       change_flags(on));
	address = mnl_nlmsg_put_extra_header(header, sizeof(*address));
	address->ifa_family = prefix->family;
	address->ifa_prefixlen = prefix->cidr;
	address->ifa_index = index;
	mnl_attr_put(header, IFA_LOCAL, addr_len(prefix->family),
		     prefix->addr);
	mnl_attr_put(header, IFA_ADDRESS, addr_len(prefix->family),
		     prefix->addr);
	return netlink_talk(rtnl, header, NULL, NULL);
}

int rtnl_route(struct netlink *rtnl, bool on, const struct route *route)
{
	bool is_throw = route->kind == ROUTE_THROW;
	struct nlmsghdr *header;
	struct rtmsg *message;

	header = netlink_start(rtnl, on ? RTM_NEWROUTE : RTM_DELROUTE,
			       change_flags(on));
	message = mnl_nlmsg_put_extra_header(header, sizeof(*message));
	message->rtm_family = route->to.family;
	message->rtm_dst_len = route->to.cidr;
	message->rtm_table = route->table < 256 ? route->table :
						  RT_TABLE_UNSPEC;
	message->rtm_protocol = RTPROT_BOOT;
	message->rtm_type = is_throw ? RTN_THROW : RTN_UNICAST;
	message->rtm_scope = !is_throw && route->to.family == AF_INET ?
				     RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	mnl_attr_put(header, RTA_DST, addr_len(route->to.family),
		     route->to.addr);
	mnl_attr_put_u32(header, RTA_TABLE, route->table);
	if (!is_throw)
		mnl_attr_put_u32(header, RTA_OIF, route->ifindex);
	return netlink_talk(rtnl, header, NULL, NULL);
}

/*
 * Rules go by the protocol "kernel": systemd-networkd takes away those of
 * others when it restarts (systemd issue 19106), and leaves these alone.
 */
int rtnl_rule(struct netlink *rtnl, bool on, const struct rule *rule)
{
	struct nlmsghdr *header;
	struct fib_rule_hdr *message;

	header = netlink_start(rtnl, on ? RTM_NEWRULE : RTM_DELRULE,
			       change_flags(on));
	message = mnl_nlmsg_put_extra_header(header, sizeof(*message));
	message->family = rule->family;
	message->action = FR_ACT_TO_TBL;
	message->table = rule->table < 256 ? rule->table : RT_TABLE_UNSPEC;
	message->flags = rule->is_inverted ? FIB_RULE_INVERT : 0;
	mnl_attr_put_u32(header, FRA_PRIORITY, rule->priority);
	mnl_attr_put_u32(header, FRA_TABLE, rule->table);
	if (on)
		mnl_attr_put_u8(header, FRA_PROTOCOL, RTPROT_KERNEL);
	if (rule->mark)
		mnl_attr_put_u32(header, FRA_FWMARK, rule->mark);
	if (rule->suppresses_default)
		mnl_attr_put_u32(header, FRA_SUPPRESS_PREFIXLEN, 0);
	return netlink_talk(rtnl, header, NULL, NULL);
}
