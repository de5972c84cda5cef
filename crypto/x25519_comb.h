/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Multiples of the base point by a comb, over whichever field was included
 * before this header (see x25519_ladder.h): a quarter of the ladder's work.
 *
 * The clamped secret k is even and the order l of the base point odd. So k + l
 * is odd, names the same multiple, and is a sum of all 2^i, 0 <= i < 256, each
 * with its own sign. Signs 32 j + 8 t + s, t = 0..3, choose one of 16 multiples
 * in block j of the table, eight stored and eight their negatives; after the
 * eight blocks for one s the sum is doubled for the next. Adding is complete on
 * this curve (a = -1, d no square): no case is special, all take equal time.
 */
#ifndef WG_CRYPTO_X25519_COMB_H
#define WG_CRYPTO_X25519_COMB_H

#include "crypto/fe_invert.h"
#include "crypto/x25519_table.h"

/* A sum, in extended coordinates: x = X / Z, y = Y / Z, T = X Y / Z. */
struct x25519_sum {
	struct fe x, y, z, t;
	struct fe a, b, c, d, e, f, g, h;	/* on the way, here to be wiped */
};

/* An entry of the table: y + x, y - x, 2 d x y. */
struct x25519_entry {
	struct fe plus, minus, product;
};

/* What dbl and add end with: E F, G H, F G, E H. */
static void x25519_finish(struct x25519_sum *s)
{
	fe_mul_call(&s->x, &s->e, &s->f);
	fe_mul_call(&s->y, &s->g, &s->h);
	fe_mul_call(&s->z, &s->f, &s->g);
	fe_mul_call(&s->t, &s->e, &s->h);
}

/* s = 2 s [Hisil et al. 2008, 3.3, all signs turned] */
static void x25519_double(struct x25519_sum *s)
{
	fe_sqr(&s->a, &s->x);
	fe_sqr(&s->b, &s->y);
	fe_sqr(&s->c, &s->z);
	fe_add(&s->c, &s->c, &s->c);
	fe_add(&s->d, &s->x, &s->y);
	fe_sqr(&s->d, &s->d);
	fe_add(&s->h, &s->a, &s->b);
	fe_sub(&s->e, &s->h, &s->d);
	fe_sub(&s->g, &s->a, &s->b);
	fe_add(&s->f, &s->c, &s->g);
	x25519_finish(s);
}

/* s = s + q [Hisil et al. 2008, 3.1, with z of the entry 1] */
static void x25519_add(struct x25519_sum *s, const struct x25519_entry *q)
{
	fe_sub(&s->a, &s->y, &s->x);
	fe_mul_call(&s->a, &s->a, &q->minus);
	fe_add(&s->b, &s->y, &s->x);
	fe_mul_call(&s->b, &s->b, &q->plus);
	fe_mul_call(&s->c, &s->t, &q->product);
	fe_add(&s->d, &s->z, &s->z);
	fe_sub(&s->e, &s->b, &s->a);
	fe_sub(&s->f, &s->d, &s->c);
	fe_add(&s->g, &s->d, &s->c);
	fe_add(&s->h, &s->b, &s->a);
	x25519_finish(s);
}

/* Reads all eight entries, keeps the one: time and addresses tell nothing. */
static void x25519_pick(u64 out[12], const u64 block[8][12], u64 index)
{
	u64 mask[8], word;
	unsigned int i, j;

	/* All ones where i is @index: only there 0 - 1 wraps. */
	for (i = 0; i < 8; i++)
		mask[i] = ct_mask(-(((index ^ i) - 1) >> 63));
	for (j = 0; j < 12; j++) {
		word = 0;
		for (i = 0; i < 8; i++)
			word |= mask[i] & block[i][j];
		out[j] = word;
	}
}

static void x25519_fe_load(struct fe *r, const u64 word[4])
{
	u8 byte[32];
	int i;

	for (i = 0; i < 4; i++)
		put_unaligned_le64(word[i], byte + 8 * i);
	fe_read(r, byte);
	memzero_explicit(byte, sizeof(byte));
}

/* The entry for four signs: bits 0, 8, 16 and 24 of @sign, 1 for plus. */
static void x25519_lookup(struct x25519_entry *q, const u64 block[8][12],
			  u32 sign)
{
	const u64 minus = ~(sign >> 24) & 1;
	const u64 flip = ct_mask(-minus) & 7;
	struct fe zero, negative;
	u64 word[12];

	x25519_pick(word, block, ((sign & 1) | (sign >> 7 & 2) |
				  (sign >> 14 & 4)) ^ flip);
	x25519_fe_load(&q->plus, word);
	x25519_fe_load(&q->minus, word + 4);
	x25519_fe_load(&q->product, word + 8);
	memset(&zero, 0, sizeof(zero));
	fe_sub(&negative, &zero, &q->product);
	fe_cswap(&q->plus, &q->minus, minus);
	fe_cswap(&q->product, &negative, minus);
	memzero_explicit(word, sizeof(word));
	memzero_explicit(&negative, sizeof(negative));
}

/* Bit i of @sign: whether 2^i counts as plus; (k + l - 1) / 2 + 2^255. */
static void x25519_signs(u32 sign[8], const u8 secret[32])
{
	static const u64 order_less_1[4] = {	/* l - 1 */
		0x5812631a5cf5d3ec, 0x14def9dea2f79cd6, 0, 1ULL << 60,
	};
	u64 sum[5] = { 0, 0, 0, 0, 1 }, carry = 0, k;
	int i;

	for (i = 0; i < 4; i++) {
		k = get_unaligned_le64(secret + 8 * i);
		sum[i] = order_less_1[i] + carry;	/* never wraps */
		sum[i] += k;
		carry = sum[i] < k;
	}
	for (i = 0; i < 8; i++) {
		k = sum[i / 2] >> 1 | sum[i / 2 + 1] << 63;
		sign[i] = (u32)(k >> (32 * (i & 1)));
	}
	memzero_explicit(sum, sizeof(sum));
}

/* pub = secret * base point for a clamped @secret. */
static void x25519_comb(u8 pub[32], const u8 secret[32])
{
	static const u8 one[32] = { 1 }, zero[32] = { 0 };
	struct x25519_entry q;
	struct x25519_sum s;
	u32 sign[8];
	int i, j;

	x25519_signs(sign, secret);
	fe_read(&s.x, zero);
	fe_read(&s.y, one);
	s.z = s.y;
	s.t = s.x;
	for (i = 7; i >= 0; i--) {
		if (i < 7)
			x25519_double(&s);
		for (j = 0; j < 8; j++) {
			x25519_lookup(&q, x25519_table[j], sign[j] >> i);
			x25519_add(&s, &q);
		}
	}
	/* To the Montgomery form [RFC 7748 4.1]: u = (1 + y) / (1 - y). */
	fe_add(&s.a, &s.z, &s.y);
	fe_sub(&s.b, &s.z, &s.y);
	fe_invert(&s.b, &s.b);
	fe_mul_call(&s.a, &s.a, &s.b);
	fe_write(pub, &s.a);
	memzero_explicit(&s, sizeof(s));
	memzero_explicit(&q, sizeof(q));
	memzero_explicit(sign, sizeof(sign));
}

#endif /* WG_CRYPTO_X25519_COMB_H */
