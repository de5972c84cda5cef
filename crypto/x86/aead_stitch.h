/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A group of messages on vectors whose registers ChaCha20 needs all: Poly1305
 * runs beside it in scalar registers, on the multiplier that ChaCha20 leaves
 * idle. Inline parts of aead_avx2.c, which defines LANE_N, stream_make(), text_xor()
 * and text_sum() as for aead_group.h.
 *
 * A lane's block of text is four blocks of Poly1305. Sealing absorbs, while the
 * keystream of a vector is made, what the vector before has sealed; opening,
 * what is about to be opened. So a text is written before the verdict on it;
 * what was not authentic is zeroed before the call returns.
 */
#ifndef WG_CRYPTO_X86_AEAD_STITCH_H
#define WG_CRYPTO_X86_AEAD_STITCH_H

#include "crypto/aead_check.h"
#include "crypto/stack.h"
#include "crypto/x86/aead_plan.h"

/* What is secret and too big for registers; wiped at the end of a section. */
struct aead_work {
	u8 stream[LANE_N * CC20_BLOCK_LEN];
	struct p1305_state poly[LANE_N];
} __aligned(64);

/* Lanes of a vector, to be absorbed in this order. */
static void lanes_queue(struct cc20_beside lane[LANE_N],
			struct aead_work *work, const struct aead_run *run,
			unsigned int run_n, bool sealed)
{
	unsigned int i, j;

	for (j = 0; j < LANE_N; j++)
		lane[j].len = 0;
	for (i = 0; i < run_n; i++) {
		const u8 *p = run[i].offset + (sealed ? run[i].msg->dst :
							run[i].msg->src);

		for (j = 0; CC20_BLOCK_LEN * j < run[i].len; j++) {
			const u32 at = CC20_BLOCK_LEN * j;

			lane[run[i].lane + j] = (struct cc20_beside){
				&work->poly[run[i].index], p + at,
				min(run[i].len - at, 0U + CC20_BLOCK_LEN),
			};
		}
	}
}

/* @len bytes, filled up with zeros. */
static __always_inline void poly_absorb(struct p1305_state *poly, const u8 *p,
					u32 len)
{
	u64 h[3] = { poly->h[0], poly->h[1], poly->h[2] };

	for (; len >= P1305_BLOCK_LEN; len -= P1305_BLOCK_LEN) {
		p1305_step_mulx(h, poly->r, poly->s1, p);
		p += P1305_BLOCK_LEN;
	}
	if (len) {
		u8 last[P1305_BLOCK_LEN] = { 0 };

		memcpy(last, p, len);
		p1305_step_mulx(h, poly->r, poly->s1, last);
	}
	poly->h[0] = h[0];
	poly->h[1] = h[1];
	poly->h[2] = h[2];
}

/* What is shorter than @len_max and was not done beside the keystream. */
static noinline void lanes_absorb(const struct cc20_beside lane[LANE_N],
				  u32 len_max)
{
	unsigned int i;

	for (i = 0; i < LANE_N; i++)
		if (lane[i].len && lane[i].len <= len_max)
			poly_absorb(lane[i].poly, lane[i].p, lane[i].len);
}

static void stream_make(u8 *stream, const struct aead_key *key,
			const struct aead_run *run, unsigned int run_n,
			unsigned int lane_n, const struct cc20_beside *beside);

/* The first blocks of keystream are the keys. */
static void keys_load(struct aead_work *work, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		p1305_init(&work->poly[i],
			   work->stream + CC20_BLOCK_LEN * i);
}

static void runs_xor(struct aead_work *work, const struct aead_run *run,
		     unsigned int run_n)
{
	unsigned int i;

	for (i = 0; i < run_n; i++)
		if (run[i].len)
			run_xor(&run[i],
				work->stream + CC20_BLOCK_LEN * run[i].lane);
}

/* Seal or open, up to the lengths and the tags. */
static noinline void group_run(struct aead_work *work,
			       const struct aead_key *key,
			       struct aead_cursor cursor, bool sealed)
{
	struct cc20_beside lane[LANE_N] STACK_UNSET;
	struct aead_run run[LANE_N] STACK_UNSET;
	unsigned int lane_n, run_n;

	lanes_queue(lane, work, NULL, 0, sealed);
	lane_n = run_n = aead_plan_keys(&cursor, run);
	run_n += aead_plan_text(&cursor, run + run_n, LANE_N - run_n, &lane_n,
				LANE_N);
	stream_make(work->stream, key, run, run_n, lane_n, lane);
	keys_load(work, cursor.n);
	lanes_queue(lane, work, run, run_n, sealed);
	if (!sealed)
		lanes_absorb(lane, CC20_BLOCK_LEN);
	runs_xor(work, run, run_n);
	for (;;) {
		lane_n = 0;
		run_n = aead_plan_text(&cursor, run, LANE_N, &lane_n, LANE_N);
		if (!run_n)
			break;
		if (!sealed)
			lanes_queue(lane, work, run, run_n, sealed);
		stream_make(work->stream, key, run, run_n, lane_n, lane);
		runs_xor(work, run, run_n);
		if (sealed)
			lanes_queue(lane, work, run, run_n, sealed);
	}
	if (sealed)
		lanes_absorb(lane, CC20_BLOCK_LEN);
}

static void group_tag(u8 tag[AEAD_TAG_LEN], struct p1305_state *poly, u32 len)
{
	u8 lengths[P1305_BLOCK_LEN] = { 0 };

	put_unaligned_le64(len, lengths + 8);
	poly_absorb(poly, lengths, sizeof(lengths));
	p1305_final(poly, tag);
}

static noinline void seal_group(struct aead_work *work,
				const struct aead_key *key,
				const struct aead_msg *msg, unsigned int n)
{
	const struct aead_cursor cursor = { .msg = msg, .n = n };
	unsigned int i;

	for (i = 0; i < n; i++)
		check_write(&msg[i]);
	group_run(work, key, cursor, true);
	for (i = 0; i < n; i++)
		group_tag(msg[i].dst + msg[i].len, &work->poly[i], msg[i].len);
}

/* Which messages are authentic; the destinations of the others are zeroed. */
static noinline u32 aead_verdict(struct aead_work *work,
				 const struct aead_msg *msg, unsigned int n)
{
	u32 authentic = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		const u32 len = msg[i].len - AEAD_TAG_LEN;
		u8 tag[AEAD_TAG_LEN];
		u64 word[2];

		group_tag(tag, &work->poly[i], len);
		word[0] = get_unaligned_le64(tag);
		word[1] = get_unaligned_le64(tag + 8);
		if (aead_is_tag(word, msg[i].src + len))
			authentic |= 1U << i;
		else
			memset(msg[i].dst, 0, len);
	}
	return authentic;
}

static noinline u32 open_group(struct aead_work *work,
			       const struct aead_key *key,
			       const struct aead_msg *msg, unsigned int n)
{
	const struct aead_cursor cursor = { .msg = msg, .n = n,
					    .tag_len = AEAD_TAG_LEN };

	group_run(work, key, cursor, false);
	return aead_verdict(work, msg, n);
}

#endif /* WG_CRYPTO_X86_AEAD_STITCH_H */
