// SPDX-License-Identifier: GPL-2.0
/*
 * Whole engines of the simulator, driven by the input: who sends, how far the
 * clock goes, which packet in flight is changed, and raw datagrams. The ledger
 * says when something has gone wrong.
 */
#include <stdlib.h>

#include "selftest/sim/sim.h"

static struct world *w;
static const u8 *in;
static size_t left;

static u8 take(void)
{
	if (!left)
		return 0;
	left--;
	return *in++;
}

static void op_send(u8 arg)
{
	engine_send(w, arg & 1, 1 - (arg & 1));
}

static void op_wait(u8 arg)
{
	world_run_until(w, w->now_ns + arg * 5 * MS);
}

static void op_wait_long(u8 arg)
{
	world_run_until(w, w->now_ns + arg * 3 * SECOND);
}

/* A bit of something in flight. */
static void op_change(u8 arg)
{
	struct packet *p;

	if (!w->flight_n)
		return;
	p = &w->heap[arg % w->flight_n]->packet;
	p->byte[take() % p->len] ^= take();
}

static void op_lose(u8 arg)
{
	if (w->flight_n)
		w->heap[arg % w->flight_n]->packet.dst = 0;
}

/* A datagram as the input has it. */
static void op_raw(u8 arg)
{
	static const u32 lens[] = { 148, 92, 64, 32, 48, 33, 0, 200 };
	struct packet p = { .src = ATTACKER };
	u32 i;

	p.dst = w->engine[arg & 1].address;
	p.len = lens[arg >> 1 & 7];
	for (i = 0; i < p.len; i++)
		p.byte[i] = take();
	engine_receive(w, arg & 1, &p);
}

static void op_copy(u8 arg)
{
	(void)arg;
	net_attack(w);
}

static void op_load(u8 arg)
{
	w->engine[arg & 1].loaded ^= 1;
}

static void op_up(u8 arg)
{
	engine_set_up(w, arg & 1, !w->engine[arg & 1].up);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);
int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	static void (*const ops[])(u8 arg) = {
		op_send, op_wait, op_wait_long, op_change, op_lose, op_raw,
		op_copy, op_load, op_up,
	};
	unsigned int n = 0;
	u8 op;

	if (!w)
		w = malloc(sizeof(*w));
	in = data;
	left = len;
	world_init(w, 1, 2);
	while (left && n++ < 64 && !w->failed) {
		op = take() % ARRAY_SIZE(ops);
		ops[op](take());
	}
	ledger_search(w);
	world_free(w);
	if (w->failed)
		abort();
	return 0;
}
