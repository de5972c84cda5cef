// SPDX-License-Identifier: GPL-2.0
/*
 * The replay window against a list of all counters ever admitted. Input: steps
 * of three bytes, which move a counter and offer it.
 */
#include <stdlib.h>

#include "proto/replay.h"
#include "proto/session.h"

#define SEEN_MAX	2048

static u64 seen[SEEN_MAX];
static unsigned int seen_n;

static bool model_admit(u64 c)
{
	u64 greatest = 0;
	unsigned int i;

	if (c >= 0xffffffffffffdfffULL)
		return false;
	for (i = 0; i < seen_n; i++) {
		if (seen[i] == c)
			return false;
		if (seen[i] > greatest)
			greatest = seen[i];
	}
	if (seen_n && greatest > c && greatest - c > 8128)
		return false;
	seen[seen_n++] = c;
	return true;
}

/* Near steps, far steps, and the ends of the number line. */
static u64 move(u64 c, u8 how, u16 by)
{
	switch (how % 8) {
	case 0:
	case 1:
		return c + by;
	case 2:
	case 3:
		return c - by;
	case 4:
		return by;
	case 5:
		return REJECT_AFTER_MESSAGES - by;
	case 6:
		return ~0ULL - by;
	case 7:
		return c + ((u64)by << (how / 8 + 8));
	}
	return c;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);
int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct replay r;
	u64 c = 0;

	seen_n = 0;
	replay_init(&r);
	for (; len >= 3 && seen_n < SEEN_MAX; data += 3, len -= 3) {
		c = move(c, data[0], get_unaligned_le16(data + 1));
		if (replay_admit(&r, c) != model_admit(c))
			abort();
	}
	return 0;
}
