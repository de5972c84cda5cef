/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One peer's protocol state and decisions: handshake messages in and out,
 * freshness of initiations, cookies, timers. Pure: bytes, time, randomness and
 * keys are arguments. What it does not hold is the sessions themselves, which
 * the data path reads without a lock (proto/session.h rotates them).
 *
 * The caller serialises everything but @timers (see there), in a context that
 * may take tens of microseconds for X25519.
 */
#ifndef WG_PROTO_TUNNEL_H
#define WG_PROTO_TUNNEL_H

#include "crypto/port.h"
#include "proto/cookie.h"
#include "proto/ikpsk.h"
#include "proto/session.h"
#include "proto/timers.h"
#include "proto/wire.h"

/* Two initiations of a peer are at least this far apart [WP 5.1], 50 a second. */
#define TUNNEL_FLOOD_NS		(PROTO_NS_PER_S / 50)

struct tunnel {
	struct ikpsk_remote remote;
	struct ikpsk_half half;		/* of the initiation outstanding */
	struct cookie_jar jar;
	struct timers timers;
	u8 newest[WIRE_TAI64N_LEN];	/* greatest time stamp accepted */
	u8 label[WIRE_TAI64N_LEN];	/* greatest time stamp sent */
	u64 initiation_seen_ns;		/* when that was; 0: never */
	u32 half_id;			/* our index in it */
	bool half_open;
};

/* Why a handshake message was accepted or not: the words of the counters. */
enum tunnel_verdict {
	TUNNEL_OK = 0,
	TUNNEL_FORGED,		/* does not authenticate */
	TUNNEL_REPLAYED,	/* time stamp not newer than the newest */
	TUNNEL_TOO_SOON,	/* less than TUNNEL_FLOOD_NS after the last */
	TUNNEL_UNASKED,		/* a response to nothing we sent */
	TUNNEL_UNUSABLE,	/* no identity, or a low-order key */
	TUNNEL_VERDICTS,
};

/* What one handshake message needs from the world. Wiped by the callee. */
struct tunnel_chance {
	u8 ephemeral_secret[WIRE_KEY_LEN];
	u32 jitter_ns;			/* below TIMERS_JITTER_NS */
};

void tunnel_init(struct tunnel *t, const u8 peer_public[WIRE_KEY_LEN]);
void tunnel_wipe(struct tunnel *t);

/* Forget the handshake under way (not the newest time stamp: [WP 5.1]). */
void tunnel_erase(struct tunnel *t);

/* Our identity has changed: forget everything derived from the old one. */
void tunnel_rekeyed(struct tunnel *t);

void tunnel_set_psk(struct tunnel *t, const u8 psk[WIRE_KEY_LEN]);

/*
 * Start a handshake: message 1, complete with MACs, under our index
 * @local_id. Notes it in the timers. TUNNEL_OK or TUNNEL_UNUSABLE. The time
 * stamp sent is later than @timestamp when the wall clock was set back.
 */
enum tunnel_verdict tunnel_write_initiation(struct tunnel *t,
		struct wire_initiation *msg, const struct ikpsk_self *self,
		u32 local_id, struct tunnel_chance *chance,
		const u8 timestamp[WIRE_TAI64N_LEN], u64 now_ns);

/*
 * The other side started one: @claim comes from ikpsk_claim_initiation() and
 * names this peer. On TUNNEL_OK the time stamp is recorded and the timers are
 * told; otherwise @claim is wiped.
 */
enum tunnel_verdict tunnel_read_initiation(struct tunnel *t,
		struct ikpsk_claim *claim, const struct wire_initiation *msg,
		const struct ikpsk_self *self, u64 now_ns);

/*
 * Answer it: message 2, complete with MACs, and the new session (for
 * session_install() as a responder's). Wipes @claim. The timers are told. An
 * initiation of ours which is no longer waited for is forgotten.
 */
enum tunnel_verdict tunnel_write_response(struct tunnel *t,
		struct wire_response *msg, struct session *fresh,
		struct ikpsk_claim *claim, u32 local_id,
		struct tunnel_chance *chance, u64 now_ns);

/*
 * The answer to ours: the new session (for session_install() as an
 * initiator's). Wipes the half-open handshake on success only.
 */
enum tunnel_verdict tunnel_read_response(struct tunnel *t,
		const struct wire_response *msg, struct session *fresh,
		const struct ikpsk_self *self, u64 now_ns);

#endif /* WG_PROTO_TUNNEL_H */
