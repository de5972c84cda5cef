// SPDX-License-Identifier: GPL-2.0
/*
 * Seal and open with AVX2: up to 8 messages share the 8 lanes of ChaCha20,
 * beside which Poly1305 runs in scalar registers.
 */
#include "crypto/x86/aead_avx2.h"
#include "crypto/x86/chacha20_avx2.h"

#define LANE_N		8
#define SPILL_LEN	1792
#include "crypto/x86/aead_stitch.h"

static noinline void stream_vertical(u8 *stream, const struct aead_key *key,
				     const struct cc20_lanes_256 *lanes,
				     const struct cc20_beside *beside)
{
	cc20_vertical_256(stream, key, lanes, beside);
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

/* From element 8 - n on: a mask of the lanes from n on. */
static const u32 lane_mask[2 * LANE_N] __aligned(32) = {
	0, 0, 0, 0, 0, 0, 0, 0, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U,
};

/*
 * Counters and nonces for the lanes of @run and, to be overwritten, those after
 * it; @lanes holds the lanes before.
 */
static __always_inline void lanes_add(struct cc20_lanes_256 *lanes,
				      const struct aead_run *run)
{
	const cc20_v8 iota = { 0, 1, 2, 3, 4, 5, 6, 7 };
	const cc20_v8 mask = (cc20_v8)_mm256_loadu_si256(
		(const __m256i *)(lane_mask + LANE_N - run->lane));
	const u32 *nonce = (const u32 *)&run->msg->nonce;

	lanes->counter = (lanes->counter & ~mask) |
			 (mask & (iota + cc20_word_256(&run->first)));
	lanes->nonce_low = (lanes->nonce_low & ~mask) |
			   (mask & cc20_word_256(nonce));
	lanes->nonce_high = (lanes->nonce_high & ~mask) |
			    (mask & cc20_word_256(nonce + 1));
}

static void stream_make(u8 *stream, const struct aead_key *key,
			const struct aead_run *run, unsigned int run_n,
			unsigned int lane_n, const struct cc20_beside *beside)
{
	struct cc20_lanes_256 lanes = { cc20_all_256(0), cc20_all_256(0),
					cc20_all_256(0) };
	unsigned int i;

	for (i = 0; i < run_n; i++)
		lanes_add(&lanes, &run[i]);
	if (lane_n > 4) {
		stream_vertical(stream, key, &lanes, beside);
		lanes_absorb(beside, CC20_BLOCK_LEN - 1);
	} else {
		stream_horizontal(stream, key, &lanes, lane_n);
		lanes_absorb(beside, CC20_BLOCK_LEN);
	}
}

static __always_inline void xor_32(u8 *dst, const u8 *src, const u8 *stream)
{
	_mm256_storeu_si256((__m256i *)dst, _mm256_xor_si256(
		_mm256_loadu_si256((const __m256i *)src),
		_mm256_load_si256((const __m256i *)stream)));
}

/* The last part block is worked on in place of its keystream. */
static __always_inline void text_xor(u8 *dst, const u8 *src, u8 *stream,
				     u32 len)
{
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

/* The sums of the halves of 64-bit words: none of them can carry. */
static u64 text_sum(const u8 *p, u32 len)
{
	const __m256i half = _mm256_set1_epi64x(0xffffffff);
	__m256i low = _mm256_setzero_si256(), high = low, x;
	u64 sum[4];

	for (; len >= sizeof(x); len -= sizeof(x)) {
		x = _mm256_loadu_si256((const __m256i *)p);
		low = _mm256_add_epi64(low, _mm256_and_si256(x, half));
		high = _mm256_add_epi64(high, _mm256_srli_epi64(x, 32));
		p += sizeof(x);
	}
	_mm256_storeu_si256((__m256i *)sum, _mm256_add_epi64(low, high));
	return sum[0] + sum[1] + sum[2] + sum[3] + sum_words(p, len);
}

static __always_inline void work_wipe(struct aead_work *work)
{
	memzero_explicit(work, sizeof(*work));
}

static __always_inline void spill_wipe(void)
{
	stack_wipe(SPILL_LEN);
}

#include "crypto/x86/aead_section.h"

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
