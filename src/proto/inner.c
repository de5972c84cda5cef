// SPDX-License-Identifier: GPL-2.0
#include "proto/inner.h"

#define V4_HEAD_LEN	20
#define V6_HEAD_LEN	40

#define ECN_MASK	3
#define ECN_NONE	0
#define ECN_ECT1	1
#define ECN_ECT0	2
#define ECN_CE		3

static enum inner_kind inner_read_v4(struct inner_view *view, const u8 *head,
				     size_t len)
{
	view->src = head + 12;
	view->dst = head + 16;
	view->len = get_unaligned_be16(head + 2);
	/* Beyond 16 bits the kernel's TCP writes zero ("BIG TCP"). */
	if (!view->len && len > 0xffff)
		view->len = len;
	view->bits = 32;
	view->ds = head[1];
	view->kind = INNER_V4;
	return view->len < V4_HEAD_LEN ? INNER_BAD : INNER_V4;
}

static enum inner_kind inner_read_v6(struct inner_view *view, const u8 *head)
{
	view->src = head + 8;
	view->dst = head + 24;
	view->len = V6_HEAD_LEN + get_unaligned_be16(head + 4);
	view->bits = 128;
	view->ds = (u8)(get_unaligned_be16(head) >> 4);
	view->kind = INNER_V6;
	return INNER_V6;
}

enum inner_kind inner_read(struct inner_view *view, const u8 *head,
			   size_t head_len, size_t len)
{
	enum inner_kind kind = INNER_BAD;

	if (head_len < V4_HEAD_LEN)
		return INNER_BAD;
	if (head[0] >> 4 == 4)
		kind = inner_read_v4(view, head, len);
	else if (head[0] >> 4 == 6 && head_len >= V6_HEAD_LEN)
		kind = inner_read_v6(view, head);
	if (kind == INNER_BAD || view->len > len)
		return INNER_BAD;
	return kind;
}

u32 inner_padded_len(u32 len, u32 mtu)
{
	u32 pad_n = -len % INNER_PAD_LEN;

	/* An oversized packet, or MTU 0: nothing to add [C4]. */
	if (len >= mtu)
		return len;
	return len + min(pad_n, mtu - len);
}

u8 inner_ecn_out(u8 inner_ds)
{
	u8 ecn = inner_ds & ECN_MASK;

	return ecn == ECN_CE ? ECN_ECT0 : ecn;
}

/* [RFC 6040 4.2] figure 4; rows: inner, columns: outer. */
static const u8 ecn_in[4][4] = {
	[ECN_NONE] = { ECN_NONE, ECN_NONE, ECN_NONE, ECN_NONE },
	[ECN_ECT1] = { ECN_ECT1, ECN_ECT1, ECN_ECT1, ECN_CE },
	[ECN_ECT0] = { ECN_ECT0, ECN_ECT1, ECN_ECT0, ECN_CE },
	[ECN_CE]   = { ECN_CE,   ECN_CE,   ECN_CE,   ECN_CE },
};

u8 inner_ecn_in(u8 inner_ds, u8 outer_ds)
{
	u8 ecn = ecn_in[inner_ds & ECN_MASK][outer_ds & ECN_MASK];

	return (u8)((inner_ds & ~ECN_MASK) | ecn);
}
