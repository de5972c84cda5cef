/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One message alone, with AVX-512: there is nothing to plan, and what is short
 * takes the quicker ways: horizontal ChaCha20, and up to LONE_SCALAR_LEN bytes
 * scalar Poly1305, which is done before a vector has its powers of r. Inline
 * parts of aead_avx512.c.
 */
#ifndef WG_CRYPTO_X86_AEAD_LONE_H
#define WG_CRYPTO_X86_AEAD_LONE_H

#include "crypto/aead_check.h"
#include "crypto/poly1305.h"
#include "crypto/x86/chacha20_avx512.h"
#include "crypto/x86/poly1305_avx512.h"
#include "crypto/x86/poly1305_mulx.h"

#define LONE_STREAM_LEN	(16 * CC20_BLOCK_LEN)
#define LONE_SCALAR_LEN	192	/* see crypto/README.md */

/* Keystream from block @counter on, at least @block_n blocks, at most 16. */
static noinline void lone_stream(u8 *stream, const struct aead_key *key,
				 u64 nonce, u32 counter, u32 block_n)
{
	const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
					       11, 12, 13, 14, 15);
	const __m512i row = _mm512_broadcast_i32x4(
		_mm_set_epi64x((s64)nonce, counter));
	const cc20_v16 last[2] = {
		(cc20_v16)_mm512_add_epi32(row, _mm512_setr_epi64(
			0, 0, 1, 0, 2, 0, 3, 0)),
		(cc20_v16)_mm512_add_epi32(row, _mm512_setr_epi64(
			4, 0, 5, 0, 6, 0, 7, 0)),
	};
	const struct cc20_lanes_512 lanes = {
		cc20_all_512(counter) + (cc20_v16)iota,
		cc20_all_512((u32)nonce), cc20_all_512((u32)(nonce >> 32)),
	};

	if (block_n <= 4)
		cc20_horizontal_512(stream, key, last, 1);
	else if (block_n <= 8)
		cc20_horizontal_512(stream, key, last, 2);
	else
		stream_vertical(stream, key, &lanes);
}

static noinline void lone_tag_scalar(u64 tag[2], const u8 *key,
				     struct aead_text text)
{
	u8 bytes[P1305_TAG_LEN];
	struct p1305_state state;
	u64 h[3] = { 0, 0, 0 };
	u8 last[P1305_BLOCK_LEN];
	u32 at;

	p1305_init(&state, key);
	for (at = 0; at + P1305_BLOCK_LEN <= text.len; at += P1305_BLOCK_LEN)
		p1305_step_mulx(h, state.r, state.s1, text.data + at);
	if (at < text.len) {
		_mm_storeu_si128((__m128i *)last, _mm_maskz_loadu_epi8(
			(__mmask16)p1305_low_bits(text.len - at),
			text.data + at));
		p1305_step_mulx(h, state.r, state.s1, last);
	}
	put_unaligned_le64(0, last);
	put_unaligned_le64(text.len, last + 8);
	p1305_step_mulx(h, state.r, state.s1, last);
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

static void lone_tag(u64 tag[2], const u8 *key, const u8 *data, u32 len)
{
	const struct aead_text text = { data, len };

	if (len <= LONE_SCALAR_LEN)
		lone_tag_scalar(tag, key, text);
	else
		lone_tag_solo(tag, key, text);
}

static __always_inline void lone_xor(u8 *dst, const u8 *src, const u8 *stream,
				     u32 len)
{
	u32 at;

	for (at = 0; at < len; at += CC20_BLOCK_LEN) {
		const u64 mask = p1305_low_bits(min(len - at, 64U));

		_mm512_mask_storeu_epi8(dst + at, mask, _mm512_xor_si512(
			_mm512_maskz_loadu_epi8(mask, src + at),
			_mm512_load_si512(stream + at)));
	}
}

/* All @len bytes of text; @stream begins with block 0. */
static void lone_text(const struct aead_key *key, const struct aead_msg *msg,
		      u32 len, u8 stream[LONE_STREAM_LEN])
{
	const u32 vector_len = LONE_STREAM_LEN;
	u32 at = min(len, vector_len - CC20_BLOCK_LEN), n;

	lone_xor(msg->dst, msg->src, stream + CC20_BLOCK_LEN, at);
	for (; at < len; at += n) {
		n = min(len - at, vector_len);
		lone_stream(stream, key, msg->nonce, 1 + at / CC20_BLOCK_LEN,
			    (n + CC20_BLOCK_LEN - 1) / CC20_BLOCK_LEN);
		lone_xor(msg->dst + at, msg->src + at, stream, n);
	}
}

static __always_inline u32 lone_block_n(u32 len)
{
	return 1 + (len + CC20_BLOCK_LEN - 1) / CC20_BLOCK_LEN;
}

/* The callers wipe the stack. */
static noinline void seal_lone(const struct aead_key *key,
			       const struct aead_msg *msg)
{
	u8 stream[LONE_STREAM_LEN] __aligned(64) STACK_UNSET;
	u8 tag_key[P1305_KEY_LEN];
	u64 tag[2];

	check_write(msg);
	lone_stream(stream, key, msg->nonce, 0, lone_block_n(msg->len));
	memcpy(tag_key, stream, sizeof(tag_key));
	lone_text(key, msg, msg->len, stream);
	lone_tag(tag, tag_key, msg->dst, msg->len);
	put_unaligned_le64(tag[0], msg->dst + msg->len);
	put_unaligned_le64(tag[1], msg->dst + msg->len + 8);
}

static noinline bool open_lone(const struct aead_key *key,
			       const struct aead_msg *msg)
{
	const u32 len = msg->len - AEAD_TAG_LEN;
	u8 stream[LONE_STREAM_LEN] __aligned(64) STACK_UNSET;
	u64 tag[2];

	lone_stream(stream, key, msg->nonce, 0, lone_block_n(len));
	lone_tag(tag, stream, msg->src, len);
	if (!aead_is_tag(tag, msg->src + len)) {
		memset(msg->dst, 0, len);
		return false;
	}
	lone_text(key, msg, len, stream);
	return true;
}

#endif /* WG_CRYPTO_X86_AEAD_LONE_H */
