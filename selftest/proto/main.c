// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the unit tests of src/proto. Usage: proto_test [TRANSCRIPTS]; SEED in
 * the environment repeats a run, FIRST ends it at the first row that failed.
 * Exit status 1 when a row failed.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "selftest/proto/check.h"

extern const struct check_file wire_file, inner_file, replay_file, bucket_file,
	cookie_file, session_file, timers_file, ikpsk_file, oracle_file,
	tunnel_file, residue_file;

static const struct check_file *const files[] = {
	&wire_file, &inner_file, &replay_file, &bucket_file, &cookie_file,
	&session_file, &timers_file, &ikpsk_file, &oracle_file, &tunnel_file,
	&residue_file,
};

const char *check_transcripts;

#define SHOWN_MAX	5

static unsigned int failed_in_row;
static u64 random_state;

bool check_must(bool cond, const char *text, const char *file, int line)
{
	if (cond)
		return true;
	if (failed_in_row++ < SHOWN_MAX)
		printf("# %s:%d: %s\n", file, line, text);
	return false;
}

/* splitmix64 */
u64 check_random(void)
{
	u64 z = random_state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

void check_random_bytes(void *dst, size_t len)
{
	u8 *p = dst;

	while (len--)
		*p++ = (u8)check_random();
}

bool check_is_zero(const void *p, size_t len)
{
	const u8 *b = p;

	while (len--)
		if (*b++)
			return false;
	return true;
}

bool check_occurs(const void *hay, size_t hay_len, const void *needle,
		  size_t needle_len)
{
	return memmem(hay, hay_len, needle, needle_len) != NULL;
}

static unsigned int run_file(const struct check_file *file,
			     unsigned int *number)
{
	unsigned int i, failed = 0;

	for (i = 0; i < file->row_n && !(failed && getenv("FIRST")); i++) {
		failed_in_row = 0;
		file->row[i].run();
		printf("%s %u - %s: %s\n", failed_in_row ? "not ok" : "ok",
		       ++*number, file->name, file->row[i].name);
		failed += failed_in_row != 0;
	}
	return failed;
}

int main(int argc, char **argv)
{
	const char *seed = getenv("SEED");
	unsigned int i, number = 0, failed = 0;

	random_state = seed ? strtoull(seed, NULL, 0) : (u64)time(NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# SEED=%llu\n", (unsigned long long)random_state);
	check_transcripts = argc > 1 ? argv[1] : NULL;
	for (i = 0; i < ARRAY_SIZE(files) && !(failed && getenv("FIRST")); i++)
		failed += run_file(files[i], &number);
	printf("%u passed, %u failed, 0 skipped\n", number - failed, failed);
	return failed != 0;
}
