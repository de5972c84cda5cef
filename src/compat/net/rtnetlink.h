/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_NET_RTNETLINK_H
#define WG_COMPAT_NET_RTNETLINK_H

#include <probed/have.h>
#include_next <net/rtnetlink.h>

/* Linux 6.15 gathers the arguments of newlink() in a structure. */
#ifdef HAVE_NEWLINK_PARAMS
#define DEFINE_RTNL_NEWLINK(op, fn)					\
static int op(struct net_device *dev, struct rtnl_newlink_params *params, \
	      struct netlink_ext_ack *extack)				\
{									\
	return fn(dev, params, extack);					\
}
#else
struct rtnl_newlink_params {
	struct net *src_net;
	struct nlattr **tb;
	struct nlattr **data;
};

static inline struct net *
rtnl_newlink_link_net(const struct rtnl_newlink_params *params)
{
	return params->src_net;	/* here, the link's if it was named */
}

#define DEFINE_RTNL_NEWLINK(op, fn)					\
static int op(struct net *net, struct net_device *dev, struct nlattr *tb[], \
	      struct nlattr *data[], struct netlink_ext_ack *extack)	\
{									\
	struct rtnl_newlink_params params = {				\
		.src_net = net, .tb = tb, .data = data,			\
	};								\
									\
	return fn(dev, &params, extack);				\
}
#endif

#endif /* WG_COMPAT_NET_RTNETLINK_H */
