// SPDX-License-Identifier: GPL-2.0
/*
 * Usage: sim_test SEED WORLDS. Runs the scenes, then WORLDS random worlds with
 * the seeds SEED, SEED + 1, ...; `sim_test SEED 1` repeats one of them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "selftest/sim/sim.h"

static unsigned int number, failed;

static void report(bool ok, const char *name)
{
	printf("%s %u - sim: %s\n", ok ? "ok" : "not ok", ++number, name);
	failed += !ok;
}

static void run_scenes(struct world *w, u64 seed)
{
	unsigned int i, round;
	bool ok;

	for (i = 0; i < scene_n; i++) {
		ok = true;
		for (round = 0; ok && round < scenes[i].repeat_n; round++) {
			world_init(w, seed + round, scenes[i].engine_n);
			scenes[i].run(w);
			ledger_search(w);
			ok = !w->failed;
			world_free(w);
		}
		report(ok, scenes[i].name);
	}
}

struct totals {
	u64 virtual_ns, sent, handshakes, nonces, recovery_max_ns;
	unsigned int bad;
};

static void run_worlds(struct world *w, u64 seed, u64 n, struct totals *t)
{
	u64 i, recovery_ns;

	for (i = 0; i < n && t->bad < 5; i++) {
		t->bad += !random_world(seed + i, w, &recovery_ns);
		t->virtual_ns += w->now_ns;
		t->sent += w->sent_n;
		t->handshakes += w->handshakes;
		t->nonces += w->ledger.nonce_n;
		t->recovery_max_ns = max(t->recovery_max_ns, recovery_ns);
	}
}

int main(int argc, char **argv)
{
	u64 seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	u64 n = argc > 2 ? strtoull(argv[2], NULL, 0) : 100;
	struct world *w = malloc(sizeof(*w));
	struct totals t = { 0 };
	char name[200];

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("# SEED=%llu\n", (unsigned long long)seed);
	run_scenes(w, seed);
	run_worlds(w, seed, n, &t);
	snprintf(name, sizeof(name),
		 "%llu random worlds hold, and recover within 30 s [P1-P3 P9-P13 P15 D18]",
		 (unsigned long long)n);
	report(!t.bad, name);
	printf("# %llu h of virtual time, %llu packets, %llu nonces, %llu sessions, longest recovery %llu ms\n",
	       (unsigned long long)(t.virtual_ns / SECOND / 3600),
	       (unsigned long long)t.sent, (unsigned long long)t.nonces,
	       (unsigned long long)t.handshakes,
	       (unsigned long long)(t.recovery_max_ns / MS));
	printf("%u passed, %u failed, 0 skipped\n", number - failed, failed);
	free(w);
	return failed != 0;
}
