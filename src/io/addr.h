/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a peer is: the outer address of the other side, and the address of
 * ours that it last spoke to (the "sticky source"). IPv4 and IPv6 share one
 * type. Plain data; whoever stores one names the lock.
 */
#ifndef WG_IO_ADDR_H
#define WG_IO_ADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/skbuff.h>
#include <linux/socket.h>

struct wg_endpoint {
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} remote;			/* sa_family 0: not known */
	union {
		struct in_addr v4;
		struct in6_addr v6;
	} local;			/* all zeros: let routing choose */
	int local_ifindex;		/* v4 only: where @local was met */
};

static inline bool wg_endpoint_known(const struct wg_endpoint *ep)
{
	return ep->remote.sa.sa_family;
}

/*
 * The endpoint that sent @skb, whose network and transport (UDP) headers are
 * set and readable. False: neither IPv4 nor IPv6.
 */
bool wg_endpoint_read(struct wg_endpoint *ep, const struct sk_buff *skb);

/*
 * From a sockaddr of user space of @len bytes: exact size and family, and an
 * address that can be spoken to. False: to be ignored. Clears the source.
 */
bool wg_endpoint_from_user(struct wg_endpoint *ep, const void *addr, size_t len);

/* Size of the sockaddr of @ep as user space sees it; 0 when not known. */
size_t wg_endpoint_user_len(const struct wg_endpoint *ep);

/* Same remote address and port, same local address. */
bool wg_endpoint_same(const struct wg_endpoint *a, const struct wg_endpoint *b);

/* Let routing choose the source again. */
void wg_endpoint_forget_local(struct wg_endpoint *ep);

/*
 * Source address and port as the bytes that a cookie covers [WP 5.4.7].
 * Returns their number, at most COOKIE_SOURCE_MAX_LEN.
 */
size_t wg_endpoint_source_bytes(const struct wg_endpoint *ep, u8 *bytes);

#endif /* WG_IO_ADDR_H */
