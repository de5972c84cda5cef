/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family "wireguard": reads interfaces (host/dump.h) and
 * configures them (a struct wg_change for host/config.h).
 */
#ifndef WG_HOST_NETLINK_H
#define WG_HOST_NETLINK_H

int wg_netlink_init(void);	/* module load, last: requests may come */
void wg_netlink_exit(void);	/* module unload, first */

#endif /* WG_HOST_NETLINK_H */
