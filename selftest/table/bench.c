// SPDX-License-Identifier: GPL-2.0
/*
 * Cost of the tables: cycles of the time stamp counter and bytes of slab. The
 * trie stands beside the plainest one: binary, with compressed paths, a node of
 * 72 bytes for each prefix and each fork.
 *
 *   bench [routes]		csv: table,shape,routes,what,value,unit
 */
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

#include "check.h"
#include "table/index.h"
#include "table/trie.h"

#define LOOK_N (1u << 20)
#define OWNER_N 1000

static struct wg_trie trie;
static struct mutex lock;
static struct wg_owner owner[OWNER_N];
static struct wg_prefix *prefix;
static u8 (*addr)[16];
static const char *shape;
static unsigned int route_n;

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

static void say(const char *table, const char *what, double value,
		const char *unit)
{
	printf("%s,%s,%u,%s,%.3f,%s\n", table, shape, route_n, what, value,
	       unit);
	fflush(stdout);
}

/* The binary trie to compare with */
struct plain {
	struct plain *child[2];
	u64 key;
	unsigned int cidr;
	void *owner;
	u64 rest[4];
};
static struct plain *plain_root;
static unsigned long plain_n;

static struct plain *plain_new(u64 key, unsigned int cidr, void *value)
{
	struct plain *p = shim_alloc(sizeof(*p), true);

	p->key = cidr ? key & ~0ULL << (64 - cidr) : 0;
	p->cidr = cidr;
	p->owner = value;
	plain_n++;
	return p;
}

static bool plain_covers(const struct plain *p, u64 key)
{
	return !p->cidr || !((p->key ^ key) >> (64 - p->cidr));
}

static void plain_insert(u64 key, unsigned int cidr, void *value)
{
	struct plain **at = &plain_root, *p, *fork;
	unsigned int common;

	while ((p = *at) && p->cidr < cidr && plain_covers(p, key))
		at = &p->child[key >> (63 - p->cidr) & 1];
	if (!p) {
		*at = plain_new(key, cidr, value);
		return;
	}
	common = min(64 - fls64(p->key ^ key), (int)min(cidr, p->cidr));
	if (common == p->cidr) {
		p->owner = value;
		return;
	}
	fork = plain_new(key, common, common == cidr ? value : NULL);
	fork->child[p->key >> (63 - common) & 1] = p;
	if (common < cidr)
		fork->child[key >> (63 - common) & 1] =
			plain_new(key, cidr, value);
	*at = fork;
}

static noinline void *plain_find(u64 key)
{
	const struct plain *p = plain_root;
	void *best = NULL;

	while (p && plain_covers(p, key)) {
		if (p->owner)
			best = p->owner;
		if (p->cidr == 32)
			break;
		p = p->child[key >> (63 - p->cidr) & 1];
	}
	return best;
}

static void plain_free(struct plain *p)
{
	if (!p)
		return;
	plain_free(p->child[0]);
	plain_free(p->child[1]);
	kfree(p);
}

/*
 * As in the Internet's routing table: blocks of 18 to 21 bits, each announced
 * as a whole and most of its /24s as well, some of them as /23s.
 */
static struct wg_prefix block;
static u32 block_at;

static void bgp_draw(struct wg_prefix *p)
{
	u32 net = get_unaligned_be32(block.addr);

	*p = block;
	p->cidr = check_random() % 8 ? 24 : 23;
	if (!block.cidr || block_at >= 1u << (24 - block.cidr)) {
		block.family_bits = 32;
		block.cidr = 18 + check_random() % 4;
		net = (u32)check_random() & ~0u << (32 - block.cidr);
		put_unaligned_be32(net, block.addr);
		block_at = 0;
		*p = block;
		return;
	}
	put_unaligned_be32((net + (block_at << 8)) & ~0u << (32 - p->cidr),
			   p->addr);
	block_at += 1 + check_random() % 8 / 6;
}

static void prefix_draw(struct wg_prefix *p, unsigned int i)
{
	u32 net = check_random();

	memset(p, 0, sizeof(*p));
	p->family_bits = 32;
	p->cidr = 32;
	if (!strcmp(shape, "dense"))
		net = 0x0a000000 + i;
	put_unaligned_be32(net, p->addr);
	if (!strcmp(shape, "bgp"))
		bgp_draw(p);
	if (!strcmp(shape, "v6-64")) {
		p->family_bits = 128;
		p->cidr = 64;
		put_unaligned_be64(0x20010db800000000ULL | net, p->addr);
	}
}

static void shuffle(void)
{
	unsigned int i, k;

	for (i = route_n - 1; i; i--) {
		k = check_random() % (i + 1);
		swap(prefix[i], prefix[k]);
	}
}

static void draw(void)
{
	unsigned int i, k, host;

	for (i = 0; i < route_n; i++)
		prefix_draw(&prefix[i], i);
	shuffle();
	for (i = 0; i < LOOK_N; i++) {
		k = check_random() % route_n;
		memcpy(addr[i], prefix[k].addr, 16);
		host = check_random();
		if (prefix[k].cidr < 32)
			put_unaligned_be32(get_unaligned_be32(addr[i]) |
					   host >> prefix[k].cidr, addr[i]);
	}
}

static void *trie_look(const u8 *at)
{
	return wg_trie_find(&trie, prefix[0].family_bits, at);
}

static void *plain_look(const u8 *at)
{
	return plain_find((u64)get_unaligned_be32(at) << 32);
}

static int u64_order(const void *a, const void *b)
{
	return *(const u64 *)a < *(const u64 *)b ? -1 :
	       *(const u64 *)a > *(const u64 *)b;
}

/* Next to each other, as packets of several flows overlap, or each after the
 * result of the one before. The median of many short runs, most of which fit
 * between two interruptions.
 */
#define RUN_LEN 2048
#define RUN_N (LOOK_N / RUN_LEN)
static double look_cycles(void *(*look)(const u8 *at), bool dependent)
{
	static u64 run[RUN_N];
	unsigned int i, k;
	uintptr_t sum = 0;
	u64 t;

	for (i = 0; i < RUN_N; i++) {
		t = __rdtsc();
		k = i * RUN_LEN;
		while (k < (i + 1) * RUN_LEN)
			if (dependent)
				sum = (uintptr_t)look(addr[k++] + (sum & 1));
			else
				sum += (uintptr_t)look(addr[k++]);
		run[i] = __rdtsc() - t;
	}
	__asm__ volatile("" : : "r"(sum));
	qsort(run, RUN_N, sizeof(run[0]), u64_order);
	return (double)run[RUN_N / 2] / RUN_LEN;
}

static void look_up(const char *table, void *(*look)(const u8 *at))
{
	look_cycles(look, false);
	say(table, "look-up", look_cycles(look, false), "cycles");
	say(table, "look-up dependent", look_cycles(look, true), "cycles");
}

static void plain_run(void)
{
	unsigned int i;

	if (prefix[0].family_bits != 32)
		return;
	for (i = 0; i < route_n; i++)
		plain_insert((u64)get_unaligned_be32(prefix[i].addr) << 32,
			     prefix[i].cidr, &owner[i % OWNER_N]);
	look_up("plain", plain_look);
	say("plain", "memory", plain_n * 72 / 1e6, "MB");
	plain_free(plain_root);
	plain_root = NULL;
	plain_n = 0;
}

static void run(void)
{
	long bytes = shim_live_bytes;
	unsigned int i;
	double t;

	draw();
	t = now_s();
	for (i = 0; i < route_n; i++)
		if (wg_trie_insert(&trie, &prefix[i], &owner[i % OWNER_N]))
			abort();
	say("trie", "insert", now_s() - t, "s");
	say("trie", "memory", (shim_live_bytes - bytes) / 1e6, "MB");
	say("trie", "memory a prefix",
	    (double)(shim_live_bytes - bytes) / trie.prefix_n, "B");
	say("trie", "nodes", trie.node_n, "");
	look_up("trie", trie_look);
	plain_run();
	t = now_s();
	for (i = 0; i < route_n / 2; i++)
		wg_trie_remove(&trie, &prefix[i], &owner[i % OWNER_N]);
	say("trie", "remove half one by one", now_s() - t, "s");
	t = now_s();
	for (i = 0; i < OWNER_N; i++)
		wg_trie_remove_owner(&trie, &owner[i]);
	say("trie", "remove half by owner", now_s() - t, "s");
	if (shim_live_bytes != bytes)
		abort();
}

static u32 id_draw(void)
{
	return check_random() >> 32;
}

static struct wg_index *looked_index;
static void *index_look(const u8 *at)
{
	u32 id;

	memcpy(&id, at, 4);
	return wg_index_find(looked_index, id);
}

static void index_run(unsigned int n)
{
	struct wg_index_entry *e = shim_alloc(n * sizeof(*e), true);
	unsigned int i;
	long bytes = shim_live_bytes;
	struct wg_index x;
	double t;

	shape = "random";
	route_n = n;
	wg_index_init(&x);
	t = now_s();
	for (i = 0; i < n; i++)
		wg_index_insert(&x, &e[i], id_draw);
	say("index", "insert", now_s() - t, "s");
	say("index", "memory", (shim_live_bytes - bytes) / 1e6, "MB");
	for (i = 0; i < LOOK_N; i++)
		memcpy(addr[i], &e[check_random() % n].id, 4);
	looked_index = &x;
	look_up("index", index_look);
	t = now_s();
	for (i = 0; i < n; i++)
		wg_index_remove(&x, &e[i]);
	say("index", "remove", now_s() - t, "s");
	wg_index_exit(&x);
	kfree(e);
}

int main(int argc, char **argv)
{
	static const char *const shapes[] = { "bgp", "host", "dense", "v6-64" };
	unsigned int most = argc > 1 ? strtoul(argv[1], NULL, 0) : 1000000, i;

	prefix = shim_alloc(most * sizeof(*prefix), true);
	addr = shim_alloc((LOOK_N + 1) * sizeof(*addr), true);
	if (!prefix || !addr)
		return 1;
	mutex_init(&lock);
	mutex_lock(&lock);
	wg_trie_init(&trie, &lock);
	for (i = 0; i < OWNER_N; i++)
		wg_owner_init(&owner[i]);
	for (i = 0; i < ARRAY_SIZE(shapes); i++)
		for (shape = shapes[i], route_n = 1000; route_n <= most;
		     route_n *= 10)
			run();
	for (i = 1000; i <= most; i *= 10)
		index_run(i == 1000000 ? 300000 : i);
	return 0;
}
