/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One short message alone, with AVX-512: all its keystream comes out of one
 * horizontal ChaCha20, so there is nothing to plan; and up to LONE_SCALAR_LEN
 * bytes, portable Poly1305 is done before a vector has its powers of r. Inline
 * parts of aead_avx512.c.
 */
#ifndef WG_CRYPTO_X86_AEAD_LONE_H
#define WG_CRYPTO_X86_AEAD_LONE_H

#include "crypto/poly1305_step.h"
#include "crypto/x86/chacha20_avx512.h"
#include "crypto/x86/poly1305_avx512.h"

#define LONE_LEN	(7 * CC20_BLOCK_LEN)	/* of text, with block 0 eight */
#define LONE_SCALAR_LEN	192			/* see crypto/README.md */

static noinline void lone_stream(u8 *stream, const struct aead_key *key,
				 u64 nonce, u32 len)
{
	const __m128i word = _mm_set_epi64x((s64)nonce, 0);
	const __m512i row = _mm512_broadcast_i32x4(word);
	const cc20_v16 last[2] = {
		(cc20_v16)_mm512_add_epi32(row, _mm512_setr_epi64(
			0, 0, 1, 0, 2, 0, 3, 0)),
		(cc20_v16)_mm512_add_epi32(row, _mm512_setr_epi64(
			4, 0, 5, 0, 6, 0, 7, 0)),
	};

	if (len <= 3 * CC20_BLOCK_LEN)
		cc20_horizontal_512(stream, key, last, 1);
	else
		cc20_horizontal_512(stream, key, last, 2);
}

static noinline void lone_tag_scalar(u64 tag[2], const u8 *key,
				     struct aead_text text)
{
	u8 bytes[P1305_TAG_LEN];
	struct p1305_state state;
	u64 h[3] = { 0, 0, 0 };
	u64 r0, r1, s1;
	__m128i rest;
	u32 at;

	p1305_init(&state, key);
	r0 = state.r[0];
	r1 = state.r[1];
	s1 = state.s1;
	for (at = 0; at + P1305_BLOCK_LEN <= text.len; at += P1305_BLOCK_LEN)
		p1305_step(h, r0, r1, s1, get_unaligned_le64(text.data + at),
			   get_unaligned_le64(text.data + at + 8), 1);
	if (at < text.len) {
		rest = _mm_maskz_loadu_epi8(
			(__mmask16)p1305_low_bits(text.len - at),
			text.data + at);
		p1305_step(h, r0, r1, s1, (u64)_mm_cvtsi128_si64(rest),
			   (u64)_mm_extract_epi64(rest, 1), 1);
	}
	p1305_step(h, r0, r1, s1, 0, text.len, 1);
	memcpy(state.h, h, sizeof(h));
	p1305_final(&state, bytes);
	tag[0] = get_unaligned_le64(bytes);
	tag[1] = get_unaligned_le64(bytes + 8);
}

static noinline void lone_tag_solo(u64 tag[2], const u8 *key,
				   struct aead_text text)
{
	const u64 word[4] = {
		get_unaligned_le64(key), get_unaligned_le64(key + 8),
		get_unaligned_le64(key + 16), get_unaligned_le64(key + 24),
	};

	p1305_solo(tag, word, text);
}

static void lone_tag(u64 tag[2], const u8 *stream, const u8 *data, u32 len)
{
	const struct aead_text text = { data, len };

	if (len <= LONE_SCALAR_LEN)
		lone_tag_scalar(tag, stream, text);
	else
		lone_tag_solo(tag, stream, text);
}

static __always_inline void lone_xor(const u8 *stream,
				     const struct aead_msg *msg, u32 len)
{
	u32 at;

	for (at = 0; at < len; at += CC20_BLOCK_LEN) {
		const u64 mask = p1305_low_bits(min(len - at, 64U));

		stream += CC20_BLOCK_LEN;
		_mm512_mask_storeu_epi8(msg->dst + at, mask, _mm512_xor_si512(
			_mm512_maskz_loadu_epi8(mask, msg->src + at),
			_mm512_load_si512(stream)));
	}
}

/* The callers wipe the stack. */
static noinline void seal_lone(const struct aead_key *key,
			       const struct aead_msg *msg)
{
	u8 stream[8 * CC20_BLOCK_LEN] __aligned(64) STACK_UNSET;
	u64 tag[2];

	lone_stream(stream, key, msg->nonce, msg->len);
	lone_xor(stream, msg, msg->len);
	lone_tag(tag, stream, msg->dst, msg->len);
	put_unaligned_le64(tag[0], msg->dst + msg->len);
	put_unaligned_le64(tag[1], msg->dst + msg->len + 8);
}

static noinline bool open_lone(const struct aead_key *key,
			       const struct aead_msg *msg)
{
	const u32 len = msg->len - AEAD_TAG_LEN;
	const u8 *want = msg->src + len;
	u8 stream[8 * CC20_BLOCK_LEN] __aligned(64) STACK_UNSET;
	u64 tag[2];

	lone_stream(stream, key, msg->nonce, len);
	lone_tag(tag, stream, msg->src, len);
	if (!aead_is_tag(tag, want)) {
		memset(msg->dst, 0, len);
		return false;
	}
	lone_xor(stream, msg, len);
	return true;
}

#endif /* WG_CRYPTO_X86_AEAD_LONE_H */
