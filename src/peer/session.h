/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A session as the kernel keeps it: the protocol's part, a nonce counter, a
 * replay window, a place in the index table and references.
 *
 * Found under RCU, by index or in a peer's keyring. A batch holds one
 * reference; a session holds one on its peer. Keys are wiped when the last
 * reference and the grace period are gone.
 */
#ifndef WG_PEER_SESSION_H
#define WG_PEER_SESSION_H

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/rcupdate.h>
#include "peer/device.h"
#include "proto/replay.h"
#include "proto/session.h"
#include "table/index.h"

/* An index that we gave out: for a half-open handshake or for a session. */
struct wg_ticket {
	struct wg_index_entry entry;
	struct wg_peer *peer;
	bool is_session;
};

struct wg_session {
	struct session proto;
	atomic64_t counter;		/* the next nonce to send with */
	refcount_t ref;
	u64 id;				/* for people: "Keypair 12" */
	struct wg_peer *peer;		/* one reference */
	struct wg_ticket ticket;
	struct rcu_head rcu;
	spinlock_t replay_lock;
	struct replay replay;		/* replay_lock */
	/* Where its datagrams were queued last: flow/arrive.c. */
	spinlock_t arrive_lock;
	u32 arrived_last;		/* arrive_lock; number of the last one */
	struct wg_rx_cpu *arrived;	/* arrive_lock; or NULL */
};

int wg_sessions_init(void);		/* module load */
void wg_sessions_exit(void);		/* module unload, after rcu_barrier() */

/* For @peer, of which it takes a reference. Not in the index yet. Sleeps. */
struct wg_session *wg_session_new(struct wg_peer *peer);

/* Under RCU; false: it is going away. */
static inline bool wg_session_get(struct wg_session *session)
{
	return refcount_inc_not_zero(&session->ref);
}

void wg_session_put(struct wg_session *session);

/* The session of an index of ours, lent until the end of the RCU section. */
struct wg_session *wg_session_find(struct wg_device *device, u32 id);

/* Reserve @n nonces; false: the session must not send any more. */
bool wg_session_reserve(struct wg_session *session, unsigned int n, u64 now_ns,
			u64 *first);

#endif /* WG_PEER_SESSION_H */
