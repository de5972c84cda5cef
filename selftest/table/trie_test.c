// SPDX-License-Identifier: GPL-2.0
#include "model.h"
#include "table/jump.h"

static struct model m;

static struct wg_prefix v4(u8 a, u8 b, u8 c, u8 d, u8 cidr)
{
	return (struct wg_prefix){ { a, b, c, d }, WG_V4_BITS, cidr };
}

static struct wg_prefix random_prefix(unsigned int spread)
{
	struct wg_prefix p = { .family_bits = check_random() % 3 ? 32 : 128 };
	u64 r = check_random();
	unsigned int i;

	p.cidr = check_random() % (p.family_bits + 1u);
	if (check_random() % 4 == 0)
		p.cidr = p.family_bits;
	/* A few values for each byte make prefixes meet at all depths. */
	for (i = 0; i < p.family_bits / 8u; i++)
		p.addr[i] = (r >> i * 4 & 15) % spread * 0x55;
	if (check_random() % 2)
		p.addr[check_random() % (p.family_bits / 8u)] ^=
			1 << check_random() % 8;
	return p;
}

static bool row_rules(void)
{
	struct wg_prefix p = v4(10, 0, 0, 77, 24), q = v4(10, 0, 0, 0, 33);
	struct wg_prefix bad = { .family_bits = 64, .cidr = 8 };
	struct wg_prefix v6 = { .family_bits = 128, .cidr = 129 };

	model_init(&m);
	REQUIRE(model_insert(&m, &q, 0) == -EINVAL);
	REQUIRE(model_insert(&m, &v6, 0) == -EINVAL);
	REQUIRE(model_insert(&m, &bad, 0) == -EINVAL);
	model_remove(&m, &q, 0);
	model_remove(&m, &bad, 0);
	REQUIRE(!m.trie.prefix_n);
	REQUIRE(!model_insert(&m, &p, 0));
	q.cidr = 32;
	REQUIRE(!model_insert(&m, &q, 0));
	REQUIRE(model_agrees_around(&m) && model_agrees_in_order(&m));

	/* again: now last, and once more: it is already */
	REQUIRE(!model_insert(&m, &p, 0));
	REQUIRE(model_agrees_around(&m) && model_agrees_in_order(&m));
	REQUIRE(!model_insert(&m, &p, 0));
	REQUIRE(model_agrees_around(&m) && model_agrees_in_order(&m));
	/* to another and back: now last */
	REQUIRE(!model_insert(&m, &p, 1));
	REQUIRE(model_agrees_around(&m) && model_agrees_in_order(&m));
	REQUIRE(!model_insert(&m, &p, 0));
	REQUIRE(model_agrees_around(&m) && model_agrees_in_order(&m));

	/* E7: not his, not there, wrong length */
	model_remove(&m, &p, 1);
	p.cidr = 23;
	model_remove(&m, &p, 0);
	REQUIRE(m.trie.prefix_n == 2);
	p.cidr = 24;
	model_remove(&m, &p, 0);
	REQUIRE(model_agrees_around(&m) && model_agrees_in_order(&m));
	model_remove(&m, &q, 0);
	REQUIRE(!m.trie.node_n && !m.trie.prefix_n);
	return model_exit(&m);
}

/* A list given again and again, as clients do, takes no more room each time. */
static bool row_again(void)
{
	long first, i, n = 600, rounds = 40;

	model_init(&m);
	for (i = 0; i < n; i++) {
		struct wg_prefix p = v4(10, 1, i >> 8, i, 32);

		REQUIRE(!model_insert(&m, &p, 0));
	}
	first = shim_live_bytes;
	for (i = 0; i < n * rounds; i++) {
		struct wg_prefix p = v4(10, 1, i % n >> 8, i % n, 32);

		REQUIRE(!wg_trie_insert(&m.trie, &p, &m.owner[0]));
	}
	shim_rcu_flush();
	REQUIRE(shim_live_bytes <= 3 * first);
	REQUIRE(model_agrees_in_order(&m));
	return model_exit(&m);
}

/* All addresses of @depth bits behind the skipped ones */
static bool window_agrees(unsigned int bits, unsigned int skip, unsigned int fill,
			  unsigned int depth)
{
	struct wg_prefix p;
	u32 v;

	for (v = 0; v < 1u << depth; v++) {
		p = model_prefix(bits, skip, fill, v, depth);
		if (!model_agrees_at(&m, bits, p.addr))
			return false;
	}
	return true;
}

/* The n-th of the 2^(depth+1) - 1 prefixes in a window of @depth bits */
static struct wg_prefix window_prefix(unsigned int bits, unsigned int skip,
				      unsigned int fill, unsigned int nth)
{
	unsigned int len = fls(nth + 1) - 1;

	return model_prefix(bits, skip, fill, nth + 1 - (1u << len), len);
}

static bool triple_agrees(unsigned int bits, unsigned int skip,
			  unsigned int fill, const unsigned int nth[3])
{
	struct wg_prefix p[3];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		p[i] = window_prefix(bits, skip, fill, nth[i]);
		REQUIRE(!model_insert(&m, &p[i], i));
		REQUIRE(window_agrees(bits, skip, fill, 4));
	}
	for (i = 0; i < 3; i++) {
		model_remove(&m, &p[i], i);
		REQUIRE(window_agrees(bits, skip, fill, 4));
	}
	REQUIRE(!m.trie.node_n && !m.trie.prefix_n);
	return true;
}

static bool window_exhaust(unsigned int bits, unsigned int skip,
			   unsigned int fill)
{
	unsigned int nth[3];

	for (nth[0] = 0; nth[0] < 31; nth[0]++)
		for (nth[1] = 0; nth[1] < 31; nth[1]++)
			for (nth[2] = 0; nth[2] < 31; nth[2]++)
				if (nth[0] != nth[1] && nth[1] != nth[2] &&
				    nth[0] != nth[2] &&
				    !triple_agrees(bits, skip, fill, nth))
					return false;
	return true;
}

static bool row_exhaustive(void)
{
	static const struct { u8 bits, skip, fill; } at[] = {
		{ 32, 0, 0 }, { 32, 3, 1 }, { 32, 28, 1 }, { 128, 0, 0 },
		{ 128, 57, 1 }, { 128, 62, 1 }, { 128, 124, 1 }
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		model_init(&m);
		if (!window_exhaust(at[i].bits, at[i].skip, at[i].fill))
			return false;
		if (!model_exit(&m))
			return false;
	}
	return true;
}

/* E6: every length of one address, 0 to 128 */
static bool chain(unsigned int bits, bool upwards)
{
	struct wg_prefix p = { .family_bits = bits };
	unsigned int i;

	memset(p.addr, 0xb6, bits / 8);
	for (i = 0; i <= bits; i++) {
		p.cidr = upwards ? i : bits - i;
		REQUIRE(!model_insert(&m, &p, i % OWNER_MAX));
	}
	REQUIRE(model_agrees_around(&m) && model_agrees_in_order(&m));
	for (i = 0; i <= bits; i++) {
		p.cidr = i * 67 % (bits + 1);
		model_remove(&m, &p, p.cidr % OWNER_MAX);
		model_remove(&m, &p, (bits - p.cidr) % OWNER_MAX);
		REQUIRE(model_agrees_around(&m));
	}
	REQUIRE(model_agrees_in_order(&m));
	return true;
}

static bool row_chains(void)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		model_init(&m);
		if (!chain(i & 1 ? 32 : 128, i & 2) || !model_exit(&m))
			return false;
	}
	return true;
}

/* Two addresses that part at every bit: the gaps that paths have to span */
static bool row_gaps(void)
{
	struct wg_prefix p = { .family_bits = 128, .cidr = 128 }, q, r;
	unsigned int i, j;

	for (i = 0; i < 128; i++) {
		for (j = 0; j < 128; j++) {
			model_init(&m);
			q = r = p;
			q.addr[i / 8] ^= 0x80 >> i % 8;
			r.addr[j / 8] ^= 0x80 >> j % 8;
			REQUIRE(!model_insert(&m, &q, 0));
			REQUIRE(!model_insert(&m, &p, 1));
			REQUIRE(!model_insert(&m, &r, 2));
			REQUIRE(model_agrees_around(&m));
			model_remove(&m, &p, 1);
			REQUIRE(model_agrees_around(&m));
			model_remove(&m, &r, 2);
			REQUIRE(model_agrees_around(&m));
			REQUIRE(!m.trie.node_n);
			REQUIRE(model_exit(&m));
		}
	}
	return true;
}

static bool flips_agree(void)
{
	u8 addr[16] = { 0 };
	unsigned int i;

	for (i = 0; i < 128; i++) {
		addr[i / 8] ^= 0x80 >> i % 8;
		REQUIRE(model_agrees_at(&m, 128, addr));
		addr[i / 8] ^= 0x80 >> i % 8;
	}
	return true;
}

/* A prefix around an address, and a neighbour that parts from both further up:
 * when it goes, the node it parted at goes, but no bit may go unchecked.
 */
static bool row_far(void)
{
	struct wg_prefix p = { .family_bits = 128, .cidr = 128 }, q = p, r;
	unsigned int i;

	for (q.cidr = 1; q.cidr < 128; q.cidr++) {
		for (i = 0; i < q.cidr; i++) {
			model_init(&m);
			r = p;
			r.addr[i / 8] ^= 0x80 >> i % 8;
			REQUIRE(!model_insert(&m, &p, 0));
			REQUIRE(!model_insert(&m, &q, 1));
			REQUIRE(flips_agree());
			REQUIRE(!model_insert(&m, &r, 2));
			REQUIRE(flips_agree());
			model_remove(&m, &r, 2);
			REQUIRE(flips_agree());
			REQUIRE(model_exit(&m));
		}
	}
	return true;
}

static void random_step(unsigned int spread)
{
	struct wg_prefix p = random_prefix(spread);
	unsigned int owner = check_random() % OWNER_MAX;
	struct model_row *row;

	switch (m.n < MODEL_MAX ? check_random() % 64 : 63) {
	case 0 ... 35:
		model_insert(&m, &p, owner);
		break;
	case 36 ... 37:
		model_remove(&m, &p, owner);
		break;
	case 38 ... 62:
		if (!m.n)
			break;
		row = &m.row[check_random() % m.n];
		p = row->prefix;
		model_remove(&m, &p, check_random() % 8 ? row->owner : owner);
		break;
	case 63:
		if (check_random() % 4 == 0)
			model_remove_owner(&m, owner);
		break;
	}
}

static bool random_run(unsigned int spread, unsigned int step_n)
{
	unsigned int i;

	model_init(&m);
	for (i = 0; i < step_n; i++) {
		random_step(spread);
		if (i % 64 == 0 && !(model_agrees_around(&m) &&
				     model_agrees_in_order(&m)))
			return false;
		REQUIRE(m.trie.node_n <= 2 * m.n);	/* E5 */
	}
	while (m.n) {
		struct model_row row = m.row[check_random() % m.n];

		model_remove(&m, &row.prefix, row.owner);
		if (m.n % 32 == 0 && !model_agrees_around(&m))
			return false;
	}
	REQUIRE(!m.trie.node_n);
	return model_exit(&m);
}

static bool row_random(void)
{
	unsigned int spread, n = check_long ? 400000 : 6000;

	for (spread = 1; spread <= 4; spread++)
		if (!random_run(spread, n))
			return false;
	return true;
}

/* A9: with each allocation failing in turn, nothing changes; then it works */
static bool insert_starved(const struct wg_prefix *p, unsigned int owner)
{
	unsigned int k, node_n = m.trie.node_n;
	long live_n = shim_live_n;
	int err = -ENOMEM;

	for (k = 1; err; k++) {
		shim_fail_at = shim_alloc_n + k;
		err = model_insert(&m, p, owner);
		shim_fail_at = 0;
		REQUIRE(!err || err == -ENOMEM);
		if (!err)
			break;
		REQUIRE(m.trie.node_n == node_n);
		REQUIRE(shim_live_n == live_n);
		REQUIRE(model_agrees_in_order(&m));
		if (m.n < 64 || check_random() % 16 == 0)
			REQUIRE(model_agrees_around(&m));
	}
	return true;
}

static bool row_starved_insert(void)
{
	struct wg_prefix p;
	unsigned int i;

	model_init(&m);
	for (i = 0; i < 800; i++) {
		p = random_prefix(1 + i % 3);
		if (!insert_starved(&p, check_random() % OWNER_MAX))
			return false;
	}
	return model_agrees_around(&m) && model_exit(&m);
}

/* Removal without any memory is complete, and what it left is used again. */
static bool row_starved_remove(void)
{
	struct wg_prefix p;
	unsigned int i, round;

	model_init(&m);
	for (round = 0; round < 20; round++) {
		for (i = 0; i < 300; i++) {
			p = random_prefix(2);
			model_insert(&m, &p, check_random() % OWNER_MAX);
		}
		shim_fail_rest = true;
		shim_fail_at = shim_alloc_n + 1;
		for (i = 0; i < 150; i++) {
			struct model_row row = m.row[check_random() % m.n];

			model_remove(&m, &row.prefix, row.owner);
			if (i % 16 == 0 && !model_agrees_around(&m))
				return false;
		}
		model_remove_owner(&m, round % OWNER_MAX);
		REQUIRE(model_agrees_around(&m) && model_agrees_in_order(&m));
		while (round % 5 == 4 && m.n) {
			struct model_row row = m.row[check_random() % m.n];

			model_remove(&m, &row.prefix, row.owner);
		}
		shim_fail_at = 0;
		shim_fail_rest = false;
		REQUIRE(m.n || !m.trie.node_n);
	}
	return model_exit(&m);
}

/* A walk of owner 0 that has begun, before a change */
static struct wg_owner_cursor walk_begin(void)
{
	struct wg_owner_cursor c = { 0 };
	struct wg_prefix p;

	wg_owner_next(&m.owner[0], &c, &p);
	return c;
}

static bool walk_ended(struct wg_owner_cursor *c)
{
	struct wg_prefix p;

	return wg_owner_changed(&m.owner[0], c) &&
	       !wg_owner_next(&m.owner[0], c, &p);
}

static bool row_cursor_changes(void)
{
	struct wg_prefix p = v4(10, 0, 0, 0, 24);
	struct wg_owner_cursor c;
	unsigned int i;

	model_init(&m);
	for (i = 0; i < 8; i++, p.addr[2]++)
		REQUIRE(!model_insert(&m, &p, 0));
	c = walk_begin();
	REQUIRE(!model_insert(&m, &p, 0));		/* one more */
	REQUIRE(walk_ended(&c));
	c = walk_begin();
	REQUIRE(!model_insert(&m, &p, 0));		/* the same again */
	REQUIRE(!wg_owner_changed(&m.owner[0], &c));
	REQUIRE(!model_insert(&m, &p, 1));		/* to another */
	REQUIRE(walk_ended(&c));
	c = walk_begin();
	REQUIRE(!model_insert(&m, &p, 0));		/* and back */
	REQUIRE(walk_ended(&c));
	c = walk_begin();
	model_remove(&m, &p, 0);
	REQUIRE(walk_ended(&c));
	c = walk_begin();
	model_remove(&m, &p, 0);			/* not there */
	REQUIRE(!wg_owner_changed(&m.owner[0], &c));
	return model_exit(&m);
}

static bool row_cursor(void)
{
	struct wg_owner_cursor c = { 0 };
	struct wg_prefix p, q;
	unsigned int i;

	model_init(&m);
	REQUIRE(!wg_owner_next(&m.owner[0], &c, &p));
	REQUIRE(!wg_owner_changed(&m.owner[0], &c));
	for (i = 0; i < 1000; i++) {
		p = v4(10, i >> 8, i, 0, 24);
		REQUIRE(!model_insert(&m, &p, 0));
	}
	for (i = 0; i < 500; i++)
		REQUIRE(wg_owner_next(&m.owner[0], &c, &q));
	REQUIRE(q.addr[1] == 499 >> 8 && q.addr[2] == (499 & 255));
	/* someone else's change does not matter */
	p = v4(11, 0, 0, 0, 8);
	REQUIRE(!model_insert(&m, &p, 1));
	REQUIRE(wg_owner_next(&m.owner[0], &c, &q));
	model_remove_owner(&m, 0);
	REQUIRE(wg_owner_changed(&m.owner[0], &c));
	REQUIRE(!wg_owner_next(&m.owner[0], &c, &q));
	return model_exit(&m);
}

/* After churn, the pages that hold few prefixes are small again. */
static bool row_pages_shrink(void)
{
	unsigned int i, n = 20000;
	long bytes = shim_live_bytes;
	struct wg_prefix p;

	model_init(&m);
	for (i = 0; i < n; i++) {
		p = v4(10, i >> 16, i >> 8, i, 32);
		REQUIRE(!wg_trie_insert(&m.trie, &p, &m.owner[0]));
	}
	for (i = 0; i < n; i++) {
		p = v4(10, i >> 16, i >> 8, i, 32);
		if (i % 100)
			wg_trie_remove(&m.trie, &p, &m.owner[0]);
	}
	REQUIRE(m.owner[0].prefix_n == n / 100);
	REQUIRE(shim_live_bytes - bytes < (long)n / 100 * 200);
	for (i = 0; i < n; i++) {
		p = v4(10, i >> 16, i >> 8, i, 32);
		REQUIRE(wg_trie_find(&m.trie, 32, p.addr) ==
			(i % 100 ? NULL : &m.owner[0]));
	}
	return model_exit(&m);
}

/* Number @i of many pairs that part behind bit 18, each pair from the others
 * before; IPv6 behind 24 bits more.
 */
static struct wg_prefix pair_prefix(unsigned int bits, u32 i)
{
	u32 net = i / 2 << 14 | (i & 1) << 13;
	struct wg_prefix p = { .family_bits = bits, .cidr = 24 };

	if (bits == WG_V6_BITS) {
		p.addr[0] = 0x20;
		p.addr[1] = 0x01;
		p.addr[2] = 0x0d;
		p.cidr = 48;
	}
	put_unaligned_be32(net, p.addr + (bits == WG_V6_BITS ? 3 : 0));
	return p;
}

/* Of @n pairs every @step-th belongs to one of two owners, the rest to the one
 * around, if there is one.
 */
static bool pairs_agree(unsigned int bits, u32 n, u32 step,
			const struct wg_owner *around)
{
	const struct wg_owner *owner;
	struct wg_prefix p;
	u32 i;

	for (i = 0; i < n; i++) {
		p = pair_prefix(bits, i);
		owner = wg_trie_find(&m.trie, bits, p.addr);
		REQUIRE(owner == (i % step ? around : &m.owner[i / 4 % 2]));
		p.addr[bits == WG_V6_BITS ? 5 : 2] |= 1;
		REQUIRE(wg_trie_find(&m.trie, bits, p.addr) == around);
	}
	return true;
}

static bool jump_comes_and_goes(unsigned int bits)
{
	struct wg_prefix p, all = { .family_bits = bits };
	void __rcu **jump = (void __rcu **)&m.trie.jump[bits == WG_V6_BITS];
	u32 i, n = 8 * JUMP_NODE_MIN;

	for (i = 0; i < n; i++) {
		p = pair_prefix(bits, i);
		REQUIRE(!wg_trie_insert(&m.trie, &p, &m.owner[i / 4 % 2]));
	}
	REQUIRE(rcu_access_pointer(*jump));
	REQUIRE(pairs_agree(bits, n, 1, NULL));
	REQUIRE(!wg_trie_insert(&m.trie, &all, &m.owner[2]));
	REQUIRE(pairs_agree(bits, n, 1, &m.owner[2]));
	for (i = 0; i < n; i++) {
		p = pair_prefix(bits, i);
		if (i % 64)
			wg_trie_remove(&m.trie, &p, &m.owner[i / 4 % 2]);
	}
	REQUIRE(!rcu_access_pointer(*jump));
	return pairs_agree(bits, n, 64, &m.owner[2]);
}

static bool row_jump(void)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		model_init(&m);
		if (!jump_comes_and_goes(i ? WG_V6_BITS : WG_V4_BITS) ||
		    !model_exit(&m))
			return false;
	}
	return true;
}

/*
 * Readers beside a writer: addresses below fixed /32s keep their owner and
 * others get the owner of what covers them, whatever happens around them.
 */
static bool readers_stop;
static unsigned long reader_wrong_n, reader_n;

static void *reader_run(void *arg)
{
	u64 r = (u64)(uintptr_t)arg;
	u8 addr[4] = { 10 };

	shim_rcu_thread();
	while (!READ_ONCE(readers_stop)) {
		struct wg_owner *owner;
		bool fixed;

		r = r * 6364136223846793005ULL + 1442695040888963407ULL;
		put_unaligned_be32(0x0a000000 | (r >> 48 & 0xfff), addr);
		fixed = !(addr[3] & 7);
		rcu_read_lock();
		owner = wg_trie_find(&m.trie, 32, addr);
		if (fixed ? owner != &m.owner[1] :
			    owner != &m.owner[0] && owner != &m.owner[2] &&
			    owner != &m.owner[3])
			__atomic_add_fetch(&reader_wrong_n, 1,
					   __ATOMIC_RELAXED);
		rcu_read_unlock();
		__atomic_add_fetch(&reader_n, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void churn_step(void)
{
	u32 r = check_random();
	struct wg_prefix p = v4(10, 0, r >> 8 & 15, r, 20 + (r >> 16) % 13);
	unsigned int owner = 2 + (r >> 24 & 1);

	if (p.cidr > 28 && !(p.addr[3] & 7))
		return;
	if (r >> 25 & 1)
		wg_trie_insert(&m.trie, &p, &m.owner[owner]);
	else
		wg_trie_remove(&m.trie, &p, &m.owner[owner]);
	if (r >> 26 == 0)
		wg_trie_remove_owner(&m.trie, &m.owner[owner]);
}

static bool row_readers(void)
{
	unsigned long i, step_n = check_long ? 20000000 : 300000;
	struct wg_prefix p = v4(0, 0, 0, 0, 0);
	pthread_t thread[2];

	model_init(&m);
	wg_trie_insert(&m.trie, &p, &m.owner[0]);
	for (i = 0; i < 4096; i += 8) {
		p = v4(10, 0, i >> 8, i, 32);
		wg_trie_insert(&m.trie, &p, &m.owner[1]);
	}
	for (i = 0; i < 2; i++)
		pthread_create(&thread[i], NULL, reader_run,
			       (void *)(uintptr_t)(i + 1));
	for (i = 0; i < step_n || READ_ONCE(reader_n) < 100000; i++) {
		/* without memory now and then, too */
		shim_fail_rest = true;
		WRITE_ONCE(shim_fail_at, i & 1024 ? shim_alloc_n + 1 : 0);
		churn_step();
	}
	shim_fail_at = 0;
	shim_fail_rest = false;
	WRITE_ONCE(readers_stop, true);
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	REQUIRE(!reader_wrong_n);
	return model_exit(&m);
}

int main(void)
{
	static const struct check_row row[] = {
		{ "trie: insert, move, remove, wrong input (E7)", row_rules },
		{ "trie: the same list again and again", row_again },
		{ "trie: all triples of prefixes in 4 bits", row_exhaustive },
		{ "trie: all lengths of one address (E6)", row_chains },
		{ "trie: all gaps between addresses", row_gaps },
		{ "trie: no bit goes unchecked between nodes", row_far },
		{ "trie: random against a list (E5)", row_random },
		{ "trie: insert with each allocation failing (A9)",
		  row_starved_insert },
		{ "trie: remove without memory", row_starved_remove },
		{ "trie: walk goes on, or ends after a change", row_cursor },
		{ "trie: every change ends a walk, nothing else does",
		  row_cursor_changes },
		{ "trie: memory follows the number of prefixes",
		  row_pages_shrink },
		{ "trie: a short way comes with size, and goes", row_jump },
		{ "trie: readers beside a writer", row_readers },
	};

	return check_main(row, ARRAY_SIZE(row));
}
