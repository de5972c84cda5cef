/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_NETDEVICE_H
#define WG_COMPAT_LINUX_NETDEVICE_H

#include <linux/version.h>
#include_next <linux/netdevice.h>

/*
 * Per-CPU device counters: since Linux 6.9 the core allocates, reads and frees
 * them; before, the driver did.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
static inline int wg_tstats_new(struct net_device *dev)
{
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	return 0;
}

static inline void wg_tstats_free(struct net_device *dev)
{
}

#define WG_NDO_TSTATS
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

#define WG_NDO_TSTATS .ndo_get_stats64 = dev_get_tstats64,
#endif

/* Transmit without the core's lock. */
static inline void wg_set_lltx(struct net_device *dev)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 19, 0)
static inline void netif_set_tso_max_size(struct net_device *dev,
					  unsigned int size)
{
	netif_set_gso_max_size(dev, size);
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
static inline void wg_napi_add(struct net_device *dev, struct napi_struct *napi,
			       int (*poll)(struct napi_struct *, int))
{
	netif_napi_add(dev, napi, poll, NAPI_POLL_WEIGHT);
}
#define netif_napi_add wg_napi_add
#endif

#endif /* WG_COMPAT_LINUX_NETDEVICE_H */
