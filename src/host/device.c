// SPDX-License-Identifier: GPL-2.0
#include "host/device.h"

#include <linux/inetdevice.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/suspend.h>
#include <net/addrconf.h>
#include <net/ip_tunnels.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>
#include "flow/flow.h"
#include "host/stats.h"
#include "peer/peer.h"
#include "proto/inner.h"
#include "proto/wire.h"

/* Outer IPv6, UDP and the data message: what an inner packet may not have. */
#define OVERHEAD (sizeof(struct ipv6hdr) + sizeof(struct udphdr) + \
		  WIRE_DATA_OVERHEAD)

/* All interfaces, for what befalls all of them; under rtnl or alone. */
static DEFINE_MUTEX(devices_lock);
static LIST_HEAD(devices);

/* ---- up and down -------------------------------------------------------- */

/* Tunnels have no neighbours to redirect to, and addresses nobody derives. */
static void quiet_stack(struct net_device *dev)
{
	struct in_device *v4 = __in_dev_get_rtnl(dev);
#if IS_ENABLED(CONFIG_IPV6)
	struct inet6_dev *v6 = __in6_dev_get(dev);

	if (v6)
		v6->cnf.addr_gen_mode = IN6_ADDR_GEN_MODE_NONE;
#endif
	if (v4) {
		IN_DEV_CONF_SET(v4, SEND_REDIRECTS, false);
		IPV4_DEVCONF_ALL(dev_net(dev), SEND_REDIRECTS) = false;
	}
}

static void start_peers(struct wg_device *device)
{
	struct wg_peer *peer;

	list_for_each_entry(peer, &device->peers, listed) {
		timers_start(&peer->tunnel.timers, wg_now_ns());
		if (READ_ONCE(peer->tunnel.timers.persistent_s))
			wg_tx_keepalive(peer);
		wg_peer_arm(peer);
		cond_resched();
	}
}

static int open(struct net_device *dev)
{
	struct wg_device *device = netdev_priv(dev);
	int err = -ENONET;

	quiet_stack(dev);
	mutex_lock(&device->lock);
	if (device->home)
		err = wg_socks_open(&device->socks, device->home, device->port);
	if (!err) {
		device->port = device->socks.port;
		WRITE_ONCE(device->up, true);
		start_peers(device);
	}
	mutex_unlock(&device->lock);
	return err;
}

static void stop_peers(struct wg_device *device)
{
	struct wg_peer *peer;

	list_for_each_entry(peer, &device->peers, listed) {
		timers_stop(&peer->tunnel.timers);
		wg_peer_erase(peer);
		wg_peer_drop_staged(peer, WG_DROP_TX_GAVE_UP);
		cond_resched();
	}
}

static int stop(struct net_device *dev)
{
	struct wg_device *device = netdev_priv(dev);

	mutex_lock(&device->lock);
	WRITE_ONCE(device->up, false);
	wg_socks_close(&device->socks);
	stop_peers(device);
	mutex_unlock(&device->lock);
	return 0;
}

/* ---- life -------------------------------------------------------------- */

static int make_tables(struct wg_device *device)
{
	u8 secret[WG_KEYS_SECRET_LEN];
	int err;

	static_assert(WG_KEYS_SECRET_LEN == WG_LIMITS_SECRET_LEN);
	wg_trie_init(&device->trie, &device->lock);
	get_random_bytes(secret, sizeof(secret));
	wg_limits_init(&device->limits, secret);
	get_random_bytes(secret, sizeof(secret));
	err = wg_keys_init(&device->keys, secret);
	if (err)
		return err;
	err = wg_index_init(&device->index);
	if (err)
		wg_keys_exit(&device->keys);
	return err;
}

static void free_tables(struct wg_device *device)
{
	wg_index_exit(&device->index);
	wg_keys_exit(&device->keys);
	wg_limits_exit(&device->limits);
	mutex_lock(&device->lock);	/* as the trie expects of its writers */
	wg_trie_exit(&device->trie);
	mutex_unlock(&device->lock);
}

static void init_members(struct wg_device *device, struct net_device *dev)
{
	device->dev = dev;
	device->ops = &wg_clock_ops;
	mutex_init(&device->lock);
	INIT_LIST_HEAD(&device->peers);
	init_rwsem(&device->identity_lock);
	spin_lock_init(&device->gate_lock);
	wg_socks_init(&device->socks, wg_rx_arrived, device);
}

/* ndo_init: all or nothing; free_device() undoes it. */
static int create(struct net_device *dev)
{
	struct wg_device *device = netdev_priv(dev);
	int err;

	init_members(device, dev);
	err = wg_tstats_new(dev);
	if (err)
		return err;
	err = -ENOMEM;
	device->drops = alloc_percpu(struct wg_drops);
	if (!device->drops)
		goto free_stats;
	device->paces = alloc_percpu(struct wg_paces);
	if (!device->paces)
		goto free_drops;
	err = make_tables(device);
	if (err)
		goto free_paces;
	err = wg_handshakes_new(device);
	if (err)
		goto free_tables;
	err = wg_rx_new(device);
	if (err)
		goto free_handshakes;
	mutex_lock(&devices_lock);
	list_add_tail(&device->listed, &devices);
	mutex_unlock(&devices_lock);
	pr_debug("%s: Interface created\n", dev->name);
	return 0;

free_handshakes:
	wg_handshakes_free(device);
free_tables:
	free_tables(device);
free_paces:
	free_percpu(device->paces);
free_drops:
	free_percpu(device->drops);
free_stats:
	wg_tstats_free(dev);
	return err;
}

/* ndo_uninit: nobody finds it any more; peers let go of it one by one. */
static void unlink_device(struct net_device *dev)
{
	struct wg_device *device = netdev_priv(dev);

	mutex_lock(&devices_lock);
	list_del(&device->listed);
	mutex_unlock(&devices_lock);
	mutex_lock(&device->lock);
	device->gone = true;
	WRITE_ONCE(device->up, false);
	wg_socks_close(&device->socks);
	wg_peer_remove_all(device);
	mutex_unlock(&device->lock);
	wg_rx_free(device);
	wg_handshakes_free(device);
}

/* priv_destructor: the last reference, and with it the last peer, is gone. */
static void free_device(struct net_device *dev)
{
	struct wg_device *device = netdev_priv(dev);

	free_tables(device);
	free_percpu(device->paces);
	free_percpu(device->drops);
	kfree_sensitive(rcu_dereference_protected(device->gate, true));
	ikpsk_self_wipe(&device->self);
	wg_tstats_free(dev);
	pr_debug("%s: Interface destroyed\n", dev->name);
}

static const struct net_device_ops netdev_ops = {
	.ndo_init = create,
	.ndo_uninit = unlink_device,
	.ndo_open = open,
	.ndo_stop = stop,
	.ndo_start_xmit = wg_tx_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
};

static const struct device_type device_type = { .name = KBUILD_MODNAME };

bool wg_device_is(const struct net_device *dev)
{
	return dev->netdev_ops == &netdev_ops;
}

static void set_features(struct net_device *dev)
{
	const netdev_features_t features = NETIF_F_HW_CSUM | NETIF_F_RXCSUM |
		NETIF_F_SG | NETIF_F_GSO | NETIF_F_GSO_SOFTWARE |
		NETIF_F_GSO_UDP_L4 | NETIF_F_HIGHDMA;

	wg_set_lltx(dev);
	dev->features |= features;
	dev->hw_features |= features;
	dev->hw_enc_features |= features;
	netif_set_tso_max_size(dev, GSO_MAX_SIZE);
}

static void setup(struct net_device *dev)
{
	dev->netdev_ops = &netdev_ops;
	dev->ethtool_ops = &wg_ethtool_ops;
	dev->header_ops = &ip_tunnel_header_ops;
	dev->priv_destructor = free_device;
	dev->needs_free_netdev = true;
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->mtu = ETH_DATA_LEN - OVERHEAD;
	dev->min_mtu = 0;
	dev->max_mtu = round_down(INT_MAX, INNER_PAD_LEN) - OVERHEAD;
	set_features(dev);
	SET_NETDEV_DEVTYPE(dev, &device_type);
	netif_keep_dst(dev);	/* for ICMP errors to local senders */
}

static int newlink(struct net_device *dev, struct rtnl_newlink_params *params,
		   struct netlink_ext_ack *extack)
{
	struct wg_device *device = netdev_priv(dev);

	/* Known to nobody yet: who finds the device finds it at home. */
	device->home = rtnl_newlink_link_net(params);
	return register_netdevice(dev);
}

DEFINE_RTNL_NEWLINK(newlink_op, newlink)

static struct rtnl_link_ops link_ops = {
	.kind = KBUILD_MODNAME,
	.priv_size = sizeof(struct wg_device),
	.setup = setup,
	.newlink = newlink_op,
};

/* ---- what befalls all --------------------------------------------------- */

/* Every device of @home (of all, when that is NULL), each under its lock. */
static void for_each_device(const struct net *home,
			    void (*fn)(struct wg_device *device))
{
	struct wg_device *device;

	mutex_lock(&devices_lock);
	list_for_each_entry(device, &devices, listed) {
		mutex_lock(&device->lock);
		if (!home || device->home == home)
			fn(device);
		mutex_unlock(&device->lock);
	}
	mutex_unlock(&devices_lock);
}

/*
 * The namespace of the sockets ends. The device may live elsewhere and stays,
 * without carrier; routes that hold the namespace's devices go now [A2]. No
 * rtnl in here: it would stall the exit of every namespace [A3].
 */
static void lose_home(struct wg_device *device)
{
	struct wg_peer *peer;

	wg_socks_close(&device->socks);
	device->home = NULL;
	netif_carrier_off(device->dev);
	list_for_each_entry(peer, &device->peers, listed) {
		wg_peer_forget_source(peer);
		dst_cache_reset_now(&peer->route);
		cond_resched();
	}
}

static void home_exits(struct net *net)
{
	for_each_device(net, lose_home);
}

static struct pernet_operations pernet_ops = { .pre_exit = home_exits };

static void erase_keys(struct wg_device *device)
{
	struct wg_peer *peer;

	list_for_each_entry(peer, &device->peers, listed) {
		wg_peer_erase(peer);
		cond_resched();
	}
}

/* Keys do not lie in memory through a sleep, except on machines that doze. */
static int power_changes(struct notifier_block *nb, unsigned long what, void *data)
{
	if (IS_ENABLED(CONFIG_PM_AUTOSLEEP) ||
	    IS_ENABLED(CONFIG_PM_USERSPACE_AUTOSLEEP))
		return NOTIFY_DONE;
	if (what == PM_HIBERNATION_PREPARE || what == PM_SUSPEND_PREPARE) {
		for_each_device(NULL, erase_keys);
		rcu_barrier();	/* freed, that is wiped, before we sleep */
	}
	return NOTIFY_DONE;
}

static struct notifier_block power_notifier = { .notifier_call = power_changes };

/* A copy of this machine may run: the same nonces must not be used twice. */
static void bar_sending(struct wg_device *device)
{
	struct wg_peer *peer;

	list_for_each_entry(peer, &device->peers, listed) {
		mutex_lock(&peer->handshake_lock);
		wg_index_remove(&device->index, &peer->ticket.entry);
		tunnel_erase(&peer->tunnel);
		wg_keyring_bar(&peer->ring);
		mutex_unlock(&peer->handshake_lock);
		cond_resched();
	}
}

static int vm_forked(struct notifier_block *nb, unsigned long what, void *data)
{
	for_each_device(NULL, bar_sending);
	return NOTIFY_DONE;
}

static struct notifier_block vm_notifier = { .notifier_call = vm_forked };

int wg_device_init(void)
{
	int err = register_pm_notifier(&power_notifier);

	if (err)
		return err;
	err = register_random_vmfork_notifier(&vm_notifier);
	if (err)
		goto unregister_pm;
	err = register_pernet_device(&pernet_ops);
	if (err)
		goto unregister_vm;
	err = rtnl_link_register(&link_ops);
	if (err)
		goto unregister_pernet;
	return 0;

unregister_pernet:
	unregister_pernet_device(&pernet_ops);
unregister_vm:
	unregister_random_vmfork_notifier(&vm_notifier);
unregister_pm:
	unregister_pm_notifier(&power_notifier);
	return err;
}

void wg_device_exit(void)
{
	rtnl_link_unregister(&link_ops);
	unregister_pernet_device(&pernet_ops);
	unregister_random_vmfork_notifier(&vm_notifier);
	unregister_pm_notifier(&power_notifier);
	rcu_barrier();
}
