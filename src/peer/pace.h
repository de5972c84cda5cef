/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether packets of one direction are a stream that the other direction does
 * not answer: on one CPU, of late.
 *
 * What belongs to a conversation is carried at once, for somebody waits for it.
 * A packet of a stream that comes one by one may wait for a few of its like:
 * dozens cost hardly more than one, in the cipher, in the outer stack and at the
 * receiver. Bytes count, so that the few acknowledgements of a TCP stream make
 * no conversation of it.
 */
#ifndef WG_PEER_PACE_H
#define WG_PEER_PACE_H

#include <linux/kernel.h>
#include <linux/types.h>

/* So many bytes ahead of the answers, packets are a stream; and the most. */
#define WG_PACE_STREAM	(16U << 10)
#define WG_PACE_MAX	(32U << 10)
/* An answer stands for so many times its bytes. */
#define WG_PACE_ANSWER	8
/* 2^-6 bytes a ns, 125 Mbit/s: what is slower than that is no stream. The clock
 * may be as coarse as a jiffy, in which more than that arrives of a stream.
 */
#define WG_PACE_LEAK	6

/* This CPU's, bottom halves off; an estimate, so PREEMPT_RT may disturb it. */
struct wg_pace {
	u64 last_ns;
	u32 ahead;		/* bytes */
};

/* Of one interface on one CPU. */
struct wg_paces {
	struct wg_pace in, out;
};

/* @len bytes more at @now_ns; whether they belong to a stream. */
static inline bool wg_pace_note(struct wg_pace *pace, u32 len, u64 now_ns)
{
	u64 leak = (now_ns - pace->last_ns) >> WG_PACE_LEAK;

	pace->last_ns = now_ns;
	pace->ahead -= min_t(u64, leak, pace->ahead);
	pace->ahead = min(pace->ahead + len, WG_PACE_MAX);
	return pace->ahead > WG_PACE_STREAM;
}

/* @len bytes went the other way. */
static inline void wg_pace_answer(struct wg_pace *pace, u32 len)
{
	pace->ahead -= min(len * WG_PACE_ANSWER, pace->ahead);
}

#endif /* WG_PEER_PACE_H */
