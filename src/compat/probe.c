// SPDX-License-Identifier: GPL-2.0
/*
 * What the headers of this kernel have. Never linked: probe.sh compiles this
 * file once and reads which probes the compiler complained about. One that is
 * accepted becomes `#define HAVE_NAME 1`; a probe reaches from its PROBE line
 * to the next. Versions are not asked, since distributions and the stable
 * series bring interfaces back to old numbers.
 *
 * What is a macro needs no probe. A name that may be missing is used in one
 * probe only: compilers complain about it once.
 */
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>
#include <net/udp_tunnel.h>

/* PROBE SANE: what every kernel has, or the others mean nothing */
const char *sane(struct net_device *dev)
{
	return dev->name;
}

/* PROBE INSANE: what no kernel has; accepted, the others mean nothing */
void insane(void)
{
	no_kernel_has_a_function_of_this_name();
}

/* PROBE LINUX_UNALIGNED_H: Linux 6.12; before, asm/unaligned.h */
#if !__has_include(<linux/unaligned.h>)
#error "no such header"
#endif

/* PROBE NET_GSO_H: Linux 6.4; before, in linux/netdevice.h */
#if !__has_include(<net/gso.h>)
#error "no such header"
#endif

/* PROBE TIMER_DELETE: Linux 6.2; before, del_timer() */
int probe_timer_delete(struct timer_list *timer)
{
	return timer_delete(timer);
}

/* PROBE RANDOM_BELOW: Linux 6.2 */
u32 probe_random_below(void)
{
	return get_random_u32_below(7);
}

/* PROBE VMFORK_NOTIFIER: Linux 5.18 */
int probe_vmfork_notifier(struct notifier_block *nb)
{
	return register_random_vmfork_notifier(nb);
}

/* PROBE NLA_STRSCPY: Linux 5.11; before, nla_strlcpy() */
void probe_nla_strscpy(char *to, struct nlattr *attr)
{
	nla_strscpy(to, attr, 1);
}

/* PROBE WQ_PERCPU: Linux 6.17 */
int probe_wq_percpu(void)
{
	return WQ_PERCPU;
}

/* PROBE TSTAMP_TYPE: Linux 6.10, a number */
int probe_tstamp_type(struct sk_buff *skb)
{
	return skb->tstamp_type;
}

/* PROBE MONO_DELIVERY_TIME: Linux 5.18, a bit */
int probe_mono_delivery_time(struct sk_buff *skb)
{
	return skb->mono_delivery_time;
}

/* PROBE PCPU_STAT_TYPE: Linux 6.9 */
void probe_pcpu_stat_type(struct net_device *dev)
{
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
}

/* PROBE TSTATS_ARE_TYPED: Linux 6.0; before, plain u64 */
void probe_tstats(struct pcpu_sw_netstats *stats)
{
	u64_stats_add(&stats->rx_packets, 1);
}

/* PROBE TSTATS_TX_ADD: Linux 5.12 */
void probe_tstats_tx_add(struct net_device *dev)
{
	dev_sw_netstats_tx_add(dev, 1, 1);
}

/* PROBE GET_TSTATS64: Linux 5.11 */
void probe_get_tstats64(struct net_device *dev, struct rtnl_link_stats64 *s)
{
	dev_get_tstats64(dev, s);
}

/* PROBE LLTX: Linux 6.12; before, a feature bit */
void probe_lltx(struct net_device *dev)
{
	dev->lltx = true;
}

/* PROBE TSO_MAX_SIZE: Linux 5.19 */
void probe_tso_max_size(struct net_device *dev)
{
	netif_set_tso_max_size(dev, 1);
}

/* PROBE NAPI_ADD_WITHOUT_WEIGHT: Linux 6.1 */
void probe_napi_add(struct net_device *dev, struct napi_struct *napi,
		    int (*poll)(struct napi_struct *napi, int budget))
{
	netif_napi_add(dev, napi, poll);
}

/* PROBE RESV_START_OP: Linux 6.1 */
int probe_resv_start_op(struct genl_family *family)
{
	return family->resv_start_op;
}

/* PROBE GENL_INFO_DUMP: Linux 6.6 */
struct nlattr **probe_genl_info_dump(struct netlink_callback *cb)
{
	return genl_info_dump(cb)->attrs;
}

/* PROBE NEWLINK_PARAMS: Linux 6.15; before, each an argument */
int probe_newlink(const struct rtnl_link_ops *ops, struct net_device *dev,
		  void *params, struct netlink_ext_ack *extack)
{
	return ops->newlink(dev, params, extack);
}

/* PROBE TUNNEL_TAKES_SOCK: Linux 7.1.5 and 7.2; before, struct socket */
void probe_tunnel_sock(struct net *net, struct sock *sk,
		       struct udp_tunnel_sock_cfg *cfg)
{
	setup_udp_tunnel_sock(net, sk, cfg);
}

/* PROBE TUNNEL_RELEASE_TAKES_SOCK: as above */
void probe_tunnel_release(struct sock *sk)
{
	udp_tunnel_sock_release(sk);
}

/* PROBE TUNNEL_XMIT_IPCB_FLAGS: Linux 6.17 */
void probe_tunnel_xmit(struct rtable *rt, struct sock *sk, struct sk_buff *skb)
{
	udp_tunnel_xmit_skb(rt, sk, skb, 0, 0, 0, 0, 0, 0, 0, false, false, 0);
}

/* PROBE TUNNEL6_XMIT_IPCB_FLAGS: as above */
void probe_tunnel6_xmit(struct dst_entry *dst, struct sock *sk,
			struct sk_buff *skb, struct in6_addr *addr)
{
	udp_tunnel6_xmit_skb(dst, sk, skb, NULL, addr, addr, 0, 0, 0, 0, 0,
			     false, 0);
}
