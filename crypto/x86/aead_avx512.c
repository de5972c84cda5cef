// SPDX-License-Identifier: GPL-2.0
/*
 * Seal and open with AVX-512 and IFMA: up to 16 messages share the 16 lanes of
 * ChaCha20, up to 8 the 8 lanes of Poly1305.
 */
#include "crypto/x86/aead_avx512.h"
#include "crypto/x86/chacha20_avx512.h"

#define LANE_N		16
#define SPILL_LEN	3456	/* 64 n */
#define SPILL_LEN_LONE	1792	/* of one message alone */
#include "crypto/x86/aead_group.h"
#include "crypto/x86/poly1305_beside.h"
#include "crypto/x86/poly1305_column.h"

/* Where Poly1305 changes its ways (poly1305_avx512.h): see crypto/README.md. */
#define SOLO_N		2	/* up to so many messages: each by itself */
#define COLUMN_LEN	352	/* up to so many bytes each: by columns */

/* From element 16 - n on: a mask of the lanes from n on. */
static const u32 lane_mask[2 * LANE_N] __aligned(64) = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U,
	~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U,
};

/* Lanes of @y where @mask has ones, lanes of @x elsewhere. */
static __always_inline cc20_v16 lanes_blend(cc20_v16 x, __m512i mask, cc20_v16 y)
{
	return (cc20_v16)_mm512_ternarylogic_epi32((__m512i)x, mask, (__m512i)y,
						   0xb8);
}

/*
 * Counters and nonces for the lanes of @run and, to be overwritten, those after
 * it; @lanes holds the lanes before. All from memory and without mask registers:
 * see cc20_word_512().
 */
static __always_inline void lanes_add(struct cc20_lanes_512 *lanes,
				      const struct aead_run *run)
{
	const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
					       11, 12, 13, 14, 15);
	const __m512i mask = _mm512_loadu_si512(lane_mask + LANE_N - run->lane);
	const u32 *nonce = (const u32 *)&run->msg->nonce;

	lanes->counter = lanes_blend(lanes->counter, mask, (cc20_v16)iota +
				     cc20_word_512(&run->first));
	lanes->nonce_low = lanes_blend(lanes->nonce_low, mask,
				       cc20_word_512(nonce));
	lanes->nonce_high = lanes_blend(lanes->nonce_high, mask,
					cc20_word_512(nonce + 1));
}

static noinline void stream_vertical(u8 *stream, const struct aead_key *key,
				     const struct cc20_lanes_512 *lanes)
{
	cc20_vertical_512(stream, key, lanes);
}

/* Beside double round @i. Fill buffers are few: hence not all lines at once. */
static __always_inline void lines_await(const struct p1305_beside *beside, int i)
{
	const u8 *const *await = beside->await;

	__builtin_prefetch(await[0] + 2 * CC20_BLOCK_LEN * i);
	__builtin_prefetch(await[0] + 2 * CC20_BLOCK_LEN * i + CC20_BLOCK_LEN);
	__builtin_prefetch(await[1] + 2 * CC20_BLOCK_LEN * i);
	__builtin_prefetch(await[1] + 2 * CC20_BLOCK_LEN * i + CC20_BLOCK_LEN);
}

/* The same, with pieces of Poly1305 beside the rounds. */
static noinline void stream_beside(u8 *stream, const struct aead_key *key,
				   const struct cc20_lanes_512 *lanes,
				   struct p1305_beside *beside)
{
	struct cc20_state_512 s STACK_UNSET;
	int i;

	cc20_start_512(&s, key, lanes);
	for (i = 0; i < CC20_ROUND_N / 2; i++) {
		cc20_double_round_512(&s);
		p1305_beside_step(beside);
		lines_await(beside, i);
	}
	cc20_write_512(stream, &s, key, lanes);
}

/* The same of eight messages abreast: fewer and longer pieces. */
static noinline void stream_abreast(u8 *stream, const struct aead_key *key,
				    const struct cc20_lanes_512 *lanes,
				    struct p1305_beside *beside)
{
	struct cc20_state_512 s STACK_UNSET;
	int i;

	cc20_start_512(&s, key, lanes);
	for (i = 0; i < CC20_ROUND_N / 2; i++) {
		cc20_double_round_512(&s);
		lines_await(beside, i);
		if (i == 3 || i == 7)
			p1305_beside_eight(beside);
	}
	cc20_write_512(stream, &s, key, lanes);
}

#include "crypto/x86/aead_lone.h"

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

static void stream_make(u8 *stream, const struct aead_key *key,
			const struct aead_run *run, unsigned int run_n,
			unsigned int lane_n, struct p1305_beside *beside)
{
	struct cc20_lanes_512 lanes = { cc20_all_512(0), cc20_all_512(0),
					cc20_all_512(0) };
	struct cc20_lanes_512 *kept = (struct cc20_lanes_512 *)stream;
	unsigned int i;

	for (i = 0; i < run_n; i++)
		lanes_add(&lanes, &run[i]);
	/* Until the keystream takes their place: the stack is short. */
	*kept = lanes;
	if (lane_n > 8 && beside && beside->abreast)
		stream_abreast(stream, key, kept, beside);
	else if (lane_n > 8 && beside)
		stream_beside(stream, key, kept, beside);
	else if (lane_n > 8)
		stream_vertical(stream, key, kept);
	else
		stream_horizontal(stream, key, kept, lane_n);
}

static __always_inline void text_xor(u8 *dst, const u8 *src, u8 *stream,
				     u32 len)
{
	__mmask64 mask;
	__m512i x;

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

/* The sums of the halves of 64-bit words: none of them can carry. */
struct text_sum {
	__m512i low, high;
};

static __always_inline void text_sum_add(struct text_sum *sum, __m512i x)
{
	const __m512i half = _mm512_set1_epi64(0xffffffff);

	sum->low = _mm512_add_epi64(sum->low, _mm512_and_si512(x, half));
	sum->high = _mm512_add_epi64(sum->high, _mm512_srli_epi64(x, 32));
}

static __always_inline u64 text_sum_all(const struct text_sum *sum)
{
	return (u64)_mm512_reduce_add_epi64(_mm512_add_epi64(sum->low,
							     sum->high));
}

static u64 text_sum(const u8 *p, u32 len)
{
	struct text_sum sum = { _mm512_setzero_si512(), _mm512_setzero_si512() };

	for (; len >= CC20_BLOCK_LEN; len -= CC20_BLOCK_LEN) {
		text_sum_add(&sum, _mm512_loadu_si512(p));
		p += CC20_BLOCK_LEN;
	}
	text_sum_add(&sum, _mm512_maskz_loadu_epi8(p1305_low_bits(len), p));
	return text_sum_all(&sum);
}

/* Both, and the text is read once. */
static u64 text_xor_sum(u8 *dst, const u8 *src, const u8 *stream, u32 len)
{
	struct text_sum sum = { _mm512_setzero_si512(), _mm512_setzero_si512() };
	const __mmask64 mask = p1305_low_bits(len % CC20_BLOCK_LEN);
	__m512i x;

	for (; len >= CC20_BLOCK_LEN; len -= CC20_BLOCK_LEN) {
		x = _mm512_loadu_si512(src);
		text_sum_add(&sum, x);
		x = _mm512_xor_si512(x, _mm512_load_si512(stream));
		_mm512_storeu_si512(dst, x);
		src += CC20_BLOCK_LEN;
		dst += CC20_BLOCK_LEN;
		stream += CC20_BLOCK_LEN;
	}
	if (!len)
		return text_sum_all(&sum);
	x = _mm512_maskz_loadu_epi8(mask, src);
	text_sum_add(&sum, x);
	x = _mm512_xor_si512(x, _mm512_load_si512(stream));
	_mm512_mask_storeu_epi8(dst, mask, x);
	return text_sum_all(&sum);
}

static noinline void solo_tags(aead_keys key, const struct aead_text *text,
			       unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		const u64 own[4] = { key[0][i], key[1][i], key[2][i],
				     key[3][i] };
		u64 tag[2];

		p1305_solo(tag, own, text[i]);
		key[0][i] = tag[0];
		key[1][i] = tag[1];
	}
}

static noinline void octet_tags(aead_keys key, const struct aead_text *text,
				unsigned int n)
{
	struct p1305_octet octet STACK_UNSET;
	unsigned int i;

	p1305_octet_powers(&octet, key);
	for (i = 0; i < n; i++)
		p1305_octet_sum(&octet, i, text[i]);
	p1305_octet_finish(&octet, key, n);
}

static noinline void column_tags(aead_keys key, const struct aead_text *text,
				 u32 len_max)
{
	p1305_column(key, text, (p1305_block_n(len_max) + 3) / 4);
}

/* Up to eight tags; text[] has eight entries, the further ones of length 0. */
static void tags_make(aead_keys key, const struct aead_text *text,
		      unsigned int n)
{
	u32 len_max = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		len_max = max(len_max, text[i].len);
	if (n <= SOLO_N)
		solo_tags(key, text, n);
	else if (len_max <= COLUMN_LEN)
		column_tags(key, text, len_max);
	else
		octet_tags(key, text, n);
}

#include "crypto/x86/aead_beside.h"

/* As memzero_explicit(), which takes eight bytes at a time in some kernels. */
static __always_inline void work_wipe(struct aead_work *work)
{
	unsigned int i;

	static_assert(sizeof(*work) % 64 == 0, "whole vectors");
	for (i = 0; i < sizeof(*work); i += 64)
		_mm512_store_si512((u8 *)work + i, _mm512_setzero_si512());
	__asm__ __volatile__("" : : "r"(work) : "memory");
}

/*
 * As stack_wipe(SPILL_LEN), in half the time of a memset() of that length. Who
 * interrupts it uses the same stack, but has left it when this goes on.
 */
static __always_inline void spill_wipe(void)
{
	void *at;

	__asm__ __volatile__("leaq -%c[len](%%rsp), %[at]\n"
			     "1:\tvmovdqu64 %[zero], (%[at])\n\t"
			     "addq $64, %[at]\n\t"
			     "cmpq %%rsp, %[at]\n\t"
			     "jb 1b"
			     : [at] "=&r"(at)
			     : [zero] "v"(_mm512_setzero_si512()),
			       [len] "i"(SPILL_LEN)
			     : "cc", "memory");
}

#include "crypto/x86/aead_section.h"

void aead_avx512_seal(const struct aead_key *key, const struct aead_msg *msg,
		      unsigned int n)
{
	if (n == 1 && !msg->head && !msg->tail) {
		seal_lone(key, msg);
		stack_wipe(SPILL_LEN_LONE);
	} else {
		section_seal(key, msg, n);
	}
}

u32 aead_avx512_open(const struct aead_key *key, const struct aead_msg *msg,
		     unsigned int n)
{
	u32 authentic;

	if (n != 1)
		return section_open(key, msg, n);
	authentic = open_lone(key, msg);
	stack_wipe(SPILL_LEN_LONE);
	return authentic;
}
