/* SPDX-License-Identifier: GPL-2.0 */
/* One line for each test, and a count at the end. Shared by the table tests. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include "shim/shim.h"

extern u64 check_seed;
extern bool check_long;

/* A test: true when it passed. It prints the reason when it did not. */
struct check_row {
	const char *name;
	bool (*run)(void);
};

int check_main(const struct check_row *row, unsigned int n);

#define REQUIRE(cond) do { \
	if (!(cond)) { \
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond); \
		return false; \
	} \
} while (0)

/* xorshift64* [Vigna 2014]: the same numbers for the same seed. */
static inline u64 check_random(void)
{
	check_seed ^= check_seed >> 12;
	check_seed ^= check_seed << 25;
	check_seed ^= check_seed >> 27;
	return check_seed * 0x2545f4914f6cdd1dULL;
}

#endif /* CHECK_H */
