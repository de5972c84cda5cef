/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A peer's three session slots. Readers: RCU. Writers: the ring's lock, from
 * any context that is not a hard interrupt. What falls out leaves the index at
 * once and is freed when its last batch is done.
 */
#ifndef WG_PEER_KEYRING_H
#define WG_PEER_KEYRING_H

#include <linux/spinlock.h>
#include "peer/session.h"

struct wg_keyring {
	spinlock_t lock;
	struct wg_session __rcu *slot[SESSION_SLOTS];
};

void wg_keyring_init(struct wg_keyring *ring);

/* Put @fresh, which is in the index, into its slot; takes the reference. */
void wg_keyring_install(struct wg_keyring *ring, struct wg_session *fresh);

/* First data on @session: true when that was the pending one. Softirq. */
bool wg_keyring_confirm(struct wg_keyring *ring, struct wg_session *session);

/* Drop all three. */
void wg_keyring_erase(struct wg_keyring *ring);

/* Nothing may be sent any more on what there is; receiving goes on. */
void wg_keyring_bar(struct wg_keyring *ring);

/* The session to send on, lent under RCU; NULL: none that may be used now. */
struct wg_session *wg_keyring_sender(const struct wg_keyring *ring, u64 now_ns);

#endif /* WG_PEER_KEYRING_H */
