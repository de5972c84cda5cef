/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A group of long messages, sealed or opened with Poly1305 beside ChaCha20, in
 * pieces between its rounds (poly1305_beside.h). Sealing absorbs what the vectors
 * before have sealed; opening, whatever comes next, for all of it is there: where
 * a message is opened in place, what a vector is to overwrite has been absorbed.
 * Inline parts of aead_avx512.c.
 */
#ifndef WG_CRYPTO_X86_AEAD_BESIDE_H
#define WG_CRYPTO_X86_AEAD_BESIDE_H

#include "crypto/x86/aead_group.h"
#include "crypto/x86/poly1305_beside.h"

/* Messages in a vector, seldom more than three here: the stack is short. */
#define BESIDE_RUN_N	4

/* Poly1305 of a group, from its keys on. */
static __always_inline void beside_init(struct p1305_beside *beside,
					union p1305_eight *eight,
					struct aead_work *work,
					const struct aead_cursor *cursor)
{
	beside->eight = eight;
	beside->tag_len = cursor->tag_len;
	beside->msg_end = cursor->msg + cursor->n;
	beside->ready = cursor->tag_len ? beside->msg_end : cursor->msg;
	beside->ready_len = 0;
	p1305_beside_choose(beside, cursor->msg);
	p1305_beside_octet(beside, cursor->msg, work->key);
}

/* Whether text before @cursor is left to be absorbed. */
static __always_inline bool beside_late(const struct p1305_beside *beside,
					const struct aead_cursor *cursor)
{
	const struct aead_msg *msg = beside->msg + beside->index;
	const struct aead_msg *at = cursor->msg + cursor->index;

	if (msg != at || !beside->step_n)	/* none begun, or none left */
		return msg <= at;
	return beside->p < p1305_beside_data(beside, msg) + cursor->offset;
}

/* Absorb, with nothing beside, what is before @until; or all, and the tags. */
static noinline void beside_absorb(struct p1305_beside *beside,
				   const struct aead_cursor *until)
{
	while ((!until || beside_late(beside, until)) &&
	       (p1305_beside_step(beside) || p1305_beside_eight(beside)))
		;
}

/* Whether the keystream of a vector is to overwrite what is to be opened. */
static __always_inline bool runs_in_place(const struct aead_run *run,
					  unsigned int run_n)
{
	unsigned int i;

	for (i = 0; i < run_n && run[i].msg->dst != run[i].msg->src; i++)
		;
	return i < run_n;
}

/*
 * Memory of a packet comes from an allocator, and its lines from the third level:
 * they are on their way while the keystream is made. What follows the first run in
 * memory is, as a rule, what belongs to the others; if not, nothing is lost.
 */
static void beside_await(struct p1305_beside *beside, const struct aead_run *run)
{
	const u8 *src = run->msg->src;

	beside->await[0] = run->msg->dst + run->offset;
	beside->await[1] = src ? src + run->offset : beside->await[0];
}

/*
 * Seal a run, and sum its text up: @sum is of what the runs before have sealed of
 * this message. A checksum that is complete late changes what is sealed already,
 * as the text that it is.
 */
static void run_seal(u64 *sum, const struct aead_run *run, u8 *stream)
{
	const struct aead_msg *msg = run->msg;
	u8 *check = msg->dst + msg->check;
	const u8 *src;
	u32 at, len;

	if (!run->offset)
		*sum = 0;
	for (at = 0; at < run->len; at += len) {
		len = aead_run_source(run, at, &src);
		*sum += text_xor_sum(msg->dst + run->offset + at, src,
				     stream + at, len);
	}
	if (run->offset + run->len == msg->len)
		put_unaligned_le16(get_unaligned_le16(check) ^
				   check_of(msg, *sum), check);
}

static void runs_seal(struct p1305_beside *beside, struct aead_work *work,
		      const struct aead_run *run, unsigned int run_n)
{
	unsigned int i;

	for (i = 0; i < run_n; i++) {
		u8 *stream = work->stream + CC20_BLOCK_LEN * run[i].lane;

		if (run[i].msg->check)
			run_seal(&beside->sum, &run[i], stream);
		else
			run_xor(&run[i], stream);
	}
}

/* What is sealed before @cursor and will not change any more. */
static void beside_sealed(struct p1305_beside *beside,
			  const struct aead_cursor *cursor)
{
	const struct aead_msg *msg = cursor->msg + cursor->index;

	beside->ready = msg;
	beside->ready_len = cursor->offset;
	if (cursor->index < cursor->n && msg->check && cursor->offset < msg->len)
		beside->ready_len = 0;
	p1305_beside_limit(beside);
}

/* Apply the keystream of a vector to the text before @cursor. */
static void beside_xor(struct p1305_beside *beside, struct aead_work *work,
		       const struct aead_run *run, unsigned int run_n,
		       const struct aead_cursor *cursor)
{
	if (!cursor->tag_len) {
		runs_seal(beside, work, run, run_n);
		beside_sealed(beside, cursor);
		return;
	}
	if (runs_in_place(run, run_n))
		beside_absorb(beside, cursor);
	runs_xor(work, run, run_n, ~0U);
}

/* All text, as text_vectors(), and the tags. */
static noinline void text_beside(union p1305_eight *eight,
				 struct aead_work *work,
				 const struct aead_key *key,
				 struct aead_cursor cursor)
{
	struct p1305_beside beside STACK_UNSET;
	struct aead_run run[BESIDE_RUN_N] STACK_UNSET;
	unsigned int lane_n = cursor.n, run_n;

	beside_init(&beside, eight, work, &cursor);
	run_n = aead_plan_text(&cursor, run, BESIDE_RUN_N, &lane_n, LANE_N);
	while (run_n || cursor.index < cursor.n) {
		beside_xor(&beside, work, run, run_n, &cursor);
		lane_n = 0;
		run_n = aead_plan_text(&cursor, run, BESIDE_RUN_N, &lane_n,
				       LANE_N);
		if (!run_n)
			continue;
		beside_await(&beside, run);
		stream_make(work->stream, key, run, run_n, lane_n, &beside);
	}
	beside_absorb(&beside, NULL);
}

/*
 * False, and nothing done, for messages which are better taken by columns, and
 * where most are so short that they would not fill the runs of a vector.
 */
static noinline bool group_beside(struct aead_work *work,
				  const struct aead_key *key,
				  const struct aead_cursor *cursor)
{
	union p1305_eight eight STACK_UNSET;
	u32 len = 0;
	unsigned int i;

	for (i = 0; i < cursor->n; i++)
		len += aead_text_len(cursor, i);
	if (len <= COLUMN_LEN * cursor->n)
		return false;
	text_beside(&eight, work, key, *cursor);
	return true;
}

#endif /* WG_CRYPTO_X86_AEAD_BESIDE_H */
