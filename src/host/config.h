/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The only writer of an interface's configuration. Whoever wants something
 * else than host/device.c's up, down and away brings a struct wg_change.
 */
#ifndef WG_HOST_CONFIG_H
#define WG_HOST_CONFIG_H

#include "host/change.h"
#include "peer/device.h"

struct sk_buff;

/*
 * Apply @change to @device, to which the caller holds a reference. Takes
 * device->lock, never rtnl; sleeps. @request is the netlink message that asks:
 * port and mark belong to the namespace of the sockets, and its sender needs
 * CAP_NET_ADMIN there.
 *
 * Order: mark, port, removal of all peers, private key, peers as listed. The
 * first error ends it, and what came before stays: -ENODEV (nothing happened;
 * the interface is being deleted), -EPERM (nothing happened), -EADDRINUSE and
 * the like from binding (the old port stays), -ENOMEM, or what @change says is
 * wrong with a peer.
 */
int wg_config_apply(struct wg_device *device, const struct wg_change *change,
		    const struct sk_buff *request);

#endif /* WG_HOST_CONFIG_H */
