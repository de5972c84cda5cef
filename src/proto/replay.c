// SPDX-License-Identifier: GPL-2.0
#include "proto/replay.h"

#include "proto/session.h"

#define WORD_BITS	64
#define WORDS		(REPLAY_BITS / WORD_BITS)

void replay_init(struct replay *r)
{
	memset(r, 0, sizeof(*r));
}

/*
 * Counters are bits of an endless row of words, of which the ring holds the
 * last 128. Clear those that come into view between the old top and @counter.
 */
static void replay_advance(struct replay *r, u64 counter)
{
	u64 top = (r->next ? r->next - 1 : 0) / WORD_BITS;
	u64 fresh = counter / WORD_BITS - top;
	unsigned int i, n = fresh < WORDS ? (unsigned int)fresh : WORDS;

	for (i = 1; i <= n; i++)
		r->word[(top + i) % WORDS] = 0;
	r->next = counter + 1;
}

bool replay_admit(struct replay *r, u64 counter)
{
	u64 *word = &r->word[counter / WORD_BITS % WORDS];
	u64 bit = 1ULL << (counter % WORD_BITS);

	if (!session_counter_valid(counter))
		return false;
	if (counter >= r->next)
		replay_advance(r, counter);
	else if (r->next - 1 - counter > REPLAY_WINDOW)
		return false;
	if (*word & bit)
		return false;
	*word |= bit;
	return true;
}
