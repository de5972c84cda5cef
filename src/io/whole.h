/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Let aggregates of outer datagrams (UDP GSO packets: from GRO, from a veth,
 * from a virtual NIC) reach our encap socket whole.
 *
 * The stack splits an aggregate before any encap_rcv() unless its gso_type
 * says that it is a tunnel's (udp_unexpected_gso()): it cannot know that this
 * socket takes them. So we say it: a netfilter hook, last in LOCAL_IN, marks
 * aggregates for a port of ours. It steals nothing and changes no verdict; all
 * other hooks have seen the packet as it was, and nothing after LOCAL_IN
 * forwards it. A packet marked for a port of ours but for somebody else's
 * socket is split as ever, since UDP segmentation looks at SKB_GSO_UDP_L4.
 *
 * One pair of hooks per network namespace, while a device has sockets there.
 * Without netfilter, or when memory is short, aggregates come split: slower,
 * not wrong.
 */
#ifndef WG_IO_WHOLE_H
#define WG_IO_WHOLE_H

#include <net/net_namespace.h>

int wg_whole_init(void);	/* module load, before any device */
void wg_whole_exit(void);	/* module unload, after all devices */

/* From now on for @port of @net. False: aggregates will come split. Sleeps. */
bool wg_whole_get(struct net *net, u16 port);
void wg_whole_put(struct net *net, u16 port);

#endif /* WG_IO_WHOLE_H */
