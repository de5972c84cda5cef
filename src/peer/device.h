/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the peers and flows of one interface share. host/device.c creates and
 * destroys it as the private area of the net_device; everybody else borrows.
 *
 * Lock order: rtnl > devices list > device->lock > identity_lock >
 * peer->handshake_lock > gate_lock, ring lock, table locks, lane locks.
 */
#ifndef WG_PEER_DEVICE_H
#define WG_PEER_DEVICE_H

#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rwsem.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include "io/sock.h"
#include "peer/drop.h"
#include "peer/pace.h"
#include "proto/cookie.h"
#include "proto/ikpsk.h"
#include "table/index.h"
#include "table/keys.h"
#include "table/limits.h"
#include "table/trie.h"

struct wg_peer;
struct wg_rx_cpu;
struct wg_handshakes;

#define WG_PEERS_MAX (1U << 20)

/* What checks incoming handshakes: immutable, replaced under RCU as a whole. */
struct wg_gate {
	struct cookie_gate cookie;
	struct rcu_head rcu;
};

struct wg_drops {
	u64 n[WG_DROPS];
};

/* Calls from a lower layer to a higher one: constant, given at creation. */
struct wg_device_ops {
	void (*timer_fired)(struct timer_list *timer);	/* of wg_peer.timer */
	void (*work_runs)(struct work_struct *work);	/* of wg_peer.work */
	void (*flush_runs)(struct work_struct *work);	/* of wg_peer.flush */
};

struct wg_device {
	struct net_device *dev;
	const struct wg_device_ops *ops;

	struct mutex lock;		/* the one writer of configuration */
	struct net *home;		/* lock; where the sockets live. Not a
					 * reference: NULL once that has ended */
	struct list_head peers;		/* lock; in order of insertion */
	u32 peers_n;			/* lock */
	u32 generation;			/* lock; changes with every change */
	u16 port;			/* lock; wanted, 0: any */
	u32 fwmark;			/* lock; readers READ_ONCE */
	bool up;			/* lock; readers READ_ONCE */
	bool gone;			/* lock; being unregistered */
	struct list_head listed;	/* all devices: host/device.c */

	struct wg_socks socks;		/* lock, and RCU */
	struct wg_trie trie;		/* lock, and RCU */
	struct wg_keys keys;		/* its own lock, and RCU */
	struct wg_index index;		/* its own lock, and RCU */
	struct wg_limits limits;	/* its own lock */

	struct rw_semaphore identity_lock;
	struct ikpsk_self self;		/* identity_lock */
	spinlock_t gate_lock;
	struct wg_gate __rcu *gate;	/* gate_lock; NULL: no identity */

	struct wg_rx_cpu __percpu *rx;	/* flow/rx.c */
	struct wg_handshakes *handshakes;	/* flow/handshake.c */
	struct wg_drops __percpu *drops;
	struct wg_paces __percpu *paces;
};

/* Count @n packets that were not carried. Any context. */
static inline void wg_drop_n(struct wg_device *device, enum wg_drop why,
			     unsigned int n)
{
	this_cpu_add(device->drops->n[why], n);
}

static inline void wg_drop(struct wg_device *device, enum wg_drop why)
{
	wg_drop_n(device, why, 1);
}

#endif /* WG_PEER_DEVICE_H */
