/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One session: its identity and limits, and the rotation of a peer's three
 * slots [WP 6.1, 6.2]. Pure. The data path reads a session under RCU in
 * softirq; everything here but what is said to be shared is constant once it is
 * in a slot.
 */
#ifndef WG_PROTO_SESSION_H
#define WG_PROTO_SESSION_H

#include "crypto/port.h"
#include "crypto/aead.h"
#include "proto/ikpsk.h"

#define PROTO_NS_PER_S			1000000000ULL
#define REKEY_AFTER_TIME_NS		(120 * PROTO_NS_PER_S)
#define REJECT_AFTER_TIME_NS		(180 * PROTO_NS_PER_S)
#define REKEY_ATTEMPT_TIME_NS		(90 * PROTO_NS_PER_S)
#define REKEY_TIMEOUT_NS		(5 * PROTO_NS_PER_S)
#define KEEPALIVE_TIMEOUT_NS		(10 * PROTO_NS_PER_S)
#define REKEY_AFTER_MESSAGES		(1ULL << 60)
/* 2^64 - 2^13 - 1: no counter from here on is sealed or opened [WP 6.1]. */
#define REJECT_AFTER_MESSAGES		(~0ULL - (1ULL << 13))

enum session_slot {
	SESSION_CURRENT = 0,
	SESSION_PREVIOUS,
	SESSION_NEXT,		/* a responder's, until it is confirmed */
	SESSION_SLOTS,
};

struct session {
	struct aead_key send_key;
	struct aead_key recv_key;
	u64 born_ns;
	u32 local_id;		/* receiver index that we chose */
	u32 remote_id;		/* receiver index that they chose */
	bool initiator;
	bool renews_later;	/* on receipt; false at one of the two sides */
	bool send_barred;	/* shared: WRITE_ONCE; identity changed, VM forked */
	bool rekey_asked;	/* shared: WRITE_ONCE; the one late renewal on
				 * receipt was asked for */
};

/* Fill @s from @keys, and wipe @keys. */
void session_init(struct session *s, struct ikpsk_keys *keys, u32 local_id,
		  u32 remote_id, bool initiator, u64 now_ns);
void session_wipe(struct session *s);

/* Whether @n messages may be sealed now with @counter and those after it. */
bool session_may_send(const struct session *s, u64 now_ns, u64 counter,
		      unsigned int n);

/* Whether messages may be opened now, and whether one with this @counter. */
bool session_may_receive(const struct session *s, u64 now_ns);
bool session_counter_valid(u64 counter);

/*
 * Whether a new session should be asked for after sending @counter (the last
 * one used), or after receiving: only the initiator renews by age; either does
 * by count. On receipt it is asked for once, at 165 s or one second later: the
 * caller sets @rekey_asked.
 */
bool session_stale_on_send(const struct session *s, u64 now_ns, u64 counter);
bool session_stale_on_receive(const struct session *s, u64 now_ns);

/*
 * Rotation, on a copy of the caller's slots (enum session_slot). What falls
 * out is stored in @gone (NULL where nothing does): the caller publishes the
 * slots and frees the rest.
 *   install: an initiator's session becomes current (current -> previous,
 *            previous falls out); a pending next stays, because when both
 *            sides start at once it is the one the other side is about to send
 *            with, unless it is older than current was. A responder's becomes
 *            next (a pending next falls out).
 *   confirm: an authenticated data message on next: next -> current, current
 *            -> previous, previous falls out. False when @s is not next.
 */
void session_install(struct session *slot[SESSION_SLOTS], struct session *fresh,
		     struct session *gone[SESSION_SLOTS]);
bool session_confirm(struct session *slot[SESSION_SLOTS], const struct session *s,
		     struct session *gone[SESSION_SLOTS]);

#endif /* WG_PROTO_SESSION_H */
