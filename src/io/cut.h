/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An inner skb as plain IP packets: a cursor that gives one packet after the
 * other, complete with lengths, numbers and checksums, straight from the skb's
 * fragments. A GSO packet of TCP or UDP is cut without skb_gso_segment(),
 * which would build and copy an skb for each. Headers are written to where they
 * will be sealed; a payload is sealed from where it lies, if it lies in a row.
 *
 * Any context; the caller owns the skb, and changes nothing of it meanwhile.
 */
#ifndef WG_IO_CUT_H
#define WG_IO_CUT_H

#include <linux/skbuff.h>
#include "crypto/aead.h"

struct wg_cut {
	const struct sk_buff *skb;
	unsigned int at;		/* of the next packet's payload */
	unsigned int i;			/* its number */
	unsigned int head_len;		/* IP and transport headers; 0: no GSO */
	unsigned int transport;		/* offset of the transport header */
	unsigned int step;		/* payload of all packets but the last */
	__wsum ip_sum;			/* of an IPv4 header without its length, */
					/* identification and checksum */
	__wsum check_sum;		/* pseudo header without the length, less */
					/* what is before the transport header */
};

/*
 * Make @skb fit for the cursor, or say that it cannot be. Number of packets in
 * it; 0: not a shape that can be cut here, see wg_cut_by_stack(). May
 * reallocate the skb's head.
 */
unsigned int wg_cut_count(struct sk_buff *skb);

/*
 * For every other shape: let the stack segment @skb, and consume it. A list of
 * plain skbs linked by ->next, or NULL when that is impossible.
 */
struct sk_buff *wg_cut_by_stack(struct sk_buff *skb);

void wg_cut_start(struct wg_cut *cut, const struct sk_buff *skb);

/* Length of the next packet; 0 at the end. */
unsigned int wg_cut_len(const struct wg_cut *cut);

/*
 * Make it the plaintext of @msg, and go on. @msg has a destination and a length,
 * of at least wg_cut_len() bytes: what is beyond is padding, zeros [C1]. The
 * skb stays, and stays as it is, until @msg is sealed.
 */
void wg_cut_write(struct wg_cut *cut, struct aead_msg *msg);

#endif /* WG_IO_CUT_H */
