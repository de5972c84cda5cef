// SPDX-License-Identifier: GPL-2.0
/*
 * Lanes (peer/lane.h) under threads: what enters leaves, once, in order, and
 * nothing waits for a wake-up that does not come [B1, B2].
 */
#include <pthread.h>
#include <sched.h>
#include "check.h"
#include "peer/lane.h"

#define SLOTS	4096
#define CREW	4

struct item {
	struct wg_lane_slot slot;
	unsigned int number;
	unsigned int value;	/* written in parallel, read in order */
};

static struct wg_lane lane;
static struct item items[SLOTS];
static unsigned int entered, taken, left, disorder, torn;

static bool row_order(void)
{
	struct wg_lane_slot *slot;

	wg_lane_init(&lane);
	REQUIRE(wg_lane_enter(&lane, &items[0].slot, 100, 250, 3));
	REQUIRE(wg_lane_enter(&lane, &items[1].slot, 100, 250, 3));
	REQUIRE(!wg_lane_enter(&lane, &items[2].slot, 100, 250, 3));
	REQUIRE(wg_lane_busy(&lane));
	REQUIRE(wg_lane_finish(&lane, &items[1].slot) < 0);
	REQUIRE(wg_lane_finish(&lane, &items[0].slot) == 3);
	slot = wg_lane_pop(&lane);
	REQUIRE(slot == &items[0].slot);
	REQUIRE(wg_lane_pop(&lane) == &items[1].slot);
	REQUIRE(!wg_lane_pop(&lane));
	REQUIRE(!wg_lane_busy(&lane));
	return true;
}

static bool row_one_is_always_let_in(void)
{
	wg_lane_init(&lane);
	REQUIRE(wg_lane_enter(&lane, &items[0].slot, 1000, 10, 5));
	REQUIRE(!wg_lane_enter(&lane, &items[1].slot, 1, 10, 6));
	REQUIRE(wg_lane_finish(&lane, &items[0].slot) == 5);
	REQUIRE(wg_lane_pop(&lane) == &items[0].slot);
	REQUIRE(!wg_lane_pop(&lane));
	return true;
}

/* One CPU for all that are in it together, the next one for the next. */
static bool row_one_cpu(void)
{
	wg_lane_init(&lane);
	REQUIRE(wg_lane_enter(&lane, &items[0].slot, 1, 10, 1));
	REQUIRE(wg_lane_enter(&lane, &items[1].slot, 1, 10, 2));
	REQUIRE(wg_lane_finish(&lane, &items[0].slot) == 1);
	REQUIRE(wg_lane_pop(&lane) == &items[0].slot);
	REQUIRE(!wg_lane_pop(&lane));
	REQUIRE(wg_lane_finish(&lane, &items[1].slot) == 1);
	REQUIRE(wg_lane_pop(&lane) == &items[1].slot);
	/* empty, but what was in it may not have left yet */
	REQUIRE(wg_lane_enter(&lane, &items[2].slot, 1, 10, 3));
	REQUIRE(wg_lane_finish(&lane, &items[2].slot) < 0);
	REQUIRE(wg_lane_pop(&lane) == &items[2].slot);
	REQUIRE(!wg_lane_pop(&lane));
	REQUIRE(wg_lane_enter(&lane, &items[0].slot, 1, 10, 4));
	REQUIRE(wg_lane_finish(&lane, &items[0].slot) == 4);
	REQUIRE(wg_lane_pop(&lane) == &items[0].slot);
	REQUIRE(!wg_lane_pop(&lane));
	return true;
}

static bool leaves_on(int cpu)
{
	return wg_lane_finish(&lane, &items[0].slot) == cpu &&
	       wg_lane_pop(&lane) == &items[0].slot && !wg_lane_pop(&lane);
}

static bool enters(int cpu, unsigned long now_j, bool streams)
{
	return wg_lane_enter_stream(&lane, &items[0].slot, 1, 10, cpu, now_j,
				    streams);
}

/* A stream stays where it was until it rests, and single packets with it. */
static bool row_stream(void)
{
	unsigned long now_j = 1000;

	wg_lane_init(&lane);
	REQUIRE(enters(3, now_j, false));
	REQUIRE(leaves_on(3));
	REQUIRE(enters(2, now_j, false));
	REQUIRE(leaves_on(2));
	now_j += WG_LANE_REST_J + 1;
	REQUIRE(enters(1, now_j, true));
	REQUIRE(leaves_on(1));
	REQUIRE(enters(2, ++now_j, true));
	REQUIRE(leaves_on(1));
	REQUIRE(enters(3, now_j + WG_LANE_REST_J, false));
	REQUIRE(leaves_on(1));
	REQUIRE(enters(3, now_j + WG_LANE_REST_J + 1, false));
	REQUIRE(leaves_on(3));
	REQUIRE(enters(2, now_j + 2 * WG_LANE_REST_J + 2, true));
	REQUIRE(leaves_on(2));
	return true;
}

/* A stream begins where single packets left: they may be in the queues there. */
static bool row_begin(void)
{
	unsigned long now_j = -3;	/* and they wrap */

	wg_lane_init(&lane);
	REQUIRE(enters(3, now_j, false));
	REQUIRE(leaves_on(3));
	now_j += WG_LANE_REST_J;
	REQUIRE(enters(1, now_j, true));
	REQUIRE(leaves_on(3));
	now_j += WG_LANE_REST_J;
	REQUIRE(enters(2, now_j, false));
	REQUIRE(leaves_on(3));
	REQUIRE(enters(2, ++now_j, false));
	REQUIRE(leaves_on(2));
	REQUIRE(enters(1, ++now_j, true));
	REQUIRE(leaves_on(2));
	return true;
}

static void drain(void)
{
	struct wg_lane_slot *slot;
	struct item *item;

	while ((slot = wg_lane_pop(&lane))) {
		item = container_of(slot, struct item, slot);
		/* Plain accesses: only one drains, or the sanitizer says so. */
		disorder += item->number != left;
		torn += item->value != item->number * 3;
		left++;
	}
}

static void *crew(void *unused)
{
	struct item *item;
	unsigned int i;

	(void)unused;
	while ((i = __atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED)) < SLOTS) {
		while (__atomic_load_n(&entered, __ATOMIC_ACQUIRE) <= i)
			sched_yield();
		item = &items[i];
		if (i % 7 == 0)
			sched_yield();
		item->value = item->number * 3;
		if (wg_lane_finish(&lane, &item->slot) >= 0)
			drain();
	}
	return NULL;
}

static bool row_threads(void)
{
	pthread_t thread[CREW];
	unsigned int i;

	wg_lane_init(&lane);
	entered = taken = left = disorder = torn = 0;
	for (i = 0; i < CREW; i++)
		REQUIRE(!pthread_create(&thread[i], NULL, crew, NULL));
	for (i = 0; i < SLOTS; i++) {
		items[i].number = i;
		items[i].value = 0;
		REQUIRE(wg_lane_enter(&lane, &items[i].slot, 1, SLOTS + 1, 0));
		__atomic_store_n(&entered, i + 1, __ATOMIC_RELEASE);
	}
	for (i = 0; i < CREW; i++)
		pthread_join(thread[i], NULL);
	REQUIRE(left == SLOTS);
	REQUIRE(!disorder);
	REQUIRE(!torn);
	REQUIRE(!wg_lane_busy(&lane));
	return true;
}

static bool row_many_times(void)
{
	unsigned int i;

	for (i = 0; i < (check_long ? 200 : 20); i++)
		REQUIRE(row_threads());
	return true;
}

static const struct check_row rows[] = {
	{ "lane: what enters leaves in order, and no more than fits", row_order },
	{ "lane: an empty one takes anything", row_one_is_always_let_in },
	{ "lane: all in it together leave on one CPU", row_one_cpu },
	{ "lane: a stream stays on its CPU until it rests", row_stream },
	{ "lane: a stream begins where single packets left", row_begin },
	{ "lane: four threads finish, one drains, all leave [B1 B2]", row_many_times },
};

int main(void)
{
	return check_main(rows, sizeof(rows) / sizeof(*rows));
}
