/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The field of 2^255 - 19 in ten signed limbs of 26 and 25 bits in turn, for
 * machines that multiply 32 by 32 bits. The portable field of curve25519.c
 * there; included nowhere else.
 *
 * Limb i weighs 2^ceil(25.5 i). Every operation leaves limbs of magnitude
 * below 2^25 + 2^20 (odd: 2^24 + 2^20), small enough to multiply at once.
 */
#ifndef WG_CRYPTO_FE25_H
#define WG_CRYPTO_FE25_H

#include "crypto/port.h"

struct fe {
	s32 v[10];
};

#define FE_BITS(i)	((i) & 1 ? 25 : 26)

/* Carries @w around once, rounding to nearest, into @r. */
static inline void fe_reduce(struct fe *r, s64 w[10])
{
	s64 c;
	int i;

	for (i = 0; i < 10; i++) {
		c = (w[i] + (1LL << (FE_BITS(i) - 1))) >> FE_BITS(i);
		w[i] -= c * (1LL << FE_BITS(i));
		if (i < 9)
			w[i + 1] += c;
		else
			w[0] += 19 * c;
	}
	c = (w[0] + (1LL << 25)) >> 26;
	w[0] -= c * (1LL << 26);
	w[1] += c;
	for (i = 0; i < 10; i++)
		r->v[i] = (s32)w[i];
}

static inline void fe_read(struct fe *r, const u8 in[32])
{
	s64 w[10];
	int i, bit = 0;

	for (i = 0; i < 10; bit += FE_BITS(i), i++) {
		/* The last limb ends at bit 255: its word starts 3 bytes early. */
		const int at = min(bit / 8, 28);

		w[i] = get_unaligned_le32(in + at) >> (bit - 8 * at);
		w[i] |= i < 9 ? (s64)in[at + 4] << (32 - (bit - 8 * at)) : 0;
		w[i] &= (1LL << FE_BITS(i)) - 1;
	}
	fe_reduce(r, w);
}

/* Writes the one representative in [0, 2^255 - 19). */
static inline void fe_write(u8 out[32], const struct fe *a)
{
	s64 w[10], q = 0, c;
	u64 acc = 0;
	int i, j, n = 0;

	/* q = floor(a / p), -1, 0 or 1, is the carry out of a + 19 q'. */
	q = (19 * (s64)a->v[9] + (1LL << 24)) >> 25;
	for (i = 0; i < 10; i++)
		q = (a->v[i] + q) >> FE_BITS(i);
	for (i = 0; i < 10; i++)
		w[i] = a->v[i];
	w[0] += 19 * q;
	for (i = 0; i < 10; i++) {
		c = w[i] >> FE_BITS(i);
		w[i] -= c * (1LL << FE_BITS(i));
		if (i < 9)
			w[i + 1] += c;
	}
	for (i = 0, j = 0; i < 10; i++) {
		acc |= (u64)w[i] << n;
		for (n += FE_BITS(i); n >= 8; n -= 8, acc >>= 8)
			out[j++] = (u8)acc;
	}
	out[31] = (u8)acc;
}

static inline void fe_add(struct fe *r, const struct fe *a, const struct fe *b)
{
	s64 w[10];
	int i;

	for (i = 0; i < 10; i++)
		w[i] = (s64)a->v[i] + b->v[i];
	fe_reduce(r, w);
}

static inline void fe_sub(struct fe *r, const struct fe *a, const struct fe *b)
{
	s64 w[10];
	int i;

	for (i = 0; i < 10; i++)
		w[i] = (s64)a->v[i] - b->v[i];
	fe_reduce(r, w);
}

/*
 * Column by column: a product that wraps past limb 9 counts 19 times, one of
 * two odd limbs (half a bit short each) twice.
 */
static inline void fe_mul(struct fe *r, const struct fe *a, const struct fe *b)
{
	s64 w[10] = { 0 };
	s32 wrap[10], twice[10];
	int i, j;

	for (i = 0; i < 10; i++) {
		wrap[i] = 19 * b->v[i];
		twice[i] = a->v[i] * (1 + (i & 1));
	}
	for (i = 0; i < 10; i++)
		for (j = 0; j < 10; j++) {
			const s32 x = j & 1 ? twice[i] : a->v[i];
			const int k = i + j;

			if (k < 10)
				w[k] += (s64)x * b->v[j];
			else
				w[k - 10] += (s64)x * wrap[j];
		}
	fe_reduce(r, w);
}

static inline void fe_sqr(struct fe *r, const struct fe *a)
{
	fe_mul(r, a, a);
}

/* r = k * a for a small constant. */
static inline void fe_mul_small(struct fe *r, const struct fe *a, u32 k)
{
	s64 w[10];
	int i;

	for (i = 0; i < 10; i++)
		w[i] = (s64)a->v[i] * k;
	fe_reduce(r, w);
}

/* Exchanges a and b when @bit is 1. */
static inline void fe_cswap(struct fe *a, struct fe *b, u64 bit)
{
	const s32 mask = (s32)ct_mask(-bit);
	int i;

	for (i = 0; i < 10; i++) {
		const s32 t = mask & (a->v[i] ^ b->v[i]);

		a->v[i] ^= t;
		b->v[i] ^= t;
	}
}

#endif /* WG_CRYPTO_FE25_H */
