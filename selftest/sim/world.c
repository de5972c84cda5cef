// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>

#include "selftest/sim/sim.h"

#define SEARCH_EVERY_NS	(10 * SECOND)
#define STEPS_MAX	100000		/* at one point in time */
/* 15.33 s to miss an answer, 5.33 s for each of two attempts, and change. */
#define RECOVERY_MAX_NS	(30 * SECOND)
#define CALM_NS		(90 * SECOND)

void world_fail(struct world *w, const char *format, ...)
{
	va_list args;

	if (w->failed)
		return;
	w->failed = true;
	va_start(args, format);
	printf("# seed %llu at %llu.%03llu s: ", (unsigned long long)w->seed,
	       (unsigned long long)(w->now_ns / SECOND),
	       (unsigned long long)(w->now_ns / MS % 1000));
	vprintf(format, args);
	printf("\n");
	va_end(args);
}

/* splitmix64 */
u64 world_random(struct world *w)
{
	u64 z = w->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

u64 world_below(struct world *w, u64 n)
{
	return n ? world_random(w) % n : 0;
}

bool world_chance(struct world *w, unsigned int of_1000)
{
	return world_below(w, 1000) < of_1000;
}

void world_random_bytes(struct world *w, void *dst, size_t len)
{
	u8 *p = dst;

	while (len--)
		*p++ = (u8)world_random(w);
}

static u32 home_of(unsigned int e)
{
	return 1000 + e;
}

void world_init(struct world *w, u64 seed, unsigned int engine_n)
{
	unsigned int i, j;
	u8 secret[32];

	memset(w, 0, sizeof(*w));
	w->seed = w->random = seed;
	w->now_ns = SECOND;
	w->engine_n = engine_n;
	w->net.delay_min_ns = w->net.delay_max_ns = 20 * MS;
	for (i = 0; i < engine_n; i++) {
		world_random_bytes(w, secret, sizeof(secret));
		ikpsk_self_set(&w->engine[i].self, secret);
		w->engine[i].address = home_of(i);
		w->engine[i].wall_ns = (s64)(1700000000 * SECOND);
		for (j = 0; j < engine_n; j++)
			w->engine[i].peer[j].home = home_of(j);
	}
	for (i = 0; i < engine_n; i++)
		engine_boot(w, (int)i);
}

void world_free(struct world *w)
{
	net_flush(w);
}

static u64 next_event(const struct world *w)
{
	u64 at_ns, next_ns = net_next(w);
	unsigned int i;

	for (i = 0; i < w->engine_n; i++) {
		at_ns = engine_next(w, (int)i);
		next_ns = min(next_ns, at_ns);
	}
	return next_ns;
}

static void step(struct world *w)
{
	unsigned int i;

	if (net_next(w) <= w->now_ns) {
		net_deliver(w);
		return;
	}
	for (i = 0; i < w->engine_n; i++)
		if (engine_next(w, (int)i) <= w->now_ns)
			engine_tick(w, (int)i);
}

void world_run_until(struct world *w, u64 until_ns)
{
	unsigned int steps = 0;
	u64 next_ns;

	while (!w->failed && (next_ns = next_event(w)) <= until_ns) {
		steps = next_ns > w->now_ns ? 0 : steps + 1;
		w->now_ns = max(w->now_ns, next_ns);
		step(w);
		if (steps > STEPS_MAX)
			world_fail(w, "time stands still");
		if (w->now_ns < w->searched_ns + SEARCH_EVERY_NS)
			continue;
		w->searched_ns = w->now_ns;
		ledger_search(w);
	}
	w->now_ns = max(w->now_ns, until_ns);
}

/* Random worlds. The last engine is mobile; the others keep their address. */

static void roam(struct world *w, int e)
{
	(void)e;
	w->engine[w->engine_n - 1].address =
		2000 + (u32)world_below(w, 1000000);
}

static void jump_clock(struct world *w, int e)
{
	/* A host that both moves and has lost its clock cannot be found. */
	if (e == (int)w->engine_n - 1)
		return;
	w->engine[e].wall_ns += (s64)world_below(w, 200000000 * SECOND) -
				(s64)(100000000 * SECOND);
}

static void down_up(struct world *w, int e)
{
	engine_set_up(w, e, !w->engine[e].up);
}

static void worse_net(struct world *w, int e)
{
	(void)e;
	w->net.delay_min_ns = world_below(w, 200) * MS;
	w->net.delay_max_ns = w->net.delay_min_ns + world_below(w, 1000) * MS;
	w->net.loss = (unsigned int)world_below(w, 400);
	w->net.copy = (unsigned int)world_below(w, 200);
	w->net.corrupt = (unsigned int)world_below(w, 100);
}

static void better_net(struct world *w, int e)
{
	(void)e;
	memset(&w->net, 0, sizeof(w->net));
	w->net.delay_min_ns = 5 * MS;
	w->net.delay_max_ns = 5 * MS + world_below(w, 100) * MS;
}

static void darkness(struct world *w, int e)
{
	(void)e;
	w->net.dark = !w->net.dark;
}

static void load(struct world *w, int e)
{
	w->engine[e].loaded = !w->engine[e].loaded;
}

static void set_persistent(struct world *w, int e)
{
	engine_set_persistent(w, e, (u16)(world_below(w, 2) *
					  world_below(w, 60)));
}

/* Long enough for any timer to fire, and sometimes for keys to be erased. */
static void pause_all(struct world *w, int e)
{
	(void)e;
	world_run_until(w, w->now_ns + world_below(w, 240 * SECOND));
}

static void attack(struct world *w, int e)
{
	int i;

	(void)e;
	for (i = 0; i < 20; i++)
		net_attack(w);
}

static const struct {
	void (*happen)(struct world *w, int e);
	unsigned int of_1000;		/* in each step of 300 ms */
} faults[] = {
	{ worse_net, 15 }, { better_net, 15 }, { darkness, 10 },
	{ engine_boot, 8 }, { down_up, 10 }, { engine_suspend, 5 },
	{ jump_clock, 10 }, { roam, 10 }, { load, 5 },
	{ set_persistent, 5 }, { pause_all, 5 }, { attack, 100 },
};

static void send_all(struct world *w, unsigned int of_1000)
{
	unsigned int i, j;

	for (i = 0; i < w->engine_n; i++)
		for (j = 0; j < w->engine_n; j++)
			if (i != j && world_chance(w, of_1000))
				engine_send(w, (int)i, (int)j);
}

static void chaos(struct world *w)
{
	u64 until_ns = w->now_ns + (100 + world_below(w, 500)) * SECOND;
	unsigned int traffic = (unsigned int)world_below(w, 600);
	unsigned int i;

	while (!w->failed && w->now_ns < until_ns) {
		for (i = 0; i < ARRAY_SIZE(faults); i++)
			if (world_chance(w, faults[i].of_1000))
				faults[i].happen(w, (int)world_below(
							w, w->engine_n));
		send_all(w, traffic);
		world_run_until(w, w->now_ns + 300 * MS);
	}
}

/*
 * All faults end. Returns after how long everything arrived: the time from
 * here to the last packet that was sent and never arrived.
 */
static u64 calm(struct world *w)
{
	u64 start_ns = w->now_ns, last_ns = start_ns, id;
	u64 first = w->ledger.packet_n;
	unsigned int i;

	better_net(w, 0);
	for (i = 0; i < w->engine_n; i++) {
		engine_set_up(w, (int)i, true);
		w->engine[i].loaded = false;
	}
	while (!w->failed && w->now_ns < start_ns + CALM_NS) {
		send_all(w, 700);
		world_run_until(w, w->now_ns + 300 * MS);
	}
	world_run_until(w, w->now_ns + 9 * SECOND);
	for (id = first; id < w->ledger.packet_n; id++)
		if (!w->ledger.delivered[id % PACKETS_MAX])
			last_ns = max(last_ns, w->ledger.sent_ns[id % PACKETS_MAX]);
	if (last_ns - start_ns > RECOVERY_MAX_NS)
		world_fail(w, "a packet is lost %llu s after all is well",
			   (unsigned long long)((last_ns - start_ns) / SECOND));
	return last_ns - start_ns;
}

/* Nobody has anything to say: ten seconds later nobody says anything. */
static void silence(struct world *w)
{
	unsigned int i, j;
	u64 messages;

	for (i = 0; i < w->engine_n; i++)
		engine_set_persistent(w, (int)i, 0);
	world_run_until(w, w->now_ns + 20 * SECOND);
	messages = w->messages;
	world_run_until(w, w->now_ns + 560 * SECOND);
	WORLD_MUST(w, w->messages == messages);
	ledger_search(w);
	for (i = 0; i < w->engine_n; i++)
		for (j = 0; j < w->engine_n; j++) {
			struct engine_peer *p = &w->engine[i].peer[j];

			WORLD_MUST(w, !p->slot[0] && !p->slot[1] && !p->slot[2]);
			WORLD_MUST(w, !p->tunnel.half_open);
		}
}

bool random_world(u64 seed, struct world *w, u64 *recovery_ns)
{
	world_init(w, seed, 2 + (unsigned int)(seed % 3));
	chaos(w);
	*recovery_ns = calm(w);
	silence(w);
	world_free(w);
	return !w->failed;
}
