/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ChaCha20 keystream with AVX2, any mix of counters and nonces under one key.
 * Inline parts of aead_avx2.c. As in chacha20_avx512.h: up to 4 blocks
 * horizontally, a vector being a row of two blocks; 8 blocks vertically.
 */
#ifndef WG_CRYPTO_X86_CHACHA20_AVX2_H
#define WG_CRYPTO_X86_CHACHA20_AVX2_H

#include "crypto/aead.h"
#include "crypto/chacha20.h"
#include "crypto/x86/chacha20_rounds.h"
#include "crypto/x86/intrinsics.h"
#include "crypto/x86/poly1305_mulx.h"

typedef u32 cc20_v8 __attribute__((vector_size(32)));

/* Words 12 to 15 of the state of eight blocks; word 13 is zero. */
struct cc20_lanes_256 {
	cc20_v8 counter, nonce_low, nonce_high;
};

static __always_inline cc20_v8 cc20_all_256(u32 word)
{
	return (cc20_v8)_mm256_set1_epi32((int)word);
}

/* A word of memory in all lanes: see cc20_word_512(). */
static __always_inline cc20_v8 cc20_word_256(const u32 *word)
{
	cc20_v8 x;

	__asm__("vpbroadcastd %1, %0" : "=x"(x) : "m"(*word));
	return x;
}

static const u32 cc20_sigma[4] = { CC20_SIGMA_0, CC20_SIGMA_1, CC20_SIGMA_2,
				   CC20_SIGMA_3 };

/*
 * The byte orders stay in memory, hence the assembly: the state takes all
 * sixteen registers, and a compiler would give two of them to these.
 */
struct cc20_order_256 {
	u64 word[4];
} __aligned(32);

static const struct cc20_order_256 cc20_order_16 = { {
	0x0504070601000302ULL, 0x0d0c0f0e09080b0aULL,
	0x0504070601000302ULL, 0x0d0c0f0e09080b0aULL } };
static const struct cc20_order_256 cc20_order_8 = { {
	0x0605040702010003ULL, 0x0e0d0c0f0a09080bULL,
	0x0605040702010003ULL, 0x0e0d0c0f0a09080bULL } };

static __always_inline cc20_v8 cc20_bytes_256(cc20_v8 x,
					      const struct cc20_order_256 *order)
{
	__asm__("vpshufb %1, %0, %0" : "+x"(x) : "m"(*order));
	return x;
}

/* Whole bytes are shuffled; otherwise two shifts. */
static __always_inline cc20_v8 cc20_rol_256(cc20_v8 x, const int n)
{
	if (n == 16)
		return cc20_bytes_256(x, &cc20_order_16);
	if (n == 8)
		return cc20_bytes_256(x, &cc20_order_8);
	return (x << n) | (x >> (32 - n));
}

#define CC20_UNPACK_256(lo, hi, x, y, width)				\
do {									\
	__m256i x_ = (__m256i)(x), y_ = (__m256i)(y);			\
									\
	lo = (cc20_v8)_mm256_unpacklo_epi##width(x_, y_);		\
	hi = (cc20_v8)_mm256_unpackhi_epi##width(x_, y_);		\
} while (0)

#define CC20_HALVES_256(x, y, n) \
	((cc20_v8)_mm256_permute2x128_si256((__m256i)(x), (__m256i)(y), n))

/* Four words of eight blocks: out[i] gets those of blocks i and i + 4. */
static __always_inline void cc20_quad_256(cc20_v8 out[4], const cc20_v8 in[4])
{
	cc20_v8 t0, t1, t2, t3;

	CC20_UNPACK_256(t0, t1, in[0], in[1], 32);
	CC20_UNPACK_256(t2, t3, in[2], in[3], 32);
	CC20_UNPACK_256(out[0], out[1], t0, t2, 64);
	CC20_UNPACK_256(out[2], out[3], t1, t3, 64);
}

static __always_inline void cc20_store_256(u8 *out, cc20_v8 x)
{
	_mm256_store_si256((__m256i *)out, (__m256i)x);
}

/* Rows of two blocks become two blocks, @stride bytes apart. */
static __always_inline void cc20_rows_write_256(u8 *out, size_t stride,
						cc20_v8 a, cc20_v8 b,
						cc20_v8 c, cc20_v8 d)
{
	cc20_store_256(out, CC20_HALVES_256(a, b, 0x20));
	cc20_store_256(out + 32, CC20_HALVES_256(c, d, 0x20));
	cc20_store_256(out + stride, CC20_HALVES_256(a, b, 0x31));
	cc20_store_256(out + stride + 32, CC20_HALVES_256(c, d, 0x31));
}

/* Four blocks of Poly1305 at @p, of @len 64; less is nothing to do here. */
struct cc20_beside {
	struct p1305_state *poly;
	const u8 *p;
	u32 len;
};

/* A double round, and beside it four blocks on the integer multiplier. */
#define CC20_STITCHED_256(a, b, c, d, beside)				\
do {									\
	struct p1305_state *poly_ = (beside)->poly;			\
	u64 h_[3] = { poly_->h[0], poly_->h[1], poly_->h[2] };		\
	const u8 *p_ = (beside)->p;					\
									\
	CC20_DOUBLE_ROUND(cc20_rol_256, a, b, c, d,			\
		p1305_step_mulx(h_, poly_->r, poly_->s1, p_);		\
		p_ += P1305_BLOCK_LEN);					\
	poly_->h[0] = h_[0];						\
	poly_->h[1] = h_[1];						\
	poly_->h[2] = h_[2];						\
} while (0)

/*
 * Keystream of eight blocks to @out, aligned to 32 bytes. @beside: eight, done
 * by the way where they are whole.
 */
static __always_inline void
cc20_vertical_256(u8 *out, const struct aead_key *key,
		  const struct cc20_lanes_256 *lanes,
		  const struct cc20_beside *beside)
{
	const cc20_v8 counter = lanes->counter;
	const cc20_v8 nonce_low = lanes->nonce_low;
	const cc20_v8 nonce_high = lanes->nonce_high;
	cc20_v8 a[4], b[4], c[4], d[4], ta[4], tb[4];
	int i;

	UNROLLED
	for (i = 0; i < 4; i++) {
		a[i] = cc20_word_256(&cc20_sigma[i]);
		b[i] = cc20_word_256(&key->word[i]);
		c[i] = cc20_word_256(&key->word[4 + i]);
	}
	d[0] = counter;
	d[1] = cc20_all_256(0);
	d[2] = nonce_low;
	d[3] = nonce_high;

	for (i = 0; i < CC20_ROUND_N / 2; i++)
		if (i < 8 && beside[i].len == CC20_BLOCK_LEN)
			CC20_STITCHED_256(a, b, c, d, &beside[i]);
		else
			CC20_DOUBLE_ROUND(cc20_rol_256, a, b, c, d, (void)0);

	UNROLLED
	for (i = 0; i < 4; i++) {
		a[i] += cc20_word_256(&cc20_sigma[i]);
		b[i] += cc20_word_256(&key->word[i]);
		c[i] += cc20_word_256(&key->word[4 + i]);
	}
	d[0] += counter;
	d[2] += nonce_low;
	d[3] += nonce_high;

	cc20_quad_256(ta, a);
	cc20_quad_256(tb, b);
	cc20_quad_256(a, c);
	cc20_quad_256(b, d);
	UNROLLED
	for (i = 0; i < 4; i++)
		cc20_rows_write_256(out + CC20_BLOCK_LEN * i,
				    4 * CC20_BLOCK_LEN, ta[i], tb[i], a[i],
				    b[i]);
}

/* p += q; r = (r ^ p) rotated, in @n groups of two blocks. */
#define CC20_STEP_256(p, q, r, bits)					\
	UNROLLED							\
	for (i = 0; i < n; i++) {					\
		p[i] += q[i];						\
		r[i] = cc20_rol_256(r[i] ^ p[i], bits);			\
	}

#define CC20_SHUFFLE_256(x, n) ((cc20_v8)_mm256_shuffle_epi32((__m256i)(x), n))

#define CC20_TURN_256(sb, sc, sd)					\
	UNROLLED							\
	for (i = 0; i < n; i++) {					\
		b[i] = CC20_SHUFFLE_256(b[i], sb);			\
		c[i] = CC20_SHUFFLE_256(c[i], sc);			\
		d[i] = CC20_SHUFFLE_256(d[i], sd);			\
	}

static __always_inline cc20_v8 cc20_both_256(const u32 word[4])
{
	return (cc20_v8)_mm256_broadcastsi128_si256(
		_mm_loadu_si128((const __m128i *)word));
}

/* Keystream of @n groups of two blocks, 1 or 2, to @out. */
static __always_inline void
cc20_horizontal_256(u8 *out, const struct aead_key *key,
		    const struct cc20_lanes_256 *lanes, const int n)
{
	const cc20_v8 sigma = cc20_both_256(cc20_sigma);
	const cc20_v8 key_low = cc20_both_256(key->word);
	const cc20_v8 key_high = cc20_both_256(key->word + 4);
	cc20_v8 a[2], b[2], c[2], d[2], last[2];
	int i, round;

	UNROLLED
	for (i = 0; i < n; i++) {
		a[i] = sigma;
		b[i] = key_low;
		c[i] = key_high;
		d[i] = (cc20_v8)_mm256_setr_epi32(
			(int)lanes->counter[2 * i], 0,
			(int)lanes->nonce_low[2 * i],
			(int)lanes->nonce_high[2 * i],
			(int)lanes->counter[2 * i + 1], 0,
			(int)lanes->nonce_low[2 * i + 1],
			(int)lanes->nonce_high[2 * i + 1]);
		last[i] = d[i];
	}
	for (round = 0; round < CC20_ROUND_N; round += 2) {
		CC20_STEP_256(a, b, d, 16);
		CC20_STEP_256(c, d, b, 12);
		CC20_STEP_256(a, b, d, 8);
		CC20_STEP_256(c, d, b, 7);
		CC20_TURN_256(0x39, 0x4e, 0x93);
		CC20_STEP_256(a, b, d, 16);
		CC20_STEP_256(c, d, b, 12);
		CC20_STEP_256(a, b, d, 8);
		CC20_STEP_256(c, d, b, 7);
		CC20_TURN_256(0x93, 0x4e, 0x39);
	}
	UNROLLED
	for (i = 0; i < n; i++)
		cc20_rows_write_256(out + 2 * CC20_BLOCK_LEN * i,
				    CC20_BLOCK_LEN, a[i] + sigma,
				    b[i] + key_low, c[i] + key_high,
				    d[i] + last[i]);
}

#endif /* WG_CRYPTO_X86_CHACHA20_AVX2_H */
