/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Collecting outer packets into batches: rx.c, called by arrive.c.
 */
#ifndef WG_FLOW_RX_H
#define WG_FLOW_RX_H

#include "flow/flow.h"

struct rx_batch;

/* One caller at a time, bottom halves off, under RCU. */
struct wg_collect {
	struct wg_device *device;	/* constant */
	struct rx_batch *batch;		/* under construction, or NULL */
};

/*
 * All datagrams of one outer packet, @skb->data at the UDP header; how many,
 * at least 1. Lets go of @skb.
 */
unsigned int wg_rx_collect(struct wg_collect *rx, struct sk_buff *skb);

/* The batch under construction is complete: it goes its way. */
void wg_rx_launch(struct wg_collect *rx);

#endif /* WG_FLOW_RX_H */
