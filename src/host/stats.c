// SPDX-License-Identifier: GPL-2.0
#include "host/stats.h"

#include <linux/netdevice.h>
#include "peer/device.h"

static const char names[WG_DROPS][ETH_GSTRING_LEN] = {
#define NAME(name, string) [WG_DROP_##name] = string,
	WG_DROP_REASONS(NAME)
#undef NAME
};

static int get_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? WG_DROPS : -EOPNOTSUPP;
}

static void get_names(struct net_device *dev, u32 set, u8 *to)
{
	if (set == ETH_SS_STATS)
		memcpy(to, names, sizeof(names));
}

static void get_values(struct net_device *dev, struct ethtool_stats *stats,
		       u64 *to)
{
	struct wg_device *device = netdev_priv(dev);
	int cpu, i;

	memset(to, 0, WG_DROPS * sizeof(*to));
	for_each_possible_cpu(cpu)
		for (i = 0; i < WG_DROPS; i++)
			to[i] += READ_ONCE(per_cpu_ptr(device->drops, cpu)->n[i]);
}

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, WG_VERSION, sizeof(info->version));
}

const struct ethtool_ops wg_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_sset_count = get_count,
	.get_strings = get_names,
	.get_ethtool_stats = get_values,
};
