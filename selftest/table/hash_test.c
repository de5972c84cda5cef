// SPDX-License-Identifier: GPL-2.0
#include "check.h"
#include "table/index.h"
#include "table/keys.h"

#define N (check_long ? 300000u : 40000u)

static struct wg_index x;
static struct wg_index_entry *entry;

static u32 random_id(void)
{
	return check_random() >> 32;
}

static u32 constant_id(void)
{
	return 7;
}

static bool index_open(unsigned int n)
{
	entry = calloc(n, sizeof(*entry));
	return entry && !wg_index_init(&x);
}

static bool index_close(void)
{
	wg_index_exit(&x);
	free(entry);
	return true;
}

static bool row_siphash(void)
{
	/* [SipHash, appendix A] */
	u8 in[15], key[16];
	siphash_key_t k;
	unsigned int i;

	for (i = 0; i < 16; i++)
		key[i] = i;
	for (i = 0; i < 15; i++)
		in[i] = i;
	k.key[0] = get_unaligned_le64(key);
	k.key[1] = get_unaligned_le64(key + 8);
	REQUIRE(siphash(in, 15, &k) == 0xa129ca6149be45e5ULL);
	return true;
}

static bool row_index_rules(void)
{
	struct wg_index_entry *a, *b, *c;
	u32 id;

	REQUIRE(index_open(3));
	a = entry;
	b = entry + 1;
	c = entry + 2;
	REQUIRE(!wg_index_remove(&x, a));		/* never was in it */
	REQUIRE(!wg_index_replace(&x, a, b));
	REQUIRE(!wg_index_find(&x, 0));
	REQUIRE(!wg_index_insert(&x, a, constant_id));
	REQUIRE(a->id == 7 && wg_index_find(&x, 7) == a);
	REQUIRE(wg_index_insert(&x, b, constant_id) == -ENOSPC);
	REQUIRE(!wg_index_remove(&x, b));
	REQUIRE(!wg_index_insert(&x, b, random_id));
	REQUIRE(wg_index_find(&x, b->id) == b);

	/* A8: replaced once; then the old entry is nothing any more */
	id = b->id;
	REQUIRE(wg_index_replace(&x, b, c));
	REQUIRE(c->id == id && wg_index_find(&x, id) == c);
	REQUIRE(!wg_index_replace(&x, b, a));
	REQUIRE(a->id == 7 || wg_index_find(&x, 7) == a);
	REQUIRE(!wg_index_remove(&x, b));
	REQUIRE(wg_index_find(&x, id) == c);

	/* inserted again: a new id, the old one is free */
	REQUIRE(!wg_index_insert(&x, c, random_id));
	REQUIRE(c->id != id && !wg_index_find(&x, id));
	REQUIRE(wg_index_find(&x, c->id) == c);
	REQUIRE(wg_index_remove(&x, a) && wg_index_remove(&x, c));
	REQUIRE(!wg_index_remove(&x, a) && !x.split.entry_n);
	return index_close();
}

static bool all_found(unsigned int from, unsigned int to)
{
	unsigned int i;

	for (i = from; i < to; i++)
		REQUIRE(wg_index_find(&x, entry[i].id) == &entry[i]);
	return true;
}

/* The longest way from a mark to an entry, which is what a look-up costs. */
static unsigned int walk_max(void)
{
	struct wg_split_node *node = &x.split.head;
	unsigned int n = 0, most = 0, marks = 0;

	for (; node; node = node->next, n++) {
		bool real = container_of(node, struct wg_index_entry, node) >=
			    entry && (void *)node < (void *)(entry + N);

		if (!real) {
			n = 0;
			marks++;
		}
		most = n > most ? n : most;
	}
	return marks ? most : 0;
}

static bool row_index_grow(void)
{
	long bytes = shim_live_bytes;
	unsigned int i, n = N;

	REQUIRE(index_open(n));
	for (i = 0; i < n; i++) {
		REQUIRE(!wg_index_insert(&x, &entry[i], random_id));
		if ((i & (i - 1)) == 0 && !all_found(0, i + 1))
			return false;
	}
	REQUIRE(all_found(0, n));
	REQUIRE(x.split.bucket_n >= n / 2 && x.split.bucket_n < 2 * n);
	REQUIRE(walk_max() <= 24);
	for (i = 0; i < n; i++) {
		REQUIRE(wg_index_remove(&x, &entry[i]));
		REQUIRE(!wg_index_find(&x, entry[i].id));
		if ((i & (i - 1)) == 0 && !all_found(i + 1, n))
			return false;
	}
	REQUIRE(x.split.bucket_n <= 16 && x.split.page_end <= 1);
	REQUIRE(shim_live_bytes - bytes <= 8192 + 4096);
	return index_close();
}

/* Growing and shrinking without memory: slower, but right. */
static bool row_index_starved(void)
{
	unsigned int i, n = 3000;

	REQUIRE(index_open(n));
	shim_fail_at = shim_alloc_n + 3;
	shim_fail_rest = true;
	for (i = 0; i < n; i++)
		REQUIRE(!wg_index_insert(&x, &entry[i], random_id));
	REQUIRE(all_found(0, n));
	shim_fail_at = 0;
	shim_fail_rest = false;
	for (i = 0; i < n; i += 2)
		REQUIRE(!wg_index_insert(&x, &entry[i], random_id));
	REQUIRE(all_found(0, n));
	for (i = 0; i < n; i++)
		REQUIRE(wg_index_remove(&x, &entry[i]));
	wg_index_exit(&x);
	shim_fail_at = shim_alloc_n + 1;
	REQUIRE(wg_index_init(&x) == -ENOMEM);
	shim_fail_at = 0;
	free(entry);
	return true;
}

/* Ids come out as the generator gives them: bytes are uniform. Chi-square with
 * 255 degrees of freedom; 364 is exceeded once in 10^5 by chance.
 */
static bool row_index_uniform(void)
{
	unsigned int i, b, n = 60000, count[4][256] = { 0 };
	double sum;

	REQUIRE(index_open(n));
	for (i = 0; i < n; i++) {
		REQUIRE(!wg_index_insert(&x, &entry[i], random_id));
		for (b = 0; b < 4; b++)
			count[b][entry[i].id >> 8 * b & 255]++;
	}
	for (b = 0; b < 4; b++) {
		for (sum = 0, i = 0; i < 256; i++) {
			double d = count[b][i] - n / 256.0;

			sum += d * d / (n / 256.0);
		}
		REQUIRE(sum < 364);
	}
	for (i = 0; i < n; i++)
		REQUIRE(wg_index_remove(&x, &entry[i]));
	return index_close();
}

/*
 * Readers look for entries that stay, while a writer makes the table grow and
 * shrink and inserts removed entries again at once.
 */
#define FIXED_N 512
static bool stop;
static unsigned long missed_n, looked_n;

static void *reader_run(void *arg)
{
	u64 r = (u64)(uintptr_t)arg;

	shim_rcu_thread();
	while (!READ_ONCE(stop)) {
		struct wg_index_entry *e;

		r = r * 6364136223846793005ULL + 1442695040888963407ULL;
		e = &entry[r >> 40 & (FIXED_N - 1)];
		rcu_read_lock();
		if (wg_index_find(&x, e->id) != e)
			__atomic_add_fetch(&missed_n, 1, __ATOMIC_RELAXED);
		rcu_read_unlock();
		__atomic_add_fetch(&looked_n, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static u32 thread_id(void)
{
	return check_random() >> 32;
}

static bool row_index_readers(void)
{
	unsigned int i, round, n = FIXED_N + 6000;
	unsigned int round_n = check_long ? 2000 : 30;
	pthread_t thread[2];

	REQUIRE(index_open(n));
	for (i = 0; i < FIXED_N; i++)
		REQUIRE(!wg_index_insert(&x, &entry[i], thread_id));
	for (i = 0; i < 2; i++)
		pthread_create(&thread[i], NULL, reader_run,
			       (void *)(uintptr_t)(i + 1));
	for (round = 0; round < round_n || READ_ONCE(looked_n) < 100000;
	     round++) {
		for (i = FIXED_N; i < n; i++) {
			REQUIRE(!wg_index_insert(&x, &entry[i], thread_id));
			if (i % 3 == 0)
				REQUIRE(!wg_index_insert(&x, &entry[i],
							 thread_id));
		}
		for (i = FIXED_N; i < n; i++)
			REQUIRE(wg_index_remove(&x, &entry[i]));
	}
	WRITE_ONCE(stop, true);
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < FIXED_N; i++)
		REQUIRE(wg_index_remove(&x, &entry[i]));
	REQUIRE(!missed_n);
	return index_close();
}

static void key_make(u8 key[32], u32 nr)
{
	memset(key, 0x5a, 32);
	put_unaligned_le32(nr, key + 28);
}

static bool row_keys(void)
{
	struct wg_keys_entry *e = calloc(N, sizeof(*e)), twin = { 0 };
	const u8 secret[16] = "not so random..";
	struct wg_keys k;
	unsigned int i, n = N;
	u8 key[32];

	REQUIRE(e && !wg_keys_init(&k, secret));
	for (i = 0; i < n; i++) {
		key_make(key, i);
		REQUIRE(!wg_keys_find(&k, key));
		REQUIRE(!wg_keys_insert(&k, &e[i], key));
		REQUIRE(wg_keys_insert(&k, &twin, key) == -EEXIST);
	}
	REQUIRE(!wg_keys_remove(&k, &twin));
	for (i = 0; i < n; i++) {
		key_make(key, i);
		REQUIRE(wg_keys_find(&k, key) == &e[i]);
	}
	for (i = 0; i < n; i++) {
		key_make(key, i);
		REQUIRE(wg_keys_remove(&k, &e[i]));
		REQUIRE(!wg_keys_remove(&k, &e[i]));
		REQUIRE(!wg_keys_find(&k, key));
	}
	wg_keys_exit(&k);
	free(e);
	return true;
}

int main(void)
{
	static const struct check_row row[] = {
		{ "siphash of the test shim: published vector", row_siphash },
		{ "index: insert, replace, remove (A8)", row_index_rules },
		{ "index: grows, finds, shrinks", row_index_grow },
		{ "index: without memory", row_index_starved },
		{ "index: ids are uniform", row_index_uniform },
		{ "index: readers beside a writer", row_index_readers },
		{ "keys: insert, find, remove", row_keys },
	};

	return check_main(row, ARRAY_SIZE(row));
}
