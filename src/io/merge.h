/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Decrypted packets to skbs. A run of consecutive segments of one TCP
 * connection becomes one GSO packet, as GRO would make it, but without an skb
 * for each; every other packet becomes an skb of its own.
 *
 * Bottom halves off. The payload stays in the pages it was decrypted into.
 */
#ifndef WG_IO_MERGE_H
#define WG_IO_MERGE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "proto/inner.h"

struct wg_merge {
	struct net_device *dev;
	struct sk_buff_head *out;	/* where finished skbs go, in order */
	bool join;			/* the device's GRO switch */
	/* The run under construction; skb is NULL when there is none. */
	struct sk_buff *skb;
	struct page *page;		/* of its last fragment */
	unsigned int end;		/* where that ends */
	unsigned int head_len;
	unsigned int step;		/* payload of its segments */
	u32 next_seq;
	u16 next_id;
	bool fixed_id;
	bool closed;
};

/* A packet in memory: @len bytes of @page at @at. */
struct wg_plain {
	struct page *page;
	unsigned int at;
	unsigned int len;
};

void wg_merge_start(struct wg_merge *merge, struct net_device *dev,
		    struct sk_buff_head *out);

/*
 * The next packet, which is whole and of @kind. Takes references on pages as
 * needed. False: no memory, the packet is lost.
 */
bool wg_merge_add(struct wg_merge *merge, const struct wg_plain *plain,
		  enum inner_kind kind);

/* Finish the run under construction. */
void wg_merge_finish(struct wg_merge *merge);

#endif /* WG_IO_MERGE_H */
