/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Collecting outer packets into batches: rx.c, called by arrive.c.
 */
#ifndef WG_FLOW_RX_H
#define WG_FLOW_RX_H

#include "flow/flow.h"
#include "proto/wire.h"

struct rx_batch;

/* One caller at a time, bottom halves off, under RCU. */
struct wg_collect {
	struct wg_device *device;	/* constant */
	struct rx_batch *batch;		/* under construction, or NULL */
	u32 collected;			/* outer packets, since it is there */
	u32 launched;			/* so many are in their lanes or gone */
};

/*
 * All datagrams of one outer packet, @skb->data at the UDP header; how many,
 * at least 1. Lets go of @skb.
 */
unsigned int wg_rx_collect(struct wg_collect *rx, struct sk_buff *skb);

/*
 * A message in @skb which is no data message, of @type. Softirq, under RCU; @skb
 * stays the caller's.
 */
void wg_rx_other(struct wg_device *device, const struct sk_buff *skb,
		 unsigned int at, unsigned int len, enum wire_type type);

/* The batch under construction is complete: it goes its way. */
void wg_rx_launch(struct wg_collect *rx);

/*
 * Whether nothing that comes from now on can overtake the first @n outer packets
 * (of any 2^31 in a row). Any context; may be late to say so.
 */
static inline bool wg_rx_passed(const struct wg_collect *rx, u32 n)
{
	/* With launched(): their places in the lanes are taken. */
	return (s32)(smp_load_acquire(&rx->launched) - n) >= 0;
}

#endif /* WG_FLOW_RX_H */
