/* SPDX-License-Identifier: GPL-2.0 */
/* Between the files of the netlink back-end: one request and its answers. */
#ifndef TOOLS_WG_NETLINK_TALK_H
#define TOOLS_WG_NETLINK_TALK_H

#include <libmnl/libmnl.h>

#include "tools/wg/netlink.h"

/* A request in netlink->buffer, with the next sequence number. */
struct nlmsghdr *netlink_start(struct netlink *netlink, u16 type, u16 flags);
struct nlmsghdr *netlink_start_genl(struct netlink *netlink, u16 family,
				    u8 command, u8 version, u16 flags);

/*
 * Sends @header and gives every answer to @answer, until an acknowledgement,
 * an error or the end of a dump. -EINTR: a dump was not consistent.
 */
int netlink_talk(struct netlink *netlink, const struct nlmsghdr *header,
		 mnl_cb_t answer, void *data);

#endif /* TOOLS_WG_NETLINK_TALK_H */
