/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The packet inside: what we must know of it to route and to hand it on
 * [WP 5.4.6], padding [WP 5.4.6], and what happens to ECN [RFC 6040]. Pure.
 */
#ifndef WG_PROTO_INNER_H
#define WG_PROTO_INNER_H

#include "crypto/port.h"

#define INNER_PAD_LEN		16
#define INNER_MIN_LEN		20	/* an IPv4 header */

enum inner_kind {
	INNER_BAD = 0,
	INNER_V4 = 4,
	INNER_V6 = 6,
};

struct inner_view {
	const u8 *src;		/* into the packet; 4 or 16 bytes */
	const u8 *dst;
	u32 len;		/* by its own header */
	u8 bits;		/* of an address: 32 or 128 */
	u8 ds;			/* TOS or traffic class */
	u8 kind;		/* enum inner_kind */
};

/*
 * Look at a packet of which @head_len bytes can be read at @head and which is
 * @len bytes long in all (padding included). INNER_BAD: neither IPv4 nor IPv6,
 * or shorter than it says. @view is only valid for the other two. On its way
 * out a packet that is still to be cut up may be longer than its header can say.
 */
enum inner_kind inner_read(struct inner_view *view, const u8 *head,
			   size_t head_len, size_t len);

/* Length of a packet of @len bytes padded to 16, but never past @mtu. */
u32 inner_padded_len(u32 len, u32 mtu);

/*
 * Outer ECN bits for an inner @ds byte. Congestion met before the tunnel stays
 * inside, where it is kept: outside, CE says what was met in the tunnel. All of
 * the kernel's tunnels do so [RFC 3168 9.1.1], and not to would tell ours apart
 * [P22].
 */
u8 inner_ecn_out(u8 inner_ds);

/*
 * Inner ds byte after decapsulation, from both. Never says drop: an impossible
 * pair keeps the inner value [C9].
 */
u8 inner_ecn_in(u8 inner_ds, u8 outer_ds);

#endif /* WG_PROTO_INNER_H */
