/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device's two UDP sockets (IPv4 and IPv6, same port), and the way out of
 * them. Only this file, sock.c and whole.c know what a socket is.
 *
 * wg_socks_open/close: process context, under the device's lock, sleep.
 * wg_socks_send: bottom halves off, in an RCU read section.
 */
#ifndef WG_IO_SOCK_H
#define WG_IO_SOCK_H

#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <net/dst_cache.h>
#include <net/sock.h>
#include "io/addr.h"

/*
 * A datagram, or a run of them as one GSO packet, arrived: softirq, RCU read
 * section, network and transport header set, skb->data at the UDP header.
 * Owns @skb.
 */
typedef void (*wg_datagram_fn)(void *user, struct sk_buff *skb);

struct wg_socks {
	struct sock __rcu *v4;		/* writer: the device's lock */
	struct sock __rcu *v6;
	struct net *net;		/* while open: where, not pinned */
	wg_datagram_fn arrived;		/* constant after wg_socks_init() */
	void *user;
	u16 port;			/* host order; the device's lock */
	bool whole;			/* holds a reference of io/whole.h */
};

void wg_socks_init(struct wg_socks *socks, wg_datagram_fn arrived, void *user);

/*
 * Bind both sockets in @net; port 0 picks one that both families have free.
 * Leaves it in socks->port. IPv6 may be absent or disabled. On error nothing
 * is open. 0, -EADDRINUSE, -ENOMEM, ...
 */
int wg_socks_open(struct wg_socks *socks, struct net *net, u16 port);

/* Close both, and wait until nobody uses them. Idempotent. */
void wg_socks_close(struct wg_socks *socks);

/* The parts of a way that do not depend on the packet. */
struct wg_way {
	struct dst_cache *cache;	/* of the peer; NULL: look it up */
	const struct net_device *self;	/* a route through this is a loop */
	u32 mark;
	u8 ds;				/* outer TOS or traffic class */
};

/*
 * Send @skb (payload only; if GSO, gso_size and gso_segs are set) to @ep.
 * Consumes @skb whatever happens. When the source address in @ep is no longer
 * ours, or leads elsewhere, it is cleared and routing chooses: *@ep then
 * differs, and the caller may store it. 0 or -errno.
 */
int wg_socks_send(struct wg_socks *socks, struct sk_buff *skb,
		  struct wg_endpoint *ep, const struct wg_way *way);


#endif /* WG_IO_SOCK_H */
