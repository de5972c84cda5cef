// SPDX-License-Identifier: GPL-2.0
#include "crypto/chacha20.h"

#define WORD_N	16

void cc20_key_load(u32 key[CC20_KEY_WORD_N], const u8 bytes[32])
{
	int i;

	for (i = 0; i < CC20_KEY_WORD_N; i++)
		key[i] = get_unaligned_le32(bytes + 4 * i);
}

/* [RFC 8439 2.1] on words @a @b @c @d of the state. */
static __always_inline void quarter_round(u32 x[WORD_N], int a, int b, int c,
					  int d)
{
	x[a] += x[b];
	x[d] = rol32(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rol32(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rol32(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rol32(x[b] ^ x[c], 7);
}

/*
 * The 20 rounds without the final addition [RFC 8439 2.3]. Written out, so that
 * the state lives in registers.
 */
static __always_inline void permute(u32 x[WORD_N])
{
	int round;

	for (round = 0; round < CC20_ROUND_N; round += 2) {
		quarter_round(x, 0, 4, 8, 12);
		quarter_round(x, 1, 5, 9, 13);
		quarter_round(x, 2, 6, 10, 14);
		quarter_round(x, 3, 7, 11, 15);
		quarter_round(x, 0, 5, 10, 15);
		quarter_round(x, 1, 6, 11, 12);
		quarter_round(x, 2, 7, 8, 13);
		quarter_round(x, 3, 4, 9, 14);
	}
}

static void state_init(u32 x[WORD_N], const u32 key[CC20_KEY_WORD_N])
{
	x[0] = CC20_SIGMA_0;
	x[1] = CC20_SIGMA_1;
	x[2] = CC20_SIGMA_2;
	x[3] = CC20_SIGMA_3;
	memcpy(x + 4, key, CC20_KEY_WORD_N * sizeof(*key));
}

/* One block of keystream, in native order. */
static void block(u32 out[WORD_N], const u32 key[CC20_KEY_WORD_N], u64 nonce,
		  u32 counter)
{
	u32 in[WORD_N];
	int i;

	state_init(in, key);
	in[12] = counter;
	in[13] = 0;
	in[14] = (u32)nonce;
	in[15] = (u32)(nonce >> 32);
	memcpy(out, in, sizeof(in));
	permute(out);
	for (i = 0; i < WORD_N; i++)
		out[i] += in[i];
	memzero_explicit(in, sizeof(in));
}

void cc20_xor(u8 *dst, const u8 *src, size_t len,
	      const u32 key[CC20_KEY_WORD_N], u64 nonce, u32 counter)
{
	u32 word[WORD_N];
	u8 last[CC20_BLOCK_LEN];
	size_t i;

	for (; len >= CC20_BLOCK_LEN; len -= CC20_BLOCK_LEN) {
		block(word, key, nonce, counter++);
		for (i = 0; i < CC20_BLOCK_LEN; i += 4)
			put_unaligned_le32(get_unaligned_le32(src + i) ^
					   word[i / 4], dst + i);
		src += CC20_BLOCK_LEN;
		dst += CC20_BLOCK_LEN;
	}
	if (len) {
		block(word, key, nonce, counter);
		for (i = 0; i < CC20_BLOCK_LEN; i += 4)
			put_unaligned_le32(word[i / 4], last + i);
		for (i = 0; i < len; i++)
			dst[i] = src[i] ^ last[i];
		memzero_explicit(last, sizeof(last));
	}
	memzero_explicit(word, sizeof(word));
}

void cc20_first(u8 out[32], const u32 key[CC20_KEY_WORD_N], u64 nonce)
{
	u32 word[WORD_N];
	int i;

	block(word, key, nonce, 0);
	for (i = 0; i < 8; i++)
		put_unaligned_le32(word[i], out + 4 * i);
	memzero_explicit(word, sizeof(word));
}

void cc20_hchacha(u32 out[CC20_KEY_WORD_N], const u32 key[CC20_KEY_WORD_N],
		  const u8 nonce[HCC20_NONCE_LEN])
{
	u32 x[WORD_N];
	int i;

	state_init(x, key);
	for (i = 0; i < 4; i++)
		x[12 + i] = get_unaligned_le32(nonce + 4 * i);
	permute(x);
	memcpy(out, x, 4 * sizeof(*x));
	memcpy(out + 4, x + 12, 4 * sizeof(*x));
	memzero_explicit(x, sizeof(x));
}
