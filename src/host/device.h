/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The interface as Linux knows it: net_device, rtnl kind "wireguard", power
 * management, network namespaces. Its private area is a struct wg_device.
 */
#ifndef WG_HOST_DEVICE_H
#define WG_HOST_DEVICE_H

#include "peer/device.h"

int wg_device_init(void);	/* module load, last but for netlink */
void wg_device_exit(void);	/* module unload: all interfaces go */

/* Whether netdev_priv(dev) is a struct wg_device. */
bool wg_device_is(const struct net_device *dev);

#endif /* WG_HOST_DEVICE_H */
