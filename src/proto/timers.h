/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A peer's timers as a table of deadlines over a few time stamps [WP 6.2 to
 * 6.5]. The data path notes time stamps (a plain store per batch, any CPU,
 * softirq); whoever owns a clock asks what is due. Nothing here waits.
 *
 * All stamps are nanoseconds of a clock that runs through suspend; 0 means
 * "not". Every field is shared and lock-free: READ_ONCE/WRITE_ONCE, because a
 * stamp that is one batch old moves a deadline by less than its jitter. What is
 * not written from softirq (the notes of the handshake, timers_due(), start and
 * stop) is serialised by the caller.
 */
#ifndef WG_PROTO_TIMERS_H
#define WG_PROTO_TIMERS_H

#include "crypto/port.h"
#include "proto/session.h"

#define TIMERS_JITTER_NS	(PROTO_NS_PER_S / 3)
#define TIMERS_ATTEMPTS_MAX	18
#define TIMERS_NEVER		(~0ULL)

/* What there is to do; a set of bits. */
enum timers_duty {
	DUTY_INITIATE		= 1 << 0,	/* start or repeat a handshake */
	DUTY_KEEPALIVE		= 1 << 1,	/* send one empty data message */
	DUTY_DROP_STAGED	= 1 << 2,	/* gave up: nobody answers */
	DUTY_ERASE		= 1 << 3,	/* wipe ephemerals and sessions */
	DUTY_FORGET_SOURCE	= 1 << 4,	/* our address may be the trouble */
};

struct timers {
	u64 any_ns;		/* last authenticated packet, either way */
	u64 unanswered_ns;	/* first data sent since we last heard anything */
	u64 owed_ns;		/* first data heard since we last sent anything */
	u64 initiation_ns;	/* last initiation sent; 0: none outstanding */
	u64 initiation_sent_ns;	/* the same, not reset: one per REKEY_TIMEOUT */
	u64 session_ns;		/* last new session, or the first initiation
				 * without one; 0: there is nothing to erase */
	u32 jitter_ns;		/* of the initiation outstanding */
	u16 persistent_s;	/* 0: off */
	u8 attempts;		/* initiations sent again without an answer */
	bool running;		/* the interface is up */
};

void timers_clear(struct timers *t);
void timers_start(struct timers *t, u64 now_ns);	/* interface up */
void timers_stop(struct timers *t);		/* interface down */

/*
 * Notes of the data path, one call per batch. @data: at least one packet was
 * not a keepalive. True when the earliest deadline may have come closer, so
 * that the caller has to look at timers_next().
 */
bool timers_note_sent(struct timers *t, u64 now_ns, bool data);
bool timers_note_received(struct timers *t, u64 now_ns, bool data);

/*
 * Notes of the handshake, taken by proto/tunnel. @jitter_ns: random below
 * TIMERS_JITTER_NS; it also spreads the deadline of unanswered data.
 */
void timers_note_initiation(struct timers *t, u64 now_ns, u32 jitter_ns);
void timers_note_session(struct timers *t, u64 now_ns);

/*
 * There is a session to send with: the initiation outstanding, if any, need not
 * be repeated. proto/tunnel says so of an initiator's session; the caller says
 * so when session_confirm() has made a responder's session current.
 */
void timers_note_confirmed(struct timers *t);

/*
 * Whether an initiation may leave now: at most one per REKEY_TIMEOUT.
 * @retry: this is DUTY_INITIATE after a timeout; otherwise the user's packets
 * ask, which also starts the count of attempts over, whatever the answer
 * [WP 6.4]. Nothing else is noted: ask again where messages are written.
 */
bool timers_may_initiate(struct timers *t, u64 now_ns, bool retry);

/*
 * We have become somebody else, whom no peer has heard of: the pause between
 * initiations was the old identity's.
 */
void timers_note_identity(struct timers *t);

/* Set the persistent interval. True: look at timers_next(). */
bool timers_set_persistent(struct timers *t, u16 seconds);

/* What is due at @now_ns (bits of enum timers_duty); marks it as being done. */
u32 timers_due(struct timers *t, u64 now_ns);

/* The earliest time at which timers_due() may have an answer; TIMERS_NEVER. */
u64 timers_next(const struct timers *t);

#endif /* WG_PROTO_TIMERS_H */
