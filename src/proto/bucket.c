// SPDX-License-Identifier: GPL-2.0
#include "proto/bucket.h"

/* Credit at @now_ns, full at most. A clock that lags behind earns nothing. */
static u64 bucket_credit(const struct bucket *b, u64 now_ns)
{
	u64 earned_ns = now_ns > b->filled_ns ? now_ns - b->filled_ns : 0;

	if (earned_ns >= BUCKET_MAX_NS - b->credit_ns)
		return BUCKET_MAX_NS;
	return b->credit_ns + earned_ns;
}

void bucket_init(struct bucket *b, u64 now_ns)
{
	b->filled_ns = now_ns;
	b->credit_ns = BUCKET_MAX_NS - BUCKET_COST_NS;
}

bool bucket_take(struct bucket *b, u64 now_ns)
{
	u64 credit_ns = bucket_credit(b, now_ns);
	bool paid = credit_ns >= BUCKET_COST_NS;

	b->credit_ns = credit_ns - (paid ? BUCKET_COST_NS : 0);
	b->filled_ns = max(b->filled_ns, now_ns);
	return paid;
}

bool bucket_idle(const struct bucket *b, u64 now_ns)
{
	return bucket_credit(b, now_ns) == BUCKET_MAX_NS;
}
