/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Poly1305 tag of an AEAD message without associated data, with AVX2: four
 * blocks in four lanes, radix 2^26, one limb of four numbers a vector. Inline
 * parts of aead_avx2.c.
 *
 * The instruction multiplies the low 32 bits of each lane. After a carry limbs
 * are below 2^26 + 2^10; with a block added below 2^28, and the 5-fold of a
 * multiplier below 2^29, so that ten products fit into 64 bits.
 *
 * Blocks are counted from the end of a message, as in poly1305_avx512.h.
 */
#ifndef WG_CRYPTO_X86_POLY1305_AVX2_H
#define WG_CRYPTO_X86_POLY1305_AVX2_H

#include "crypto/x86/aead_group.h"
#include "crypto/x86/intrinsics.h"

typedef u64 p1305_v4 __attribute__((vector_size(32)));

#define P1305_MASK_26	((1ULL << 26) - 1)

struct p1305_limbs_256 {	/* something to be multiplied */
	p1305_v4 l[5];
};

struct p1305_factor_256 {	/* something to multiply with */
	p1305_v4 l[5];
	p1305_v4 five[5];	/* 5 * l[i]; five[0] unused */
};

static __always_inline p1305_v4 p1305_all_256(u64 value)
{
	return (p1305_v4)_mm256_set1_epi64x((long long)value);
}

static __always_inline p1305_v4 p1305_product_256(p1305_v4 a, p1305_v4 b)
{
	return (p1305_v4)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}

/* The limbs of sixteen bytes given as two words; @top is the bit above. */
static __always_inline struct p1305_limbs_256
p1305_split_256(p1305_v4 low, p1305_v4 high, p1305_v4 top)
{
	const p1305_v4 mask = p1305_all_256(P1305_MASK_26);
	struct p1305_limbs_256 x;

	x.l[0] = low & mask;
	x.l[1] = (low >> 26) & mask;
	x.l[2] = ((low >> 52) | (high << 12)) & mask;
	x.l[3] = (high >> 14) & mask;
	x.l[4] = (high >> 40) | top;
	return x;
}

static __always_inline void p1305_factor_256(struct p1305_factor_256 *f,
					     struct p1305_limbs_256 x)
{
	int i;

	UNROLLED
	for (i = 0; i < 5; i++) {
		f->l[i] = x.l[i];
		f->five[i] = x.l[i] + (x.l[i] << 2);
	}
}

/* sum += x * f */
static __always_inline void
p1305_accumulate_256(p1305_v4 sum[5], struct p1305_limbs_256 x,
		     const struct p1305_factor_256 *f)
{
	const p1305_v4 *r = f->l, *s = f->five;

#define P1305_ROW(i, f0, f1, f2, f3, f4)				\
do {									\
	sum[0] += p1305_product_256(x.l[i], f0);			\
	sum[1] += p1305_product_256(x.l[i], f1);			\
	sum[2] += p1305_product_256(x.l[i], f2);			\
	sum[3] += p1305_product_256(x.l[i], f3);			\
	sum[4] += p1305_product_256(x.l[i], f4);			\
} while (0)
	P1305_ROW(0, r[0], r[1], r[2], r[3], r[4]);
	P1305_ROW(1, s[4], r[0], r[1], r[2], r[3]);
	P1305_ROW(2, s[3], s[4], r[0], r[1], r[2]);
	P1305_ROW(3, s[2], s[3], s[4], r[0], r[1]);
	P1305_ROW(4, s[1], s[2], s[3], s[4], r[0]);
#undef P1305_ROW
}

/* Back to limbs, in two chains which run beside each other. */
static __always_inline struct p1305_limbs_256 p1305_carry_256(p1305_v4 d[5])
{
	const p1305_v4 mask = p1305_all_256(P1305_MASK_26);
	struct p1305_limbs_256 x;
	p1305_v4 top;

	d[1] += d[0] >> 26;
	d[4] += d[3] >> 26;
	d[0] &= mask;
	d[3] &= mask;
	d[2] += d[1] >> 26;
	top = d[4] >> 26;
	d[1] &= mask;
	d[4] &= mask;
	d[0] += top + (top << 2);
	d[3] += d[2] >> 26;
	d[2] &= mask;
	d[1] += d[0] >> 26;
	d[0] &= mask;
	d[4] += d[3] >> 26;
	d[3] &= mask;
	x.l[0] = d[0];
	x.l[1] = d[1];
	x.l[2] = d[2];
	x.l[3] = d[3];
	x.l[4] = d[4];
	return x;
}

static __always_inline void p1305_nothing_256(p1305_v4 sum[5])
{
	int i;

	UNROLLED
	for (i = 0; i < 5; i++)
		sum[i] = p1305_all_256(0);
}

static __always_inline struct p1305_limbs_256
p1305_multiply_256(struct p1305_limbs_256 x, const struct p1305_factor_256 *f)
{
	p1305_v4 sum[5];

	p1305_nothing_256(sum);
	p1305_accumulate_256(sum, x, f);
	return p1305_carry_256(sum);
}

static __always_inline struct p1305_limbs_256
p1305_add_256(struct p1305_limbs_256 x, struct p1305_limbs_256 y)
{
	int i;

	UNROLLED
	for (i = 0; i < 5; i++)
		x.l[i] += y.l[i];
	return x;
}

/* Four blocks as limbs, in the order 0 2 1 3, with @top above them. */
static __always_inline struct p1305_limbs_256 p1305_read_256(const u8 *p,
							     p1305_v4 top)
{
	__m256i x = _mm256_loadu_si256((const __m256i *)p);
	__m256i y = _mm256_loadu_si256((const __m256i *)(p + 32));

	return p1305_split_256((p1305_v4)_mm256_unpacklo_epi64(x, y),
			       (p1305_v4)_mm256_unpackhi_epi64(x, y), top);
}

/* The powers of r, and space for the edges of a text. */
struct p1305_secret_256 {
	struct p1305_factor_256 f4, f8;		/* r^4, r^8 in all lanes */
	struct p1305_factor_256 last;		/* r^4 r^2 r^3 r */
	u8 edge[64] __aligned(32);
};

static __always_inline struct p1305_limbs_256
p1305_lane_256(struct p1305_limbs_256 x)
{
	int i;

	UNROLLED
	for (i = 0; i < 5; i++)
		x.l[i] = (p1305_v4)_mm256_broadcastq_epi64(
			_mm256_castsi256_si128((__m256i)x.l[i]));
	return x;
}

/* Lanes of @y where @mask has two bits, of @x elsewhere. */
#define P1305_BLEND_256(x, y, mask)					\
do {									\
	int i_;								\
									\
	UNROLLED							\
	for (i_ = 0; i_ < 5; i_++)					\
		(x).l[i_] = (p1305_v4)_mm256_blend_epi32(		\
			(__m256i)(x).l[i_], (__m256i)(y).l[i_], mask);	\
} while (0)

static noinline void p1305_powers_256(struct p1305_secret_256 *secret,
				      u64 r_low, u64 r_high, bool many)
{
	struct p1305_limbs_256 r, x, y;

	r = p1305_split_256(p1305_all_256(r_low & 0x0ffffffc0fffffffULL),
			    p1305_all_256(r_high & 0x0ffffffc0ffffffcULL),
			    p1305_all_256(0));
	p1305_factor_256(&secret->last, r);
	x = p1305_multiply_256(r, &secret->last);
	p1305_factor_256(&secret->last, x);
	P1305_BLEND_256(x, r, 0xf0);			/* 2 2 1 1 */
	y = p1305_multiply_256(x, &secret->last);	/* 4 4 3 3 */
	P1305_BLEND_256(x, y, 0x33);			/* 4 2 3 1 */
	p1305_factor_256(&secret->last, x);
	y = p1305_lane_256(y);
	p1305_factor_256(&secret->f4, y);
	if (many)
		p1305_factor_256(&secret->f8,
				 p1305_multiply_256(y, &secret->f4));
}

/* The high bits of four blocks of which the first @lead are nothing. */
static __always_inline p1305_v4 p1305_tops_256(u32 lead)
{
	const __m256i order = _mm256_setr_epi64x(0, 2, 1, 3);
	const __m256i none = _mm256_cmpgt_epi64(_mm256_set1_epi64x(lead), order);

	return (p1305_v4)_mm256_andnot_si256(none,
					     _mm256_set1_epi64x(1LL << 24));
}

static __always_inline u64 p1305_fold_256(p1305_v4 v)
{
	return v[0] + v[1] + v[2] + v[3];
}

/* The sum of a text, as limbs of up to 29 bits. */
static noinline void
p1305_text_sum_256(u64 out[5], struct p1305_secret_256 *secret,
		   struct aead_text text)
{
	const p1305_v4 tops = p1305_tops_256(0);
	const u32 block_n = (text.len + 15) / 16 + 1;
	u32 step = (block_n + 3) / 4, lead = 4 * step - block_n;
	const u8 *p = text.data, *end = text.data + text.len;
	struct p1305_limbs_256 x;
	p1305_v4 sum[5];

	p1305_nothing_256(x.l);
	memset(secret->edge, 0, sizeof(secret->edge));
	if (step > 1) {
		memcpy(secret->edge + 16 * lead, p, 64 - 16 * lead);
		p += 64 - 16 * lead;
		x = p1305_read_256(secret->edge, p1305_tops_256(lead));
		memset(secret->edge, 0, sizeof(secret->edge));
		lead = 0;
		p1305_nothing_256(sum);
		if (--step % 2) {
			p1305_accumulate_256(sum, x, &secret->f4);
		} else {
			p1305_accumulate_256(sum, x, &secret->f8);
			p1305_accumulate_256(sum, p1305_read_256(p, tops),
					     &secret->f4);
			p += 64;
			step--;
		}
		x = p1305_carry_256(sum);
	}
	for (; step > 1; step -= 2) {
		p1305_nothing_256(sum);
		p1305_accumulate_256(sum, p1305_read_256(p + 64, tops),
				     &secret->f4);
		p1305_accumulate_256(sum,
				     p1305_add_256(x, p1305_read_256(p, tops)),
				     &secret->f8);
		x = p1305_carry_256(sum);
		p += 128;
	}
	memcpy(secret->edge + 16 * lead, p, (size_t)(end - p));
	put_unaligned_le64(text.len, secret->edge + 56);
	x = p1305_add_256(x, p1305_read_256(secret->edge,
					    p1305_tops_256(lead)));
	x = p1305_multiply_256(x, &secret->last);
	out[0] = p1305_fold_256(x.l[0]);
	out[1] = p1305_fold_256(x.l[1]);
	out[2] = p1305_fold_256(x.l[2]);
	out[3] = p1305_fold_256(x.l[3]);
	out[4] = p1305_fold_256(x.l[4]);
}

#endif /* WG_CRYPTO_X86_POLY1305_AVX2_H */
