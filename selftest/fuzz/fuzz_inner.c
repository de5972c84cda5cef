// SPDX-License-Identifier: GPL-2.0
/*
 * The two parsers of foreign bytes: outer type words and inner headers. The
 * input is copied to a block of its exact size, so that a read beyond it is
 * seen; what is accepted has to lie within it.
 */
#include <stdlib.h>

#include "proto/inner.h"
#include "proto/wire.h"

static void check_view(const struct inner_view *v, const u8 *p, size_t len)
{
	size_t bytes = v->bits / 8;

	if (v->len > len || bytes != (v->kind == INNER_V4 ? 4u : 16u))
		abort();
	if (v->src < p || v->src + bytes > p + len)
		abort();
	if (v->dst < p || v->dst + bytes > p + len)
		abort();
}

static void check_padding(const u8 *p)
{
	u32 len = get_unaligned_le32(p) >> 8, mtu = get_unaligned_le16(p + 4);
	u32 padded = inner_padded_len(len, mtu);

	if (padded < len || padded - len >= INNER_PAD_LEN)
		abort();
	if (padded != len && padded > mtu)
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);
int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	u8 *p = malloc(len ? len : 1);
	struct inner_view v;
	enum inner_kind kind;

	if (len)
		memcpy(p, data, len);
	kind = inner_read(&v, p, len, len);
	if (kind != INNER_BAD) {
		if (kind != v.kind)
			abort();
		check_view(&v, p, len);
		inner_ecn_in(v.ds, p[0]);
	}
	if (len >= 6) {
		check_padding(p);
		wire_classify((__force __le32)get_unaligned_le32(p), len);
	}
	free(p);
	return 0;
}
