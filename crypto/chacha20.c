// SPDX-License-Identifier: GPL-2.0
#include "crypto/chacha20.h"

#define WORD_N	16

void cc20_key_load(u32 key[CC20_KEY_WORD_N], const u8 bytes[32])
{
	int i;

	for (i = 0; i < CC20_KEY_WORD_N; i++)
		key[i] = get_unaligned_le32(bytes + 4 * i);
}

/*
 * One step of four quarter rounds [RFC 8439 2.1], which do not wait for each other:
 * p += q, r = (r ^ p) rotated, on rows of four words. Rows begin at @p, @q, @r and
 * are turned by @sp, @sq, @sr words.
 */
static __always_inline void step(u32 x[WORD_N], int p, int sp, int q, int sq,
				 int r, int sr, int bits)
{
	u32 *to, *from;
	int i;

	UNROLLED
	for (i = 0; i < 4; i++) {
		to = &x[p + (i + sp) % 4];
		from = &x[r + (i + sr) % 4];
		*to += x[q + (i + sq) % 4];
		*from = rol32(*from ^ *to, bits);
	}
}

/* Columns, or with rows b, c and d turned by @sb, @sc and @sd words, diagonals. */
static __always_inline void round_of_four(u32 x[WORD_N], int sb, int sc, int sd)
{
	step(x, 0, 0, 4, sb, 12, sd, 16);
	step(x, 8, sc, 12, sd, 4, sb, 12);
	step(x, 0, 0, 4, sb, 12, sd, 8);
	step(x, 8, sc, 12, sd, 4, sb, 7);
}

/* The 20 rounds without the final addition [RFC 8439 2.3]. */
static __always_inline void permute(u32 x[WORD_N])
{
	int round;

	for (round = 0; round < CC20_ROUND_N; round += 2) {
		round_of_four(x, 0, 0, 0);
		round_of_four(x, 1, 2, 3);
	}
}

static void state_init(u32 x[WORD_N], const u32 key[CC20_KEY_WORD_N],
		       const u32 last[4])
{
	x[0] = CC20_SIGMA_0;
	x[1] = CC20_SIGMA_1;
	x[2] = CC20_SIGMA_2;
	x[3] = CC20_SIGMA_3;
	memcpy(x + 4, key, CC20_KEY_WORD_N * sizeof(*key));
	memcpy(x + 12, last, 4 * sizeof(*last));
}

/* A block of keystream, in native order, from the state before the rounds. */
static __always_inline void block(u32 x[WORD_N], const u32 in[WORD_N])
{
	int i;

	memcpy(x, in, WORD_N * sizeof(*x));
	permute(x);
	for (i = 0; i < WORD_N; i++)
		x[i] += in[i];
}

static __always_inline void block_xor(u8 *dst, const u8 *src,
				      const u32 in[WORD_N])
{
	u32 x[WORD_N];
	int i;

	block(x, in);
	for (i = 0; i < WORD_N; i++)
		put_unaligned_le32(get_unaligned_le32(src + 4 * i) ^ x[i],
				   dst + 4 * i);
}

void cc20_xor(u8 *dst, const u8 *src, size_t len,
	      const u32 key[CC20_KEY_WORD_N], u64 nonce, u32 counter)
{
	const u32 last[4] = { counter, 0, (u32)nonce, (u32)(nonce >> 32) };
	u8 edge[CC20_BLOCK_LEN];
	u32 in[WORD_N];

	state_init(in, key, last);
	for (; len >= CC20_BLOCK_LEN; len -= CC20_BLOCK_LEN) {
		block_xor(dst, src, in);
		in[12]++;
		src += CC20_BLOCK_LEN;
		dst += CC20_BLOCK_LEN;
	}
	if (!len)
		return;
	memcpy(edge, src, len);
	block_xor(edge, edge, in);
	memcpy(dst, edge, len);
}

void cc20_first(u8 out[32], const u32 key[CC20_KEY_WORD_N], u64 nonce)
{
	const u32 last[4] = { 0, 0, (u32)nonce, (u32)(nonce >> 32) };
	u32 in[WORD_N], x[WORD_N];
	int i;

	state_init(in, key, last);
	block(x, in);
	for (i = 0; i < 8; i++)
		put_unaligned_le32(x[i], out + 4 * i);
}

void cc20_hchacha(u32 out[CC20_KEY_WORD_N], const u32 key[CC20_KEY_WORD_N],
		  const u8 nonce[HCC20_NONCE_LEN])
{
	u32 x[WORD_N], last[4];
	int i;

	for (i = 0; i < 4; i++)
		last[i] = get_unaligned_le32(nonce + 4 * i);
	state_init(x, key, last);
	permute(x);
	memcpy(out, x, 4 * sizeof(*x));
	memcpy(out + 4, x + 12, 4 * sizeof(*x));
}
