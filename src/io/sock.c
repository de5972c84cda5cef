// SPDX-License-Identifier: GPL-2.0
#include "io/sock.h"

#include <linux/inetdevice.h>
#include <linux/net.h>
#include <net/inet_common.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/udp.h>
#include <net/udp_tunnel.h>
#include "io/whole.h"

/* Random ports that are tried until IPv6 has the one that IPv4 got, too. */
#define PORT_TRIES 100

void wg_socks_init(struct wg_socks *socks, wg_datagram_fn arrived, void *user)
{
	memset(socks, 0, sizeof(*socks));
	socks->arrived = arrived;
	socks->user = user;
}

static int encap_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct wg_socks *socks = rcu_dereference_sk_user_data(sk);

	if (socks)
		socks->arrived(socks->user, skb);
	else
		kfree_skb(skb);
	return 0;
}

static int bind_family(struct net *net, int family, u16 port, struct sock **sk)
{
	struct udp_port_cfg cfg = {
		.family = family,
		.local_udp_port = htons(port),
		.use_udp_checksums = true,
	};
	struct socket *sock;
	int err;

#if IS_ENABLED(CONFIG_IPV6)
	if (family == AF_INET6) {
		cfg.ipv6_v6only = true;
		cfg.use_udp6_tx_checksums = true;
		cfg.use_udp6_rx_checksums = true;
	}
#endif
	err = udp_sock_create(net, &cfg, &sock);
	if (err)
		return err;
	*sk = sock->sk;
	return 0;
}

/*
 * The kernel's own UDP GRO may join our datagrams before they get here, and a
 * joined one may come whole (io/whole.h).
 */
static void allow_aggregates(struct sock *sk)
{
	int on = 1;

	sk->sk_prot->setsockopt(sk, SOL_UDP, UDP_GRO, KERNEL_SOCKPTR(&on),
				sizeof(on));
}

static void attach(struct wg_socks *socks, struct net *net, struct sock *sk)
{
	struct udp_tunnel_sock_cfg cfg = {
		.sk_user_data = socks,
		.encap_type = 1,
		.encap_rcv = encap_rcv,
	};

	sk->sk_allocation = GFP_ATOMIC;
	sk->sk_sndbuf = INT_MAX;
	sk_set_memalloc(sk);
	setup_udp_tunnel_sock(net, sk, &cfg);
	/*
	 * Nobody reads the checksum of the whole datagram: without this each
	 * segment of an aggregate would be summed in software.
	 */
	inet_dec_convert_csum(sk);
	if (socks->whole)
		allow_aggregates(sk);
}

static bool have_ipv6(void)
{
	return IS_ENABLED(CONFIG_IPV6) && ipv6_mod_enabled();
}

static int bind_both(struct net *net, u16 port, struct sock **v4, struct sock **v6)
{
	int err = bind_family(net, AF_INET, port, v4);

	if (err)
		return err;
	*v6 = NULL;
	if (!have_ipv6())
		return 0;
	err = bind_family(net, AF_INET6, ntohs(inet_sk(*v4)->inet_sport), v6);
	if (err)
		udp_tunnel_sock_release(*v4);
	/* A kernel with IPv6 whose namespace has none of it. */
	return err == -EAFNOSUPPORT ? bind_family(net, AF_INET, port, v4) : err;
}

int wg_socks_open(struct wg_socks *socks, struct net *net, u16 port)
{
	struct sock *v4, *v6;
	int err, i;

	for (i = 0; i < (port ? 1 : PORT_TRIES); i++) {
		err = bind_both(net, port, &v4, &v6);
		if (err != -EADDRINUSE)
			break;
	}
	if (err) {
		pr_err("Could not create UDP socket: %d\n", err);
		return err;
	}
	socks->net = net;
	socks->port = ntohs(inet_sk(v4)->inet_sport);
	socks->whole = wg_whole_get(net, socks->port);
	attach(socks, net, v4);
	rcu_assign_pointer(socks->v4, v4);
	if (v6)
		attach(socks, net, v6);
	rcu_assign_pointer(socks->v6, v6);
	return 0;
}

static void release(struct sock *sk)
{
	if (!sk)
		return;
	sk_clear_memalloc(sk);
	udp_tunnel_sock_release(sk);
}

void wg_socks_close(struct wg_socks *socks)
{
	struct sock *v4 = rcu_replace_pointer(socks->v4, NULL, true);
	struct sock *v6 = rcu_replace_pointer(socks->v6, NULL, true);

	if (!v4 && !v6)
		return;
	if (socks->whole)
		wg_whole_put(socks->net, socks->port);
	socks->whole = false;
	socks->net = NULL;
	synchronize_net();
	release(v4);
	release(v6);
}

/* The outer UDP header of an aggregate; the stack makes the others from it. */
static void prepare_gso(struct sk_buff *skb)
{
	if (!skb_is_gso(skb))
		return;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) - sizeof(struct udphdr);
	skb->csum_offset = offsetof(struct udphdr, check);
}

/* Room for link, IP and UDP headers of @dst. */
static int make_room(struct sk_buff *skb, const struct dst_entry *dst,
		     size_t ip_len)
{
	return skb_cow_head(skb, LL_RESERVED_SPACE(dst->dev) + dst->header_len +
			    ip_len + sizeof(struct udphdr));
}

/* A route by way of @fl4->saddr, unless that has ceased to be ours. */
static struct rtable *route_v4(struct sock *sk, struct flowi4 *fl4,
			       struct wg_endpoint *ep)
{
	struct net *net = sock_net(sk);
	struct rtable *rt;

	if (fl4->saddr &&
	    !inet_confirm_addr(net, NULL, 0, fl4->saddr, RT_SCOPE_HOST))
		return ERR_PTR(-EADDRNOTAVAIL);
	rt = ip_route_output_flow(net, fl4, sk);
	if (!IS_ERR(rt) && fl4->saddr && ep->local_ifindex &&
	    rt->dst.dev->ifindex != ep->local_ifindex) {
		ip_rt_put(rt);
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	return rt;
}

static struct rtable *find_v4(struct sock *sk, struct flowi4 *fl4,
			      struct wg_endpoint *ep, const struct wg_way *way)
{
	struct rtable *rt = dst_cache_get_ip4(way->cache, &fl4->saddr);

	if (rt)
		return rt;
	fl4->saddr = ep->local.v4.s_addr;
	rt = route_v4(sk, fl4, ep);
	if (IS_ERR(rt) && ep->local.v4.s_addr) {
		wg_endpoint_forget_local(ep);
		fl4->saddr = 0;
		rt = route_v4(sk, fl4, ep);
	}
	if (IS_ERR(rt))
		return rt;
	if (rt->dst.dev == way->self) {
		ip_rt_put(rt);
		return ERR_PTR(-ELOOP);
	}
	dst_cache_set_ip4(way->cache, &rt->dst, fl4->saddr);
	return rt;
}

static int send_v4(struct sock *sk, struct sk_buff *skb, struct wg_endpoint *ep,
		   const struct wg_way *way)
{
	struct flowi4 fl4 = {
		.daddr = ep->remote.v4.sin_addr.s_addr,
		.fl4_dport = ep->remote.v4.sin_port,
		.fl4_sport = inet_sk(sk)->inet_sport,
		.flowi4_mark = way->mark,
		.flowi4_proto = IPPROTO_UDP,
	};
	struct rtable *rt = find_v4(sk, &fl4, ep, way);
	int err;

	if (IS_ERR(rt)) {
		kfree_skb(skb);
		return PTR_ERR(rt);
	}
	err = make_room(skb, &rt->dst, sizeof(struct iphdr));
	if (err) {
		ip_rt_put(rt);
		kfree_skb(skb);
		return err;
	}
	prepare_gso(skb);
	udp_tunnel_xmit_skb(rt, sk, skb, fl4.saddr, fl4.daddr, way->ds,
			    ip4_dst_hoplimit(&rt->dst), 0, fl4.fl4_sport,
			    fl4.fl4_dport, false, false, 0);
	return 0;
}

#if IS_ENABLED(CONFIG_IPV6)
static struct dst_entry *find_v6(struct sock *sk, struct flowi6 *fl6,
				 struct wg_endpoint *ep, const struct wg_way *way)
{
	struct dst_entry *dst = dst_cache_get_ip6(way->cache, &fl6->saddr);

	if (dst)
		return dst;
	fl6->saddr = ep->local.v6;
	if (!ipv6_addr_any(&fl6->saddr) &&
	    !ipv6_chk_addr(sock_net(sk), &fl6->saddr, NULL, 0)) {
		wg_endpoint_forget_local(ep);
		fl6->saddr = in6addr_any;
	}
	dst = ip6_dst_lookup_flow(sock_net(sk), sk, fl6, NULL);
	if (IS_ERR(dst))
		return dst;
	if (dst->dev == way->self) {
		dst_release(dst);
		return ERR_PTR(-ELOOP);
	}
	dst_cache_set_ip6(way->cache, dst, &fl6->saddr);
	return dst;
}

static int send_v6(struct sock *sk, struct sk_buff *skb, struct wg_endpoint *ep,
		   const struct wg_way *way)
{
	struct flowi6 fl6 = {
		.daddr = ep->remote.v6.sin6_addr,
		.fl6_dport = ep->remote.v6.sin6_port,
		.fl6_sport = inet_sk(sk)->inet_sport,
		.flowi6_oif = ep->remote.v6.sin6_scope_id,
		.flowi6_mark = way->mark,
		.flowi6_proto = IPPROTO_UDP,
	};
	struct dst_entry *dst = find_v6(sk, &fl6, ep, way);
	int err;

	if (IS_ERR(dst)) {
		kfree_skb(skb);
		return PTR_ERR(dst);
	}
	err = make_room(skb, dst, sizeof(struct ipv6hdr));
	if (err) {
		dst_release(dst);
		kfree_skb(skb);
		return err;
	}
	prepare_gso(skb);
	udp_tunnel6_xmit_skb(dst, sk, skb, NULL, &fl6.saddr, &fl6.daddr, way->ds,
			     ip6_dst_hoplimit(dst), 0, fl6.fl6_sport,
			     fl6.fl6_dport, false, 0);
	return 0;
}
#else
static int send_v6(struct sock *sk, struct sk_buff *skb, struct wg_endpoint *ep,
		   const struct wg_way *way)
{
	kfree_skb(skb);
	return -EAFNOSUPPORT;
}
#endif

int wg_socks_send(struct wg_socks *socks, struct sk_buff *skb,
		  struct wg_endpoint *ep, const struct wg_way *way)
{
	bool is_v4 = ep->remote.sa.sa_family == AF_INET;
	struct sock __rcu **slot = is_v4 ? &socks->v4 : &socks->v6;
	struct sock *sk = rcu_dereference_check(*slot, rcu_read_lock_bh_held());

	if (!sk || !wg_endpoint_known(ep)) {
		kfree_skb(skb);
		return sk ? -EDESTADDRREQ : -ENONET;
	}
	skb->mark = way->mark;
	skb->dev = NULL;
	skb->protocol = htons(is_v4 ? ETH_P_IP : ETH_P_IPV6);
	skb->ignore_df = 1;	/* outer fragments rather than black holes */
	return is_v4 ? send_v4(sk, skb, ep, way) : send_v6(sk, skb, ep, way);
}

