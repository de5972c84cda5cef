// SPDX-License-Identifier: GPL-2.0
#include "harness.h"
#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>
#include <valgrind/memcheck.h>
#include "crypto/simd.h"

enum outcome { PASSED, FAILED, SKIPPED, OUTCOME_N };

static struct test *first, **last = &first;
static unsigned int count[OUTCOME_N];
static char reason[512];
static jmp_buf escape;
static u64 state;

const char *test_path;
bool test_long;

void test_register(struct test *test)
{
	*last = test;
	last = &test->next;
}

void test_fail(const char *file, int line, const char *format, ...)
{
	va_list args;
	int n;

	n = snprintf(reason, sizeof(reason), "%s:%d: ", file, line);
	va_start(args, format);
	vsnprintf(reason + n, sizeof(reason) - (size_t)n, format, args);
	va_end(args);
	longjmp(escape, FAILED);
}

void test_skip(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	longjmp(escape, SKIPPED);
}

/* xorshift64*: the tests need variety, not secrecy. */
u64 test_random(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

u32 test_below(u32 bound)
{
	return (u32)(test_random() >> 33) % bound;
}

void test_fill(void *p, size_t len)
{
	u8 *byte = p;
	u64 word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		word = test_random();
		memcpy(byte, &word, sizeof(word));
		byte += sizeof(word);
	}
	while (len--)
		*byte++ = (u8)(test_random() >> 56);
}

size_t test_hex(u8 *out, const char *hex)
{
	size_t n = 0;
	unsigned int byte;

	for (; *hex; hex += 2) {
		while (*hex == ' ')
			hex++;
		if (sscanf(hex, "%2x", &byte) != 1)
			abort();
		out[n++] = (u8)byte;
	}
	return n;
}

static u8 *guard_map(struct test_guard *guard, size_t inner_len)
{
	const size_t page_len = (size_t)sysconf(_SC_PAGESIZE);

	guard->map_len = inner_len + 2 * page_len;
	guard->map = mmap(NULL, guard->map_len, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (guard->map == MAP_FAILED ||
	    (inner_len && mprotect(guard->map + page_len, inner_len,
				   PROT_READ | PROT_WRITE)))
		abort();
	return guard->map + page_len;
}

static size_t page_align(size_t len)
{
	const size_t page_len = (size_t)sysconf(_SC_PAGESIZE);

	return (len + page_len - 1) / page_len * page_len;
}

u8 *test_guard_end(struct test_guard *guard, size_t len)
{
	const size_t inner_len = page_align(len);

	return guard_map(guard, inner_len) + inner_len - len;
}

u8 *test_guard_begin(struct test_guard *guard, size_t len)
{
	return guard_map(guard, page_align(len));
}

void test_guard_free(struct test_guard *guard)
{
	munmap(guard->map, guard->map_len);
}

void test_secret(const void *p, size_t len)
{
	(void)VALGRIND_MAKE_MEM_UNDEFINED(p, len);
}

void test_public(const void *p, size_t len)
{
	(void)VALGRIND_MAKE_MEM_DEFINED(p, len);
}

bool test_secrets_watched(void)
{
	return RUNNING_ON_VALGRIND;
}

static void report(enum outcome outcome, const struct test *test)
{
	static const char *const word[] = { "ok", "not ok", "skip" };

	count[outcome]++;
	printf("%s %s%s%s%s%s\n", word[outcome], test->name,
	       test->each_path ? "/" : "", test->each_path ? test_path : "",
	       outcome == PASSED ? "" : ": ", outcome == PASSED ? "" : reason);
	fflush(stdout);
}

static void run(const struct test *test, const char *path)
{
	volatile unsigned int error_n;
	int how;

	test_path = path;
	if (!crypto_force(path)) {
		snprintf(reason, sizeof(reason), "this CPU has no %s", path);
		report(SKIPPED, test);
		return;
	}
	error_n = VALGRIND_COUNT_ERRORS;
	how = setjmp(escape);
	if (!how)
		test->run();
	if (!how && VALGRIND_COUNT_ERRORS != error_n) {
		snprintf(reason, sizeof(reason), "a secret decides (see above)");
		how = FAILED;
	}
	report((enum outcome)how, test);
}

static void seed_init(void)
{
	const char *seed = getenv("SEED");

	if (seed && *seed)
		state = strtoull(seed, NULL, 0);
	else if (getrandom(&state, sizeof(state), 0) != sizeof(state))
		abort();
	state |= !state;
	printf("# seed %llu\n", (unsigned long long)state);
}

static bool is_wanted(const struct test *test, const char *want)
{
	const bool secret = !strncmp(test->name, "secret_", 7);

	return strstr(test->name, want) && (!secret || test_secrets_watched());
}

int main(int argc, char **argv)
{
	static const char *const path[] = { "generic", "avx2", "avx512" };
	const char *want = argc > 1 ? argv[1] : "";
	const char *long_ = getenv("LONG");
	struct test *test;
	size_t i;

	test_long = long_ && *long_ && *long_ != '0';
	crypto_init();
	seed_init();
	for (test = first; test; test = test->next) {
		if (!is_wanted(test, want))
			continue;
		if (!test->each_path)
			run(test, NULL);
		for (i = 0; test->each_path && i < ARRAY_SIZE(path); i++)
			run(test, path[i]);
	}
	printf("%u passed, %u failed, %u skipped\n", count[PASSED],
	       count[FAILED], count[SKIPPED]);
	return count[FAILED] || !count[PASSED];
}
