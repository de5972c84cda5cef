/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A batch: up to 64 packets of one session, in one direction. It is the unit
 * of everything in this folder: one session reference, one place in the lane,
 * one nonce range, one timer note, one AEAD call.
 */
#ifndef WG_FLOW_BATCH_H
#define WG_FLOW_BATCH_H

#include "peer/peer.h"

#define WG_BATCH_MAX AEAD_VEC_MAX

struct wg_batch {
	struct wg_lane_slot slot;	/* in the peer's lane */
	struct list_head queued;	/* in a worker's queue (crew.c) */
	struct wg_session *session;	/* one reference; pins the peer */
	/* The stage that may run anywhere; ends the batch. Bottom halves off. */
	void (*work)(struct wg_batch *batch);
	unsigned int n;			/* packets */
};

#endif /* WG_FLOW_BATCH_H */
