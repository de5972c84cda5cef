// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <x86intrin.h>

#include "crypto/simd.h"

#define ROUNDS		9	/* the candidates take turns this often */
#define SAMPLE_MAX	150	/* of one candidate in one round */
#define SAMPLE_MIN	5
#define ROUND_TICKS	3000000
#define PEER_MAX	16
#define ROW_MAX		4096

struct row {
	enum bench_primitive primitive;
	unsigned int peer, len, batch;
	u64 q1, median;		/* core cycles per message */
};

static const struct {
	const char *name;
	u32 len[8];		/* 0 ends */
	unsigned int batch[4];	/* 0 ends */
} plan[BENCH_PRIMITIVES] = {
	[BENCH_SEAL] = { "seal", { 64, 128, 256, 576, 1424, 8192, 16384 },
			 { 1, 2, 8, 32 } },
	[BENCH_OPEN] = { "open", { 64, 128, 256, 576, 1424, 8192, 16384 },
			 { 1, 2, 8, 32 } },
	[BENCH_X25519] = { "x25519", { 32 }, { 1, 2, 8, 32 } },
	[BENCH_X25519_BASE] = { "x25519-base", { 32 }, { 1 } },
	[BENCH_BLAKE2S] = { "blake2s", { 32, 128, 1424, 16384 }, { 1 } },
	[BENCH_BLAKE2S_MAC] = { "blake2s-mac", { 60, 116 }, { 1, 8, 32 } },
};

/* Ours against theirs, as the table in crypto/README.md names the cases. */
static const struct {
	const char *label;
	enum bench_primitive primitive;
	u32 len;
	unsigned int batch;
	const char *path;
	double must, aim;
} targets[] = {
	{ "1424 B, batch of 2", BENCH_SEAL, 1424, 2, "avx512", 0.55, 0.40 },
	{ "1424 B, batch of 8", BENCH_SEAL, 1424, 8, "avx512", 0.55, 0.40 },
	{ "1424 B, batch of 32", BENCH_SEAL, 1424, 32, "avx512", 0.55, 0.40 },
	{ "1424 B alone", BENCH_SEAL, 1424, 1, "avx512", 0.72, 0.60 },
	{ "576 B alone", BENCH_SEAL, 576, 1, "avx512", 0.66, 0.55 },
	{ "128 B alone", BENCH_SEAL, 128, 1, "avx512", 0.68, 0.45 },
	{ "128 B, batch of 8", BENCH_SEAL, 128, 8, "avx512", 0.35, 0.20 },
	{ "128 B, batch of 32", BENCH_SEAL, 128, 32, "avx512", 0.35, 0.20 },
	{ "64 B, batch of 32", BENCH_SEAL, 64, 32, "avx512", 0.35, 0.20 },
	{ "AVX2, 1424 B, batch of 2", BENCH_SEAL, 1424, 2, "avx2", 0.75, 0.60 },
	{ "AVX2, 1424 B, batch of 32", BENCH_SEAL, 1424, 32, "avx2", 0.75,
	  0.60 },
	{ "open 1424 B, batch of 32", BENCH_OPEN, 1424, 32, "avx512", 0.55,
	  0.40 },
	{ "open 1424 B alone", BENCH_OPEN, 1424, 1, "avx512", 0.72, 0.60 },
	{ "X25519 alone", BENCH_X25519, 32, 1, "avx512", 0.65, 0.45 },
	{ "X25519 alone, no AVX-512", BENCH_X25519, 32, 1, "avx2", 0.65, 0.45 },
	{ "X25519, batch of 8", BENCH_X25519, 32, 8, "avx512", 0.30, 0.19 },
	{ "X25519, batch of 32", BENCH_X25519, 32, 32, "avx512", 0.30, 0.19 },
};

static struct row rows[ROW_MAX];
static unsigned int row_n;
static double tick_cycles;	/* core cycles in a tick of the counter */
static u8 clear[BENCH_BATCH_MAX][BENCH_LEN_MAX] __aligned(64);
static u8 sealed[BENCH_BATCH_MAX][BENCH_LEN_MAX + 64] __aligned(64);
static u8 output[BENCH_BATCH_MAX][BENCH_LEN_MAX + 64] __aligned(64);
static u8 expect[BENCH_BATCH_MAX][BENCH_LEN_MAX + 64] __aligned(64);
static u8 secret[BENCH_BATCH_MAX][32], point[BENCH_BATCH_MAX][32];

static u64 ticks_begin(void)
{
	_mm_lfence();
	return __rdtsc();
}

static u64 ticks_end(void)
{
	unsigned int cpu;
	u64 t = __rdtscp(&cpu);

	_mm_lfence();
	return t;
}

static int by_value(const void *a, const void *b)
{
	const u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/* What timing nothing takes. */
static u64 ticks_overhead(void)
{
	u64 t, best = ~0ULL;
	int i;

	for (i = 0; i < 1000; i++) {
		t = ticks_begin();
		t = ticks_end() - t;
		best = min(best, t);
	}
	return best;
}

/* Core cycles in a tick: a chain of additions takes a cycle each. */
static double cycles_per_tick(void)
{
	u64 t, best = ~0ULL, x = 1;
	int i, j;

	for (i = 0; i < 2000; i++) {
		t = ticks_begin();
		for (j = 0; j < 1000; j++)
			__asm__ __volatile__("add %0, %0\n\tadd %0, %0\n\t"
					     "add %0, %0\n\tadd %0, %0"
					     : "+r"(x));
		t = ticks_end() - t;
		best = min(best, t);
	}
	return 4000.0 / (double)best;
}

static void fill_inputs(void)
{
	u8 *const all[] = { clear[0], secret[0], point[0] };
	const size_t len[] = { sizeof(clear), sizeof(secret), sizeof(point) };
	u64 x = 0x9e3779b97f4a7c15ULL;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		for (j = 0; j < len[i]; j++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			all[i][j] = (u8)x;
		}
}

static void fill_work(struct bench_work *w, enum bench_primitive primitive,
		      u32 len, unsigned int n)
{
	const bool open = primitive == BENCH_OPEN;
	unsigned int i;

	w->n = n;
	w->len = len;
	memcpy(w->key, clear[0] + 1000, sizeof(w->key));
	aead_key_load(&w->loaded, w->key);
	for (i = 0; i < n; i++) {
		w->msg[i] = (struct aead_msg){
			.dst = output[i], .src = open ? sealed[i] : clear[i],
			.len = open ? len + AEAD_TAG_LEN : len, .nonce = 7 + i,
		};
		w->job[i].out = output[i];
		w->job[i].secret = secret[i];
		w->job[i].point = point[i];
	}
}

/* All candidates must agree before any is timed; the first is portable C. */
static void check(struct bench_work *w, enum bench_primitive primitive)
{
	const u64 all = w->n == 64 ? ~0ULL : (1ULL << w->n) - 1;
	unsigned int i, p;
	bool first = true;

	for (p = 0; p < bench_peer_n; p++) {
		const struct bench_peer *peer = &bench_peers[p];

		if (!peer->run[primitive] || !peer->use(peer->path))
			continue;
		memset(output, 0, sizeof(output));
		peer->run[primitive](w);
		if (first)
			memcpy(expect, output, sizeof(output));
		first = false;
		i = memcmp(expect, output, sizeof(output)) != 0;
		if (i || (primitive == BENCH_OPEN && w->authentic != all)) {
			fprintf(stderr, "bench-crypto: %s/%s: wrong %s\n",
				peer->impl, peer->path, plan[primitive].name);
			exit(1);
		}
	}
}

/* Opening needs sealed messages. */
static void prepare(struct bench_work *w, enum bench_primitive primitive,
		    u32 len, unsigned int n)
{
	unsigned int i;

	if (primitive == BENCH_OPEN) {
		fill_work(w, BENCH_SEAL, len, n);
		for (i = 0; i < n; i++)
			w->msg[i].dst = sealed[i];
		crypto_force("generic");
		aead_seal_vec(&w->loaded, w->msg, n);
	}
	fill_work(w, primitive, len, n);
	check(w, primitive);
}

/* Times one candidate for one round; returns the number of samples added. */
static unsigned int sample(bench_fn *run, struct bench_work *w, u64 overhead,
			   u64 *ticks)
{
	unsigned int i, n = SAMPLE_MAX;
	u64 t;

	run(w);
	t = ticks_begin();
	run(w);
	t = ticks_end() - t;
	if (t * n > ROUND_TICKS)
		n = max((unsigned int)(ROUND_TICKS / t), SAMPLE_MIN);
	for (i = 0; i < n; i++) {
		t = ticks_begin();
		run(w);
		t = ticks_end() - t;
		ticks[i] = t > overhead ? t - overhead : 0;
	}
	return n;
}

/* Core cycles a message. */
static u64 cycles(u64 ticks, unsigned int n)
{
	return (u64)((double)ticks * tick_cycles / n + 0.5);
}

static void note_row(enum bench_primitive primitive, unsigned int peer,
		     struct bench_work *w, u64 *ticks, unsigned int n)
{
	struct row *r = &rows[row_n++];

	qsort(ticks, n, sizeof(*ticks), by_value);
	r->primitive = primitive;
	r->peer = peer;
	r->len = w->len;
	r->batch = w->n;
	r->q1 = cycles(ticks[n / 4], w->n);
	r->median = cycles(ticks[n / 2], w->n);
}

static void measure(enum bench_primitive primitive, u32 len, unsigned int n)
{
	static u64 ticks[PEER_MAX][ROUNDS * SAMPLE_MAX];
	unsigned int p, round, have[PEER_MAX] = { 0 };
	const u64 overhead = ticks_overhead();
	struct bench_work w;

	prepare(&w, primitive, len, n);
	for (round = 0; round < ROUNDS; round++)
		for (p = 0; p < bench_peer_n; p++) {
			bench_fn *run = bench_peers[p].run[primitive];

			if (!run || !bench_peers[p].use(bench_peers[p].path))
				continue;
			have[p] += sample(run, &w, overhead,
					  ticks[p] + have[p]);
		}
	for (p = 0; p < bench_peer_n; p++)
		if (have[p])
			note_row(primitive, p, &w, ticks[p], have[p]);
}

static const struct row *find_row(enum bench_primitive primitive, u32 len,
				  unsigned int batch, unsigned int peer)
{
	unsigned int i;

	for (i = 0; i < row_n; i++)
		if (rows[i].primitive == primitive && rows[i].len == len &&
		    rows[i].batch == batch && rows[i].peer == peer)
			return &rows[i];
	return NULL;
}

static void print_head(enum bench_primitive primitive)
{
	unsigned int p;

	printf("\n%-11s lower quartile of cycles per message\n  size batch",
	       plan[primitive].name);
	for (p = 0; p < bench_peer_n; p++)
		printf(" %10s", bench_peers[p].impl);
	printf("\n            ");
	for (p = 0; p < bench_peer_n; p++)
		printf("%10s ", bench_peers[p].path);
	printf("\n");
}

static void print_line(enum bench_primitive primitive, u32 len,
		       unsigned int batch)
{
	unsigned int p;

	printf("%6u %5u", len, batch);
	for (p = 0; p < bench_peer_n; p++) {
		const struct row *r = find_row(primitive, len, batch, p);

		if (r)
			printf(" %10llu", (unsigned long long)r->q1);
		else
			printf(" %10s", "-");
	}
	printf("\n");
	fflush(stdout);
}

static void run_primitive(enum bench_primitive primitive, u32 only)
{
	unsigned int i, j;

	print_head(primitive);
	for (i = 0; i < 8 && plan[primitive].len[i]; i++)
		for (j = 0; j < 4 && plan[primitive].batch[j]; j++) {
			const u32 len = plan[primitive].len[i];

			if (only && only != len)
				continue;
			measure(primitive, len, plan[primitive].batch[j]);
			print_line(primitive, len, plan[primitive].batch[j]);
		}
}

static unsigned int find_peer(const char *impl, const char *path)
{
	unsigned int p;

	for (p = 0; p < bench_peer_n; p++)
		if (!strcmp(bench_peers[p].impl, impl) &&
		    !strcmp(bench_peers[p].path, path))
			break;
	return p;
}

static void print_targets(void)
{
	unsigned int i;

	printf("\nAgainst linux-7.2 on the same path, lower quartiles\n"
	       "%-28s %8s %8s %6s %6s %6s\n", "case", "ours", "theirs",
	       "ratio", "must", "aim");
	for (i = 0; i < ARRAY_SIZE(targets); i++) {
		const struct row *a, *b;
		double ratio;

		a = find_row(targets[i].primitive, targets[i].len,
			     targets[i].batch,
			     find_peer("ours", targets[i].path));
		b = find_row(targets[i].primitive, targets[i].len,
			     targets[i].batch,
			     find_peer("linux-7.2", targets[i].path));
		if (!a || !b)
			continue;
		ratio = (double)a->q1 / (double)b->q1;
		printf("%-28s %8llu %8llu %6.3f %6.2f %6.2f  %s\n",
		       targets[i].label, (unsigned long long)a->q1,
		       (unsigned long long)b->q1, ratio, targets[i].must,
		       targets[i].aim, ratio <= targets[i].aim ? "aim" :
		       ratio <= targets[i].must ? "must" : "MISSED");
	}
}

static bool write_csv(const char *name)
{
	FILE *f = fopen(name, "w");
	unsigned int i;

	if (!f)
		return false;
	fprintf(f, "primitive,impl,path,size,batch,cycles_q1,cycles_median\n");
	for (i = 0; i < row_n; i++) {
		const struct row *r = &rows[i];

		fprintf(f, "%s,%s,%s,%u,%u,%llu,%llu\n",
			plan[r->primitive].name, bench_peers[r->peer].impl,
			bench_peers[r->peer].path, r->len, r->batch,
			(unsigned long long)r->q1,
			(unsigned long long)r->median);
	}
	return !fclose(f);
}

static void print_cpu(void)
{
	char line[256];
	FILE *f = fopen("/proc/cpuinfo", "r");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "model name", 10)) {
			printf("CPU: %s", strchr(line, ':') + 2);
			break;
		}
	if (f)
		fclose(f);
	tick_cycles = cycles_per_tick();
	printf("One tick of the time-stamp counter is %.2f core cycles.\n",
	       tick_cycles);
}

/* bench CSV [PRIMITIVE [SIZE]] */
int main(int argc, char **argv)
{
	const char *name = argc > 2 ? argv[2] : NULL;
	const u32 only = argc > 3 ? (u32)atoi(argv[3]) : 0;
	unsigned int p;

	if (argc < 2) {
		fprintf(stderr, "usage: bench CSV [PRIMITIVE [SIZE]]\n");
		return 2;
	}
	fill_inputs();
	print_cpu();
	for (p = 0; p < BENCH_PRIMITIVES; p++)
		if (!name || !strcmp(name, plan[p].name))
			run_primitive(p, only);
	print_targets();
	if (!write_csv(argv[1])) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
