// SPDX-License-Identifier: GPL-2.0
/*
 * Seal and open with AVX-512 and IFMA. A group of up to 16 messages shares the
 * 16 lanes of ChaCha20; Poly1305 takes 8 messages at a time for what is alike in
 * all (powers of r, reduction, pad) and 8 or 16 blocks at a time of one message
 * for its text.
 */
#include "crypto/x86/aead_avx512.h"
#include "crypto/x86/aead_plan.h"
#include "crypto/x86/chacha20_avx512.h"
#include "crypto/x86/poly1305_avx512.h"

#define LANE_N	16

/* Where Poly1305 changes its ways (poly1305_avx512.h): see crypto/README.md. */
#define SOLO_N		2	/* up to so many messages: each by itself */
#define COLUMN_LEN	352	/* up to so many bytes each: by columns */

/* What is secret and too big for registers; wiped at the end of a section. */
struct work {
	u8 stream[LANE_N * CC20_BLOCK_LEN];
	p1305_keys key[AEAD_GROUP_MAX / P1305_OCTET];
	p1305_tags tag[AEAD_GROUP_MAX / P1305_OCTET];
} __aligned(64);

/* Counters and nonces for the lanes of @run; @lanes holds the lanes before. */
static __always_inline void lanes_add(struct cc20_lanes_512 *lanes,
				      const struct aead_run *run)
{
	const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
					       11, 12, 13, 14, 15);
	const __mmask16 mask = (__mmask16)(p1305_low_bits(run->lane_n) << run->lane);
	const __m512i first = _mm512_set1_epi32((int)(run->counter - run->lane));

	lanes->counter = (cc20_v16)_mm512_mask_add_epi32(
		(__m512i)lanes->counter, mask, iota, first);
	lanes->nonce_low = (cc20_v16)_mm512_mask_set1_epi32(
		(__m512i)lanes->nonce_low, mask, (int)(u32)run->nonce);
	lanes->nonce_high = (cc20_v16)_mm512_mask_set1_epi32(
		(__m512i)lanes->nonce_high, mask, (int)(run->nonce >> 32));
}

static noinline void stream_vertical(u8 *stream, const struct aead_key *key,
				     const struct cc20_lanes_512 *lanes)
{
	cc20_vertical_512(stream, key, *lanes);
}

/* Words 12 to 15, block after block, from the vectors of single words. */
static __always_inline void lanes_turn(cc20_v16 out[4],
				       const struct cc20_lanes_512 *lanes)
{
	const cc20_v16 in[4] = { lanes->counter, cc20_all_512(0),
				 lanes->nonce_low, lanes->nonce_high };
	cc20_v16 t[4], lo, hi, lo2, hi2;

	cc20_quad_512(t, in);
	/* Only lanes 0 to 7 are wanted: 128-bit parts 0 and 1 of each. */
	lo = CC20_SHUFFLE_128(t[0], t[1], 0x44);
	hi = CC20_SHUFFLE_128(t[2], t[3], 0x44);
	lo2 = CC20_SHUFFLE_128(lo, hi, 0x88);
	hi2 = CC20_SHUFFLE_128(lo, hi, 0xdd);
	out[0] = lo2;
	out[1] = hi2;
}

static noinline void stream_horizontal(u8 *stream, const struct aead_key *key,
				       const struct cc20_lanes_512 *lanes,
				       unsigned int lane_n)
{
	cc20_v16 last[4];

	lanes_turn(last, lanes);
	if (lane_n <= 4)
		cc20_horizontal_512(stream, key, last, 1);
	else
		cc20_horizontal_512(stream, key, last, 2);
}

static void stream_make(struct work *work, const struct aead_key *key,
			const struct cc20_lanes_512 *lanes, unsigned int lane_n)
{
	if (lane_n > 8)
		stream_vertical(work->stream, key, lanes);
	else
		stream_horizontal(work->stream, key, lanes, lane_n);
}

static void run_xor(const struct aead_run *run, const u8 *stream)
{
	const u8 *src = run->src;
	u8 *dst = run->dst;
	u32 len = run->len;
	__mmask64 mask;
	__m512i x;

	stream += run->lane * CC20_BLOCK_LEN;
	for (; len >= CC20_BLOCK_LEN; len -= CC20_BLOCK_LEN) {
		x = _mm512_xor_si512(_mm512_loadu_si512(src),
				     _mm512_load_si512(stream));
		_mm512_storeu_si512(dst, x);
		src += CC20_BLOCK_LEN;
		dst += CC20_BLOCK_LEN;
		stream += CC20_BLOCK_LEN;
	}
	if (!len)
		return;
	mask = p1305_low_bits(len);
	x = _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, src),
			     _mm512_load_si512(stream));
	_mm512_mask_storeu_epi8(dst, mask, x);
}

/* Plan the first vector of a group: block 0 of every message, then text. */
static unsigned int first_vector(struct work *work, const struct aead_key *key,
				 struct aead_cursor *cursor,
				 struct aead_run run[LANE_N])
{
	struct cc20_lanes_512 lanes;
	u32 low[LANE_N] __aligned(64), high[LANE_N] __aligned(64);
	unsigned int run_n, lane_n, i, word;

	for (i = 0; i < cursor->n; i++) {
		low[i] = (u32)cursor->msg[i].nonce;
		high[i] = (u32)(cursor->msg[i].nonce >> 32);
	}
	lanes.counter = cc20_all_512(0);
	lanes.nonce_low = (cc20_v16)_mm512_maskz_load_epi32(
		(__mmask16)p1305_low_bits(cursor->n), low);
	lanes.nonce_high = (cc20_v16)_mm512_maskz_load_epi32(
		(__mmask16)p1305_low_bits(cursor->n), high);
	lane_n = cursor->n;
	run_n = aead_plan(cursor, run, &lane_n, LANE_N);
	for (i = 0; i < run_n; i++)
		lanes_add(&lanes, &run[i]);
	stream_make(work, key, &lanes, lane_n);
	for (i = 0; i < cursor->n; i++)
		for (word = 0; word < 4; word++)
			work->key[i / P1305_OCTET][word][i % P1305_OCTET] =
				get_unaligned_le64(work->stream + 64 * i +
						   8 * word);
	return run_n;
}

/* All further vectors: plan, make keystream, apply it. */
static void text_vectors(struct work *work, const struct aead_key *key,
			 struct aead_cursor *cursor, u32 wanted)
{
	struct aead_run run[LANE_N];
	struct cc20_lanes_512 lanes = { cc20_all_512(0), cc20_all_512(0),
					cc20_all_512(0) };
	unsigned int run_n, lane_n, i;

	for (;;) {
		lane_n = 0;
		run_n = aead_plan(cursor, run, &lane_n, LANE_N);
		if (!run_n)
			return;
		for (i = 0; i < run_n; i++)
			lanes_add(&lanes, &run[i]);
		stream_make(work, key, &lanes, lane_n);
		for (i = 0; i < run_n; i++)
			if (wanted >> run[i].index & 1)
				run_xor(&run[i], work->stream);
	}
}

static noinline void solo_tags(p1305_tags tags, p1305_keys key,
			       const struct p1305_text *text, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		p1305_solo(tags, key, i, text[i]);
}

static noinline void octet_tags(p1305_tags tags, p1305_keys key,
				const struct p1305_text *text, unsigned int n)
{
	struct p1305_octet octet;
	unsigned int i;

	p1305_octet_powers(&octet, key);
	for (i = 0; i < n; i++)
		p1305_octet_sum(&octet, i, text[i]);
	p1305_octet_finish(&octet, tags, key);
	memzero_explicit(&octet, sizeof(octet));
}

static noinline void column_tags(p1305_tags tags, p1305_keys key,
				 const struct p1305_text *text, u32 len_max)
{
	p1305_column(tags, key, text, (p1305_block_n(len_max) + 3) / 4);
}

/* Up to eight tags; text[] has eight entries, the further ones of length 0. */
static void tags_make(p1305_tags tags, p1305_keys key,
		      const struct p1305_text *text, unsigned int n)
{
	u32 len_max = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		len_max = max(len_max, text[i].len);
	if (n <= SOLO_N)
		solo_tags(tags, key, text, n);
	else if (len_max <= COLUMN_LEN)
		column_tags(tags, key, text, len_max);
	else
		octet_tags(tags, key, text, n);
}

/* The tags of a group, over what was sealed to @dst or is to be opened. */
static void group_tags(struct work *work, const struct aead_cursor *cursor,
		       bool sealed)
{
	struct p1305_text text[P1305_OCTET];
	unsigned int octet, i, n;

	for (octet = 0; octet * P1305_OCTET < cursor->n; octet++) {
		const struct aead_msg *msg = cursor->msg + octet * P1305_OCTET;

		n = min(cursor->n - octet * P1305_OCTET, 0U + P1305_OCTET);
		for (i = 0; i < P1305_OCTET; i++) {
			text[i].data = sealed ? msg[i < n ? i : 0].dst :
						msg[i < n ? i : 0].src;
			text[i].len = i < n ? msg[i].len - cursor->tag_len : 0;
		}
		tags_make(work->tag[octet], work->key[octet], text, n);
	}
}

static __always_inline u64 tag_word(const struct work *work, unsigned int i,
				    int word)
{
	return work->tag[i / P1305_OCTET][word][i % P1305_OCTET];
}

static void seal_group(struct work *work, const struct aead_key *key,
		       const struct aead_msg *msg, unsigned int n)
{
	struct aead_cursor cursor = { .msg = msg, .n = n };
	struct aead_run run[LANE_N];
	unsigned int run_n, i;

	run_n = first_vector(work, key, &cursor, run);
	for (i = 0; i < run_n; i++)
		run_xor(&run[i], work->stream);
	text_vectors(work, key, &cursor, ~0U);
	group_tags(work, &cursor, true);
	for (i = 0; i < n; i++) {
		put_unaligned_le64(tag_word(work, i, 0), msg[i].dst + msg[i].len);
		put_unaligned_le64(tag_word(work, i, 1),
				   msg[i].dst + msg[i].len + 8);
	}
}

static noinline u32 aead_verdict_512(const struct work *work,
				     const struct aead_msg *msg, unsigned int n)
{
	u32 authentic = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		const u32 len = msg[i].len - AEAD_TAG_LEN;
		const u8 *tag = msg[i].src + len;

		if ((tag_word(work, i, 0) ^ get_unaligned_le64(tag)) |
		    (tag_word(work, i, 1) ^ get_unaligned_le64(tag + 8)))
			memset(msg[i].dst, 0, len);
		else
			authentic |= 1U << i;
	}
	return authentic;
}

static u32 open_group(struct work *work, const struct aead_key *key,
		      const struct aead_msg *msg, unsigned int n)
{
	struct aead_cursor cursor = { .msg = msg, .n = n,
				      .tag_len = AEAD_TAG_LEN };
	struct aead_run run[LANE_N];
	unsigned int run_n, i;
	u32 authentic;

	run_n = first_vector(work, key, &cursor, run);
	group_tags(work, &cursor, false);
	authentic = aead_verdict_512(work, msg, n);
	for (i = 0; i < run_n; i++)
		if (authentic >> run[i].index & 1)
			run_xor(&run[i], work->stream);
	text_vectors(work, key, &cursor, authentic);
	return authentic;
}

void aead_avx512_seal(const struct aead_key *key, const struct aead_msg *msg,
		      unsigned int n)
{
	struct work work;
	unsigned int part_n;

	for (; n; n -= part_n, msg += part_n) {
		part_n = aead_group_n(msg, n, AEAD_GROUP_MAX);
		seal_group(&work, key, msg, part_n);
	}
	memzero_explicit(&work, sizeof(work));
}

u32 aead_avx512_open(const struct aead_key *key, const struct aead_msg *msg,
		     unsigned int n)
{
	struct work work;
	unsigned int part_n, done_n;
	u32 authentic = 0;

	for (done_n = 0; done_n < n; done_n += part_n) {
		part_n = aead_group_n(msg + done_n, n - done_n, AEAD_GROUP_MAX);
		authentic |= open_group(&work, key, msg + done_n, part_n) << done_n;
	}
	memzero_explicit(&work, sizeof(work));
	return authentic;
}
