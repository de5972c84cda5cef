/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Seal and open by groups of messages which share the lanes of ChaCha20. Inline
 * parts of aead_avx512.c, which defines
 *
 *	LANE_N		blocks which a full vector makes
 *	stream_make()	the keystream of the lanes of some runs
 *	text_xor()	apply keystream to text in a row
 *	text_sum()	sum the words of text in a row (aead_check.h)
 *	tags_make()	Poly1305 tags of up to eight messages
 *	group_beside()	text and tags at once, where that is faster
 *
 * A group of long messages is taken by group_beside(); others are sealed, then
 * authenticated, or authenticated, then opened. A text may so be written before
 * the verdict on it; what was not authentic is zeroed before the call returns.
 */
#ifndef WG_CRYPTO_X86_AEAD_GROUP_H
#define WG_CRYPTO_X86_AEAD_GROUP_H

#include "crypto/aead_check.h"
#include "crypto/stack.h"
#include "crypto/x86/aead_plan.h"

#define AEAD_OCTET	8	/* messages which Poly1305 takes at a time */

struct aead_text {
	const u8 *data;
	u32 len;
};

/*
 * Words of Poly1305 keys: r low, r high, pad low, pad high; of each message. The
 * low and the high word of its tag take the place of r in the end.
 */
typedef u64 aead_keys[4][AEAD_OCTET];

/* What is secret and too big for registers; wiped at the end of a section. */
struct aead_work {
	u8 stream[LANE_N * CC20_BLOCK_LEN];
	aead_keys key[LANE_N / AEAD_OCTET];
} __aligned(64);

struct p1305_beside;
struct p1305_octet;

static void stream_make(u8 *stream, const struct aead_key *key,
			const struct aead_run *run, unsigned int run_n,
			unsigned int lane_n, struct p1305_beside *beside);
static void tags_make(aead_keys key, const struct aead_text *text,
		      unsigned int n);
static bool group_beside(struct aead_work *work, const struct aead_key *key,
			 const struct aead_cursor *cursor);

/*
 * The first vector of a group: block 0 of every message, then text. Each
 * function here has the runs it needs in a frame of its own, which is gone when
 * Poly1305 takes its share of the stack.
 */
static noinline void first_vector(struct aead_work *work,
				  const struct aead_key *key,
				  struct aead_cursor cursor)
{
	struct aead_run run[LANE_N] STACK_UNSET;
	unsigned int run_n, lane_n, i, word;

	lane_n = run_n = aead_plan_keys(&cursor, run);
	run_n += aead_plan_text(&cursor, run + run_n, LANE_N - run_n, &lane_n,
				LANE_N);
	stream_make(work->stream, key, run, run_n, lane_n, NULL);
	for (i = 0; i < cursor.n; i++)
		for (word = 0; word < 4; word++)
			work->key[i / AEAD_OCTET][word][i % AEAD_OCTET] =
				get_unaligned_le64(work->stream +
						   CC20_BLOCK_LEN * i +
						   8 * word);
}

/* Apply the keystream of a vector to the messages in @wanted. */
static void runs_xor(struct aead_work *work, const struct aead_run *run,
		     unsigned int run_n, u32 wanted)
{
	unsigned int i;

	for (i = 0; i < run_n; i++)
		if (wanted >> run[i].index & 1)
			run_xor(&run[i], work->stream +
					 CC20_BLOCK_LEN * run[i].lane);
}

/* All text: that of the first vector, whose keystream is there, and the rest. */
static noinline void text_vectors(struct aead_work *work,
				  const struct aead_key *key,
				  struct aead_cursor cursor, u32 wanted)
{
	struct aead_run run[LANE_N] STACK_UNSET;
	unsigned int lane_n = cursor.n, run_n;

	run_n = aead_plan_text(&cursor, run, LANE_N, &lane_n, LANE_N);
	runs_xor(work, run, run_n, wanted);
	for (;;) {
		lane_n = 0;
		run_n = aead_plan_text(&cursor, run, LANE_N, &lane_n, LANE_N);
		if (!run_n)
			return;
		stream_make(work->stream, key, run, run_n, lane_n, NULL);
		runs_xor(work, run, run_n, wanted);
	}
}

/* The tags of a group, over what was sealed to dst or is to be opened. */
static noinline void group_tags(struct aead_work *work,
				const struct aead_cursor *cursor, bool sealed)
{
	struct aead_text text[AEAD_OCTET];
	unsigned int done_n, i, n;

	for (done_n = 0; done_n < cursor->n; done_n += n) {
		const struct aead_msg *msg = cursor->msg + done_n;

		n = min(cursor->n - done_n, 0U + AEAD_OCTET);
		for (i = 0; i < AEAD_OCTET; i++) {
			text[i].data = sealed ? msg[i < n ? i : 0].dst :
						msg[i < n ? i : 0].src;
			text[i].len = i < n ? msg[i].len - cursor->tag_len : 0;
		}
		tags_make(work->key[done_n / AEAD_OCTET], text, n);
	}
}

static __always_inline u64 tag_word(const struct aead_work *work,
				    unsigned int i, int word)
{
	return work->key[i / AEAD_OCTET][word][i % AEAD_OCTET];
}

static noinline void seal_group(struct aead_work *work,
				const struct aead_key *key,
				const struct aead_msg *msg, unsigned int n)
{
	const struct aead_cursor cursor = { .msg = msg, .n = n };
	unsigned int i;

	first_vector(work, key, cursor);
	if (!group_beside(work, key, &cursor)) {
		for (i = 0; i < n; i++)
			check_write(&msg[i]);
		text_vectors(work, key, cursor, ~0U);
		group_tags(work, &cursor, true);
	}
	for (i = 0; i < n; i++) {
		u8 *tag = msg[i].dst + msg[i].len;

		put_unaligned_le64(tag_word(work, i, 0), tag);
		put_unaligned_le64(tag_word(work, i, 1), tag + 8);
	}
}

/* Which messages are authentic; the destinations of the others are zeroed. */
static noinline u32 aead_verdict(const struct aead_work *work,
				 const struct aead_msg *msg, unsigned int n)
{
	u32 authentic = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		const u32 len = msg[i].len - AEAD_TAG_LEN;
		const u64 tag[2] = { tag_word(work, i, 0),
				     tag_word(work, i, 1) };

		if (aead_is_tag(tag, msg[i].src + len))
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
	u32 authentic;

	first_vector(work, key, cursor);
	if (group_beside(work, key, &cursor))
		return aead_verdict(work, msg, n);
	group_tags(work, &cursor, false);
	authentic = aead_verdict(work, msg, n);
	text_vectors(work, key, cursor, authentic);
	return authentic;
}

#endif /* WG_CRYPTO_X86_AEAD_GROUP_H */
