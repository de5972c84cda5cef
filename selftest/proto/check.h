/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frame of the unit tests of src/proto: rows with a name, each printed as
 * one line `ok` or `not ok`. A row consists of any number of MUST(); the first
 * few that fail are shown. One table of rows per file, listed in main.c.
 */
#ifndef SELFTEST_PROTO_CHECK_H
#define SELFTEST_PROTO_CHECK_H

#include "crypto/port.h"

struct check_row {
	const char *name;		/* with the ids of what it shows */
	void (*run)(void);
};

struct check_file {
	const char *name;
	const struct check_row *row;
	unsigned int row_n;
};

#define CHECK_FILE(var, title, rows)					\
	const struct check_file var = { title, rows, ARRAY_SIZE(rows) }

/* False marks the running row as failed; it goes on. Returns @cond. */
bool check_must(bool cond, const char *text, const char *file, int line);
#define MUST(cond) check_must((cond), #cond, __FILE__, __LINE__)

/* Deterministic from the seed that main.c prints. */
u64 check_random(void);
void check_random_bytes(void *dst, size_t len);

/* Whether all of @len bytes are zero; whether @needle occurs in @hay. */
bool check_is_zero(const void *p, size_t len);
bool check_occurs(const void *hay, size_t hay_len, const void *needle,
		  size_t needle_len);

/* Path of the transcripts written by model.py, or NULL. */
extern const char *check_transcripts;

#endif /* SELFTEST_PROTO_CHECK_H */
