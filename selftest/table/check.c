// SPDX-License-Identifier: GPL-2.0
#include "check.h"

u64 check_seed = 1;
bool check_long;

/* A test passes if it says so, leaves no memory behind and warned of nothing */
static bool row_run(const struct check_row *row)
{
	long live_n = shim_live_n;
	unsigned int warn_n = shim_warn_n;
	bool passed = row->run();

	shim_rcu_flush();
	if (shim_live_n != live_n)
		printf("# %ld allocations left\n", shim_live_n - live_n);
	return passed && shim_live_n == live_n && shim_warn_n == warn_n;
}

int check_main(const struct check_row *row, unsigned int n)
{
	const char *seed = getenv("SEED");
	unsigned int i, failed = 0;

	check_long = getenv("LONG") && *getenv("LONG");
	if (seed && *seed)
		check_seed = strtoull(seed, NULL, 0) | 1;
	printf("# seed %llu\n", (unsigned long long)check_seed);
	for (i = 0; i < n; i++) {
		bool ok = row_run(&row[i]);

		failed += !ok;
		printf("%s %u - %s\n", ok ? "ok" : "not ok", i + 1, row[i].name);
		fflush(stdout);
	}
	printf("%u passed, %u failed, 0 skipped\n", n - failed, failed);
	return failed ? 1 : 0;
}
