// SPDX-License-Identifier: GPL-2.0
#include "proto/wire.h"

/* TAI was 10 s ahead of UTC when its label space begins [WP 5.1]. */
#define TAI64_EPOCH		((1ULL << 62) + 10)
/* 16.8 ms: coarse enough to say nothing of this machine's load. */
#define TAI64N_GRAIN_NS		(1U << 24)

enum wire_type wire_classify(__le32 type, size_t len)
{
	/* All four bytes are compared: the reserved three must be zero. */
	switch (le32_to_cpu(type)) {
	case WIRE_INITIATION:
		return len == WIRE_INITIATION_LEN ? WIRE_INITIATION : WIRE_BAD;
	case WIRE_RESPONSE:
		return len == WIRE_RESPONSE_LEN ? WIRE_RESPONSE : WIRE_BAD;
	case WIRE_COOKIE_REPLY:
		return len == WIRE_COOKIE_REPLY_LEN ? WIRE_COOKIE_REPLY :
						      WIRE_BAD;
	case WIRE_DATA:
		return len >= WIRE_DATA_MIN_LEN ? WIRE_DATA : WIRE_BAD;
	}
	return WIRE_BAD;
}

void wire_tai64n(u8 out[WIRE_TAI64N_LEN], u64 sec, u32 nsec)
{
	put_unaligned_be64(TAI64_EPOCH + sec, out);
	put_unaligned_be32(nsec & ~(TAI64N_GRAIN_NS - 1), out + 8);
}
