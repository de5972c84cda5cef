/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 tags of AEAD messages without associated data, with AVX-512 IFMA.
 * Inline parts of aead_avx512.c. Three ways to fill eight lanes:
 *
 * solo:	eight blocks of one message; powers of r for it alone.
 * octet:	the same, eight messages after each other; what does not depend
 *		on the text (powers, reduction) once for all eight.
 * column:	one block of each of eight short messages; hardly any powers.
 *
 * The blocks of a message are counted from its end, where the length block is.
 * Where it does not fill all steps it begins with blocks of nothing: zeros
 * without the bit above, which leave the sum at zero. Pointers may so point
 * before a text; loads are masked to it.
 */
#ifndef WG_CRYPTO_X86_POLY1305_AVX512_H
#define WG_CRYPTO_X86_POLY1305_AVX512_H

#include "crypto/poly1305_step.h"
#include "crypto/x86/aead_group.h"
#include "crypto/x86/poly1305_ifma.h"

/* The lowest @n bits, 0 <= n < 256. */
static __always_inline u64 p1305_low_bits(u32 n)
{
	return _bzhi_u64(~0ULL, n);
}

/* Blocks of a text of @len bytes and its length. */
static __always_inline u32 p1305_block_n(u32 len)
{
	return (len + 15) / 16 + 1;
}

static __always_inline struct p1305_limbs p1305_clamp(p1305_v8 low,
						      p1305_v8 high)
{
	return p1305_split(low & p1305_all(0x0ffffffc0fffffffULL),
			   high & p1305_all(0x0ffffffc0ffffffcULL));
}

static __always_inline struct p1305_limbs p1305_zero(void)
{
	struct p1305_limbs x = { { p1305_all(0), p1305_all(0), p1305_all(0) } };

	return x;
}

/* Lanes of @y where @mask has a bit, lanes of @x elsewhere. */
static __always_inline struct p1305_limbs
p1305_blend(__mmask8 mask, struct p1305_limbs x, struct p1305_limbs y)
{
	int i;

	UNROLLED
	for (i = 0; i < 3; i++)
		x.l[i] = (p1305_v8)_mm512_mask_mov_epi64((__m512i)x.l[i], mask,
							 (__m512i)y.l[i]);
	return x;
}

/* Lane 0 of @x in all lanes, as a factor. */
static __always_inline struct p1305_factor p1305_first(struct p1305_limbs x)
{
	int i;

	UNROLLED
	for (i = 0; i < 3; i++)
		x.l[i] = (p1305_v8)_mm512_broadcastq_epi64(
			_mm512_castsi512_si128((__m512i)x.l[i]));
	return p1305_factor(x);
}

struct p1305_scalars {	/* a factor which all lanes have in common */
	u64 l[3], twenty[2];
};

static __always_inline void p1305_scalars_make(struct p1305_scalars *f, u64 l0,
					       u64 l1, u64 l2)
{
	f->l[0] = l0;
	f->l[1] = l1;
	f->l[2] = l2;
	f->twenty[0] = 20 * l1;
	f->twenty[1] = 20 * l2;
}

/* The square of a number, by the integer multiplier: that is idle. */
static __always_inline void p1305_scalars_square(struct p1305_scalars *f, u64 l0,
						 u64 l1, u64 l2)
{
	p1305_wide d0 = (p1305_wide)l0 * l0 + (p1305_wide)(40 * l1) * l2;
	p1305_wide d1 = (p1305_wide)(2 * l0) * l1 + (p1305_wide)(20 * l2) * l2;
	p1305_wide d2 = (p1305_wide)(2 * l0) * l2 + (p1305_wide)l1 * l1;

	d1 += (u64)(d0 >> 44);
	d2 += (u64)(d1 >> 44);
	l0 = ((u64)d0 & P1305_MASK_44) + 5 * (u64)(d2 >> 42);
	l1 = ((u64)d1 & P1305_MASK_44) + (l0 >> 44);
	p1305_scalars_make(f, l0 & P1305_MASK_44, l1, (u64)d2 & P1305_MASK_42);
}

static __always_inline struct p1305_factor
p1305_scalars_all(const struct p1305_scalars *s)
{
	struct p1305_factor f = {
		{ p1305_all(s->l[0]), p1305_all(s->l[1]), p1305_all(s->l[2]) },
		{ p1305_all(s->twenty[0]), p1305_all(s->twenty[1]) },
	};

	return f;
}

/* Eight blocks at @p as limbs, in the order 0 4 1 5 2 6 3 7. */
static __always_inline struct p1305_limbs p1305_read(const u8 *p)
{
	__m512i x = _mm512_loadu_si512(p), y = _mm512_loadu_si512(p + 64);

	return p1305_split_block((p1305_v8)_mm512_unpacklo_epi64(x, y),
				 (p1305_v8)_mm512_unpackhi_epi64(x, y),
				 p1305_word(&p1305_one));
}

/*
 * The first or last eight blocks, of which bytes @from to @to are text; the
 * blocks before @from are nothing.
 */
static __always_inline struct p1305_limbs p1305_read_edge(const u8 *p, u32 from,
							  u32 to)
{
	const __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
	const u64 mask_x = p1305_low_bits(to) & ~p1305_low_bits(from);
	const u64 mask_y = p1305_low_bits(max(to, 64U) - 64) &
			   ~p1305_low_bits(max(from, 64U) - 64);
	__m512i x = _mm512_maskz_loadu_epi8(mask_x, p);
	__m512i y = _mm512_maskz_loadu_epi8(mask_y, p + 64);
	const __mmask8 there = _mm512_cmpge_epu64_mask(
		order, _mm512_set1_epi64(from / 16));

	return p1305_split_block((p1305_v8)_mm512_unpacklo_epi64(x, y),
				 (p1305_v8)_mm512_unpackhi_epi64(x, y),
				 (p1305_v8)_mm512_maskz_mov_epi64(
					there, (__m512i)p1305_word(&p1305_one)));
}

/* Add the length block (0, @len) in the lanes of @mask. */
static __always_inline struct p1305_limbs
p1305_add_len(struct p1305_limbs x, __mmask8 mask, __m512i len)
{
	const p1305_v8 v = (p1305_v8)_mm512_maskz_mov_epi64(mask, len);

	x.l[1] += (v << 20) & p1305_word(&p1305_mask_44);
	x.l[2] += v >> 24;
	return x;
}

/*
 * The sum of a text in eight lanes, which are to be added up. @f8, @f16: powers
 * of r in all lanes, the latter two only used beyond 8 and 16 blocks. @last:
 * powers 8 4 7 3 6 2 5 1 of r.
 */
static __always_inline struct p1305_limbs
p1305_text_sum(struct aead_text text, const struct p1305_factor *f8,
	       const struct p1305_factor *f16, const struct p1305_factor *last)
{
	const u32 block_n = p1305_block_n(text.len);
	u32 step = (block_n + 7) / 8, lead = 16 * (8 * step - block_n);
	const u8 *p = text.data - lead, *end = text.data + text.len;
	struct p1305_limbs x = p1305_zero();
	struct p1305_sum sum;

	if (step > 1) {
		sum = p1305_nothing();
		x = p1305_read_edge(p, lead, 128);
		lead = 0;
		p += 128;
		if (--step % 2) {
			p1305_accumulate(&sum, x, f8);
		} else {
			p1305_accumulate(&sum, p1305_read(p), f8);
			p1305_accumulate(&sum, x, f16);
			p += 128;
			step--;
		}
		x = p1305_carry_loose(sum);
	}
	for (; step > 1; step -= 2) {
		sum = p1305_nothing();
		p1305_accumulate(&sum, p1305_read(p + 128), f8);
		p1305_accumulate(&sum, p1305_add(x, p1305_read(p)), f16);
		x = p1305_carry_loose(sum);
		p += 256;
	}
	x = p1305_add(x, p1305_read_edge(p, lead, (u32)(end - p)));
	x = p1305_add_len(x, 0x80, _mm512_set1_epi64(text.len));
	return p1305_multiply(x, last);
}

/* Twice the pairwise sum: all lanes end with the sum of all. */
static __always_inline p1305_v8 p1305_fold(p1305_v8 v)
{
	__m512i x = (__m512i)v;

	x = _mm512_add_epi64(x, _mm512_shuffle_i64x2(x, x, 0x4e));
	x = _mm512_add_epi64(x, _mm512_shuffle_i64x2(x, x, 0xb1));
	x = _mm512_add_epi64(x, _mm512_permutex_epi64(x, 0xb1));
	return (p1305_v8)x;
}

/* The tag of one message; @key: r, clamped here, and the pad. */
static __always_inline void p1305_solo(u64 tag[2], const u64 key[4],
				       struct aead_text text)
{
	struct p1305_limbs r, x, y, z;
	struct p1305_factor f2, f4, f8, f16, last;
	p1305_v8 low, high;

	r = p1305_clamp(p1305_all(key[0]), p1305_all(key[1]));
	f2 = p1305_factor(r);
	x = p1305_multiply(r, &f2);
	f2 = p1305_factor(x);
	x = p1305_blend(0xcc, x, r);		/* 2 2 1 1 2 2 1 1 */
	y = p1305_multiply(x, &f2);		/* 4 4 3 3 ... */
	f4 = p1305_first(y);
	x = p1305_blend(0x0f, x, y);		/* 4 4 3 3 2 2 1 1 */
	z = p1305_multiply(x, &f4);		/* 8 8 7 7 6 6 5 5 */
	last = p1305_factor(p1305_blend(0x55, x, z));
	f8 = p1305_first(z);
	f16 = f8;
	if (text.len > 240)
		f16 = p1305_first(p1305_multiply(z, &f8));
	x = p1305_text_sum(text, &f8, &f16, &last);
	x.l[0] = p1305_fold(x.l[0]);
	x.l[1] = p1305_fold(x.l[1]);
	x.l[2] = p1305_fold(x.l[2]);
	p1305_finish(&low, &high, x, p1305_all(key[2]), p1305_all(key[3]));
	tag[0] = low[0];
	tag[1] = high[0];
}

/*
 * What the messages of an octet share. The sum of a message
 * takes the place of its powers.
 */
struct p1305_octet {
	p1305_v8 last[3][AEAD_OCTET];	/* powers; limb, message; lane: block */
};

/* Where r^n of eight messages is until they are transposed: in reading order. */
static __always_inline int p1305_power_at(int n)
{
	static const u8 at[AEAD_OCTET] = { 7, 5, 3, 1, 6, 4, 2, 0 };

	return at[n - 1];
}

static __always_inline struct p1305_limbs
p1305_power(const struct p1305_octet *octet, int n)
{
	const int at = p1305_power_at(n);
	struct p1305_limbs x = { { octet->last[0][at], octet->last[1][at],
				   octet->last[2][at] } };

	return x;
}

static __always_inline void p1305_power_put(struct p1305_octet *octet, int n,
					    struct p1305_limbs x)
{
	const int at = p1305_power_at(n);

	octet->last[0][at] = x.l[0];
	octet->last[1][at] = x.l[1];
	octet->last[2][at] = x.l[2];
}

/* r^(n + 1) to r^(n + m) from r^n and r^1 to r^m */
static __always_inline void p1305_powers_raise(struct p1305_octet *octet, int n,
					       int from, int to)
{
	const struct p1305_factor f = p1305_factor(p1305_power(octet, n));
	int i;

	UNROLLED
	for (i = from; i <= to; i++)
		p1305_power_put(octet, n + i, p1305_multiply(
					p1305_power(octet, i), &f));
}

#define P1305_POWER_PIECE_N	5

/* The powers of r of eight messages, in pieces for poly1305_beside.h. */
static __always_inline void p1305_octet_power(struct p1305_octet *octet,
					      const aead_keys key,
					      unsigned int piece)
{
	if (piece == 0) {
		p1305_power_put(octet, 1, p1305_clamp(
			(p1305_v8)_mm512_load_si512(key[0]),
			(p1305_v8)_mm512_load_si512(key[1])));
		p1305_powers_raise(octet, 1, 1, 1);
	} else if (piece == 1) {
		p1305_powers_raise(octet, 2, 1, 2);
	} else if (piece == 2) {
		p1305_powers_raise(octet, 4, 1, 2);
	} else if (piece == 3) {
		p1305_powers_raise(octet, 4, 3, 4);
	} else {
		p1305_transpose(octet->last[0]);
		p1305_transpose(octet->last[1]);
		p1305_transpose(octet->last[2]);
	}
}

static noinline void p1305_octet_powers(struct p1305_octet *octet,
					const aead_keys key)
{
	unsigned int piece;

	UNROLLED
	for (piece = 0; piece < P1305_POWER_PIECE_N; piece++)
		p1305_octet_power(octet, key, piece);
}

/* r^8 of message @i, lane 0 of its last powers, and r^16. */
static __always_inline void p1305_octet_factors(const struct p1305_octet *octet,
						unsigned int i,
						struct p1305_scalars *f8,
						struct p1305_scalars *f16)
{
	const u64 l0 = octet->last[0][i][0], l1 = octet->last[1][i][0];
	const u64 l2 = octet->last[2][i][0];

	p1305_scalars_make(f8, l0, l1, l2);
	p1305_scalars_square(f16, l0, l1, l2);
}

static noinline void p1305_octet_sum(struct p1305_octet *octet,
				     unsigned int i, struct aead_text text)
{
	struct p1305_limbs x = { { octet->last[0][i], octet->last[1][i],
				   octet->last[2][i] } };
	const struct p1305_factor last = p1305_factor(x);
	struct p1305_scalars s8, s16;
	struct p1305_factor f8, f16;

	p1305_octet_factors(octet, i, &s8, &s16);
	f8 = p1305_scalars_all(&s8);
	f16 = p1305_scalars_all(&s16);
	x = p1305_text_sum(text, &f8, &f16, &last);
	octet->last[0][i] = x.l[0];
	octet->last[1][i] = x.l[1];
	octet->last[2][i] = x.l[2];
}

static __always_inline void p1305_tags_write(aead_keys key,
					     struct p1305_limbs x)
{
	p1305_v8 low, high;

	p1305_finish(&low, &high, x, (p1305_v8)_mm512_load_si512(key[2]),
		     (p1305_v8)_mm512_load_si512(key[3]));
	_mm512_store_si512(key[0], (__m512i)low);
	_mm512_store_si512(key[1], (__m512i)high);
}

/* Reduce the sums of the @n messages and write their tags. */
static __always_inline void p1305_octet_finish(struct p1305_octet *octet,
					       aead_keys key, unsigned int n)
{
	struct p1305_limbs x;
	int i;

	UNROLLED
	for (i = 0; i < 3; i++) {
		p1305_v8 *v = octet->last[i];

		if (n <= 2) {
			x.l[i] = (p1305_v8)_mm512_mask_mov_epi64(
				(__m512i)p1305_fold(v[0]), 2,
				(__m512i)p1305_fold(v[1]));
			continue;
		}
		p1305_transpose(v);
		x.l[i] = ((v[0] + v[1]) + (v[2] + v[3])) +
			 ((v[4] + v[5]) + (v[6] + v[7]));
	}
	p1305_tags_write(key, x);
}

#endif /* WG_CRYPTO_X86_POLY1305_AVX512_H */
