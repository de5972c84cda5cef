/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A test is a function under TEST(name) or PATH_TEST(name) in a test_*.c; it
 * registers itself. A PATH_TEST runs once per code path of crypto_force(), and
 * is reported as skipped for those which the CPU lacks.
 *
 *	PATH_TEST(aead_empty)
 *	{
 *		CHECK(condition, "what is wrong, %d", n);
 *	}
 *
 * Tests whose name begins with secret_ run under valgrind only (make
 * check-secrets, part of make check).
 *
 * A test fails at its first CHECK that does not hold and goes on to the next
 * test. Output: "ok name/path", "not ok name/path: why", "skip name/path: why",
 * and "N passed, N failed, N skipped". Exit status 1 if one failed.
 */
#ifndef WG_SELFTEST_CRYPTO_HARNESS_H
#define WG_SELFTEST_CRYPTO_HARNESS_H

#include <stdio.h>
#include <stdlib.h>
#include "crypto/port.h"

struct test {
	const char *name;
	void (*run)(void);
	bool each_path;
	struct test *next;
};

void test_register(struct test *test);

#define TEST_DEFINE(id, paths)						\
	static void test_##id(void);					\
	static struct test test_object_##id = {				\
		.name = #id, .run = test_##id, .each_path = paths,	\
	};								\
	__attribute__((constructor)) static void test_add_##id(void)	\
	{								\
		test_register(&test_object_##id);			\
	}								\
	static void test_##id(void)

#define TEST(id)	TEST_DEFINE(id, false)
#define PATH_TEST(id)	TEST_DEFINE(id, true)

/* End the running test as failed, or as skipped. They do not return. */
void test_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));
void test_skip(const char *format, ...)
	__attribute__((format(printf, 1, 2), noreturn));

#define CHECK(condition, ...)						\
	do {								\
		if (!(condition))					\
			test_fail(__FILE__, __LINE__, __VA_ARGS__);	\
	} while (0)

/* The path under test, by its name in crypto_force(). */
extern const char *test_path;

/* LONG=1: take hours rather than seconds. */
extern bool test_long;

/* Random, from the printed seed. */
u64 test_random(void);
u32 test_below(u32 bound);
void test_fill(void *p, size_t len);

/* Bytes from hexadecimal digits; spaces are skipped. Returns their number. */
size_t test_hex(u8 *out, const char *hex);

/*
 * @len bytes which end (or begin) at a page that must not be touched. Lives
 * until test_guard_free().
 */
struct test_guard {
	u8 *map;
	size_t map_len;
};
u8 *test_guard_end(struct test_guard *guard, size_t len);
u8 *test_guard_begin(struct test_guard *guard, size_t len);
void test_guard_free(struct test_guard *guard);

/*
 * Mark bytes as secret, or as public again, for valgrind; nothing elsewhere.
 * test_secrets_watched(): whether that has an effect in this run.
 */
void test_secret(const void *p, size_t len);
void test_public(const void *p, size_t len);
bool test_secrets_watched(void);

#endif /* WG_SELFTEST_CRYPTO_HARNESS_H */
