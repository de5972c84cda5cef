// SPDX-License-Identifier: GPL-2.0
#include "io/whole.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/netns/generic.h>

static bool whole __read_mostly = true;
module_param(whole, bool, 0644);
MODULE_PARM_DESC(whole, "links that come up take aggregates of datagrams whole (default: Y)");

#if IS_ENABLED(CONFIG_NETFILTER)

#define PORTS 65536

/* Per namespace. @lock guards all; the hook reads @ports under RCU. */
struct whole_net {
	unsigned long __rcu *ports;	/* bitmap of PORTS, while users > 0 */
	unsigned int users;
};

static unsigned int whole_net_id;
static DEFINE_MUTEX(lock);

static unsigned int mark_aggregate(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	const unsigned long *ports;
	struct udphdr head, *udp;
	struct whole_net *wn;

	if (!skb_is_gso(skb) ||
	    !(skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4))
		return NF_ACCEPT;
	wn = net_generic(state->net, whole_net_id);
	ports = rcu_dereference(wn->ports);
	udp = skb_header_pointer(skb, skb_transport_offset(skb), sizeof(head),
				 &head);
	if (!ports || !udp || !test_bit(ntohs(udp->dest), ports))
		return NF_ACCEPT;
	/* Somebody else may be looking at the shared info (a capture). */
	if (skb_unclone(skb, GFP_ATOMIC))
		return NF_ACCEPT;
	skb_shinfo(skb)->gso_type |= SKB_GSO_UDP_TUNNEL_CSUM;
	return NF_ACCEPT;
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook = mark_aggregate,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP_PRI_LAST,
	},
#if IS_ENABLED(CONFIG_IPV6)
	{
		.hook = mark_aggregate,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = NF_IP6_PRI_LAST,
	},
#endif
};

static bool start(struct net *net, struct whole_net *wn)
{
	unsigned long *ports = bitmap_zalloc(PORTS, GFP_KERNEL);

	if (!ports)
		return false;
	rcu_assign_pointer(wn->ports, ports);
	if (!nf_register_net_hooks(net, hooks, ARRAY_SIZE(hooks)))
		return true;
	RCU_INIT_POINTER(wn->ports, NULL);
	synchronize_rcu();
	bitmap_free(ports);
	return false;
}

static void stop(struct net *net, struct whole_net *wn)
{
	unsigned long *ports = rcu_dereference_protected(wn->ports,
						lockdep_is_held(&lock));

	nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
	RCU_INIT_POINTER(wn->ports, NULL);
	synchronize_rcu();
	bitmap_free(ports);
}

bool wg_whole_get(struct net *net, u16 port)
{
	struct whole_net *wn = net_generic(net, whole_net_id);
	bool ok;

	if (!READ_ONCE(whole))
		return false;
	mutex_lock(&lock);
	ok = wn->users || start(net, wn);
	if (ok) {
		wn->users++;
		set_bit(port, rcu_dereference_protected(wn->ports,
						lockdep_is_held(&lock)));
	}
	mutex_unlock(&lock);
	return ok;
}

void wg_whole_put(struct net *net, u16 port)
{
	struct whole_net *wn = net_generic(net, whole_net_id);

	mutex_lock(&lock);
	clear_bit(port, rcu_dereference_protected(wn->ports,
						  lockdep_is_held(&lock)));
	if (!--wn->users)
		stop(net, wn);
	mutex_unlock(&lock);
}

static struct pernet_operations whole_net_ops = {
	.id = &whole_net_id,
	.size = sizeof(struct whole_net),
};

int wg_whole_init(void)
{
	return register_pernet_subsys(&whole_net_ops);
}

void wg_whole_exit(void)
{
	unregister_pernet_subsys(&whole_net_ops);
}

#else /* !CONFIG_NETFILTER */

int wg_whole_init(void)
{
	return 0;
}

void wg_whole_exit(void)
{
}

bool wg_whole_get(struct net *net, u16 port)
{
	return false;
}

void wg_whole_put(struct net *net, u16 port)
{
}

#endif
