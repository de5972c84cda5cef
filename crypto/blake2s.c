// SPDX-License-Identifier: GPL-2.0
#include "crypto/blake2s.h"

/* [RFC 7693 2.6] */
static const u32 b2s_iv[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/* The order of the message words in each round [RFC 7693 2.7]. */
static const u8 b2s_sigma[10][16] = {
	{  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15 },
	{ 14, 10,  4,  8,  9, 15, 13,  6,  1, 12,  0,  2, 11,  7,  5,  3 },
	{ 11,  8, 12,  0,  5,  2, 15, 13, 10, 14,  3,  6,  7,  1,  9,  4 },
	{  7,  9,  3,  1, 13, 12, 11, 14,  2,  6,  5, 10,  4,  0, 15,  8 },
	{  9,  0,  5,  7,  2,  4, 10, 15, 14,  1, 11, 12,  6,  8,  3, 13 },
	{  2, 12,  6, 10,  0, 11,  8,  3,  4, 13,  7,  5, 15, 14,  1,  9 },
	{ 12,  5,  1, 15, 14, 13,  4, 10,  0,  7,  6,  3,  9,  2,  8, 11 },
	{ 13, 11,  7, 14, 12,  1,  3,  9,  5,  0, 15,  4,  8,  6,  2, 10 },
	{  6, 15, 14,  9, 11,  3,  0,  8, 12,  2, 13,  7,  1,  4, 10,  5 },
	{ 10,  2,  8,  4,  7,  6,  1,  5, 15, 11,  9, 14,  3, 12, 13,  0 },
};

/*
 * Half of the mixing function G [RFC 7693 3.1] four times, step by step: they do
 * not wait for each other. Rows b, c and d are turned by 0 words, or by 1, 2 and 3
 * for the diagonals; @word: which of the message each adds.
 */
static __always_inline void b2s_mix(u32 *v, const u32 *m, const u8 *word,
				    int turn, int d_bits, int b_bits)
{
	u32 *b, *c, *d;
	int i;

	UNROLLED
	for (i = 0; i < 4; i++)
		v[i] += v[4 + (i + turn) % 4] + m[word[2 * i]];
	UNROLLED
	for (i = 0; i < 4; i++) {
		d = &v[12 + (i + 3 * turn) % 4];
		*d = ror32(*d ^ v[i], d_bits);
	}
	UNROLLED
	for (i = 0; i < 4; i++) {
		b = &v[4 + (i + turn) % 4];
		c = &v[8 + (i + 2 * turn) % 4];
		d = &v[12 + (i + 3 * turn) % 4];
		*c += *d;
		*b = ror32(*b ^ *c, b_bits);
	}
}

/* Inlined ten times with constant @r, so that the permutation costs nothing. */
static __always_inline void b2s_round(u32 *v, const u32 *m, int r)
{
	const u8 *s = b2s_sigma[r];

	b2s_mix(v, m, s, 0, 16, 12);
	b2s_mix(v, m, s + 1, 0, 8, 7);
	b2s_mix(v, m, s + 8, 1, 16, 12);
	b2s_mix(v, m, s + 9, 1, 8, 7);
}

static __always_inline void b2s_rounds(u32 *v, const u32 *m)
{
	b2s_round(v, m, 0);
	b2s_round(v, m, 1);
	b2s_round(v, m, 2);
	b2s_round(v, m, 3);
	b2s_round(v, m, 4);
	b2s_round(v, m, 5);
	b2s_round(v, m, 6);
	b2s_round(v, m, 7);
	b2s_round(v, m, 8);
	b2s_round(v, m, 9);
}

/* Absorbs one block of which @len bytes count. */
static void b2s_compress(struct b2s_state *state, const u8 *block,
			 u32 len, bool last)
{
	u32 v[16], m[16];
	int i;

	state->count += len;
	for (i = 0; i < 16; i++)
		m[i] = get_unaligned_le32(block + 4 * i);
	for (i = 0; i < 8; i++) {
		v[i] = state->h[i];
		v[i + 8] = b2s_iv[i];
	}
	v[12] ^= (u32)state->count;
	v[13] ^= (u32)(state->count >> 32);
	if (last)
		v[14] = ~v[14];
	b2s_rounds(v, m);
	for (i = 0; i < 8; i++)
		state->h[i] ^= v[i] ^ v[i + 8];
}

void b2s_init(struct b2s_state *state, size_t out_len,
	      const u8 *key, size_t key_len)
{
	memcpy(state->h, b2s_iv, sizeof(state->h));
	state->h[0] ^= 0x01010000 ^ (u32)(key_len << 8) ^ (u32)out_len;
	state->count = 0;
	state->buf_len = 0;
	state->out_len = (u32)out_len;
	if (!key_len)
		return;
	memcpy(state->buf, key, key_len);
	memset(state->buf + key_len, 0, B2S_BLOCK_LEN - key_len);
	state->buf_len = B2S_BLOCK_LEN;
}

void b2s_update(struct b2s_state *state, const void *in, size_t len)
{
	const u8 *p = in;
	size_t room = B2S_BLOCK_LEN - state->buf_len;

	if (!len)
		return;
	if (len > room) {
		if (state->buf_len) {
			memcpy(state->buf + state->buf_len, p, room);
			b2s_compress(state, state->buf, B2S_BLOCK_LEN, false);
			state->buf_len = 0;
			p += room;
			len -= room;
		}
		for (; len > B2S_BLOCK_LEN; len -= B2S_BLOCK_LEN) {
			b2s_compress(state, p, B2S_BLOCK_LEN, false);
			p += B2S_BLOCK_LEN;
		}
	}
	memcpy(state->buf + state->buf_len, p, len);
	state->buf_len += (u32)len;
}

void b2s_final(struct b2s_state *state, u8 *out)
{
	u8 word[B2S_HASH_LEN];
	int i;

	memset(state->buf + state->buf_len, 0, B2S_BLOCK_LEN - state->buf_len);
	b2s_compress(state, state->buf, state->buf_len, true);
	for (i = 0; i < 8; i++)
		put_unaligned_le32(state->h[i], word + 4 * i);
	memcpy(out, word, state->out_len);
	memzero_explicit(word, sizeof(word));
	memzero_explicit(state, sizeof(*state));
}

void b2s_hash(u8 out[B2S_HASH_LEN], const void *in, size_t len)
{
	struct b2s_state state;

	b2s_init(&state, B2S_HASH_LEN, NULL, 0);
	b2s_update(&state, in, len);
	b2s_final(&state, out);
}

void b2s_mac(u8 out[B2S_MAC_LEN], const void *in, size_t len,
	     const u8 *key, size_t key_len)
{
	struct b2s_state state;

	b2s_init(&state, B2S_MAC_LEN, key, key_len);
	b2s_update(&state, in, len);
	b2s_final(&state, out);
}

void b2s_mac_key_load(struct b2s_mac_key *mac, const u8 *key, size_t key_len)
{
	struct b2s_state *begun = &mac->begun;

	b2s_init(begun, B2S_MAC_LEN, key, key_len);
	b2s_compress(begun, begun->buf, B2S_BLOCK_LEN, false);
	memzero_explicit(begun->buf, sizeof(begun->buf));
	begun->buf_len = 0;
}

void b2s_mac_with(const struct b2s_mac_key *mac, u8 out[B2S_MAC_LEN],
		  const void *in, size_t len)
{
	struct b2s_state state = mac->begun;

	b2s_update(&state, in, len);
	b2s_final(&state, out);
}

/* Starts a hash with the padded key block, compressed and kept in buf. */
static void b2s_hmac_pad(struct b2s_state *state,
			 const u8 block[B2S_BLOCK_LEN], u8 pad)
{
	int i;

	b2s_init(state, B2S_HASH_LEN, NULL, 0);
	for (i = 0; i < B2S_BLOCK_LEN; i++)
		state->buf[i] = block[i] ^ pad;
	b2s_compress(state, state->buf, B2S_BLOCK_LEN, false);
}

void b2s_hmac_key_load(struct b2s_hmac_key *hmac, const u8 *key, size_t key_len)
{
	u8 block[B2S_BLOCK_LEN] = { 0 };

	if (key_len > B2S_BLOCK_LEN)
		b2s_hash(block, key, key_len);
	else
		memcpy(block, key, key_len);
	b2s_hmac_pad(&hmac->inner, block, 0x36);
	b2s_hmac_pad(&hmac->outer, block, 0x5c);
	memzero_explicit(block, sizeof(block));
}

void b2s_hmac_with(const struct b2s_hmac_key *hmac, u8 out[B2S_HASH_LEN],
		   const void *in, size_t len)
{
	struct b2s_state state = hmac->inner;
	u8 digest[B2S_HASH_LEN];

	/* No message: the pad, still in buf, is the last block. */
	if (!len) {
		b2s_init(&state, B2S_HASH_LEN, NULL, 0);
		state.buf_len = B2S_BLOCK_LEN;
	}
	b2s_update(&state, in, len);
	b2s_final(&state, digest);
	state = hmac->outer;
	b2s_update(&state, digest, sizeof(digest));
	b2s_final(&state, out);
	memzero_explicit(digest, sizeof(digest));
}

void b2s_hmac(u8 out[B2S_HASH_LEN], const u8 *key, size_t key_len,
	      const void *in, size_t len)
{
	struct b2s_hmac_key hmac;

	b2s_hmac_key_load(&hmac, key, key_len);
	b2s_hmac_with(&hmac, out, in, len);
	memzero_explicit(&hmac, sizeof(hmac));
}
