/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_NET_UDP_TUNNEL_H
#define WG_COMPAT_NET_UDP_TUNNEL_H

#include <probed/have.h>
#include_next <net/udp_tunnel.h>

/* Linux 7.1.5: the two take a struct sock. */
#ifndef HAVE_TUNNEL_TAKES_SOCK
static inline void wg_setup_udp_tunnel_sock(struct net *net, struct sock *sk,
					    struct udp_tunnel_sock_cfg *cfg)
{
	setup_udp_tunnel_sock(net, sk->sk_socket, cfg);
}
#define setup_udp_tunnel_sock wg_setup_udp_tunnel_sock
#endif

#ifndef HAVE_TUNNEL_RELEASE_TAKES_SOCK
static inline void wg_udp_tunnel_sock_release(struct sock *sk)
{
	udp_tunnel_sock_release(sk->sk_socket);
}
#define udp_tunnel_sock_release wg_udp_tunnel_sock_release
#endif

/* Linux 6.17: the last argument, flags for IPCB. */
#ifndef HAVE_TUNNEL_XMIT_IPCB_FLAGS
#define udp_tunnel_xmit_skb(rt, sk, skb, src, dst, tos, ttl, df, sport, dport, \
			    xnet, nocheck, flags)			\
	udp_tunnel_xmit_skb(rt, sk, skb, src, dst, tos, ttl, df, sport,	\
			    dport, xnet, nocheck)
#endif

#ifndef HAVE_TUNNEL6_XMIT_IPCB_FLAGS
#define udp_tunnel6_xmit_skb(dst, sk, skb, dev, saddr, daddr, prio, ttl, \
			     label, sport, dport, nocheck, flags)	\
	udp_tunnel6_xmit_skb(dst, sk, skb, dev, saddr, daddr, prio, ttl, \
			     label, sport, dport, nocheck)
#endif

#endif /* WG_COMPAT_NET_UDP_TUNNEL_H */
