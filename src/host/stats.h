/* SPDX-License-Identifier: GPL-2.0 */
/* "ethtool -S wg0": why packets were not carried, a counter a reason. */
#ifndef WG_HOST_STATS_H
#define WG_HOST_STATS_H

#include <linux/ethtool.h>

extern const struct ethtool_ops wg_ethtool_ops;

#endif /* WG_HOST_STATS_H */
