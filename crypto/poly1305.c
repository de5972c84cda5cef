// SPDX-License-Identifier: GPL-2.0
#include "crypto/poly1305.h"
#include "crypto/poly1305_step.h"

/* [RFC 8439 2.5]: the bits of r which must be zero. */
#define CLAMP_0	0x0ffffffc0fffffffULL
#define CLAMP_1	0x0ffffffc0ffffffcULL

#ifdef __SIZEOF_INT128__

void p1305_init(struct p1305_state *state, const u8 key[P1305_KEY_LEN])
{
	memset(state->h, 0, sizeof(state->h));
	state->r[0] = get_unaligned_le64(key) & CLAMP_0;
	state->r[1] = get_unaligned_le64(key + 8) & CLAMP_1;
	state->s1 = state->r[1] + (state->r[1] >> 2);
	state->pad[0] = get_unaligned_le64(key + 16);
	state->pad[1] = get_unaligned_le64(key + 24);
}

void p1305_blocks(struct p1305_state *state, const u8 *src, size_t block_n,
		  u32 high)
{
	const u64 r0 = state->r[0], r1 = state->r[1], s1 = state->s1;
	u64 h[3] = { state->h[0], state->h[1], state->h[2] };

	for (; block_n; block_n--, src += P1305_BLOCK_LEN)
		p1305_step(h, r0, r1, s1, get_unaligned_le64(src),
			   get_unaligned_le64(src + 8), high);
	memcpy(state->h, h, sizeof(h));
}

/*
 * A step leaves h below 2^130 + 2^64, less than twice the prime p = 2^130 - 5.
 * h reaches p exactly when h + 5 reaches bit 130, and then h - p is h + 5 less
 * that bit, of which the tag takes the low 128 bits anyway.
 */
void p1305_final(const struct p1305_state *state, u8 tag[P1305_TAG_LEN])
{
	const u64 *h = state->h;
	p1305_wide low, high;
	u64 g0, g1, keep;

	low = (p1305_wide)h[0] + 5;
	g0 = (u64)low;
	high = (p1305_wide)h[1] + (u64)(low >> 64);
	g1 = (u64)high;
	/* All ones: h < p. */
	keep = ct_mask(((h[2] + (u64)(high >> 64)) >> 2) - 1);
	g0 = (h[0] & keep) | (g0 & ~keep);
	g1 = (h[1] & keep) | (g1 & ~keep);

	low = (p1305_wide)g0 + state->pad[0];
	put_unaligned_le64((u64)low, tag);
	put_unaligned_le64(g1 + state->pad[1] + (u64)(low >> 64), tag + 8);
}

#else /* no 128-bit products */

#define LIMB_N		5
#define LIMB_BITS	26
#define LIMB_MASK	((1U << LIMB_BITS) - 1)

/* Cut the 128 bits of @src into limbs; bits above 128 are the caller's. */
static void limbs_read(u32 limb[LIMB_N], const u8 *src)
{
	u64 low = get_unaligned_le64(src), high = get_unaligned_le64(src + 8);

	limb[0] = low & LIMB_MASK;
	limb[1] = (low >> 26) & LIMB_MASK;
	limb[2] = ((low >> 52) | (high << 12)) & LIMB_MASK;
	limb[3] = (high >> 14) & LIMB_MASK;
	limb[4] = (u32)(high >> 40);
}

void p1305_init(struct p1305_state *state, const u8 key[P1305_KEY_LEN])
{
	u8 r[P1305_BLOCK_LEN];
	int i;

	put_unaligned_le64(get_unaligned_le64(key) & CLAMP_0, r);
	put_unaligned_le64(get_unaligned_le64(key + 8) & CLAMP_1, r + 8);
	limbs_read(state->r, r);
	memset(state->h, 0, sizeof(state->h));
	for (i = 0; i < 4; i++)
		state->pad[i] = get_unaligned_le32(key + 16 + 4 * i);
	memzero_explicit(r, sizeof(r));
}

/* h *= r; a product which passes limb 4 comes back times 5. */
static void multiply(u32 h[LIMB_N], const u32 r[LIMB_N])
{
	u64 d[LIMB_N] = { 0 }, carry = 0;
	int i, j;

	for (i = 0; i < LIMB_N; i++)
		for (j = 0; j < LIMB_N; j++)
			d[(i + j) % LIMB_N] += (u64)h[i] *
					(i + j < LIMB_N ? r[j] : 5 * r[j]);
	for (i = 0; i < LIMB_N; i++) {
		d[i] += carry;
		carry = d[i] >> LIMB_BITS;
		h[i] = d[i] & LIMB_MASK;
	}
	carry = h[0] + carry * 5;
	h[0] = carry & LIMB_MASK;
	h[1] += (u32)(carry >> LIMB_BITS);
}

void p1305_blocks(struct p1305_state *state, const u8 *src, size_t block_n,
		  u32 high)
{
	u32 m[LIMB_N];
	int i;

	for (; block_n; block_n--, src += P1305_BLOCK_LEN) {
		limbs_read(m, src);
		m[4] |= high << 24;
		for (i = 0; i < LIMB_N; i++)
			state->h[i] += m[i];
		multiply(state->h, state->r);
	}
}

/* Carry once more all the way round: every limb but h[1] below 2^26. */
static void settle(u32 h[LIMB_N])
{
	u32 carry = 0;
	int i;

	for (i = 1; i < LIMB_N; i++) {
		h[i] += carry;
		carry = h[i] >> LIMB_BITS;
		h[i] &= LIMB_MASK;
	}
	h[0] += carry * 5;
	h[1] += h[0] >> LIMB_BITS;
	h[0] &= LIMB_MASK;
}

/* h - p if that is not negative, as in the 64-bit version above. */
static void reduce(u32 h[LIMB_N])
{
	u32 g[LIMB_N], carry = 5, keep;
	int i;

	for (i = 0; i < LIMB_N; i++) {
		g[i] = h[i] + carry;
		carry = g[i] >> LIMB_BITS;
		g[i] &= LIMB_MASK;
	}
	keep = (u32)ct_mask((u64)carry - 1);
	for (i = 0; i < LIMB_N; i++)
		h[i] = (h[i] & keep) | (g[i] & ~keep);
}

void p1305_final(const struct p1305_state *state, u8 tag[P1305_TAG_LEN])
{
	u32 h[LIMB_N], word[4];
	u64 sum = 0;
	int i;

	memcpy(h, state->h, sizeof(h));
	settle(h);
	reduce(h);
	word[0] = h[0] | h[1] << 26;
	word[1] = h[1] >> 6 | h[2] << 20;
	word[2] = h[2] >> 12 | h[3] << 14;
	word[3] = h[3] >> 18 | h[4] << 8;
	for (i = 0; i < 4; i++) {
		sum += (u64)word[i] + state->pad[i];
		put_unaligned_le32((u32)sum, tag + 4 * i);
		sum >>= 32;
	}
	memzero_explicit(h, sizeof(h));
	memzero_explicit(word, sizeof(word));
}

#endif

void p1305_padded(struct p1305_state *state, const u8 *src, size_t len)
{
	size_t rest_len = len % P1305_BLOCK_LEN;
	u8 last[P1305_BLOCK_LEN] = { 0 };

	p1305_blocks(state, src, len / P1305_BLOCK_LEN, 1);
	if (!rest_len)
		return;
	memcpy(last, src + len - rest_len, rest_len);
	p1305_blocks(state, last, 1, 1);
}
