/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One FPU section: groups of messages, one after the other, on one struct
 * aead_work. Included last by each SIMD path, which has defined
 *
 *	LANE_N			lanes of its ChaCha20
 *	struct aead_work	what is secret and too big for registers
 *	seal_group()		up to LANE_N messages
 *	open_group()
 *	work_wipe()		zero a struct aead_work
 *	spill_wipe()		zero as much stack as these have taken
 */
#ifndef WG_CRYPTO_X86_AEAD_SECTION_H
#define WG_CRYPTO_X86_AEAD_SECTION_H

#include "crypto/stack.h"
#include "crypto/x86/aead_plan.h"

static void section_seal(const struct aead_key *key, const struct aead_msg *msg,
			 unsigned int n)
{
	struct aead_work work STACK_UNSET;
	unsigned int part_n;

	for (; n; n -= part_n, msg += part_n) {
		part_n = min(n, 0U + LANE_N);
		seal_group(&work, key, msg, part_n);
	}
	work_wipe(&work);
	spill_wipe();
}

static u32 section_open(const struct aead_key *key, const struct aead_msg *msg,
			unsigned int n)
{
	struct aead_work work STACK_UNSET;
	unsigned int part_n, done_n;
	u32 authentic = 0;

	for (done_n = 0; done_n < n; done_n += part_n) {
		part_n = min(n - done_n, 0U + LANE_N);
		authentic |= open_group(&work, key, msg + done_n, part_n)
			     << done_n;
	}
	work_wipe(&work);
	spill_wipe();
	return authentic;
}

#endif /* WG_CRYPTO_X86_AEAD_SECTION_H */
