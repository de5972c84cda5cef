// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>

#include "selftest/sim/sim.h"

/* A binary heap by time of arrival; equal times in order of sending. */
static bool earlier(const struct flight *a, const struct flight *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

static void heap_swap(struct world *w, unsigned int a, unsigned int b)
{
	struct flight *f = w->heap[a];

	w->heap[a] = w->heap[b];
	w->heap[b] = f;
}

static void heap_push(struct world *w, struct flight *f)
{
	unsigned int i = w->flight_n++;

	w->heap[i] = f;
	for (; i && earlier(w->heap[i], w->heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap_swap(w, i, (i - 1) / 2);
}

static struct flight *heap_pop(struct world *w)
{
	struct flight *first = w->heap[0];
	unsigned int i = 0, child;

	w->heap[0] = w->heap[--w->flight_n];
	while ((child = 2 * i + 1) < w->flight_n) {
		if (child + 1 < w->flight_n &&
		    earlier(w->heap[child + 1], w->heap[child]))
			child++;
		if (!earlier(w->heap[child], w->heap[i]))
			break;
		heap_swap(w, i, child);
		i = child;
	}
	return first;
}

static void launch(struct world *w, const struct packet *p)
{
	u64 spread_ns = w->net.delay_max_ns - w->net.delay_min_ns + 1;
	struct flight *f;

	if (w->flight_n == FLIGHT_MAX)
		return;
	f = malloc(sizeof(*f));
	f->packet = *p;
	f->order = w->flight_order++;
	f->at_ns = w->now_ns + w->net.delay_min_ns + world_below(w, spread_ns);
	if (world_chance(w, w->net.corrupt))
		f->packet.byte[world_below(w, p->len)] ^=
			(u8)(1 << world_below(w, 8));
	heap_push(w, f);
}

void net_send(struct world *w, const struct packet *p)
{
	if (w->net.dark || world_chance(w, w->net.loss))
		return;
	launch(w, p);
	if (world_chance(w, w->net.copy))
		launch(w, p);
}

u64 net_next(const struct world *w)
{
	return w->flight_n ? w->heap[0]->at_ns : ~0ULL;
}

void net_deliver(struct world *w)
{
	struct flight *f = heap_pop(w);
	unsigned int i;

	for (i = 0; i < w->engine_n; i++)
		if (w->engine[i].address == f->packet.dst)
			engine_receive(w, (int)i, &f->packet);
	free(f);
}

void net_flush(struct world *w)
{
	while (w->flight_n)
		free(heap_pop(w));
}

/* What an eavesdropper keeps: packets that their receiver has accepted. */
void net_tape(struct world *w, const struct packet *p, int receiver)
{
	struct tape *t = &w->tape[w->tape_n++ % TAPE_MAX];

	t->packet = *p;
	t->receiver = receiver;
}

/* A host that has lost its memory may accept what it accepted before. */
void net_forget_tape(struct world *w, int receiver)
{
	unsigned int i;

	for (i = 0; i < TAPE_MAX; i++)
		if (w->tape[i].receiver == receiver)
			w->tape[i].packet.len = 0;
	for (i = 0; i < w->flight_n; i++)
		if (w->heap[i]->packet.src == ATTACKER)
			w->heap[i]->packet.dst = 0;
}

static void make_garbage(struct world *w, struct packet *p)
{
	static const u32 lens[] = { 32, 64, 92, 148, 31, 149 };

	p->len = lens[world_below(w, ARRAY_SIZE(lens))];
	world_random_bytes(w, p->byte, p->len);
	put_unaligned_le32((u32)world_below(w, 6), p->byte);
}

/* A copy from elsewhere, the same with a bit changed, or noise. */
void net_attack(struct world *w)
{
	struct tape *t = &w->tape[world_below(w, TAPE_MAX)];
	struct packet p = t->packet;
	u64 kind = world_below(w, 3);

	if (kind == 0 || !p.len)
		make_garbage(w, &p);
	else if (kind == 1)
		p.byte[world_below(w, p.len)] ^= (u8)(1 << world_below(w, 8));
	p.src = ATTACKER;
	p.dst = w->engine[t->packet.len ? t->receiver : 0].address;
	launch(w, &p);
}
