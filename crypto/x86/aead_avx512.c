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
#include "crypto/x86/poly1305_ifma.h"

#define LANE_N	16
#define OCTET	8	/* messages which Poly1305 takes at a time */

/* What is secret and too big for registers; wiped at the end of a section. */
struct work {
	u8 stream[LANE_N * CC20_BLOCK_LEN];
	u64 key[AEAD_GROUP_MAX / OCTET][4][OCTET];	/* r, pad: word by message */
	struct p1305_factor power_8, power_16;		/* lane: message */
	p1305_v8 last[3][OCTET];	/* r^8 to r^1: limb, message; lane: block */
	p1305_v8 result[3][OCTET];	/* sums: limb, message; lane: block */
	u64 tag[AEAD_GROUP_MAX / OCTET][2][OCTET];
} __aligned(64);

/* The lowest @n bits, 0 <= n < 256. */
static __always_inline u64 low_bits(u32 n)
{
	return _bzhi_u64(~0ULL, n);
}

/* Counters and nonces for the lanes of @run; @lanes holds the lanes before. */
static __always_inline void lanes_add(struct cc20_lanes_512 *lanes,
				      const struct aead_run *run)
{
	const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
					       11, 12, 13, 14, 15);
	const __mmask16 mask = (__mmask16)(low_bits(run->lane_n) << run->lane);
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
	mask = low_bits(len);
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
		(__mmask16)low_bits(cursor->n), low);
	lanes.nonce_high = (cc20_v16)_mm512_maskz_load_epi32(
		(__mmask16)low_bits(cursor->n), high);
	lane_n = cursor->n;
	run_n = aead_plan(cursor, run, &lane_n, LANE_N);
	for (i = 0; i < run_n; i++)
		lanes_add(&lanes, &run[i]);
	stream_make(work, key, &lanes, lane_n);
	for (i = 0; i < cursor->n; i++)
		for (word = 0; word < 4; word++)
			work->key[i / OCTET][word][i % OCTET] =
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

/*
 * Powers of r of eight messages, in the order in which read_blocks() brings the
 * blocks of a message.
 */
static noinline void powers_make(struct work *work, const u64 key[4][OCTET])
{
	struct p1305_limbs r[OCTET + 1];	/* r[i]: r^i */
	struct p1305_factor f;
	p1305_v8 low, high;
	int limb;

	low = (p1305_v8)_mm512_load_si512(key[0]) &
	      p1305_all(0x0ffffffc0fffffffULL);
	high = (p1305_v8)_mm512_load_si512(key[1]) &
	       p1305_all(0x0ffffffc0ffffffcULL);
	r[1] = p1305_split(low, high);
	f = p1305_factor(r[1]);
	r[2] = p1305_multiply(r[1], &f);
	f = p1305_factor(r[2]);
	r[3] = p1305_multiply(r[1], &f);
	r[4] = p1305_multiply(r[2], &f);
	f = p1305_factor(r[4]);
	r[5] = p1305_multiply(r[1], &f);
	r[6] = p1305_multiply(r[2], &f);
	r[7] = p1305_multiply(r[3], &f);
	r[8] = p1305_multiply(r[4], &f);
	work->power_8 = p1305_factor(r[8]);
	work->power_16 = p1305_factor(p1305_multiply(r[8], &work->power_8));
	for (limb = 0; limb < 3; limb++) {
		work->last[limb][0] = r[8].l[limb];
		work->last[limb][1] = r[4].l[limb];
		work->last[limb][2] = r[7].l[limb];
		work->last[limb][3] = r[3].l[limb];
		work->last[limb][4] = r[6].l[limb];
		work->last[limb][5] = r[2].l[limb];
		work->last[limb][6] = r[5].l[limb];
		work->last[limb][7] = r[1].l[limb];
		p1305_transpose(work->last[limb]);
	}
}

/* Eight blocks at @p as limbs, in the order 0 4 1 5 2 6 3 7. */
static __always_inline struct p1305_limbs read_blocks(const u8 *p)
{
	__m512i x = _mm512_loadu_si512(p), y = _mm512_loadu_si512(p + 64);
	struct p1305_limbs m;

	m = p1305_split((p1305_v8)_mm512_unpacklo_epi64(x, y),
			(p1305_v8)_mm512_unpackhi_epi64(x, y));
	m.l[2] |= p1305_all(P1305_HIGH_BIT);
	return m;
}

/*
 * The first or last eight blocks of a text of @len bytes which begins @lead
 * blocks after @p: zeros before the text and after it up to a whole block, and,
 * if @end, the length as the eighth block.
 */
static __always_inline struct p1305_limbs read_edge(const u8 *p, u32 lead,
						    u32 len, bool end)
{
	const __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
	const u32 from = 16 * lead, to = end ? from + len : 128;
	const u64 mask_x = low_bits(min(to, 64U)) & ~low_bits(min(from, 64U));
	const u64 mask_y = low_bits(max(to, 64U) - 64) &
			   ~low_bits(max(from, 64U) - 64);
	__m512i x = _mm512_maskz_loadu_epi8(mask_x, p);
	__m512i y = _mm512_maskz_loadu_epi8(mask_y, p + 64);
	struct p1305_limbs m;

	m = p1305_split((p1305_v8)_mm512_unpacklo_epi64(x, y),
			(p1305_v8)_mm512_unpackhi_epi64(x, y));
	m.l[2] |= (p1305_v8)_mm512_maskz_mov_epi64(
		_mm512_cmpge_epu64_mask(order, _mm512_set1_epi64(lead)),
		(__m512i)p1305_all(P1305_HIGH_BIT));
	return m;
}

static __always_inline struct p1305_factor
factor_of(const struct p1305_factor *power, unsigned int slot)
{
	struct p1305_factor f;
	int i;

	for (i = 0; i < 3; i++)
		f.l[i] = p1305_all(((const u64 *)&power->l[i])[slot]);
	for (i = 0; i < 2; i++)
		f.twenty[i] = p1305_all(((const u64 *)&power->twenty[i])[slot]);
	return f;
}

/*
 * Sum up one message in eight lanes. The blocks are counted from the end, so
 * that the last step is full and ends with the length block; the first one
 * starts with @lead blocks of nothing.
 */
static noinline void text_sum(struct work *work, unsigned int slot,
			      const u8 *text, u32 len)
{
	const u32 block_n = (len + 15) / 16 + 1, step_n = (block_n + 7) / 8;
	const u32 lead = 8 * step_n - block_n;
	struct p1305_limbs x = { { p1305_all(0), p1305_all(0), p1305_all(0) } };
	struct p1305_factor f8, f16;
	struct p1305_sum sum;
	u64 total_len = len;
	u32 step = step_n;

	text -= 16 * lead;
	if (step > 1) {
		f8 = factor_of(&work->power_8, slot);
		f16 = factor_of(&work->power_16, slot);
		sum = p1305_nothing();
		x = read_edge(text, lead, len, false);
		text += 128;
		len -= 128 - 16 * lead;
		step--;
		if (step % 2 == 0) {
			p1305_accumulate(&sum, read_blocks(text), &f8);
			p1305_accumulate(&sum, x, &f16);
			text += 128;
			len -= 128;
			step--;
		} else {
			p1305_accumulate(&sum, x, &f8);
		}
		x = p1305_carry(sum);
		for (; step > 1; step -= 2) {
			sum = p1305_nothing();
			p1305_accumulate(&sum, read_blocks(text + 128), &f8);
			p1305_accumulate(&sum, p1305_add(x, read_blocks(text)),
					 &f16);
			x = p1305_carry(sum);
			text += 256;
			len -= 256;
		}
		x = p1305_add(x, read_edge(text, 0, len, true));
	} else {
		x = read_edge(text, lead, len, true);
	}
	{
		p1305_v8 size = (p1305_v8)_mm512_maskz_set1_epi64(0x80, (long long)total_len);
		struct p1305_limbs last = { { work->last[0][slot], work->last[1][slot], work->last[2][slot] } };
		struct p1305_factor f = p1305_factor(last);

		x.l[1] += (size << 20) & p1305_all(P1305_MASK_44);
		x.l[2] += size >> 24;
		x = p1305_multiply(x, &f);
	}
	work->result[0][slot] = x.l[0];
	work->result[1][slot] = x.l[1];
	work->result[2][slot] = x.l[2];
}

/* Add up the lanes of each result: one vector, whose lane is the message. */
static __always_inline p1305_v8 lanes_sum(p1305_v8 v[OCTET])
{
	p1305_transpose(v);
	return ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
}

static noinline void tags_make(u64 tag[2][OCTET], struct work *work, const u64 key[4][OCTET])
{
	struct p1305_limbs h;
	p1305_v8 low, high;
	int i;

	for (i = 0; i < 3; i++)
		h.l[i] = lanes_sum(work->result[i]);
	p1305_finish(&low, &high, h, (p1305_v8)_mm512_load_si512(key[2]),
		     (p1305_v8)_mm512_load_si512(key[3]));
	_mm512_store_si512(tag[0], (__m512i)low);
	_mm512_store_si512(tag[1], (__m512i)high);
}

static void group_tags(struct work *work, const struct aead_cursor *cursor, bool from_dst)
{
	unsigned int i, octet;

	for (octet = 0; octet * OCTET < cursor->n; octet++) {
		powers_make(work, work->key[octet]);
		for (i = octet * OCTET; i < cursor->n && i < (octet + 1) * OCTET; i++)
			text_sum(work, i % OCTET, from_dst ? cursor->msg[i].dst : cursor->msg[i].src,
				 aead_text_len(cursor, i));
		tags_make(work->tag[octet], work, work->key[octet]);
	}
}

static void seal_group(struct work *work, const struct aead_key *key, const struct aead_msg *msg, unsigned int n)
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
		put_unaligned_le64(work->tag[i / OCTET][0][i % OCTET], msg[i].dst + msg[i].len);
		put_unaligned_le64(work->tag[i / OCTET][1][i % OCTET], msg[i].dst + msg[i].len + 8);
	}
}

static u32 open_group(struct work *work, const struct aead_key *key, const struct aead_msg *msg, unsigned int n)
{
	struct aead_cursor cursor = { .msg = msg, .n = n, .tag_len = AEAD_TAG_LEN };
	struct aead_run run[LANE_N];
	unsigned int run_n, i;
	u32 authentic = 0;

	run_n = first_vector(work, key, &cursor, run);
	group_tags(work, &cursor, false);
	for (i = 0; i < n; i++) {
		const u8 *tag = msg[i].src + msg[i].len - AEAD_TAG_LEN;
		u64 differ = (work->tag[i / OCTET][0][i % OCTET] ^ get_unaligned_le64(tag)) |
			     (work->tag[i / OCTET][1][i % OCTET] ^ get_unaligned_le64(tag + 8));
		if (!differ)
			authentic |= 1U << i;
		else
			memset(msg[i].dst, 0, msg[i].len - AEAD_TAG_LEN);
	}
	for (i = 0; i < run_n; i++)
		if (authentic >> run[i].index & 1)
			run_xor(&run[i], work->stream);
	text_vectors(work, key, &cursor, authentic);
	return authentic;
}

void aead_avx512_seal(const struct aead_key *key, const struct aead_msg *msg, unsigned int n)
{
	struct work work;
	unsigned int part_n;

	for (; n; n -= part_n, msg += part_n) {
		part_n = aead_group_n(msg, n, AEAD_GROUP_MAX);
		seal_group(&work, key, msg, part_n);
	}
	memzero_explicit(&work, sizeof(work));
}

u32 aead_avx512_open(const struct aead_key *key, const struct aead_msg *msg, unsigned int n)
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
