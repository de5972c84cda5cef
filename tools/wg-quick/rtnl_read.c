// SPDX-License-Identifier: GPL-2.0
#include "tools/wg-quick/rtnl.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "tools/wg/netlink_talk.h"
#include "tools/wg/uapi.h"

#define ATTR_MAX	64

/* Those attributes of a message that have a number below ATTR_MAX. */
static void attrs_read(const struct nlmsghdr *header, size_t extra,
		       const struct nlattr *attrs[ATTR_MAX])
{
	const struct nlattr *attr;
	u16 type;

	memset(attrs, 0, ATTR_MAX * sizeof(*attrs));
	mnl_attr_for_each(attr, header, extra) {
		type = mnl_attr_get_type(attr);
		if (type < ATTR_MAX)
			attrs[type] = attr;
	}
}

static u32 attr_u32(const struct nlattr *attr, u32 otherwise)
{
	if (!attr || mnl_attr_get_payload_len(attr) != sizeof(u32))
		return otherwise;
	return mnl_attr_get_u32(attr);
}

static const struct nlattr *attr_within(const struct nlattr *nest, u16 type)
{
	const struct nlattr *attr;

	if (nest)
		mnl_attr_for_each_nested(attr, nest)
			if (mnl_attr_get_type(attr) == type)
				return attr;
	return NULL;
}

/* False: an attribute that is no address of the family. */
static bool addr_read(struct prefix *prefix, const struct nlattr *attr)
{
	size_t len = prefix->family == AF_INET6 ? 16 : 4;

	if (attr && mnl_attr_get_payload_len(attr) != len)
		return false;
	if (attr)
		memcpy(prefix->addr, mnl_attr_get_payload(attr), len);
	return true;
}

/* Links. */

static int link_read(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attrs[ATTR_MAX], *kind;
	const struct ifinfomsg *message;
	struct link *link = data;

	if (header->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	message = mnl_nlmsg_get_payload(header);
	attrs_read(header, sizeof(*message), attrs);
	kind = attr_within(attrs[IFLA_LINKINFO], IFLA_INFO_KIND);
	link->index = message->ifi_index;
	link->mtu = attr_u32(attrs[IFLA_MTU], 0);
	link->is_up = message->ifi_flags & IFF_UP;
	link->is_wireguard = kind &&
		mnl_attr_validate(kind, MNL_TYPE_NUL_STRING) >= 0 &&
		!strcmp(mnl_attr_get_str(kind), WG_LINK_KIND);
	return MNL_CB_OK;
}

static struct nlmsghdr *link_ask(struct netlink *rtnl, u32 index)
{
	struct nlmsghdr *header = netlink_start(rtnl, RTM_GETLINK, NLM_F_ACK);
	struct ifinfomsg *message;

	message = mnl_nlmsg_put_extra_header(header, sizeof(*message));
	message->ifi_index = index;
	return header;
}

int rtnl_link_read(struct netlink *rtnl, const char *name, struct link *link)
{
	struct nlmsghdr *header = link_ask(rtnl, 0);

	memset(link, 0, sizeof(*link));
	mnl_attr_put_strz(header, IFLA_IFNAME, name);
	return netlink_talk(rtnl, header, link_read, link);
}

int rtnl_link_mtu(struct netlink *rtnl, u32 index, u32 *mtu)
{
	struct link link = { 0 };
	int error = netlink_talk(rtnl, link_ask(rtnl, index), link_read, &link);

	*mtu = link.mtu;
	return error;
}

/* Lists. */

struct listing {
	address_seen *address;
	route_seen *route;
	rule_seen *rule;
	void *data;
	u16 family;	/* a kernel without IPv6 answers with all it has */
	u32 ifindex;	/* 0: of any link */
	u32 table;	/* 0: of any table */
	bool is_over;	/* the reader has heard enough */
};

/* Made by the kernel for the link, by whatever name (linux/if_addr.h). */
static bool address_is_automatic(const struct ifaddrmsg *message,
				 const struct nlattr *const attrs[ATTR_MAX])
{
	return message->ifa_family == AF_INET6 &&
	       attr_u32(attrs[IFA_FLAGS], message->ifa_flags) &
		       (IFA_F_STABLE_PRIVACY | IFA_F_TEMPORARY);
}

static int address_read(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attrs[ATTR_MAX];
	const struct ifaddrmsg *message = mnl_nlmsg_get_payload(header);
	struct listing *listing = data;
	struct prefix prefix = { 0 };

	if (header->nlmsg_type != RTM_NEWADDR ||
	    message->ifa_index != listing->ifindex || listing->is_over)
		return MNL_CB_OK;
	attrs_read(header, sizeof(*message), attrs);
	if (address_is_automatic(message, attrs))
		return MNL_CB_OK;
	prefix.family = message->ifa_family;
	prefix.cidr = message->ifa_prefixlen;
	if (addr_read(&prefix, attrs[IFA_LOCAL] ? attrs[IFA_LOCAL] :
						  attrs[IFA_ADDRESS]))
		listing->is_over = !listing->address(&prefix, listing->data);
	return MNL_CB_OK;
}

int rtnl_addresses(struct netlink *rtnl, u32 index, address_seen *seen,
		   void *data)
{
	struct listing listing = { .address = seen, .data = data,
				   .ifindex = index };
	struct nlmsghdr *header = netlink_start(rtnl, RTM_GETADDR, NLM_F_DUMP);
	struct ifaddrmsg *message;

	message = mnl_nlmsg_put_extra_header(header, sizeof(*message));
	message->ifa_index = index;
	return netlink_talk(rtnl, header, address_read, &listing);
}

static int route_read(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attrs[ATTR_MAX];
	const struct rtmsg *message = mnl_nlmsg_get_payload(header);
	struct listing *listing = data;
	struct route route = { 0 };

	if (header->nlmsg_type != RTM_NEWROUTE || listing->is_over ||
	    message->rtm_family != listing->family ||
	    message->rtm_flags & RTM_F_CLONED ||
	    (message->rtm_type != RTN_UNICAST &&
	     message->rtm_type != RTN_THROW))
		return MNL_CB_OK;
	attrs_read(header, sizeof(*message), attrs);
	route.to.family = message->rtm_family;
	route.to.cidr = message->rtm_dst_len;
	route.table = attr_u32(attrs[RTA_TABLE], message->rtm_table);
	route.kind = message->rtm_type == RTN_THROW ? ROUTE_THROW :
						      ROUTE_DEVICE;
	route.ifindex = attr_u32(attrs[RTA_OIF], 0);
	route.by_kernel = message->rtm_protocol == RTPROT_KERNEL;
	if (addr_read(&route.to, attrs[RTA_DST]) &&
	    (!listing->ifindex || listing->ifindex == route.ifindex) &&
	    (!listing->table || listing->table == route.table))
		listing->is_over = !listing->route(&route, listing->data);
	return MNL_CB_OK;
}

int rtnl_routes(struct netlink *rtnl, const struct route_filter *filter,
		route_seen *seen, void *data)
{
	struct listing listing = {
		.route = seen, .data = data, .family = filter->family,
		.ifindex = filter->ifindex, .table = filter->table,
	};
	struct nlmsghdr *header = netlink_start(rtnl, RTM_GETROUTE, NLM_F_DUMP);
	struct rtmsg *message;
	int error;

	message = mnl_nlmsg_put_extra_header(header, sizeof(*message));
	message->rtm_family = filter->family;
	if (filter->table)
		mnl_attr_put_u32(header, RTA_TABLE, filter->table);
	if (filter->ifindex)
		mnl_attr_put_u32(header, RTA_OIF, filter->ifindex);
	error = netlink_talk(rtnl, header, route_read, &listing);
	/* So says a kernel that filters of a table that never had a route. */
	return error == -ENOENT || error == -EAFNOSUPPORT ? 0 : error;
}

static int rule_read(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attrs[ATTR_MAX];
	const struct fib_rule_hdr *message = mnl_nlmsg_get_payload(header);
	struct listing *listing = data;
	struct rule rule = { 0 };

	if (header->nlmsg_type != RTM_NEWRULE || listing->is_over ||
	    message->family != listing->family)
		return MNL_CB_OK;
	attrs_read(header, sizeof(*message), attrs);
	rule.family = message->family;
	rule.priority = attr_u32(attrs[FRA_PRIORITY], 0);
	rule.table = attr_u32(attrs[FRA_TABLE], message->table);
	rule.mark = attr_u32(attrs[FRA_FWMARK], 0);
	rule.is_inverted = message->flags & FIB_RULE_INVERT;
	rule.suppresses_default =
		attr_u32(attrs[FRA_SUPPRESS_PREFIXLEN], UINT32_MAX) == 0;
	listing->is_over = !listing->rule(&rule, listing->data);
	return MNL_CB_OK;
}

int rtnl_rules(struct netlink *rtnl, u16 family, rule_seen *seen, void *data)
{
	struct listing listing = { .rule = seen, .data = data,
				   .family = family };
	struct nlmsghdr *header = netlink_start(rtnl, RTM_GETRULE, NLM_F_DUMP);
	struct fib_rule_hdr *message;
	int error;

	message = mnl_nlmsg_put_extra_header(header, sizeof(*message));
	message->family = family;
	error = netlink_talk(rtnl, header, rule_read, &listing);
	return error == -EAFNOSUPPORT ? 0 : error;
}

/* Routes to endpoints. */

struct way {
	u32 ifindex;
	u32 mtu;	/* of the route, 0 when it does not say */
};

static int way_read(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attrs[ATTR_MAX];
	struct way *way = data;

	if (header->nlmsg_type != RTM_NEWROUTE)
		return MNL_CB_OK;
	attrs_read(header, sizeof(struct rtmsg), attrs);
	way->ifindex = attr_u32(attrs[RTA_OIF], 0);
	way->mtu = attr_u32(attr_within(attrs[RTA_METRICS], RTAX_MTU), 0);
	return MNL_CB_OK;
}

int rtnl_route_mtu(struct netlink *rtnl, const union endpoint *endpoint,
		   u32 mark, u32 *mtu)
{
	bool is_v6 = endpoint->addr.sa_family == AF_INET6;
	struct nlmsghdr *header = netlink_start(rtnl, RTM_GETROUTE, NLM_F_ACK);
	struct way way = { 0 };
	struct rtmsg *message;
	int error;

	message = mnl_nlmsg_put_extra_header(header, sizeof(*message));
	message->rtm_family = endpoint->addr.sa_family;
	message->rtm_dst_len = is_v6 ? 128 : 32;
	mnl_attr_put(header, RTA_DST, is_v6 ? 16 : 4,
		     is_v6 ? (const void *)&endpoint->v6.sin6_addr :
			     (const void *)&endpoint->v4.sin_addr);
	if (mark)
		mnl_attr_put_u32(header, RTA_MARK, mark);
	*mtu = 0;
	error = netlink_talk(rtnl, header, way_read, &way);
	if (!error && way.mtu)
		*mtu = way.mtu;
	else if (!error && way.ifindex)
		error = rtnl_link_mtu(rtnl, way.ifindex, mtu);
	return error;
}
