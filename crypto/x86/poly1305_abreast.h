/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 of eight long messages which are there from the beginning, by columns
 * (poly1305_avx512.h): a lane each, all at the same pace, four blocks a step.
 * Eight in lanes of one message need as many multiplications, but powers of r
 * and a last product for each of them, and more and shorter pieces between the
 * rounds of ChaCha20, of which each puts its registers into memory and back.
 *
 * What counts a step is the same for all: a message which is shorter than the
 * longest begins later. Until then its lane works on the longest, so that there
 * is nothing to be masked, and is set to zero in the step in which it begins.
 * Inline parts of aead_avx512.c.
 */
#ifndef WG_CRYPTO_X86_POLY1305_ABREAST_H
#define WG_CRYPTO_X86_POLY1305_ABREAST_H

#include "crypto/x86/poly1305_column.h"

#define P1305_ABREAST_N	4	/* blocks of each message in a step */

struct p1305_abreast {
	struct p1305_factor f[P1305_ABREAST_N];	/* r^4, r^3, r^2, r */
	struct p1305_rows rows;
	const u8 *longest;	/* where the longest one starts */
	u32 at, end;		/* blocks: done, in all */
	u32 edge;		/* the next step with a lead or an end is there */
};

/* Before anything is known: there is an edge. */
static __always_inline void p1305_abreast_start(struct p1305_abreast *abreast)
{
	abreast->at = abreast->edge = 0;
	abreast->end = ~0U;
}

static __always_inline bool
p1305_abreast_is_plain(const struct p1305_abreast *abreast)
{
	return abreast->at != abreast->edge && abreast->at != abreast->end;
}

static __always_inline void p1305_abreast_factors(struct p1305_abreast *abreast,
						  const aead_keys key)
{
	struct p1305_factor *f = abreast->f;
	struct p1305_limbs r, r2;

	r = p1305_clamp((p1305_v8)_mm512_load_si512(key[0]),
			(p1305_v8)_mm512_load_si512(key[1]));
	f[3] = p1305_factor(r);
	r2 = p1305_multiply(r, &f[3]);
	f[2] = p1305_factor(r2);
	f[1] = p1305_factor(p1305_multiply(r2, &f[3]));
	f[0] = p1305_factor(p1305_multiply(r2, &f[2]));
}

/* At the first edge. Up to eight messages, as text[] of tags_make(). */
static __always_inline void p1305_abreast_init(struct p1305_abreast *abreast,
					       const aead_keys key,
					       const struct aead_text *text)
{
	unsigned int i, most = 0;
	u32 step_n;

	for (i = 1; i < AEAD_OCTET; i++)
		if (text[i].len > text[most].len)
			most = i;
	step_n = (p1305_block_n(text[most].len) + P1305_ABREAST_N - 1) /
		 P1305_ABREAST_N;
	p1305_rows_init(&abreast->rows, text, step_n);
	abreast->longest = abreast->rows.start[most];
	abreast->end = P1305_ABREAST_N * step_n;
	p1305_abreast_factors(abreast, key);
}

/* 32 bytes of message @i, and 32 of message @j. */
static __always_inline __m512i p1305_rows_pair(const struct p1305_rows *rows,
					       int i, int j, u32 offset)
{
	const __m256i *x = (const __m256i *)(rows->start[i] + offset);
	const __m256i *y = (const __m256i *)(rows->start[j] + offset);

	return _mm512_inserti64x4(
		_mm512_castsi256_si512(_mm256_loadu_si256(x)),
		_mm256_loadu_si256(y), 1);
}

/*
 * Blocks @at and @at + 1 of all, where all are text. In pairs, because to load
 * the second half takes either port, and a shuffle only one.
 */
static __always_inline void p1305_rows_two(struct p1305_limbs m[2],
					   const struct p1305_rows *rows,
					   u32 at)
{
	const __m512i a = p1305_rows_pair(rows, 0, 2, 16 * at);
	const __m512i b = p1305_rows_pair(rows, 4, 6, 16 * at);
	const __m512i c = p1305_rows_pair(rows, 1, 3, 16 * at);
	const __m512i d = p1305_rows_pair(rows, 5, 7, 16 * at);
	__m512i even, odd;

#define P1305_BLOCK(order)						\
	(even = _mm512_shuffle_i64x2(a, b, order),			\
	 odd = _mm512_shuffle_i64x2(c, d, order),			\
	 p1305_split_block((p1305_v8)_mm512_unpacklo_epi64(even, odd),	\
			   (p1305_v8)_mm512_unpackhi_epi64(even, odd),	\
			   p1305_word(&p1305_one)))
	m[0] = P1305_BLOCK(0x88);
	m[1] = P1305_BLOCK(0xdd);
#undef P1305_BLOCK
}

/*
 * x = (x + m0) r^4 + m1 r^3 + m2 r^2 + m3 r, x last: it is there last. The upper
 * halves which p1305_carry_loose() takes times 5120 stay below 2^39: twice 2^36
 * for limb 1 and 1.7 times for limbs 0 and 2 of the sum, 1.4 for each block.
 */
static __always_inline struct p1305_limbs
p1305_abreast_plain(struct p1305_limbs x, const struct p1305_abreast *abreast)
{
	const struct p1305_factor *f = abreast->f;
	struct p1305_sum sum = p1305_nothing();
	struct p1305_limbs m[2];

	p1305_rows_two(m, &abreast->rows, abreast->at + 2);
	p1305_accumulate(&sum, m[1], &f[3]);
	p1305_accumulate(&sum, m[0], &f[2]);
	p1305_rows_two(m, &abreast->rows, abreast->at);
	p1305_accumulate(&sum, m[1], &f[1]);
	p1305_accumulate(&sum, p1305_add(x, m[0]), &f[0]);
	return p1305_carry_loose(sum);
}

/* The same at an edge. */
static __always_inline struct p1305_limbs
p1305_abreast_edge(struct p1305_limbs x, const struct p1305_abreast *abreast)
{
	const struct p1305_rows *rows = &abreast->rows;
	const struct p1305_factor *f = abreast->f;
	const u32 at = abreast->at;
	struct p1305_sum sum = p1305_nothing();
	struct p1305_limbs m0, m1;
	p1305_v8 words[AEAD_OCTET];

	p1305_rows_read(words, rows, at);
	m1 = p1305_rows_block(words + 6, rows, at + 3);
	if (at + P1305_ABREAST_N == abreast->end)
		m1 = p1305_add_len(m1, 0xff, (__m512i)rows->len);
	p1305_accumulate(&sum, m1, &f[3]);
	m0 = p1305_rows_block(words + 4, rows, at + 2);
	p1305_accumulate(&sum, m0, &f[2]);
	m1 = p1305_rows_block(words + 2, rows, at + 1);
	p1305_accumulate(&sum, m1, &f[1]);
	m0 = p1305_rows_block(words, rows, at);
	p1305_accumulate(&sum, p1305_add(x, m0), &f[0]);
	return p1305_carry_loose(sum);
}

/* Nothing in the lanes which have not begun. */
static __always_inline struct p1305_limbs
p1305_abreast_begun(struct p1305_limbs x, const struct p1305_abreast *abreast)
{
	return p1305_blend(_mm512_cmplt_epu64_mask(
				   (__m512i)abreast->rows.lead,
				   _mm512_set1_epi64(abreast->at)),
			   p1305_zero(), x);
}

/*
 * Which texts the lanes work on from an edge on, and where the next one is:
 * @text as before.
 */
static __always_inline void p1305_abreast_aim(struct p1305_abreast *abreast,
					      const struct aead_text *text)
{
	const u32 next = abreast->at + P1305_ABREAST_N;
	struct p1305_rows *rows = &abreast->rows;
	unsigned int i;
	u32 lead;

	abreast->edge = abreast->end - P1305_ABREAST_N;
	for (i = 0; i < AEAD_OCTET; i++) {
		lead = (u32)rows->lead[i];
		if (lead < next)
			rows->start[i] = text[i].data - 16 * lead;
		else
			rows->start[i] = abreast->longest;
		if (lead >= next)
			abreast->edge = min(abreast->edge, lead);
	}
	abreast->edge -= abreast->edge % P1305_ABREAST_N;
}

#endif /* WG_CRYPTO_X86_POLY1305_ABREAST_H */
