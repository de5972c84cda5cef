/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Room for outer datagrams, handed out one after the other, as few skbs as
 * possible: datagrams of equal length (the last may be shorter) and equal
 * traffic class become one UDP GSO packet of up to 64 KiB.
 *
 * Any context but hard interrupt, and from start to finish on one stack.
 */
#ifndef WG_IO_OUTER_H
#define WG_IO_OUTER_H

#include <linux/skbuff.h>
#include "io/pages.h"

/* Datagrams in one outer packet: UDP_MAX_SEGMENTS of all supported kernels. */
#define WG_OUTER_MAX 64

struct wg_outer {
	struct sk_buff *first;		/* finished and current, by ->next */
	struct sk_buff *last;		/* the current one */
	unsigned int step;		/* length of its datagrams */
	unsigned int max;		/* datagrams in one packet; 1: no GSO */
	bool closed;			/* a shorter one was its last */
	struct wg_pages pages;
	u8 ds;
};

/* @max: datagrams in one packet, 1 to WG_OUTER_MAX. To be finished always. */
void wg_outer_start(struct wg_outer *outer, unsigned int max);

/*
 * @len contiguous bytes for the next datagram (UDP payload), outer traffic
 * class @ds. @alone: no other will follow. NULL: no memory.
 */
u8 *wg_outer_room(struct wg_outer *outer, unsigned int len, u8 ds, bool alone);

/*
 * The datagram last handed out carries the end of @inner: its socket goes on
 * paying for it until the outer packet is gone, so that TCP small queues and
 * the send buffer still bound what is on the way. Also takes what of the inner
 * packet survives: flow hash and time stamp [C2, C3].
 */
void wg_outer_adopt(struct wg_outer *outer, struct sk_buff *inner);

/*
 * The list, complete: by ->next, traffic class in wg_outer_ds(). NULL: there was
 * no memory for any.
 */
struct sk_buff *wg_outer_finish(struct wg_outer *outer);

/* Traffic class a finished skb was made for. */
u8 wg_outer_ds(const struct sk_buff *skb);

#endif /* WG_IO_OUTER_H */
