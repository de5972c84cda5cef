// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the time of AVX-512 code depends on a secret: valgrind, which watches
 * all other paths (secret_*), cannot run it.
 *
 * Each call is timed with secrets of two classes, the class drawn anew for each
 * call: zeros, or random; for a forgery, a tag wrong in its first or in its
 * last byte. Welch's t compares the means of the two, with the slowest calls
 * (interrupts, a neighbour on the machine) cropped off [Reparaz, Balasch,
 * Verbauwhede, "Dude, is my code constant time?", 2017].
 *
 * A control comes first: the same call, followed by comparisons which stop at
 * the first difference. Where that leak does not show, a pass would mean
 * nothing, and the test is skipped.
 */
#include "harness.h"
#include "stack.h"
#include "crypto/aead.h"
#include "crypto/curve25519.h"
#include "crypto/simd.h"
#ifdef __x86_64__
#include <x86intrin.h>
#endif
#include <math.h>

#define T_LEAK		10.0	/* by chance once in 10^22 */
#define ROUNDS		3	/* a leak shows in every one of them */
#define LONG_FACTOR	16
#define SAMPLES_MAX	(20000 * LONG_FACTOR)
#define BATCH_MAX	8
#define TEXT_MAX	1424

/* What is timed, and how often. */
struct subject {
	/* Make inputs: @mask 0 for the first class, 0xff for the second. */
	void (*prepare)(const struct subject *subject, u8 mask);
	void (*call)(const struct subject *subject);
	unsigned int n;		/* messages, or scalars */
	u32 len;		/* of each message */
	u32 samples;
	u32 leaks;		/* comparisons in the control */
};

struct sample {
	u32 ticks;
	bool second;
};

static struct sample sample[SAMPLES_MAX];
static u32 sorted[SAMPLES_MAX];

static struct aead_key key;
static struct aead_msg msg[BATCH_MAX];
static struct x25519_job job[BATCH_MAX];
static u8 plain[BATCH_MAX][TEXT_MAX], sealed[BATCH_MAX][TEXT_MAX + 16];
static u8 opened[BATCH_MAX][TEXT_MAX];
static u8 secret[BATCH_MAX][32], point[BATCH_MAX][32], shared[BATCH_MAX][32];
static u8 known[16], guess[16];
static volatile u32 sink;

#ifdef __x86_64__
/* Everything before is done, and its stores have left the store buffer. */
static u64 ticks_begin(void)
{
	u64 ticks;

	_mm_mfence();
	_mm_lfence();
	ticks = __rdtsc();
	_mm_lfence();
	return ticks;
}

static u64 ticks_end(void)
{
	unsigned int cpu;
	u64 ticks = __rdtscp(&cpu);

	_mm_lfence();
	return ticks;
}
#else
static u64 ticks_begin(void)
{
	return 0;
}

static u64 ticks_end(void)
{
	return 0;
}
#endif

/* The mistake which the control makes. */
static noinline bool leaky_differ(const u8 *a, const u8 *b)
{
	volatile u32 i;

	for (i = 0; i < 16; i++)
		if (a[i] != b[i])
			return true;
	return false;
}

/* Both classes take the same instructions and the same memory. */
static void fill_class(void *p, size_t len, u8 mask)
{
	u8 *byte = p;
	size_t i;

	test_fill(p, len);
	for (i = 0; i < len; i++)
		byte[i] &= mask;
}

static void prepare_guess(u8 mask)
{
	u8 i;

	test_fill(known, sizeof(known));
	for (i = 0; i < 16; i++)
		guess[i] = known[i] ^ (i == (mask & 15));
}

static void prepare_seal(const struct subject *subject, u8 mask)
{
	unsigned int i;

	fill_class(&key, sizeof(key), mask);
	for (i = 0; i < subject->n; i++) {
		fill_class(plain[i], subject->len, mask);
		msg[i] = (struct aead_msg){
			.dst = sealed[i], .src = plain[i], .len = subject->len,
			.nonce = test_random(),
		};
	}
}

static void prepare_open(const struct subject *subject, u8 mask)
{
	unsigned int i;

	prepare_seal(subject, mask);
	aead_seal_vec(&key, msg, subject->n);
	for (i = 0; i < subject->n; i++) {
		msg[i].dst = opened[i];
		msg[i].src = sealed[i];
		msg[i].len += 16;
	}
}

/* Every tag of the batch is wrong in one byte. */
static void prepare_forged(const struct subject *subject, u8 mask)
{
	unsigned int i;
	u8 j;

	prepare_open(subject, 0xff);
	for (i = 0; i < subject->n; i++)
		for (j = 0; j < 16; j++)
			sealed[i][subject->len + j] ^= j == (mask & 15);
}

static void prepare_x25519(const struct subject *subject, u8 mask)
{
	unsigned int i;

	for (i = 0; i < subject->n; i++) {
		fill_class(secret[i], 32, mask);
		test_fill(point[i], 32);
		job[i] = (struct x25519_job){ shared[i], secret[i], point[i] };
	}
}

static void call_seal(const struct subject *subject)
{
	aead_seal_vec(&key, msg, subject->n);
}

static void call_open(const struct subject *subject)
{
	sink += (u32)aead_open_vec(&key, msg, subject->n);
}

static void call_x25519(const struct subject *subject)
{
	sink += x25519_vec(job, subject->n);
}

static void measure(const struct subject *subject, u32 n, u32 leaks)
{
	u32 i, leak;

	for (i = 0; i < n; i++) {
		const bool second = test_below(2);
		const u8 mask = (u8)-second;
		u64 begin;

		subject->prepare(subject, mask);
		prepare_guess(mask);
		begin = ticks_begin();
		subject->call(subject);
		for (leak = 0; leak < leaks; leak++)
			sink += leaky_differ(known, guess);
		sample[i].ticks = (u32)(ticks_end() - begin);
		sample[i].second = second;
	}
}

static int compare_ticks(const void *a, const void *b)
{
	const u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return (x > y) - (x < y);
}

/* Welch's t of the samples up to @cut. */
static double welch(u32 n, u32 cut)
{
	double count[2] = { 0 }, mean[2] = { 0 }, square[2] = { 0 };
	double error = 0;
	u32 i;

	for (i = 0; i < n; i++) {
		const bool class = sample[i].second;
		const double off = sample[i].ticks - mean[class];

		if (sample[i].ticks > cut)
			continue;
		mean[class] += off / ++count[class];
		square[class] += off * (sample[i].ticks - mean[class]);
	}
	if (count[0] < 2 || count[1] < 2)
		return 0;
	for (i = 0; i < 2; i++)
		error += square[i] / (count[i] - 1) / count[i];
	return fabs(mean[0] - mean[1]) / sqrt(error + 1e-9);
}

/* The largest t of several crops. */
static double time_classes(const struct subject *subject, u32 leaks)
{
	static const u32 kept_percent[] = { 50, 75, 90, 99 };
	const u32 n = subject->samples * (test_long ? LONG_FACTOR : 1);
	double t = 0;
	u32 i;

	measure(subject, n, leaks);
	for (i = 0; i < n; i++)
		sorted[i] = sample[i].ticks;
	qsort(sorted, n, sizeof(*sorted), compare_ticks);
	for (i = 0; i < ARRAY_SIZE(kept_percent); i++)
		t = fmax(t, welch(n, sorted[(u64)n * kept_percent[i] / 100]));
	return t;
}

/* t of the round which shows least. */
static double smallest_t(const struct subject *subject)
{
	double t = INFINITY;
	int round;

	for (round = 0; round < ROUNDS && t > T_LEAK; round++)
		t = fmin(t, time_classes(subject, 0));
	return t;
}

static void check_timing(const struct subject *subject)
{
	double control = 0, t;
	int round;

	if (!stack_is_real())
		test_skip("a sanitizer takes times of its own");
	if (test_secrets_watched())
		test_skip("valgrind takes times of its own");
	if (strcmp(crypto_path(), "avx512"))
		test_skip("no avx512 here, and valgrind watches %s",
			  crypto_path());
	for (round = 0; round < ROUNDS && control <= T_LEAK; round++)
		control = time_classes(subject, subject->leaks);
	if (control <= T_LEAK)
		test_skip("too noisy: a planted leak has t = %.1f", control);
	t = smallest_t(subject);
	printf("# t = %.1f, of a planted leak %.1f\n", t, control);
	CHECK(t <= T_LEAK, "the time tells of the secret: t = %.1f", t);
}

#define TIMING_TEST(id, ...)						\
	TEST(timing_##id)						\
	{								\
		static const struct subject subject = { __VA_ARGS__ };	\
									\
		check_timing(&subject);					\
	}

/* One for each way which crypto/x86/aead_avx512.c takes. */
TIMING_TEST(seal_short, prepare_seal, call_seal, 1, 128, 20000, 1)
TIMING_TEST(seal_alone, prepare_seal, call_seal, 1, 1424, 20000, 1)
TIMING_TEST(seal_two, prepare_seal, call_seal, 2, 1424, 10000, 1)
TIMING_TEST(seal_columns, prepare_seal, call_seal, 8, 128, 10000, 2)
TIMING_TEST(seal_batch, prepare_seal, call_seal, 8, 1424, 5000, 2)
TIMING_TEST(open_short, prepare_open, call_open, 1, 128, 20000, 1)
TIMING_TEST(open_alone, prepare_open, call_open, 1, 1424, 20000, 1)
TIMING_TEST(open_two, prepare_open, call_open, 2, 1424, 10000, 1)
TIMING_TEST(open_columns, prepare_open, call_open, 8, 128, 10000, 2)
TIMING_TEST(open_batch, prepare_open, call_open, 8, 1424, 5000, 2)
TIMING_TEST(forged_short, prepare_forged, call_open, 1, 128, 20000, 1)
TIMING_TEST(forged_alone, prepare_forged, call_open, 1, 1424, 20000, 1)
TIMING_TEST(forged_batch, prepare_forged, call_open, 8, 128, 10000, 2)

/* IFMA: one in four lanes, eight in eight. */
TIMING_TEST(x25519_alone, prepare_x25519, call_x25519, 1, 0, 2000, 8)
TIMING_TEST(x25519_eight, prepare_x25519, call_x25519, 8, 0, 800, 160)
