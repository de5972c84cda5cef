/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ChaCha20 keystream with AVX-512, any mix of counters and nonces under one key.
 * Inline parts of aead_avx512.c.
 *
 * Up to 8 blocks go "horizontally": a vector is one row of the state of four
 * blocks, and the diagonals are formed by shuffling. The latency of one chain
 * decides then, and two such groups take hardly longer than one. More blocks go
 * vertically (chacha20_rounds.h): 16 blocks at the throughput of the two vector
 * ports, and a 16 x 16 transposition at the end.
 */
#ifndef WG_CRYPTO_X86_CHACHA20_AVX512_H
#define WG_CRYPTO_X86_CHACHA20_AVX512_H

#include "crypto/aead.h"
#include "crypto/chacha20.h"
#include "crypto/stack.h"
#include "crypto/x86/chacha20_rounds.h"
#include "crypto/x86/intrinsics.h"

typedef u32 cc20_v16 __attribute__((vector_size(64)));

#define CC20_ROL_512(x, n) ((cc20_v16)_mm512_rol_epi32((__m512i)(x), n))
#define CC20_SHUFFLE_512(x, n) ((cc20_v16)_mm512_shuffle_epi32((__m512i)(x), n))

static const u32 cc20_sigma[4] = { CC20_SIGMA_0, CC20_SIGMA_1, CC20_SIGMA_2,
				   CC20_SIGMA_3 };

/* Words 12 to 15 of the state of sixteen blocks; word 13 is zero. */
struct cc20_lanes_512 {
	cc20_v16 counter, nonce_low, nonce_high;
};

static __always_inline cc20_v16 cc20_all_512(u32 word)
{
	return (cc20_v16)_mm512_set1_epi32((int)word);
}

/*
 * A word of memory, in all lanes. From a general register it would take the port
 * of the shuffles, behind those of the vector before: the first addition would
 * wait for all of them, a hundred cycles. Hence the assembly, for GCC makes
 * immediates of constants.
 */
static __always_inline cc20_v16 cc20_word_512(const u32 *word)
{
	cc20_v16 x;

	__asm__("vpbroadcastd %1, %0" : "=v"(x) : "m"(*word));
	return x;
}

/* Two vectors of 32-bit, 64-bit or 128-bit elements, interleaved. */
#define CC20_UNPACK(lo, hi, x, y, width)				\
do {									\
	__m512i x_ = (__m512i)(x), y_ = (__m512i)(y);			\
									\
	lo = (cc20_v16)_mm512_unpacklo_epi##width(x_, y_);		\
	hi = (cc20_v16)_mm512_unpackhi_epi##width(x_, y_);		\
} while (0)

/*
 * Words @w to @w + 3 of sixteen blocks, vertical: out[i] gets those of blocks
 * i, i + 4, i + 8, i + 12, sixteen bytes each.
 */
static __always_inline void cc20_quad_512(cc20_v16 out[4], const cc20_v16 in[4])
{
	cc20_v16 t0, t1, t2, t3;

	CC20_UNPACK(t0, t1, in[0], in[1], 32);
	CC20_UNPACK(t2, t3, in[2], in[3], 32);
	CC20_UNPACK(out[0], out[1], t0, t2, 64);
	CC20_UNPACK(out[2], out[3], t1, t3, 64);
}

#define CC20_SHUFFLE_128(x, y, n) \
	((cc20_v16)_mm512_shuffle_i32x4((__m512i)(x), (__m512i)(y), n))

/*
 * Rows of four blocks each become four blocks: @stride bytes apart at @out.
 */
static __always_inline void cc20_rows_write(u8 *out, size_t stride, cc20_v16 a,
					    cc20_v16 b, cc20_v16 c, cc20_v16 d)
{
	cc20_v16 ab_lo = CC20_SHUFFLE_128(a, b, 0x44);
	cc20_v16 ab_hi = CC20_SHUFFLE_128(a, b, 0xee);
	cc20_v16 cd_lo = CC20_SHUFFLE_128(c, d, 0x44);
	cc20_v16 cd_hi = CC20_SHUFFLE_128(c, d, 0xee);

	_mm512_store_si512(out, (__m512i)CC20_SHUFFLE_128(ab_lo, cd_lo, 0x88));
	_mm512_store_si512(out + stride,
			   (__m512i)CC20_SHUFFLE_128(ab_lo, cd_lo, 0xdd));
	_mm512_store_si512(out + 2 * stride,
			   (__m512i)CC20_SHUFFLE_128(ab_hi, cd_hi, 0x88));
	_mm512_store_si512(out + 3 * stride,
			   (__m512i)CC20_SHUFFLE_128(ab_hi, cd_hi, 0xdd));
}

/* The state of sixteen blocks: rows of four words, a lane a block. */
struct cc20_state_512 {
	cc20_v16 a[4], b[4], c[4], d[4];
};

static __always_inline void cc20_start_512(struct cc20_state_512 *s,
					   const struct aead_key *key,
					   const struct cc20_lanes_512 *lanes)
{
	int i;

	UNROLLED
	for (i = 0; i < 4; i++) {
		s->a[i] = cc20_word_512(&cc20_sigma[i]);
		s->b[i] = cc20_word_512(&key->word[i]);
		s->c[i] = cc20_word_512(&key->word[4 + i]);
	}
	s->d[0] = lanes->counter;
	s->d[1] = cc20_all_512(0);
	s->d[2] = lanes->nonce_low;
	s->d[3] = lanes->nonce_high;
}

static __always_inline void cc20_double_round_512(struct cc20_state_512 *s)
{
	CC20_DOUBLE_ROUND(CC20_ROL_512, s->a, s->b, s->c, s->d, (void)0);
}

/* Add the start; the keystream goes to @out, aligned to 64 bytes. */
static __always_inline void cc20_write_512(u8 *out, struct cc20_state_512 *s,
					   const struct aead_key *key,
					   const struct cc20_lanes_512 *lanes)
{
	cc20_v16 ta[4] STACK_UNSET, tb[4] STACK_UNSET;
	cc20_v16 tc[4] STACK_UNSET, td[4] STACK_UNSET;
	int i;

	UNROLLED
	for (i = 0; i < 4; i++) {
		s->a[i] += cc20_word_512(&cc20_sigma[i]);
		s->b[i] += cc20_word_512(&key->word[i]);
		s->c[i] += cc20_word_512(&key->word[4 + i]);
	}
	s->d[0] += lanes->counter;
	s->d[2] += lanes->nonce_low;
	s->d[3] += lanes->nonce_high;
	cc20_quad_512(ta, s->a);
	cc20_quad_512(tb, s->b);
	cc20_quad_512(tc, s->c);
	cc20_quad_512(td, s->d);
	UNROLLED
	for (i = 0; i < 4; i++)
		cc20_rows_write(out + CC20_BLOCK_LEN * i, 4 * CC20_BLOCK_LEN,
				ta[i], tb[i], tc[i], td[i]);
}

/* Keystream of sixteen blocks. */
static __always_inline void
cc20_vertical_512(u8 *out, const struct aead_key *key,
		  const struct cc20_lanes_512 *lanes)
{
	struct cc20_state_512 s STACK_UNSET;
	int i;

	cc20_start_512(&s, key, lanes);
	for (i = 0; i < CC20_ROUND_N / 2; i++)
		cc20_double_round_512(&s);
	cc20_write_512(out, &s, key, lanes);
}

/* p += q; r = (r ^ p) rotated, in @n groups of four blocks. */
#define CC20_STEP_512(p, q, r, bits)					\
	UNROLLED							\
	for (i = 0; i < n; i++) {					\
		p[i] += q[i];						\
		r[i] = CC20_ROL_512(r[i] ^ p[i], bits);			\
	}

#define CC20_TURN_512(sb, sc, sd)					\
	UNROLLED							\
	for (i = 0; i < n; i++) {					\
		b[i] = CC20_SHUFFLE_512(b[i], sb);			\
		c[i] = CC20_SHUFFLE_512(c[i], sc);			\
		d[i] = CC20_SHUFFLE_512(d[i], sd);			\
	}

/*
 * Keystream of @n groups of four blocks, 1 or 2, to @out. @last: row d of each
 * group, that is words 12 to 15 of four blocks in turn.
 */
static __always_inline void cc20_horizontal_512(u8 *out,
						const struct aead_key *key,
						const cc20_v16 *last,
						const int n)
{
	const cc20_v16 sigma = (cc20_v16)_mm512_broadcast_i32x4(
		_mm_loadu_si128((const __m128i *)cc20_sigma));
	const cc20_v16 key_low = (cc20_v16)_mm512_broadcast_i32x4(
		_mm_loadu_si128((const __m128i *)key->word));
	const cc20_v16 key_high = (cc20_v16)_mm512_broadcast_i32x4(
		_mm_loadu_si128((const __m128i *)(key->word + 4)));
	cc20_v16 a[2], b[2], c[2], d[2];
	int i, round;

	UNROLLED
	for (i = 0; i < n; i++) {
		a[i] = sigma;
		b[i] = key_low;
		c[i] = key_high;
		d[i] = last[i];
	}
	for (round = 0; round < CC20_ROUND_N; round += 2) {
		CC20_STEP_512(a, b, d, 16);
		CC20_STEP_512(c, d, b, 12);
		CC20_STEP_512(a, b, d, 8);
		CC20_STEP_512(c, d, b, 7);
		CC20_TURN_512(0x39, 0x4e, 0x93);
		CC20_STEP_512(a, b, d, 16);
		CC20_STEP_512(c, d, b, 12);
		CC20_STEP_512(a, b, d, 8);
		CC20_STEP_512(c, d, b, 7);
		CC20_TURN_512(0x93, 0x4e, 0x39);
	}
	UNROLLED
	for (i = 0; i < n; i++)
		cc20_rows_write(out + 4 * CC20_BLOCK_LEN * i, CC20_BLOCK_LEN,
				a[i] + sigma, b[i] + key_low, c[i] + key_high,
				d[i] + last[i]);
}

#endif /* WG_CRYPTO_X86_CHACHA20_AVX512_H */
