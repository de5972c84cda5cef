// SPDX-License-Identifier: GPL-2.0
#include "io/addr.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/ipv6.h>

static void read_v4(struct wg_endpoint *ep, const struct sk_buff *skb)
{
	ep->remote.v4.sin_family = AF_INET;
	ep->remote.v4.sin_port = udp_hdr(skb)->source;
	ep->remote.v4.sin_addr.s_addr = ip_hdr(skb)->saddr;
	ep->local.v4.s_addr = ip_hdr(skb)->daddr;
	ep->local_ifindex = skb->skb_iif;
}

static void read_v6(struct wg_endpoint *ep, const struct sk_buff *skb)
{
	ep->remote.v6.sin6_family = AF_INET6;
	ep->remote.v6.sin6_port = udp_hdr(skb)->source;
	ep->remote.v6.sin6_addr = ipv6_hdr(skb)->saddr;
	ep->remote.v6.sin6_scope_id =
		ipv6_iface_scope_id(&ipv6_hdr(skb)->saddr, skb->skb_iif);
	ep->local.v6 = ipv6_hdr(skb)->daddr;
}

bool wg_endpoint_read(struct wg_endpoint *ep, const struct sk_buff *skb)
{
	memset(ep, 0, sizeof(*ep));
	switch (ip_hdr(skb)->version) {
	case 4:
		read_v4(ep, skb);
		return true;
	case 6:
		read_v6(ep, skb);
		return true;
	}
	return false;
}

bool wg_endpoint_from_user(struct wg_endpoint *ep, const void *addr, size_t len)
{
	const struct sockaddr *sa = addr;

	memset(ep, 0, sizeof(*ep));
	if (len == sizeof(ep->remote.v4) && sa->sa_family == AF_INET)
		memcpy(&ep->remote.v4, addr, sizeof(ep->remote.v4));
	else if (IS_ENABLED(CONFIG_IPV6) && len == sizeof(ep->remote.v6) &&
		 sa->sa_family == AF_INET6)
		memcpy(&ep->remote.v6, addr, sizeof(ep->remote.v6));
	return wg_endpoint_known(ep);
}

size_t wg_endpoint_user_len(const struct wg_endpoint *ep)
{
	switch (ep->remote.sa.sa_family) {
	case AF_INET:
		return sizeof(ep->remote.v4);
	case AF_INET6:
		return sizeof(ep->remote.v6);
	}
	return 0;
}

static bool same_v4(const struct wg_endpoint *a, const struct wg_endpoint *b)
{
	return a->remote.v4.sin_port == b->remote.v4.sin_port &&
	       a->remote.v4.sin_addr.s_addr == b->remote.v4.sin_addr.s_addr &&
	       a->local.v4.s_addr == b->local.v4.s_addr &&
	       a->local_ifindex == b->local_ifindex;
}

static bool same_v6(const struct wg_endpoint *a, const struct wg_endpoint *b)
{
	return a->remote.v6.sin6_port == b->remote.v6.sin6_port &&
	       a->remote.v6.sin6_scope_id == b->remote.v6.sin6_scope_id &&
	       ipv6_addr_equal(&a->remote.v6.sin6_addr, &b->remote.v6.sin6_addr) &&
	       ipv6_addr_equal(&a->local.v6, &b->local.v6);
}

bool wg_endpoint_same(const struct wg_endpoint *a, const struct wg_endpoint *b)
{
	if (a->remote.sa.sa_family != b->remote.sa.sa_family)
		return false;
	return a->remote.sa.sa_family == AF_INET ? same_v4(a, b) : same_v6(a, b);
}

void wg_endpoint_forget_local(struct wg_endpoint *ep)
{
	memset(&ep->local, 0, sizeof(ep->local));
	ep->local_ifindex = 0;
}

size_t wg_endpoint_source_bytes(const struct wg_endpoint *ep, u8 *bytes)
{
	size_t len = 0;

	if (ep->remote.sa.sa_family == AF_INET) {
		memcpy(bytes, &ep->remote.v4.sin_addr, 4);
		len = 4;
	} else if (ep->remote.sa.sa_family == AF_INET6) {
		memcpy(bytes, &ep->remote.v6.sin6_addr, 16);
		len = 16;
	}
	/* sin_port and sin6_port are at the same place. */
	memcpy(bytes + len, &ep->remote.v4.sin_port, 2);
	return len + 2;
}
