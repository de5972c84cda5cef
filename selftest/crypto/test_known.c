// SPDX-License-Identifier: GPL-2.0
/*
 * The known-answer test which the module runs when it is loaded: that it passes
 * and how long that takes.
 */
#include "harness.h"
#include <time.h>
#include "crypto/selftest.h"
#include "crypto/simd.h"

#define MS	1000000U	/* in ns */
#define LONGEST	(5 * MS)	/* of the fastest of ten; usually 0.5 ms */

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 * MS + (u64)t.tv_nsec;
}

TEST(known_answers)
{
	u64 start, best = ~0ULL;
	const char *failed;
	int i;

	for (i = 0; i < 10; i++) {
		start = now();
		failed = crypto_selftest();
		best = min(best, now() - start);
		CHECK(!failed, "%s", failed);
	}
	printf("# known answers on all paths: %llu us\n",
	       (unsigned long long)best / 1000);
	CHECK(best < LONGEST, "took %llu us", (unsigned long long)best / 1000);
}

/* It leaves the path in use that was before. */
PATH_TEST(known_answers_keep_the_force)
{
	CHECK(!crypto_selftest(), "failed");
	CHECK(!strcmp(crypto_path(), test_path), "left %s", crypto_path());
}

/* The names of all paths, in words. */
PATH_TEST(paths_are_named)
{
	CHECK(strstr(crypto_paths(), test_path), "%s is not among: %s",
	      test_path, crypto_paths());
	CHECK(!crypto_force("avx") && !crypto_force(""), "took no path's name");
	CHECK(!strcmp(crypto_path(), test_path), "left %s", crypto_path());
}
