/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 "by columns" (poly1305_avx512.h): eight short messages, a lane each.
 * Inline parts of aead_avx512.c.
 */
#ifndef WG_CRYPTO_X86_POLY1305_COLUMN_H
#define WG_CRYPTO_X86_POLY1305_COLUMN_H

#include "crypto/x86/poly1305_avx512.h"

/* Eight messages of 4 * @column_n blocks each, as counted with their leads. */
struct p1305_rows {
	const u8 *start[AEAD_OCTET];	/* text less lead */
	p1305_v8 lead, len;		/* blocks, bytes; lane: message */
};

static __always_inline p1305_v8 p1305_clip(p1305_v8 byte)
{
	return (p1305_v8)_mm512_max_epi64(
		_mm512_min_epi64((__m512i)byte, _mm512_set1_epi64(64)),
		_mm512_setzero_si512());
}

static __always_inline p1305_v8 p1305_bit(p1305_v8 n)
{
	return (p1305_v8)_mm512_sllv_epi64(_mm512_set1_epi64(1), (__m512i)n);
}

/*
 * Blocks @at to @at + 3 of all: words[2 i] and words[2 i + 1] are the halves of
 * block @at + i. Bit n of a mask: byte n of 64 is text; 2^end - 2^begin.
 */
static __always_inline void p1305_rows_read(p1305_v8 words[AEAD_OCTET],
					    const struct p1305_rows *rows,
					    u32 at)
{
	const p1305_v8 begin = (rows->lead - p1305_all(at)) << 4;
	u64 mask[AEAD_OCTET] __aligned(64);

	_mm512_store_si512(mask, (__m512i)(p1305_bit(p1305_clip(begin +
								rows->len)) -
					   p1305_bit(p1305_clip(begin))));
#define P1305_ROW(i) (words[i] = (p1305_v8)_mm512_maskz_loadu_epi8(	\
		mask[i], rows->start[i] + 16 * at))
	P1305_ROW(0);
	P1305_ROW(1);
	P1305_ROW(2);
	P1305_ROW(3);
	P1305_ROW(4);
	P1305_ROW(5);
	P1305_ROW(6);
	P1305_ROW(7);
#undef P1305_ROW
	p1305_transpose(words);
}

/* Block @at, given its halves, as limbs; nothing in the lanes of longer lead. */
static __always_inline struct p1305_limbs
p1305_rows_block(const p1305_v8 words[2], const struct p1305_rows *rows, u32 at)
{
	const __m512i now = _mm512_set1_epi64(at);

	return p1305_split_block(words[0], words[1],
				 (p1305_v8)_mm512_maskz_mov_epi64(
		_mm512_cmple_epu64_mask((__m512i)rows->lead, now),
		(__m512i)p1305_word(&p1305_one)));
}

static __always_inline void p1305_rows_init(struct p1305_rows *rows,
					    const struct aead_text *text,
					    u32 column_n)
{
	u64 lead[AEAD_OCTET] __aligned(64), len[AEAD_OCTET] __aligned(64);
	u32 i;

	UNROLLED
	for (i = 0; i < AEAD_OCTET; i++) {
		len[i] = text[i].len;
		lead[i] = 4 * column_n - p1305_block_n(text[i].len);
		rows->start[i] = text[i].data - 16 * lead[i];
	}
	rows->len = (p1305_v8)_mm512_load_si512(len);
	rows->lead = (p1305_v8)_mm512_load_si512(lead);
}

/* x = (x + m0) r^2 + m1 r */
static __always_inline struct p1305_limbs
p1305_two_steps(struct p1305_limbs x, struct p1305_limbs m0,
		struct p1305_limbs m1, const struct p1305_factor *f1,
		const struct p1305_factor *f2)
{
	struct p1305_sum sum = p1305_nothing();

	p1305_accumulate(&sum, m1, f1);
	p1305_accumulate(&sum, p1305_add(x, m0), f2);
	return p1305_carry_loose(sum);
}

/* The tags of eight messages of at most 4 * @column_n blocks each. */
static __always_inline void p1305_column(aead_keys key,
					 const struct aead_text *text,
					 u32 column_n)
{
	struct p1305_limbs r, x, m0, m1;
	struct p1305_factor f1, f2;
	struct p1305_rows rows;
	p1305_v8 words[AEAD_OCTET];
	u32 at;

	p1305_rows_init(&rows, text, column_n);
	r = p1305_clamp((p1305_v8)_mm512_load_si512(key[0]),
			(p1305_v8)_mm512_load_si512(key[1]));
	f1 = p1305_factor(r);
	f2 = p1305_factor(p1305_multiply(r, &f1));
	x = p1305_zero();
	for (at = 0; at < 4 * column_n; at += 4) {
		p1305_rows_read(words, &rows, at);
		m0 = p1305_rows_block(words, &rows, at);
		m1 = p1305_rows_block(words + 2, &rows, at + 1);
		x = p1305_two_steps(x, m0, m1, &f1, &f2);
		m0 = p1305_rows_block(words + 4, &rows, at + 2);
		m1 = p1305_rows_block(words + 6, &rows, at + 3);
		if (at + 4 == 4 * column_n)
			m1 = p1305_add_len(m1, 0xff, (__m512i)rows.len);
		x = p1305_two_steps(x, m0, m1, &f1, &f2);
	}
	p1305_tags_write(key, x);
}

#endif /* WG_CRYPTO_X86_POLY1305_COLUMN_H */
