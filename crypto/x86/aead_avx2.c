// SPDX-License-Identifier: GPL-2.0
/*
 * Seal and open with AVX2: up to 8 messages share the 8 lanes of ChaCha20;
 * Poly1305 takes 4 blocks of one message at a time.
 */
#include "crypto/x86/aead_avx2.h"
#include "crypto/x86/chacha20_avx2.h"

#define LANE_N		8
#define SPILL_LEN	2560
#include "crypto/x86/aead_group.h"
#include "crypto/x86/poly1305_avx2.h"
#include "crypto/poly1305_step.h"

static noinline void stream_vertical(u8 *stream, const struct aead_key *key,
				     const struct cc20_lanes_256 *lanes)
{
	cc20_vertical_256(stream, key, lanes);
}

static noinline void stream_horizontal(u8 *stream, const struct aead_key *key,
				       const struct cc20_lanes_256 *lanes,
				       unsigned int lane_n)
{
	if (lane_n <= 2)
		cc20_horizontal_256(stream, key, lanes, 1);
	else
		cc20_horizontal_256(stream, key, lanes, 2);
}

static void stream_make(u8 *stream, const struct aead_key *key,
			const struct aead_run *run, unsigned int run_n,
			unsigned int lane_n)
{
	struct cc20_lanes_256 lanes = { { 0 }, { 0 }, { 0 } };
	unsigned int i, j, lane;

	for (i = 0; i < run_n; i++)
		for (j = 0; j < run[i].lane_n; j++) {
			lane = run[i].lane + j;
			lanes.counter[lane] = run[i].counter + j;
			lanes.nonce_low[lane] = (u32)run[i].nonce;
			lanes.nonce_high[lane] = (u32)(run[i].nonce >> 32);
		}
	if (lane_n > 4)
		stream_vertical(stream, key, &lanes);
	else
		stream_horizontal(stream, key, &lanes, lane_n);
}

static __always_inline void xor_32(u8 *dst, const u8 *src, const u8 *stream)
{
	_mm256_storeu_si256((__m256i *)dst, _mm256_xor_si256(
		_mm256_loadu_si256((const __m256i *)src),
		_mm256_load_si256((const __m256i *)stream)));
}

/* The last part block is worked on in place of its keystream. */
static void run_xor(const struct aead_run *run, u8 *stream)
{
	const u8 *src = run->src;
	u8 *dst = run->dst;
	u32 len = run->len;

	for (; len >= 32; len -= 32) {
		xor_32(dst, src, stream);
		src += 32;
		dst += 32;
		stream += 32;
	}
	for (; len >= 8; len -= 8) {
		put_unaligned_le64(get_unaligned_le64(src) ^
				   get_unaligned_le64(stream), dst);
		src += 8;
		dst += 8;
		stream += 8;
	}
	while (len--)
		*dst++ = *src++ ^ *stream++;
}

/* Reduce a sum of limbs and add the pad, by way of p1305_final(). */
static noinline void tag_finish(aead_tags tags, const aead_keys key,
				unsigned int i, u64 l[5])
{
	struct p1305_state state;
	p1305_wide low, high;
	u8 tag[AEAD_TAG_LEN];
	u64 top;

	low = (p1305_wide)l[0] + ((p1305_wide)l[1] << 26) +
	      ((p1305_wide)l[2] << 52);
	high = (p1305_wide)(u64)(low >> 64) + ((p1305_wide)l[3] << 14) +
	       ((p1305_wide)l[4] << 40);
	top = (u64)(high >> 64);
	low = (p1305_wide)(u64)low + (top >> 2) * 5;
	high = (p1305_wide)(u64)high + (u64)(low >> 64);
	state.h[0] = (u64)low;
	state.h[1] = (u64)high;
	state.h[2] = (top & 3) + (u64)(high >> 64);
	state.pad[0] = key[2][i];
	state.pad[1] = key[3][i];
	p1305_final(&state, tag);
	tags[0][i] = get_unaligned_le64(tag);
	tags[1][i] = get_unaligned_le64(tag + 8);
}

static noinline void tags_make(aead_tags tags, const aead_keys key,
			       const struct aead_text *text, unsigned int n)
{
	struct p1305_secret_256 secret STACK_UNSET;
	unsigned int i;
	u64 l[5];

	for (i = 0; i < n; i++) {
		p1305_powers_256(&secret, key[0][i], key[1][i],
				 text[i].len > 64);
		p1305_text_sum_256(l, &secret, text[i]);
		tag_finish(tags, key, i, l);
	}
}

static unsigned int spill_len(unsigned int n)
{
	(void)n;
	return SPILL_LEN;
}

void aead_avx2_seal(const struct aead_key *key, const struct aead_msg *msg,
		    unsigned int n)
{
	section_seal(key, msg, n);
}

u32 aead_avx2_open(const struct aead_key *key, const struct aead_msg *msg,
		   unsigned int n)
{
	return section_open(key, msg, n);
}
