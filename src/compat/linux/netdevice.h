/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_NETDEVICE_H
#define WG_COMPAT_LINUX_NETDEVICE_H

#include <probed/have.h>
#include_next <linux/netdevice.h>

/*
 * Per-CPU device counters: since Linux 6.9 the core allocates and frees them;
 * before, the driver did. The core reads them by itself only later than that,
 * and not in 6.1, which has the member by way of its stable series.
 */
#ifdef HAVE_PCPU_STAT_TYPE
static inline int wg_tstats_new(struct net_device *dev)
{
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	return 0;
}

static inline void wg_tstats_free(struct net_device *dev)
{
}
#else
static inline int wg_tstats_new(struct net_device *dev)
{
	dev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	return dev->tstats ? 0 : -ENOMEM;
}

static inline void wg_tstats_free(struct net_device *dev)
{
	free_percpu(dev->tstats);
}
#endif

#ifndef HAVE_GET_TSTATS64
static inline void dev_get_tstats64(struct net_device *dev,
				    struct rtnl_link_stats64 *s)
{
	netdev_stats_to_stats64(s, &dev->stats);
	dev_fetch_sw_netstats(s, dev->tstats);
}
#endif

/* Before Linux 6.0 these counters were plain; syncp guards them as well. */
#ifndef HAVE_TSTATS_ARE_TYPED
#define u64_stats_add(counter, n) (*(counter) += (n))
#endif

#ifndef HAVE_TSTATS_TX_ADD
static inline void dev_sw_netstats_tx_add(struct net_device *dev,
					  unsigned int packets,
					  unsigned int bytes)
{
	struct pcpu_sw_netstats *stats = this_cpu_ptr(dev->tstats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->tx_packets, packets);
	u64_stats_add(&stats->tx_bytes, bytes);
	u64_stats_update_end(&stats->syncp);
}
#endif

/* Counters of several writers: Linux 6.1.2, and stable series. */
#ifndef DEV_STATS_ADD
#define DEV_STATS_ADD(dev, field, n) \
	atomic_long_add(n, (atomic_long_t *)&(dev)->stats.field)
#define DEV_STATS_INC(dev, field) DEV_STATS_ADD(dev, field, 1)
#endif

/* Transmit without the core's lock. */
static inline void wg_set_lltx(struct net_device *dev)
{
#ifdef HAVE_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

#ifndef HAVE_TSO_MAX_SIZE
static inline void netif_set_tso_max_size(struct net_device *dev,
					  unsigned int size)
{
	netif_set_gso_max_size(dev, size);
}
#endif

#ifndef HAVE_NAPI_ADD_WITHOUT_WEIGHT
static inline void wg_napi_add(struct net_device *dev, struct napi_struct *napi,
			       int (*poll)(struct napi_struct *, int))
{
	netif_napi_add(dev, napi, poll, NAPI_POLL_WEIGHT);
}
#define netif_napi_add wg_napi_add
#endif

#endif /* WG_COMPAT_LINUX_NETDEVICE_H */
