/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A group of long messages, sealed with Poly1305 beside ChaCha20: what a vector
 * has sealed is absorbed in pieces between the rounds of the next one
 * (poly1305_beside.h). Inline parts of aead_avx512.c.
 */
#ifndef WG_CRYPTO_X86_AEAD_BESIDE_H
#define WG_CRYPTO_X86_AEAD_BESIDE_H

#include "crypto/x86/aead_group.h"
#include "crypto/x86/poly1305_beside.h"

/* Messages in a vector, seldom more than three here: the stack is short. */
#define BESIDE_RUN_N	4

static void beside_sealed(struct p1305_beside *beside,
			  const struct aead_cursor *cursor)
{
	beside->sealed = cursor->msg + cursor->index;
	beside->sealed_len = cursor->offset;
	p1305_beside_limit(beside);
}

/* Octet @which of a group, from its keys on. */
static noinline void octet_start(struct p1305_beside *beside,
				 const struct aead_work *work,
				 const struct aead_cursor *cursor,
				 unsigned int which)
{
	const unsigned int first = AEAD_OCTET * which;

	beside->key = work->key[which];
	beside->power_n = 0;
	beside->msg = cursor->msg + first;
	beside->n = min(cursor->n - first, 0U + AEAD_OCTET);
	beside->index = 0;
	beside_sealed(beside, cursor);
}

/* What was not absorbed beside keystream, and the tags. */
static noinline void octet_end(struct p1305_beside *beside,
			       struct aead_work *work, unsigned int which)
{
	while (p1305_beside_step(beside))
		;
	p1305_octet_finish(beside->octet, work->key[which], beside->n);
}

/* All text, as text_vectors(), and the tags. */
static noinline void text_beside(struct p1305_octet *octet,
				 struct aead_work *work,
				 const struct aead_key *key,
				 struct aead_cursor cursor)
{
	struct p1305_beside beside_all STACK_UNSET, *beside = &beside_all;
	struct aead_run run[BESIDE_RUN_N] STACK_UNSET;
	unsigned int lane_n = cursor.n, run_n, which = 0;

	run_n = aead_plan_text(&cursor, run, BESIDE_RUN_N, &lane_n,
			       LANE_N);
	runs_xor(work, run, run_n, ~0U);
	beside->octet = octet;
	octet_start(beside, work, &cursor, which);
	for (;;) {
		lane_n = 0;
		run_n = aead_plan_text(&cursor, run, BESIDE_RUN_N, &lane_n,
			       LANE_N);
		if (!run_n)
			break;
		stream_make(work->stream, key, run, run_n, lane_n, beside);
		runs_xor(work, run, run_n, ~0U);
		beside_sealed(beside, &cursor);
		if (beside->index < AEAD_OCTET || cursor.n <= AEAD_OCTET)
			continue;
		octet_end(beside, work, which++);
		octet_start(beside, work, &cursor, which);
	}
	octet_end(beside, work, which);
	if (AEAD_OCTET * ++which >= cursor.n)
		return;
	octet_start(beside, work, &cursor, which);
	octet_end(beside, work, which);
}

/* False, and nothing done, for messages which are better taken by columns. */
static bool seal_beside(struct aead_work *work, const struct aead_key *key,
			const struct aead_cursor *cursor)
{
	struct p1305_octet octet STACK_UNSET;
	u32 len_max = 0;
	unsigned int i;

	for (i = 0; i < cursor->n; i++)
		len_max = max(len_max, cursor->msg[i].len);
	if (len_max <= COLUMN_LEN)
		return false;
	text_beside(&octet, work, key, *cursor);
	return true;
}

#endif /* WG_CRYPTO_X86_AEAD_BESIDE_H */
