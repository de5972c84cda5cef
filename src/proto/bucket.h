/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A token bucket for handshakes of one source: 20 a second, 5 at once
 * [WP 5.3]. Pure; the caller serialises.
 */
#ifndef WG_PROTO_BUCKET_H
#define WG_PROTO_BUCKET_H

#include "crypto/port.h"

#define BUCKET_PER_S		20
#define BUCKET_BURST		5
#define BUCKET_COST_NS		(1000000000ULL / BUCKET_PER_S)
#define BUCKET_MAX_NS		(BUCKET_COST_NS * BUCKET_BURST)

struct bucket {
	u64 filled_ns;		/* when @credit_ns was right */
	u64 credit_ns;
};

/* A full bucket that has paid for one handshake. */
void bucket_init(struct bucket *b, u64 now_ns);

/* Pay for one handshake; false when the source has to wait. */
bool bucket_take(struct bucket *b, u64 now_ns);

/* Whether the bucket is full again: it may be forgotten. */
bool bucket_idle(const struct bucket *b, u64 now_ns);

#endif /* WG_PROTO_BUCKET_H */
