// SPDX-License-Identifier: GPL-2.0
/*
 * One X25519 in four lanes of AVX-512 IFMA (256-bit vectors): the ladder's
 * coordinates x2, z2, x3, z3 side by side, so that a step is three rounds of
 * four multiplications each.
 */
#include "crypto/x86/curve25519.h"

#define FE_LANES 4
#include "crypto/x86/fe43.h"
#include "crypto/x25519_invert.h"

#define LANE_1		0x2
#define LANES_13	0xa
#define LANES_123	0xe

struct x25519_quad {
	struct fe v;		/* x2, z2, x3, z3 */
	struct fe factor;	/* 1, -, 1, x1: what the third round is times */
};

/* (p, q, r, s) to (p + q, p - q, r + s, r - s) from tight to loose. */
static __always_inline void fe_butterfly(struct fe *r, const struct fe *a)
{
	int i;

#pragma GCC unroll 6
	for (i = 0; i < 6; i++) {
		const __m256i v = FE_VEC(a->v[i]);
		const __m256i even = _mm256_unpacklo_epi64(v, v);
		const __m256i odd = _mm256_unpackhi_epi64(v, v);
		const __m256i bias = FE_VEC(FE_ALL(i ? FE_BIAS : FE_BIAS_0));

		r->v[i] = (fe_v)_mm256_add_epi64(even,
			_mm256_mask_sub_epi64(odd, LANES_13, bias, odd));
	}
}

static __always_inline void fe_shuffle(struct fe *r, const struct fe *a,
				       __m256i index)
{
	int i;

#pragma GCC unroll 6
	for (i = 0; i < 6; i++)
		r->v[i] = (fe_v)_mm256_permutexvar_epi64(index,
							 FE_VEC(a->v[i]));
}

/*
 * One bit [RFC 7748 5]; @swap is 2 when it differs from the bit before, else 0.
 * Rounds, by lane, with A = x2 + z2, B = x2 - z2, C = x3 + z3, D = x3 - z3, of
 * which A and B are exchanged with C and D before they are squared:
 *
 *	AA = A A	BB = B B		DA = A D	CB = B C
 *	x2 = AA BB	F = a24 E + AA		(DA + CB)^2	(DA - CB)^2
 *	x2 = x2 1	z2 = F E		x3 = .. 1	z3 = .. x1
 */
static __always_inline void x25519_step4(struct x25519_quad *q, u64 swap)
{
	const __m256i exchange = _mm256_set_epi64x(0, 0, (s64)swap, (s64)swap);
	const __m256i left = _mm256_set_epi64x(1, 0, 1, 0);
	const __m256i right = _mm256_set_epi64x(2, 3, 1, 0);
	const __m256i one_a24 = _mm256_set_epi64x(0, 0, 121665, 0);
	struct fe a, b, c;
	int i;

	fe_butterfly(&c, &q->v);
	fe_shuffle(&a, &c, _mm256_xor_si256(left, exchange));
	fe_shuffle(&b, &c, _mm256_xor_si256(right, exchange));
	fe_mul(&q->v, &a, &b);

	/* a = AA, E, DA + CB, DA - CB; b = BB, a24, and again; c = 0, AA, 0, 0 */
#pragma GCC unroll 6
	for (i = 0; i < 6; i++) {
		const __m256i v = FE_VEC(q->v.v[i]);
		const __m256i even = _mm256_unpacklo_epi64(v, v);
		const __m256i odd = _mm256_unpackhi_epi64(v, v);
		const __m256i bias = FE_VEC(FE_ALL(i ? FE_BIAS : FE_BIAS_0));
		const __m256i sign = _mm256_mask_sub_epi64(odd, LANES_13, bias,
							   odd);
		const __m256i sum = _mm256_mask_add_epi64(even, LANES_123, even,
							  sign);

		a.v[i] = (fe_v)sum;
		b.v[i] = (fe_v)_mm256_mask_blend_epi64(0xc, odd, sum);
		b.v[i] = (fe_v)_mm256_mask_blend_epi64(LANE_1,
			FE_VEC(b.v[i]), i ? _mm256_setzero_si256() : one_a24);
		c.v[i] = (fe_v)_mm256_maskz_mov_epi64(LANE_1, even);
	}
	fe_mul_add(&q->v, &a, &b, &c);

#pragma GCC unroll 6
	for (i = 0; i < 6; i++)
		b.v[i] = (fe_v)_mm256_mask_blend_epi64(LANE_1,
			FE_VEC(q->factor.v[i]), FE_VEC(a.v[i]));
	fe_mul(&q->v, &q->v, &b);
}

static void x25519_load4(struct x25519_quad *q, const u8 point[32])
{
	const __m256i one = _mm256_set_epi64x(0, 1, 0, 1);
	fe_v w[4];
	struct fe x1;
	int i;

	for (i = 0; i < 4; i++)
		w[i] = FE_ALL((s64)get_unaligned_le64(point + 8 * i));
	fe_unpack(&x1, w);
	for (i = 0; i < 6; i++) {
		const __m256i k = i ? _mm256_setzero_si256() : one;
		const __m256i x = FE_VEC(x1.v[i]);

		/* 1, 0, x1, 1 and 1, 0, 1, x1 */
		q->v.v[i] = (fe_v)_mm256_blend_epi32(
			_mm256_permute4x64_epi64(k, 0x04), x, 0x30);
		q->factor.v[i] = (fe_v)_mm256_blend_epi32(k, x, 0xc0);
	}
}

/* out = x / z of lanes 0 and 1. */
static void x25519_divide4(u8 out[32], const struct fe *xz)
{
	struct fe inverse, x;
	fe_v w[4];
	int i;

	fe_pack(w, xz);
	for (i = 0; i < 4; i++)
		put_unaligned_le64(w[i][1], out + 8 * i);
	x25519_invert(out, out);
	for (i = 0; i < 4; i++)
		w[i] = FE_ALL((s64)get_unaligned_le64(out + 8 * i));
	fe_unpack(&inverse, w);
	fe_mul(&x, xz, &inverse);
	fe_pack(w, &x);
	for (i = 0; i < 4; i++)
		put_unaligned_le64(w[i][0], out + 8 * i);
	memzero_explicit(&inverse, sizeof(inverse));
	memzero_explicit(&x, sizeof(x));
	memzero_explicit(w, sizeof(w));
}

void x25519_ifma4(u8 out[32], const u8 secret[32], const u8 point[32])
{
	struct x25519_quad q;
	u64 bit, before = 0;
	int i;

	x25519_load4(&q, point);
	for (i = 254; i >= 0; i--) {
		bit = secret[i / 8] >> (i % 8) & 1;
		x25519_step4(&q, (bit ^ before) << 1);
		before = bit;
	}
	x25519_divide4(out, &q.v);
	memzero_explicit(&q, sizeof(q));
}
