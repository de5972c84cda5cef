/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A peer: one public key of an interface, and all that hangs on it.
 *
 * Life: wg_peer_new() puts it into the device's list and key table (device->lock);
 * wg_peer_remove() takes it out of every table, marks it dead, drops its keys
 * and the list's reference, and waits for nothing. Sessions, queued handshakes
 * and an armed timer hold references; the last one frees it after a grace
 * period. The data path finds it under RCU and takes no reference per packet.
 *
 * Teardown is creation backwards; see src/README.md.
 */
#ifndef WG_PEER_PEER_H
#define WG_PEER_PEER_H

#include <linux/kref.h>
#include <linux/seqlock.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include "peer/device.h"
#include "peer/keyring.h"
#include "peer/lane.h"
#include "peer/staged.h"
#include "proto/tunnel.h"

/* Packets that wait for a session; beyond it the oldest is dropped. */
#define WG_STAGED_MAX 128

struct wg_peer {
	struct wg_device *device;	/* constant; holds the net_device */
	struct wg_keyring ring;
	struct wg_lane tx;
	struct wg_lane rx;
	seqlock_t endpoint_lock;
	struct wg_endpoint endpoint;	/* endpoint_lock */
	struct dst_cache route;		/* bottom halves off; pcpu part is
					 * allocated with the first session */
	atomic64_t rx_bytes;
	atomic64_t tx_bytes;
	struct wg_staged staged;	/* its own lock */

	struct mutex handshake_lock;
	struct tunnel tunnel;		/* handshake_lock; .timers lock-free */
	struct wg_ticket ticket;	/* of the half-open handshake;
					 * handshake_lock, index lock */
	atomic64_t handshake_wall_ns;	/* last handshake; 0: never */

	struct timer_list timer;	/* armed: holds a reference */
	struct work_struct work;	/* queued: holds a reference */
	struct work_struct flush;	/* the same; sends what is staged */
	unsigned long duties;		/* atomic bits of enum timers_duty */

	struct wg_owner owner;		/* device->lock, and RCU */
	struct wg_keys_entry key;	/* keys table; .key is constant */
	u64 id;				/* for people: "Peer 7" */
	struct kref ref;
	bool dead;			/* device->lock; readers READ_ONCE */
	union {
		struct list_head listed;	/* device->lock */
		struct rcu_head rcu;		/* without references */
	};
};

int wg_peers_init(void);		/* module load */
void wg_peers_exit(void);		/* module unload; waits for the last */

/*
 * A new peer with @public_key, last in the list. device->lock held; sleeps.
 * ERR_PTR: -ENOMEM (also beyond WG_PEERS_MAX), -EEXIST.
 */
struct wg_peer *wg_peer_new(struct wg_device *device,
			    const u8 public_key[WIRE_KEY_LEN]);

/* Take @peer out of everything; device->lock held. Waits for nothing. */
void wg_peer_remove(struct wg_peer *peer);
void wg_peer_remove_all(struct wg_device *device);

/* By public key, lent under device->lock or RCU. */
struct wg_peer *wg_peer_find(struct wg_device *device,
			     const u8 public_key[WIRE_KEY_LEN]);

/* The owner of the longest prefix, lent under RCU. @bits: 32 or 128. */
struct wg_peer *wg_peer_route(struct wg_device *device, unsigned int bits,
			      const void *addr);

/* Under RCU; false: it is going away. */
static inline bool wg_peer_get(struct wg_peer *peer)
{
	return kref_get_unless_zero(&peer->ref);
}

void wg_peer_put(struct wg_peer *peer);

/*
 * Copies of the endpoint, and changes of it. Any context but hard interrupt.
 * A copy has a version, for wg_peer_sent().
 */
unsigned int wg_peer_endpoint(struct wg_peer *peer, struct wg_endpoint *ep);
void wg_peer_set_endpoint(struct wg_peer *peer, const struct wg_endpoint *ep);
void wg_peer_forget_source(struct wg_peer *peer);

/*
 * Something was sent to @before, the copy of @version, which became @after:
 * where that has lost its source, the endpoint does. If the peer has moved
 * meanwhile, the way that is cached may be the one to the old place.
 */
void wg_peer_sent(struct wg_peer *peer, unsigned int version,
		  const struct wg_endpoint *before,
		  const struct wg_endpoint *after);

/*
 * Arm the timer for the earliest deadline of the tunnel; cheap when it is
 * armed for that or earlier. Any context but hard interrupt.
 */
void wg_peer_arm(struct wg_peer *peer);

/* Have the device's work_runs() called with @duties. Any context. */
void wg_peer_duty(struct wg_peer *peer, unsigned long duties);

/* Forget sessions and the handshake under way; handshake_lock not held. */
void wg_peer_erase(struct wg_peer *peer);

/* Drop what waits for a session; counts it as @why. */
void wg_peer_drop_staged(struct wg_peer *peer, enum wg_drop why);

/*
 * @n messages of @bytes, sent to or authentic from @peer: what the peer and the
 * interface count. Any context but hard interrupt.
 */
void wg_peer_count_tx(struct wg_peer *peer, unsigned int n, unsigned int bytes);
void wg_peer_count_rx(struct wg_peer *peer, unsigned int n, unsigned int bytes);

/* A session is confirmed, by either side. Any context. */
void wg_peer_note_handshake(struct wg_peer *peer);

/* Now, on the clock of sessions and timers: through suspend, about a jiffy fine. */
static inline u64 wg_now_ns(void)
{
	return ktime_get_coarse_boottime_ns();
}

#endif /* WG_PEER_PEER_H */
