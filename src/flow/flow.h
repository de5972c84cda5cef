/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The data path's face to the host layer and to its own parts.
 *
 *   xmit ─▶ tx.c: collect ─▶ reserve ─▶ seal ─▶ send ─▶ UDP
 *   UDP  ─▶ rx.c: collect ─▶ open ─▶ admit ─▶ deliver ─▶ stack
 *
 * Seal and open may run on any CPU (crew.c); send and admit/deliver run in
 * order, one batch at a time for a peer and direction (peer/lane.h).
 */
#ifndef WG_FLOW_FLOW_H
#define WG_FLOW_FLOW_H

#include <linux/netdevice.h>
#include "flow/batch.h"
#include "peer/peer.h"

/* A lane that holds more than this much is congested: packets are dropped. */
#define WG_LANE_LIMIT_BYTES (4U << 20)

/* A duty of the flow layer beside those of proto/timers.h: the user's packets
 * ask for a session, as opposed to a handshake that is repeated. */
#define DUTY_WANTED (1U << 8)

/* ndo_start_xmit. Bottom halves off. */
netdev_tx_t wg_tx_xmit(struct sk_buff *skb, struct net_device *dev);

/*
 * What waits for a session leaves, or asks for one. Any context but hard
 * interrupt; the caller holds a reference, device->lock or RCU.
 */
void wg_tx_flush(struct wg_peer *peer);

/* One empty data message, or a handshake when there is no session. Same. */
void wg_tx_keepalive(struct wg_peer *peer);

/* wg_datagram_fn; @user is the struct wg_device. Softirq. */
void wg_rx_arrived(void *user, struct sk_buff *skb);

/*
 * A device's receive side. Process context, rtnl. When it is freed nothing
 * arrives any more; batches that are on their way do not need it.
 */
int wg_rx_new(struct wg_device *device);
void wg_rx_free(struct wg_device *device);

/*
 * A handshake message or cookie reply of @len bytes at @at of @skb, which is
 * borrowed. Softirq, RCU.
 */
void wg_handshake_arrived(struct wg_device *device, const struct sk_buff *skb,
			  unsigned int at, unsigned int len);

/*
 * From now on @gate, which is taken, checks handshakes; NULL: none come in. The
 * cookie secret stays what it was. device->lock held.
 */
void wg_gate_set(struct wg_device *device, struct wg_gate *gate);

int wg_handshakes_new(struct wg_device *device);
/* Drops what is queued and waits for what runs; no datagram arrives any more. */
void wg_handshakes_free(struct wg_device *device);

/*
 * Send an initiation if one may leave now. Process context, no lock held.
 * @retry: the last was not answered; otherwise the user's packets ask.
 */
void wg_handshake_start(struct wg_peer *peer, bool retry);

/*
 * A session is needed: ask for an initiation unless one left less than
 * REKEY_TIMEOUT ago. Cheap; any context but hard interrupt, RCU or reference.
 */
void wg_handshake_want(struct wg_peer *peer, u64 now_ns);

/* struct wg_device_ops of all devices. */
extern const struct wg_device_ops wg_clock_ops;

/*
 * Datagrams that may leave in one outer packet: 1 where the administrator has
 * switched segmentation of the device off (ethtool -K wg0 tx-udp-segmentation).
 */
static inline unsigned int wg_tx_segments(const struct wg_device *device)
{
	return device->dev->features & NETIF_F_GSO_UDP_L4 ? WG_BATCH_MAX : 1;
}

/* Module load and unload: in this order, and backwards. */
int wg_crew_init(void);
void wg_crew_exit(void);
int wg_tx_init(void);
void wg_tx_exit(void);
int wg_rx_init(void);
void wg_rx_exit(void);
int wg_handshakes_init(void);
void wg_handshakes_exit(void);

#endif /* WG_FLOW_FLOW_H */
