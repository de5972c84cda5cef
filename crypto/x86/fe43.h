/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The field of 2^255 - 19 for AVX-512 IFMA, FE_LANES numbers at once: six limbs
 * of 43 bits, limb i of all numbers in one vector. FE_LANES is 8 or 4. Included
 * by x25519_ifma*.c only.
 *
 * IFMA multiplies 52 by 52 bits and adds the low or the high 52 bits of the
 * product. Six limbs of 43 rather than five of 51 leave the room which makes
 * everything else cheap: a sum or a difference is multiplied without a carry,
 * and so is 152 times a limb, which is what wraps around (2^258 = 152 mod p).
 *
 *   "tight"  limbs < 2^43 + 2^22: what multiplication yields
 *   "loose"  limbs < 2^44.7: a sum or a difference of two tight numbers
 *
 * Multiplication takes loose operands, and 152 * loose < 2^52. A high half
 * counts 2^52 = 2^9 * 2^43: nine bits up in the next limb. Sums of halves stay
 * below 2^58, so one carry from every limb into the next makes a result tight.
 */
#ifndef WG_CRYPTO_X86_FE43_H
#define WG_CRYPTO_X86_FE43_H

#include "crypto/x86/intrinsics.h"

typedef u64 fe_v __attribute__((vector_size(8 * FE_LANES)));

#if FE_LANES == 8
#define FE_VEC(v)		((__m512i)(v))
#define FE_ALL(k)		((fe_v)_mm512_set1_epi64(k))
#define fe_madd_lo(s, x, y)						\
	((fe_v)_mm512_madd52lo_epu64(FE_VEC(s), FE_VEC(x), FE_VEC(y)))
#define fe_madd_hi(s, x, y)						\
	((fe_v)_mm512_madd52hi_epu64(FE_VEC(s), FE_VEC(x), FE_VEC(y)))
#else
#define FE_VEC(v)		((__m256i)(v))
#define FE_ALL(k)		((fe_v)_mm256_set1_epi64x(k))
#define fe_madd_lo(s, x, y)						\
	((fe_v)_mm256_madd52lo_epu64(FE_VEC(s), FE_VEC(x), FE_VEC(y)))
#define fe_madd_hi(s, x, y)						\
	((fe_v)_mm256_madd52hi_epu64(FE_VEC(s), FE_VEC(x), FE_VEC(y)))
#endif

#define FE_MASK		((1ULL << 43) - 1)
#define FE_MASK_TOP	((1ULL << 40) - 1)	/* limb 5 of a reduced number */

/* 16p, in limbs large enough to subtract any tight limb from. */
#define FE_BIAS_0	((1ULL << 44) - 304)
#define FE_BIAS		((1ULL << 44) - 2)

struct fe {
	fe_v v[6];
};

/* The halves of the products that meet in each of six limbs. */
struct fe_sums {
	fe_v lo[6], hi[6];
};

static __always_inline void fe_add(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	r->v[0] = a->v[0] + b->v[0];
	r->v[1] = a->v[1] + b->v[1];
	r->v[2] = a->v[2] + b->v[2];
	r->v[3] = a->v[3] + b->v[3];
	r->v[4] = a->v[4] + b->v[4];
	r->v[5] = a->v[5] + b->v[5];
}

static __always_inline void fe_sub(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	r->v[0] = a->v[0] + (FE_ALL(FE_BIAS_0) - b->v[0]);
	r->v[1] = a->v[1] + (FE_ALL(FE_BIAS) - b->v[1]);
	r->v[2] = a->v[2] + (FE_ALL(FE_BIAS) - b->v[2]);
	r->v[3] = a->v[3] + (FE_ALL(FE_BIAS) - b->v[3]);
	r->v[4] = a->v[4] + (FE_ALL(FE_BIAS) - b->v[4]);
	r->v[5] = a->v[5] + (FE_ALL(FE_BIAS) - b->v[5]);
}

/* One carry everywhere, limb 5's around into limb 0 times 152. */
static __always_inline void fe_carry(struct fe *r)
{
	const fe_v m = FE_ALL(FE_MASK);
	const fe_v c0 = r->v[0] >> 43, c1 = r->v[1] >> 43, c2 = r->v[2] >> 43;
	const fe_v c3 = r->v[3] >> 43, c4 = r->v[4] >> 43, c5 = r->v[5] >> 43;

	r->v[0] = fe_madd_lo(r->v[0] & m, c5, FE_ALL(152));
	r->v[1] = (r->v[1] & m) + c0;
	r->v[2] = (r->v[2] & m) + c1;
	r->v[3] = (r->v[3] & m) + c2;
	r->v[4] = (r->v[4] & m) + c3;
	r->v[5] = (r->v[5] & m) + c4;
}

/* Sums to a tight number. hi[5] belongs into limb 6: 152 << 9 times in limb 0. */
static __always_inline void fe_reduce(struct fe *r, struct fe_sums *s)
{
	const fe_v wrap = FE_ALL(152 << 9);

	s->lo[0] = fe_madd_lo(s->lo[0], s->hi[5], wrap);
	s->hi[0] = fe_madd_hi(s->hi[0], s->hi[5], wrap);
	r->v[0] = s->lo[0];
	r->v[1] = s->lo[1] + (s->hi[0] << 9);
	r->v[2] = s->lo[2] + (s->hi[1] << 9);
	r->v[3] = s->lo[3] + (s->hi[2] << 9);
	r->v[4] = s->lo[4] + (s->hi[3] << 9);
	r->v[5] = s->lo[5] + (s->hi[4] << 9);
	fe_carry(r);
}

#define FE_MADD(s, k, x, y)						\
	do {								\
		(s).lo[k] = fe_madd_lo((s).lo[k], x, y);		\
		(s).hi[k] = fe_madd_hi((s).hi[k], x, y);		\
	} while (0)

/* Limb x times six limbs, wherever the products belong. */
#define FE_ROW(s, x, y0, y1, y2, y3, y4, y5)				\
	do {								\
		FE_MADD(s, 5, x, y5);					\
		FE_MADD(s, 4, x, y4);					\
		FE_MADD(s, 3, x, y3);					\
		FE_MADD(s, 2, x, y2);					\
		FE_MADD(s, 1, x, y1);					\
		FE_MADD(s, 0, x, y0);					\
	} while (0)

/* r = a * b + c, @c in any limbs below 2^57. */
static __always_inline void fe_mul_add(struct fe *r, const struct fe *a,
				       const struct fe *b, const struct fe *c)
{
	const fe_v a0 = a->v[0], a1 = a->v[1], a2 = a->v[2];
	const fe_v a3 = a->v[3], a4 = a->v[4], a5 = a->v[5];
	const fe_v b0 = b->v[0], b1 = b->v[1], b2 = b->v[2];
	const fe_v b3 = b->v[3], b4 = b->v[4], b5 = b->v[5];
	const fe_v zero = FE_ALL(0), wrap = FE_ALL(152);
	const fe_v w1 = fe_madd_lo(zero, b1, wrap);
	const fe_v w2 = fe_madd_lo(zero, b2, wrap);
	const fe_v w3 = fe_madd_lo(zero, b3, wrap);
	const fe_v w4 = fe_madd_lo(zero, b4, wrap);
	const fe_v w5 = fe_madd_lo(zero, b5, wrap);
	struct fe_sums s = {
		{ c->v[0], c->v[1], c->v[2], c->v[3], c->v[4], c->v[5] },
		{ zero, zero, zero, zero, zero, zero },
	};

	FE_ROW(s, a0, b0, b1, b2, b3, b4, b5);
	FE_ROW(s, a1, w5, b0, b1, b2, b3, b4);
	FE_ROW(s, a2, w4, w5, b0, b1, b2, b3);
	FE_ROW(s, a3, w3, w4, w5, b0, b1, b2);
	FE_ROW(s, a4, w2, w3, w4, w5, b0, b1);
	FE_ROW(s, a5, w1, w2, w3, w4, w5, b0);
	fe_reduce(r, &s);
}

static __always_inline void fe_mul(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	const fe_v zero = FE_ALL(0);
	const struct fe nothing = { { zero, zero, zero, zero, zero, zero } };

	fe_mul_add(r, a, b, &nothing);
}

/* 21 products instead of 36: what occurs twice is taken once, doubled. */
static __always_inline void fe_sqr(struct fe *r, const struct fe *a)
{
	const fe_v a0 = a->v[0], a1 = a->v[1], a2 = a->v[2];
	const fe_v a3 = a->v[3], a4 = a->v[4], a5 = a->v[5];
	const fe_v d0 = a0 + a0, d1 = a1 + a1, d2 = a2 + a2;
	const fe_v d3 = a3 + a3, d4 = a4 + a4;
	const fe_v zero = FE_ALL(0), wrap = FE_ALL(152);
	const fe_v w3 = fe_madd_lo(zero, a3, wrap);
	const fe_v w4 = fe_madd_lo(zero, a4, wrap);
	const fe_v w5 = fe_madd_lo(zero, a5, wrap);
	struct fe_sums s = {
		{ zero, zero, zero, zero, zero, zero },
		{ zero, zero, zero, zero, zero, zero },
	};

	FE_MADD(s, 5, d0, a5);
	FE_MADD(s, 4, d0, a4);
	FE_MADD(s, 3, d0, a3);
	FE_MADD(s, 2, d0, a2);
	FE_MADD(s, 1, d0, a1);
	FE_MADD(s, 0, a0, a0);
	FE_MADD(s, 5, d1, a4);
	FE_MADD(s, 4, d1, a3);
	FE_MADD(s, 3, d1, a2);
	FE_MADD(s, 2, a1, a1);
	FE_MADD(s, 1, d2, w5);
	FE_MADD(s, 0, d1, w5);
	FE_MADD(s, 5, d2, a3);
	FE_MADD(s, 4, a2, a2);
	FE_MADD(s, 3, d4, w5);
	FE_MADD(s, 2, d3, w5);
	FE_MADD(s, 1, d3, w4);
	FE_MADD(s, 0, d2, w4);
	FE_MADD(s, 4, a5, w5);
	FE_MADD(s, 2, a4, w4);
	FE_MADD(s, 0, a3, w3);
	fe_reduce(r, &s);
}

/* From four 64-bit words, bit 255 dropped. */
static __always_inline void fe_unpack(struct fe *r, const fe_v w[4])
{
	const fe_v m = FE_ALL(FE_MASK);

	r->v[0] = w[0] & m;
	r->v[1] = (w[0] >> 43 | w[1] << 21) & m;
	r->v[2] = (w[1] >> 22 | w[2] << 42) & m;
	r->v[3] = (w[2] >> 1) & m;
	r->v[4] = (w[2] >> 44 | w[3] << 20) & m;
	r->v[5] = (w[3] >> 23) & FE_ALL(FE_MASK_TOP);
}

/* Carries limb by limb; what passes 2^255 comes back 19 times. */
static __always_inline void fe_carry_all(struct fe *a)
{
	const fe_v m = FE_ALL(FE_MASK);
	fe_v c;
	int i;

	c = a->v[5] >> 40;
	a->v[5] &= FE_ALL(FE_MASK_TOP);
	a->v[0] += c * 19;
	for (i = 0; i < 5; i++) {
		a->v[i + 1] += a->v[i] >> 43;
		a->v[i] &= m;
	}
}

/* To the four words of the one representative below p. @a is tight. */
static __always_inline void fe_pack(fe_v w[4], const struct fe *a)
{
	struct fe t = *a;
	fe_v q;
	int i;

	fe_carry_all(&t);
	fe_carry_all(&t);
	q = (t.v[0] + 19) >> 43;
	for (i = 1; i < 5; i++)
		q = (t.v[i] + q) >> 43;
	q = (t.v[5] + q) >> 40;
	/* The number is q p + rest: p off is 19 on and 2^255 off. */
	t.v[0] += q * 19;
	for (i = 0; i < 5; i++) {
		t.v[i + 1] += t.v[i] >> 43;
		t.v[i] &= FE_ALL(FE_MASK);
	}
	t.v[5] &= FE_ALL(FE_MASK_TOP);
	w[0] = t.v[0] | t.v[1] << 43;
	w[1] = t.v[1] >> 21 | t.v[2] << 22;
	w[2] = t.v[2] >> 42 | t.v[3] << 1 | t.v[4] << 44;
	w[3] = t.v[4] >> 20 | t.v[5] << 23;
}

#endif /* WG_CRYPTO_X86_FE43_H */
