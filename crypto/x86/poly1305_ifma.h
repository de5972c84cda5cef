/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 in eight lanes of AVX-512 IFMA: numbers modulo 2^130 - 5 in radix
 * 2^44, one limb of eight numbers a vector. Inline parts of aead_avx512.c.
 *
 * A limb may exceed its 44 (44, 42) bits a little; what is multiplied must stay
 * below 2^52, for that is what the instruction takes. After a carry limbs are
 * below 2^44 + 2^12, and the 20-fold of a multiplier below 2^49.
 *
 * 2^132 = 4 * 2^130 = 20 (mod p): a product which passes limb 2 comes back times
 * 20. The upper halves which the instruction yields count 2^52 = 2^8 * 2^44.
 */
#ifndef WG_CRYPTO_X86_POLY1305_IFMA_H
#define WG_CRYPTO_X86_POLY1305_IFMA_H

#include "crypto/stack.h"
#include "crypto/x86/intrinsics.h"

typedef u64 p1305_v8 __attribute__((vector_size(64)));

#define P1305_MASK_44	((1ULL << 44) - 1)
#define P1305_MASK_42	((1ULL << 42) - 1)

struct p1305_limbs {	/* something to be multiplied */
	p1305_v8 l[3];
};

struct p1305_factor {	/* something to multiply with */
	p1305_v8 l[3];
	p1305_v8 twenty[2];	/* 20 * l[1], 20 * l[2] */
};

struct p1305_sum {	/* of products, low and high 52 bits */
	p1305_v8 lo[3], hi[3];
};

static __always_inline p1305_v8 p1305_all(u64 value)
{
	return (p1305_v8)_mm512_set1_epi64((long long)value);
}

/*
 * A constant, from memory: GCC would take it through a general register, which
 * costs the port of the shuffles each time.
 */
static __always_inline p1305_v8 p1305_word(const u64 *word)
{
	p1305_v8 x;

	__asm__("vpbroadcastq %1, %0" : "=v"(x) : "m"(*word));
	return x;
}

static const u64 p1305_mask_44 = P1305_MASK_44;
static const u64 p1305_mask_42 = P1305_MASK_42;
static const u64 p1305_one = 1;
static const u64 p1305_at_132 = 20, p1305_at_140 = 5120; /* modulo p */

static __always_inline p1305_v8 p1305_madd_lo(p1305_v8 sum, p1305_v8 a,
					      p1305_v8 b)
{
	return (p1305_v8)_mm512_madd52lo_epu64((__m512i)sum, (__m512i)a,
					       (__m512i)b);
}

static __always_inline p1305_v8 p1305_madd_hi(p1305_v8 sum, p1305_v8 a,
					      p1305_v8 b)
{
	return (p1305_v8)_mm512_madd52hi_epu64((__m512i)sum, (__m512i)a,
					       (__m512i)b);
}

/* Bits @n to @n + 63 of two words. */
#define p1305_shift_in(low, high, n)					\
	((p1305_v8)_mm512_shrdi_epi64((__m512i)(low), (__m512i)(high), n))

/* The limbs of sixteen bytes given as two words, without the bit above. */
static __always_inline struct p1305_limbs p1305_split(p1305_v8 low,
						      p1305_v8 high)
{
	struct p1305_limbs x;

	x.l[0] = low & p1305_word(&p1305_mask_44);
	x.l[1] = p1305_shift_in(low, high, 44) & p1305_word(&p1305_mask_44);
	x.l[2] = high >> 24;
	return x;
}

/* The same with @above, a word of which bit 0 is the bit above. */
static __always_inline struct p1305_limbs
p1305_split_block(p1305_v8 low, p1305_v8 high, p1305_v8 above)
{
	struct p1305_limbs x = p1305_split(low, high);

	x.l[2] = p1305_shift_in(high, above, 24);
	return x;
}

static __always_inline struct p1305_factor p1305_factor(struct p1305_limbs x)
{
	struct p1305_factor f = { { x.l[0], x.l[1], x.l[2] }, { x.l[1], x.l[2] } };

	f.twenty[0] = (x.l[1] << 4) + (x.l[1] << 2);
	f.twenty[1] = (x.l[2] << 4) + (x.l[2] << 2);
	return f;
}

/* sum += x * f */
static __always_inline void p1305_accumulate(struct p1305_sum *sum,
					     struct p1305_limbs x,
					     const struct p1305_factor *f)
{
	const p1305_v8 *r = f->l, *s = f->twenty;

#define P1305_ROW(i, f0, f1, f2)					\
do {									\
	sum->lo[0] = p1305_madd_lo(sum->lo[0], x.l[i], f0);		\
	sum->lo[1] = p1305_madd_lo(sum->lo[1], x.l[i], f1);		\
	sum->lo[2] = p1305_madd_lo(sum->lo[2], x.l[i], f2);		\
	sum->hi[0] = p1305_madd_hi(sum->hi[0], x.l[i], f0);		\
	sum->hi[1] = p1305_madd_hi(sum->hi[1], x.l[i], f1);		\
	sum->hi[2] = p1305_madd_hi(sum->hi[2], x.l[i], f2);		\
} while (0)
	P1305_ROW(2, s[0], s[1], r[0]);
	P1305_ROW(1, s[1], r[0], r[1]);
	P1305_ROW(0, r[0], r[1], r[2]);
#undef P1305_ROW
}

static __always_inline struct p1305_sum p1305_nothing(void)
{
	const p1305_v8 zero = p1305_all(0);
	struct p1305_sum sum = { { zero, zero, zero }, { zero, zero, zero } };

	return sum;
}

/* Back to limbs. */
static __always_inline struct p1305_limbs p1305_carry(struct p1305_sum sum)
{
	const p1305_v8 mask_44 = p1305_word(&p1305_mask_44);
	const p1305_v8 mask_42 = p1305_word(&p1305_mask_42);
	struct p1305_limbs x;
	p1305_v8 top;

	sum.lo[1] += (sum.hi[0] << 8) + (sum.lo[0] >> 44);
	sum.lo[2] += (sum.hi[1] << 8) + (sum.lo[1] >> 44);
	top = (sum.hi[2] << 10) + (sum.lo[2] >> 42);
	x.l[0] = (sum.lo[0] & mask_44) + top + (top << 2);
	x.l[1] = (sum.lo[1] & mask_44) + (x.l[0] >> 44);
	x.l[0] &= mask_44;
	x.l[2] = sum.lo[2] & mask_42;
	return x;
}

/*
 * Back to limbs of 44 bits and a little, also the last one: what goes on to be
 * multiplied only. 2^132 counts 20, and 2^140, where the last upper half is,
 * 5120: for the sum of two products it stays below 2^39.2, and that below 2^52.
 */
static __always_inline struct p1305_limbs p1305_carry_loose(struct p1305_sum sum)
{
	const p1305_v8 mask_44 = p1305_word(&p1305_mask_44);
	struct p1305_limbs x;
	p1305_v8 first;

	sum.lo[1] += sum.hi[0] << 8;
	sum.lo[2] += sum.hi[1] << 8;
	first = p1305_madd_lo(sum.lo[0], sum.hi[2], p1305_word(&p1305_at_140));
	first = p1305_madd_lo(first, sum.lo[2] >> 44, p1305_word(&p1305_at_132));
	x.l[0] = first & mask_44;
	x.l[1] = (sum.lo[1] & mask_44) + (first >> 44);
	x.l[2] = (sum.lo[2] & mask_44) + (sum.lo[1] >> 44);
	return x;
}

static __always_inline struct p1305_limbs
p1305_multiply(struct p1305_limbs x, const struct p1305_factor *f)
{
	struct p1305_sum sum = p1305_nothing();

	p1305_accumulate(&sum, x, f);
	return p1305_carry(sum);
}

static __always_inline struct p1305_limbs p1305_add(struct p1305_limbs x,
						    struct p1305_limbs y)
{
	x.l[0] += y.l[0];
	x.l[1] += y.l[1];
	x.l[2] += y.l[2];
	return x;
}

/* Eight vectors of eight words, transposed. */
static __always_inline void p1305_transpose(p1305_v8 v[8])
{
	__m512i t[8] STACK_UNSET;
	int i;

	UNROLLED
	for (i = 0; i < 8; i += 2) {
		__m512i x = (__m512i)v[i], y = (__m512i)v[i + 1];

		t[i] = _mm512_unpacklo_epi64(x, y);
		t[i + 1] = _mm512_unpackhi_epi64(x, y);
	}
	/* t[0]: columns 0 2 4 6 of rows 0 1; t[1]: columns 1 3 5 7; ... */
	UNROLLED
	for (i = 0; i < 2; i++) {
		__m512i a = _mm512_shuffle_i64x2(t[i], t[2 + i], 0x88);
		__m512i b = _mm512_shuffle_i64x2(t[i], t[2 + i], 0xdd);
		__m512i c = _mm512_shuffle_i64x2(t[4 + i], t[6 + i], 0x88);
		__m512i d = _mm512_shuffle_i64x2(t[4 + i], t[6 + i], 0xdd);

		/* a: columns i, 4 + i of rows 0 1, then of rows 2 3 */
		v[i] = (p1305_v8)_mm512_shuffle_i64x2(a, c, 0x88);
		v[4 + i] = (p1305_v8)_mm512_shuffle_i64x2(a, c, 0xdd);
		v[2 + i] = (p1305_v8)_mm512_shuffle_i64x2(b, d, 0x88);
		v[6 + i] = (p1305_v8)_mm512_shuffle_i64x2(b, d, 0xdd);
	}
}

/*
 * Reduce eight results fully and add the pads: the tags, low and high words.
 * As in poly1305.c: h reaches p exactly when h + 5 reaches bit 130.
 */
static __always_inline void p1305_finish(p1305_v8 *low, p1305_v8 *high,
					 struct p1305_limbs x, p1305_v8 pad_low,
					 p1305_v8 pad_high)
{
	const p1305_v8 mask_44 = p1305_word(&p1305_mask_44);
	const p1305_v8 mask_42 = p1305_word(&p1305_mask_42);
	p1305_v8 *h = x.l, g0, g1, g2;
	__mmask8 big, carry;

	h[1] += h[0] >> 44;
	h[2] += h[1] >> 44;
	h[0] = (h[0] & mask_44) + (h[2] >> 42) + ((h[2] >> 42) << 2);
	h[1] = (h[1] & mask_44) + (h[0] >> 44);
	h[0] &= mask_44;
	h[2] = (h[2] & mask_42) + (h[1] >> 44);
	h[1] &= mask_44;

	g0 = h[0] + p1305_all(5);
	g1 = h[1] + (g0 >> 44);
	g2 = h[2] + (g1 >> 44);
	big = _mm512_test_epi64_mask((__m512i)g2,
				     (__m512i)p1305_all(1ULL << 42));
	h[0] = (p1305_v8)_mm512_mask_mov_epi64((__m512i)h[0], big,
					       (__m512i)(g0 & mask_44));
	h[1] = (p1305_v8)_mm512_mask_mov_epi64((__m512i)h[1], big,
					       (__m512i)(g1 & mask_44));
	h[2] = (p1305_v8)_mm512_mask_mov_epi64((__m512i)h[2], big, (__m512i)g2);

	*low = (h[0] | h[1] << 44) + pad_low;
	carry = _mm512_cmplt_epu64_mask((__m512i)*low, (__m512i)pad_low);
	*high = (h[1] >> 20 | h[2] << 24) + pad_high;
	*high = (p1305_v8)_mm512_mask_add_epi64((__m512i)*high, carry,
						(__m512i)*high,
						(__m512i)p1305_word(&p1305_one));
}

#endif /* WG_CRYPTO_X86_POLY1305_IFMA_H */
