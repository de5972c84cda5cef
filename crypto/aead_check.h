/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Internet checksum [RFC 1071] of a plaintext, written just before it is
 * sealed. Inline parts of aead.c and of each SIMD path, which define text_sum().
 */
#ifndef WG_CRYPTO_AEAD_CHECK_H
#define WG_CRYPTO_AEAD_CHECK_H

#include "crypto/aead.h"

/*
 * Something that is congruent to the sum of the 16-bit little-endian words at @p
 * modulo 2^16 - 1, and 0 only if they all are; a byte without a second one counts
 * as if a zero followed. Others may be added to it. Of each path.
 */
static u64 text_sum(const u8 *p, u32 len);

/* The same, a word of 32 bits after the other, for 2^16 is congruent to 1. */
static inline u64 sum_words(const u8 *p, u32 len)
{
	u8 last[4] = { 0 };
	u64 sum = 0;

	for (; len >= sizeof(last); len -= sizeof(last)) {
		sum += get_unaligned_le32(p);
		p += sizeof(last);
	}
	memcpy(last, p, len);
	return sum + get_unaligned_le32(last);
}

/* The checksum that belongs to a sum; never 0, for that says "none" [RFC 768]. */
static inline u16 sum_fold(u64 sum)
{
	u16 check;

	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	check = (u16)~sum;
	return check ? check : 0xffff;
}

/* The checksum of @msg, in which the words of its text make @sum. */
static inline u16 check_of(const struct aead_msg *msg, u64 sum)
{
	return sum_fold(sum + get_unaligned_le16(&msg->sum));
}

static inline void check_write(const struct aead_msg *msg)
{
	const u32 from = msg->head, to = msg->len - msg->tail;
	u64 sum;

	if (!msg->check)
		return;
	sum = text_sum(msg->dst, from) + text_sum(msg->dst + to, msg->tail);
	if (from < to)	/* otherwise there may be no source */
		sum += text_sum(msg->src + from, to - from);
	put_unaligned_le16(check_of(msg, sum), msg->dst + msg->check);
}

#endif /* WG_CRYPTO_AEAD_CHECK_H */
