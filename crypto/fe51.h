/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The field of 2^255 - 19 in five limbs of 51 bits, for machines that multiply
 * 64 by 64 bits. The portable field of curve25519.c; included nowhere else.
 *
 * Products and squares have limbs below 2^51 + 2^13; sums and differences of
 * them may be summed once more and multiplied without a carry (limbs < 2^54).
 */
#ifndef WG_CRYPTO_FE51_H
#define WG_CRYPTO_FE51_H

#include "crypto/port.h"

typedef unsigned __int128 fe_wide;

struct fe {
	u64 v[5];
};

#define FE_MASK	((1ULL << 51) - 1)

static inline void fe_read(struct fe *r, const u8 in[32])
{
	u64 a = get_unaligned_le64(in), b = get_unaligned_le64(in + 8);
	u64 c = get_unaligned_le64(in + 16), d = get_unaligned_le64(in + 24);

	r->v[0] = a & FE_MASK;
	r->v[1] = (a >> 51 | b << 13) & FE_MASK;
	r->v[2] = (b >> 38 | c << 26) & FE_MASK;
	r->v[3] = (c >> 25 | d << 39) & FE_MASK;
	r->v[4] = (d >> 12) & FE_MASK;
}

/* Carries around once: limbs below 2^51 + 2^18 from any. */
static inline void fe_carry(struct fe *r)
{
	int i;

	for (i = 0; i < 4; i++) {
		r->v[i + 1] += r->v[i] >> 51;
		r->v[i] &= FE_MASK;
	}
	r->v[0] += 19 * (r->v[4] >> 51);
	r->v[4] &= FE_MASK;
}

/* Writes the one representative below 2^255 - 19. */
static inline void fe_write(u8 out[32], const struct fe *a)
{
	struct fe t = *a;
	u64 q;
	int i;

	fe_carry(&t);
	fe_carry(&t);
	/* q = 1 when t >= p: the carry out of t + 19. */
	q = (t.v[0] + 19) >> 51;
	for (i = 1; i < 5; i++)
		q = (t.v[i] + q) >> 51;
	t.v[0] += 19 * q;
	for (i = 0; i < 4; i++) {
		t.v[i + 1] += t.v[i] >> 51;
		t.v[i] &= FE_MASK;
	}
	t.v[4] &= FE_MASK;
	put_unaligned_le64(t.v[0] | t.v[1] << 51, out);
	put_unaligned_le64(t.v[1] >> 13 | t.v[2] << 38, out + 8);
	put_unaligned_le64(t.v[2] >> 26 | t.v[3] << 25, out + 16);
	put_unaligned_le64(t.v[3] >> 39 | t.v[4] << 12, out + 24);
}

static __always_inline void fe_add(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	int i;

	for (i = 0; i < 5; i++)
		r->v[i] = a->v[i] + b->v[i];
}

/* Adds 4p first, so that no limb goes below zero; b's limbs are below 2^53. */
static __always_inline void fe_sub(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	int i;

	r->v[0] = a->v[0] + 4 * (FE_MASK - 18) - b->v[0];
	for (i = 1; i < 5; i++)
		r->v[i] = a->v[i] + 4 * FE_MASK - b->v[i];
}

static __always_inline void fe_reduce(struct fe *r, fe_wide w[5])
{
	u64 top;
	int i;

	for (i = 0; i < 4; i++) {
		w[i + 1] += (u64)(w[i] >> 51);
		r->v[i] = (u64)w[i] & FE_MASK;
	}
	top = (u64)(w[4] >> 51);
	r->v[4] = (u64)w[4] & FE_MASK;
	w[0] = (fe_wide)top * 19 + r->v[0];
	r->v[0] = (u64)w[0] & FE_MASK;
	r->v[1] += (u64)(w[0] >> 51);
}

static __always_inline void fe_mul(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	const u64 a0 = a->v[0], a1 = a->v[1], a2 = a->v[2];
	const u64 a3 = a->v[3], a4 = a->v[4];
	const u64 b0 = b->v[0], b1 = b->v[1], b2 = b->v[2];
	const u64 b3 = b->v[3], b4 = b->v[4];
	const u64 c1 = 19 * b1, c2 = 19 * b2, c3 = 19 * b3, c4 = 19 * b4;
	fe_wide w[5];

	w[0] = (fe_wide)a0 * b0 + (fe_wide)a1 * c4 + (fe_wide)a2 * c3 +
	       (fe_wide)a3 * c2 + (fe_wide)a4 * c1;
	w[1] = (fe_wide)a0 * b1 + (fe_wide)a1 * b0 + (fe_wide)a2 * c4 +
	       (fe_wide)a3 * c3 + (fe_wide)a4 * c2;
	w[2] = (fe_wide)a0 * b2 + (fe_wide)a1 * b1 + (fe_wide)a2 * b0 +
	       (fe_wide)a3 * c4 + (fe_wide)a4 * c3;
	w[3] = (fe_wide)a0 * b3 + (fe_wide)a1 * b2 + (fe_wide)a2 * b1 +
	       (fe_wide)a3 * b0 + (fe_wide)a4 * c4;
	w[4] = (fe_wide)a0 * b4 + (fe_wide)a1 * b3 + (fe_wide)a2 * b2 +
	       (fe_wide)a3 * b1 + (fe_wide)a4 * b0;
	fe_reduce(r, w);
}

static __always_inline void fe_sqr(struct fe *r, const struct fe *a)
{
	const u64 a0 = a->v[0], a1 = a->v[1], a2 = a->v[2];
	const u64 a3 = a->v[3], a4 = a->v[4];
	const u64 d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2;
	const u64 c3 = 19 * a3, c4 = 19 * a4;
	fe_wide w[5];

	w[0] = (fe_wide)a0 * a0 + (fe_wide)d1 * c4 + (fe_wide)d2 * c3;
	w[1] = (fe_wide)d0 * a1 + (fe_wide)d2 * c4 + (fe_wide)a3 * c3;
	w[2] = (fe_wide)d0 * a2 + (fe_wide)a1 * a1 + (fe_wide)(2 * a3) * c4;
	w[3] = (fe_wide)d0 * a3 + (fe_wide)d1 * a2 + (fe_wide)a4 * c4;
	w[4] = (fe_wide)d0 * a4 + (fe_wide)d1 * a3 + (fe_wide)a2 * a2;
	fe_reduce(r, w);
}

/* r = k * a for a small constant. */
static __always_inline void fe_mul_small(struct fe *r, const struct fe *a, u32 k)
{
	fe_wide w[5];
	int i;

	for (i = 0; i < 5; i++)
		w[i] = (fe_wide)a->v[i] * k;
	fe_reduce(r, w);
}

/* Exchanges a and b when @bit is 1. */
static __always_inline void fe_cswap(struct fe *a, struct fe *b, u64 bit)
{
	const u64 mask = ct_mask(-bit);
	int i;

	for (i = 0; i < 5; i++) {
		const u64 t = mask & (a->v[i] ^ b->v[i]);

		a->v[i] ^= t;
		b->v[i] ^= t;
	}
}

#endif /* WG_CRYPTO_FE51_H */
