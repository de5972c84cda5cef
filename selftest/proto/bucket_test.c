// SPDX-License-Identifier: GPL-2.0
#include "proto/bucket.h"

#include "selftest/proto/check.h"

#define SECOND	1000000000ULL

static void burst(void)
{
	struct bucket b;
	int i;

	bucket_init(&b, 77);
	for (i = 1; i < 5; i++)
		MUST(bucket_take(&b, 77));
	for (i = 0; i < 100; i++)
		MUST(!bucket_take(&b, 77));
	MUST(!bucket_take(&b, 77 + SECOND / 20 - 1));
	MUST(bucket_take(&b, 77 + SECOND / 20));
	MUST(!bucket_take(&b, 77 + SECOND / 20));
}

/* 1000 asked for in each of 10 s: the burst, and 20 a second. */
static void rate(void)
{
	struct bucket b;
	unsigned int paid = 1;
	u64 i;

	bucket_init(&b, 0);
	for (i = 0; i <= 10000; i++)
		paid += bucket_take(&b, i * SECOND / 1000);
	MUST(paid == 5 + 10 * 20);
}

/* In any window of w seconds at most 5 + 20 w. */
static void windows(void)
{
	static u64 paid_at[100000];
	struct bucket b;
	unsigned int n = 0, i, first = 0;
	u64 now = SECOND;

	bucket_init(&b, now);
	for (i = 0; i < 100000; i++) {
		now += check_random() % (SECOND / 10);
		if (bucket_take(&b, now))
			paid_at[n++] = now;
	}
	for (i = 5; i < n; i++) {
		MUST(paid_at[i] - paid_at[i - 5] >= SECOND / 20);
		for (; paid_at[i] - paid_at[first] > SECOND; first++)
			;
		MUST(i - first + 1 <= 26);
	}
	MUST(n > 10000);
}

static void idle(void)
{
	struct bucket b;

	bucket_init(&b, SECOND);
	MUST(!bucket_idle(&b, SECOND));
	MUST(!bucket_idle(&b, SECOND + SECOND / 20 - 1));
	MUST(bucket_idle(&b, SECOND + SECOND / 20));
	MUST(bucket_idle(&b, ~0ULL));
}

/* After any rest the burst is five again, not more. */
static void full(void)
{
	struct bucket b;
	int i;

	bucket_init(&b, 0);
	for (i = 0; i < 5; i++)
		MUST(bucket_take(&b, ~0ULL - 5));
	MUST(!bucket_take(&b, ~0ULL - 5));
}

static void clock_back(void)
{
	struct bucket b;
	int i;

	bucket_init(&b, 100 * SECOND);
	for (i = 0; i < 4; i++)
		MUST(bucket_take(&b, 100 * SECOND));
	MUST(!bucket_take(&b, 10 * SECOND));
	MUST(!bucket_take(&b, 11 * SECOND));
	MUST(!bucket_take(&b, 100 * SECOND));
	MUST(bucket_take(&b, 101 * SECOND));
}

static const struct check_row rows[] = {
	{ "five at once, then one in 50 ms [D9 P5]", burst },
	{ "20 a second over 10 s [D9 P5]", rate },
	{ "no window holds more [D9 P5]", windows },
	{ "idle when full again [D9]", idle },
	{ "a long rest buys five, not more [D9]", full },
	{ "a clock set back earns nothing [D9]", clock_back },
};

CHECK_FILE(bucket_file, "bucket", rows);
