// SPDX-License-Identifier: GPL-2.0
#include "proto/replay.h"

#include "proto/session.h"
#include "selftest/proto/check.h"

/*
 * The model knows no bitmap: it keeps every counter ever admitted, and says
 * what the rule says.
 */
#define SEEN_MAX	64

struct model {
	u64 seen[SEEN_MAX];
	unsigned int seen_n;
	u64 greatest;
};

static bool model_admit(struct model *m, u64 counter)
{
	unsigned int i;

	if (counter >= REJECT_AFTER_MESSAGES)
		return false;
	if (m->seen_n && m->greatest > counter &&
	    m->greatest - counter > 8128)
		return false;
	for (i = 0; i < m->seen_n; i++)
		if (m->seen[i] == counter)
			return false;
	m->seen[m->seen_n++] = counter;
	if (m->seen_n == 1 || counter > m->greatest)
		m->greatest = counter;
	return true;
}

/* Every sequence of @depth more counters of @set. */
static void all_sequences(const struct replay *r, const struct model *m,
			  const u64 *set, unsigned int set_n, int depth)
{
	unsigned int i;

	for (i = 0; i < set_n; i++) {
		struct replay r2 = *r;
		struct model m2 = *m;
		bool want = model_admit(&m2, set[i]);

		if (!MUST(replay_admit(&r2, set[i]) == want))
			return;
		if (depth > 1)
			all_sequences(&r2, &m2, set, set_n, depth - 1);
	}
}

static void exhaust(const u64 *set, unsigned int set_n, int depth)
{
	struct replay r;
	struct model m = { .seen_n = 0 };

	replay_init(&r);
	all_sequences(&r, &m, set, set_n, depth);
}

static void exhaust_low(void)
{
	static const u64 set[] = {
		0, 1, 63, 64, 8127, 8128, 8129, 8191, 8192, 8193, 16384,
	};

	exhaust(set, ARRAY_SIZE(set), 5);
}

static void exhaust_high(void)
{
	static const u64 set[] = {
		REJECT_AFTER_MESSAGES - 8130, REJECT_AFTER_MESSAGES - 8129,
		REJECT_AFTER_MESSAGES - 64, REJECT_AFTER_MESSAGES - 2,
		REJECT_AFTER_MESSAGES - 1, REJECT_AFTER_MESSAGES,
		REJECT_AFTER_MESSAGES + 1, ~0ULL, 0, 1ULL << 32,
	};

	exhaust(set, ARRAY_SIZE(set), 5);
}

/* Both sides of every word boundary of the ring, one behind the other. */
static void exhaust_edges(void)
{
	u64 top, back;

	for (top = 8100; top < 8100 + 200; top++)
		for (back = 8060; back < 8260; back++) {
			u64 set[2] = { top, top - back };

			exhaust(set, back <= top ? 2 : 1, 2);
		}
}

/* A long walk; what was admitted is kept as bytes, one a counter. */
#define WALK_N	(1 << 20)

static void walk(u64 base, unsigned int steps, unsigned int jump)
{
	static u8 seen[WALK_N];
	struct replay r;
	u64 greatest = 0, c;
	bool want, any = false;
	unsigned int i;

	memset(seen, 0, sizeof(seen));
	replay_init(&r);
	for (i = 0; i < steps; i++) {
		c = greatest + check_random() % (jump + 9000);
		c = c > 9000 ? c - 9000 : 0;
		if (c >= WALK_N)
			break;
		want = !seen[c] && !(any && greatest > c + 8128);
		if (!MUST(replay_admit(&r, base + c) == want))
			return;
		seen[c] |= want;
		if (want && c > greatest)
			greatest = c;
		any = true;
	}
}

static void walks(void)
{
	static const unsigned int jumps[] = { 0, 1, 64, 500, 5000, 20000 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(jumps); i++) {
		walk(0, 300000, jumps[i]);
		walk((1ULL << 32) - 50000, 300000, jumps[i]);
		walk(REJECT_AFTER_MESSAGES - WALK_N, 300000, jumps[i]);
	}
}

static void in_order(void)
{
	struct replay r;
	u64 c;

	replay_init(&r);
	for (c = 0; c < 100000; c++) {
		MUST(replay_admit(&r, c));
		MUST(!replay_admit(&r, c));
	}
	for (c = 0; c < 100000; c++)
		MUST(!replay_admit(&r, c));
}

static void backwards(void)
{
	struct replay r;
	u64 c;

	replay_init(&r);
	MUST(replay_admit(&r, 20000));
	for (c = 19999; c >= 20000 - 8128; c--)
		MUST(replay_admit(&r, c));
	MUST(!replay_admit(&r, 20000 - 8129));
	MUST(!replay_admit(&r, 0));
}

static void limit(void)
{
	struct replay r, before;

	MUST(REJECT_AFTER_MESSAGES == 0xffffffffffffdfffULL);
	replay_init(&r);
	MUST(replay_admit(&r, REJECT_AFTER_MESSAGES - 1));
	before = r;
	MUST(!replay_admit(&r, REJECT_AFTER_MESSAGES));
	MUST(!replay_admit(&r, REJECT_AFTER_MESSAGES + 1));
	MUST(!replay_admit(&r, ~0ULL));
	MUST(!memcmp(&r, &before, sizeof(r)));
}

/* A refused counter leaves no trace. */
static void refused(void)
{
	struct replay r, before;

	replay_init(&r);
	MUST(replay_admit(&r, 50000));
	before = r;
	MUST(!replay_admit(&r, 50000));
	MUST(!replay_admit(&r, 50000 - 8129));
	MUST(!memcmp(&r, &before, sizeof(r)));
}

static const struct check_row rows[] = {
	{ "every sequence of 5 low counters [P1 R5]", exhaust_low },
	{ "every sequence of 5 counters at the limit [P1 R5 D5]", exhaust_high },
	{ "every distance at every word boundary [P1 R5]", exhaust_edges },
	{ "random walks against a set, past 2^32, to the limit [P1 D4]", walks },
	{ "in order, each once [P1]", in_order },
	{ "backwards to 8128 behind, no further [P1]", backwards },
	{ "no counter from REJECT_AFTER_MESSAGES on [P1 P11 D5]", limit },
	{ "a refused counter moves nothing [P1]", refused },
};

CHECK_FILE(replay_file, "replay", rows);
