/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replay window [WP 5.4.6] [RFC 6479]: 8192 bits as a ring of words, of which
 * one word is always being recycled, so 8128 counters behind the greatest are
 * told apart. Pure; the caller serialises. To be asked after authentication.
 */
#ifndef WG_PROTO_REPLAY_H
#define WG_PROTO_REPLAY_H

#include "crypto/port.h"

#define REPLAY_BITS	8192
#define REPLAY_WINDOW	(REPLAY_BITS - 64)

struct replay {
	u64 next;		/* greatest counter seen + 1; 0: none yet */
	u64 word[REPLAY_BITS / 64];
};

void replay_init(struct replay *r);

/* True, once for each counter below REJECT_AFTER_MESSAGES and in the window. */
bool replay_admit(struct replay *r, u64 counter);

#endif /* WG_PROTO_REPLAY_H */
