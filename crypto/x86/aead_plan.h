/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a group of messages is laid over the lanes of a vector ChaCha20: first
 * block 0 of every message (the Poly1305 keys), then the text, message after
 * message, without a gap. A run is a stretch of neighbouring lanes which work
 * on neighbouring blocks of one message.
 */
#ifndef WG_CRYPTO_X86_AEAD_PLAN_H
#define WG_CRYPTO_X86_AEAD_PLAN_H

#include "crypto/aead.h"
#include "crypto/chacha20.h"

struct aead_run {	/* small: there is one a lane, on the stack */
	const struct aead_msg *msg;
	u32 offset;		/* into its text */
	u32 len;		/* bytes of text in this run; 0 for a block 0 */
	u32 first;		/* counter of the first lane, less its number */
	u8 lane, lane_n;
	u8 index;		/* which message */
};

/* Where the planning of a group stands. */
struct aead_cursor {
	const struct aead_msg *msg;
	unsigned int n, index;
	u32 offset;		/* into the text of msg[index] */
	u32 tag_len;		/* that part of a length which is not text */
};

static inline u32 aead_text_len(const struct aead_cursor *cursor,
				unsigned int index)
{
	return cursor->msg[index].len - cursor->tag_len;
}

/* Block 0 of all messages, one run and one lane each. */
static inline unsigned int aead_plan_keys(const struct aead_cursor *cursor,
					  struct aead_run *run)
{
	unsigned int i;

	for (i = 0; i < cursor->n; i++) {
		run[i].len = 0;
		run[i].first = 0 - i;
		run[i].msg = &cursor->msg[i];
		run[i].lane = (u8)i;
		run[i].lane_n = 1;
		run[i].index = (u8)i;
	}
	return i;
}

/*
 * Text for the lanes from @lane on, up to @lane_n. Returns the number of runs
 * written to @run, at most @run_n_max, and at most one a lane; @lane becomes the
 * number of lanes in use.
 */
static inline unsigned int aead_plan_text(struct aead_cursor *cursor,
					  struct aead_run *run,
					  unsigned int run_n_max,
					  unsigned int *lane,
					  unsigned int lane_n)
{
	unsigned int run_n = 0, want_n;
	const struct aead_msg *msg;
	u32 left;

	while (*lane < lane_n && run_n < run_n_max && cursor->index < cursor->n) {
		msg = &cursor->msg[cursor->index];
		left = aead_text_len(cursor, cursor->index) - cursor->offset;
		if (!left) {
			cursor->index++;
			cursor->offset = 0;
			continue;
		}
		want_n = (left + CC20_BLOCK_LEN - 1) / CC20_BLOCK_LEN;
		run->lane = (u8)*lane;
		run->lane_n = (u8)min(want_n, lane_n - *lane);
		run->len = min(left, run->lane_n * CC20_BLOCK_LEN);
		run->msg = msg;
		run->offset = cursor->offset;
		run->first = 1 + cursor->offset / CC20_BLOCK_LEN - *lane;
		run->index = (u8)cursor->index;
		*lane += run->lane_n;
		cursor->offset += run->len;
		run_n++;
		run++;
	}
	return run_n;
}

/*
 * The text of @run from @at on: how many bytes of it lie in a row, and where
 * (aead.h: head and tail).
 */
static inline u32 aead_run_source(const struct aead_run *run, u32 at,
				  const u8 **src)
{
	const struct aead_msg *msg = run->msg;
	const u32 from = run->offset + at, end = run->offset + run->len;
	const u32 middle_end = msg->len - msg->tail;

	*src = msg->dst + from;
	if (from < msg->head)
		return min(end, 0U + msg->head) - from;
	if (from >= middle_end)
		return end - from;
	*src = msg->src + from;
	return min(end, middle_end) - from;
}

/* Apply keystream to @len bytes in a row: of each path. May spoil @stream. */
static void text_xor(u8 *dst, const u8 *src, u8 *stream, u32 len);

/* Apply the keystream of its lanes to the text of a run. */
static inline void run_xor(const struct aead_run *run, u8 *stream)
{
	const u8 *src;
	u32 at, len;

	for (at = 0; at < run->len; at += len) {
		len = aead_run_source(run, at, &src);
		text_xor(run->msg->dst + run->offset + at, src, stream + at,
			 len);
	}
}

/* In constant time; both words count. */
static __always_inline bool aead_is_tag(const u64 tag[2], const u8 *want)
{
	const u64 differ = (tag[0] ^ get_unaligned_le64(want)) |
			   (tag[1] ^ get_unaligned_le64(want + 8));

	/* Clang 14 would make a branch of each word. */
	return !ct_mask(differ);
}

#endif /* WG_CRYPTO_X86_AEAD_PLAN_H */
