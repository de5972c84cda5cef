// SPDX-License-Identifier: GPL-2.0
#include "selftest/sim/sim.h"

/* Two engines, 0 and 1, that have shaken hands and said something. */
static void talk(struct world *w)
{
	engine_send(w, 0, 1);
	world_run_until(w, w->now_ns + SECOND);
	engine_send(w, 1, 0);
	world_run_until(w, w->now_ns + SECOND);
	WORLD_MUST(w, w->delivered_n == w->sent_n);
	WORLD_MUST(w, w->handshakes == 2);
}

static struct pair_record *books(struct world *w, int e)
{
	return &w->ledger.pair[e][1 - e];
}

static void first_packet(struct world *w)
{
	talk(w);
	/* initiation, response, data with the staged packet, data */
	WORLD_MUST(w, w->messages == 4);
}

/* One passive keepalive of the one who heard last, then silence. */
static void idle(struct world *w)
{
	u64 messages;

	talk(w);
	messages = w->messages;
	world_run_until(w, w->now_ns + 12 * SECOND);
	WORLD_MUST(w, w->messages == messages + 1);
	WORLD_MUST(w, books(w, 0)->keepalives == 1);
	WORLD_MUST(w, books(w, 1)->keepalives == 0);
	world_run_until(w, w->now_ns + 3600 * SECOND);
	WORLD_MUST(w, w->messages == messages + 1);
}

static void persistent_idle(struct world *w)
{
	u64 messages;

	talk(w);
	engine_set_persistent(w, 0, 25);
	world_run_until(w, w->now_ns + 30 * SECOND);
	messages = w->messages;
	world_run_until(w, w->now_ns + 10000 * SECOND);
	/* 400 keepalives, and a handshake each 120 s: three messages. */
	WORLD_MUST(w, w->messages - messages >= 380);
	WORLD_MUST(w, w->messages - messages <= 400 + 84 * 3);
	WORLD_MUST(w, books(w, 1)->keepalives == 0);
}

/* Persistent keepalive alone makes the tunnel, and keeps it for a day. */
static void persistent_alone(struct world *w)
{
	engine_set_persistent(w, 0, 20);
	world_run_until(w, w->now_ns + SECOND);
	WORLD_MUST(w, w->handshakes == 2);
	world_run_until(w, w->now_ns + 86400 * SECOND);
	WORLD_MUST(w, w->engine[0].peer[1].slot[SESSION_CURRENT] != NULL);
	WORLD_MUST(w, w->engine[1].peer[0].slot[SESSION_CURRENT] != NULL);
}

/* Traffic for an hour: not one packet lost, a handshake each 120 s. */
static void hour(struct world *w)
{
	u64 until_ns = w->now_ns + 3600 * SECOND;

	while (!w->failed && w->now_ns < until_ns) {
		engine_send(w, 0, 1);
		engine_send(w, 1, 0);
		world_run_until(w, w->now_ns + 100 * MS);
	}
	world_run_until(w, w->now_ns + SECOND);
	WORLD_MUST(w, w->delivered_n == w->sent_n);
	WORLD_MUST(w, w->handshakes / 2 >= 29 && w->handshakes / 2 <= 31);
}

static void renewals(struct world *w)
{
	talk(w);
	hour(w);
	WORLD_MUST(w, books(w, 1)->initiations == 0);
}

/* Reordered within 30 ms, which no renewal may turn into loss. */
static void renewals_reordered(struct world *w)
{
	talk(w);
	w->net.delay_min_ns = MS;
	w->net.delay_max_ns = 31 * MS;
	hour(w);
}

/* The initiator only listens: it renews on receipt, before 180 s, once. */
static void renewal_on_receipt(struct world *w)
{
	u64 start_ns;

	engine_send(w, 0, 1);
	world_run_until(w, w->now_ns + SECOND);
	start_ns = w->now_ns;
	while (!w->failed && w->now_ns < start_ns + 175 * SECOND) {
		engine_send(w, 1, 0);
		world_run_until(w, w->now_ns + 3 * SECOND);
	}
	WORLD_MUST(w, w->delivered_n == w->sent_n);
	WORLD_MUST(w, books(w, 0)->initiations == 2);
	WORLD_MUST(w, books(w, 1)->initiations == 0);
}

/* Nobody there: 20 attempts in 100 s, then nothing, until asked again. */
static void nobody(struct world *w)
{
	u64 start_ns = w->now_ns;

	w->net.dark = true;
	engine_send(w, 0, 1);
	world_run_until(w, start_ns + 99 * SECOND);
	WORLD_MUST(w, w->engine[0].peer[1].staged_n == 1);
	world_run_until(w, start_ns + 107 * SECOND);
	WORLD_MUST(w, books(w, 0)->initiations == 20);
	WORLD_MUST(w, w->engine[0].peer[1].staged_n == 0);
	world_run_until(w, start_ns + 3600 * SECOND);
	WORLD_MUST(w, books(w, 0)->initiations == 20);
	engine_send(w, 0, 1);
	WORLD_MUST(w, books(w, 0)->initiations == 21);
}

static void set_delay(struct world *w)
{
	w->net.delay_min_ns = w->net.delay_max_ns = world_below(w, 60 * MS);
}

/* Both start within one round trip of each other, over and over. */
static void simultaneous(struct world *w)
{
	unsigned int round;

	for (round = 0; round < 20 && !w->failed; round++) {
		u64 lost = w->sent_n - w->delivered_n;
		unsigned int i;

		set_delay(w);
		engine_send(w, 0, 1);
		world_run_until(w, w->now_ns + world_below(w, 50 * MS));
		engine_send(w, 1, 0);
		world_run_until(w, w->now_ns + SECOND);
		for (i = 0; i < 10; i++) {
			engine_send(w, 0, 1);
			engine_send(w, 1, 0);
			world_run_until(w, w->now_ns + 200 * MS);
		}
		WORLD_MUST(w, w->sent_n - w->delivered_n == lost);
		/* To 120 s, where both would renew, or past all sessions. */
		world_run_until(w, w->now_ns + (round % 2 ? 119 : 200) * SECOND);
	}
}

/* Both have to renew, with a session in use: as if by count of messages. */
static void simultaneous_renewal(struct world *w)
{
	u64 until_ns;

	talk(w);
	world_run_until(w, w->now_ns + 6 * SECOND);
	((struct link *)w->engine[0].peer[1].slot[0])->counter =
		REKEY_AFTER_MESSAGES;
	((struct link *)w->engine[1].peer[0].slot[0])->counter =
		REKEY_AFTER_MESSAGES;
	set_delay(w);
	until_ns = w->now_ns + SECOND;
	while (!w->failed && w->now_ns < until_ns) {
		engine_send(w, 0, 1);
		world_run_until(w, w->now_ns + world_below(w, 20 * MS));
		engine_send(w, 1, 0);
		world_run_until(w, w->now_ns + world_below(w, 20 * MS));
	}
	world_run_until(w, w->now_ns + SECOND);
	WORLD_MUST(w, books(w, 0)->initiations + books(w, 1)->initiations >= 2);
	WORLD_MUST(w, w->delivered_n == w->sent_n);
}

/* Both under load: cookies, and a session by the third attempt. */
static void under_load(struct world *w)
{
	w->engine[0].loaded = w->engine[1].loaded = true;
	engine_send(w, 0, 1);
	world_run_until(w, w->now_ns + 17 * SECOND);
	WORLD_MUST(w, w->delivered_n == 1);
	WORLD_MUST(w, books(w, 0)->initiations <= 3);
}

/* The last counters of a session are used; not one more. */
static void last_counters(struct world *w)
{
	struct link *l;
	int i;

	talk(w);
	l = (struct link *)w->engine[0].peer[1].slot[SESSION_CURRENT];
	l->counter = REJECT_AFTER_MESSAGES - 3;
	w->engine[1].up = false;
	for (i = 0; i < 5; i++)
		engine_send(w, 0, 1);
	WORLD_MUST(w, l->counter == REJECT_AFTER_MESSAGES);
	WORLD_MUST(w, w->engine[0].peer[1].staged_n == 2);
}

/* 2^32 is no limit. */
static void counter_32(struct world *w)
{
	struct link *l;
	int i;

	talk(w);
	l = (struct link *)w->engine[0].peer[1].slot[SESSION_CURRENT];
	l->counter = (1ULL << 32) - 5;
	for (i = 0; i < 10; i++)
		engine_send(w, 0, 1);
	world_run_until(w, w->now_ns + SECOND);
	WORLD_MUST(w, l->counter == (1ULL << 32) + 5);
	WORLD_MUST(w, w->delivered_n == w->sent_n);
}

/* The mobile end moves; the other follows its first packet, not a copy. */
static void roaming(struct world *w)
{
	unsigned int i;

	talk(w);
	for (i = 0; i < 50 && !w->failed; i++) {
		w->engine[0].address = 5000 + i;
		engine_send(w, 0, 1);
		world_run_until(w, w->now_ns + 100 * MS);
		WORLD_MUST(w, w->engine[1].peer[0].endpoint == 5000 + i);
		engine_send(w, 1, 0);
		net_attack(w);
		world_run_until(w, w->now_ns + 100 * MS);
	}
	WORLD_MUST(w, w->delivered_n == w->sent_n);
}

/* A copy of everything from elsewhere, later: no trace. */
static void replayed(struct world *w)
{
	struct engine before[2];
	u64 messages, handshakes;
	unsigned int i;

	talk(w);
	world_run_until(w, w->now_ns + SECOND);
	memcpy(before, w->engine, sizeof(before));
	messages = w->messages;
	handshakes = w->handshakes;
	for (i = 0; i < 1000; i++) {
		net_attack(w);
		world_run_until(w, w->now_ns + MS);
	}
	world_run_until(w, w->now_ns + 100 * MS);
	WORLD_MUST(w, w->messages == messages && w->handshakes == handshakes);
	for (i = 0; i < 2; i++)
		WORLD_MUST(w, !memcmp(before[i].peer, w->engine[i].peer,
				      sizeof(before[i].peer)));
}

/* A response after 4 s, or after the next initiation has left. */
static void slow_answer(struct world *w)
{
	w->net.delay_min_ns = w->net.delay_max_ns = 2 * SECOND;
	engine_send(w, 0, 1);
	world_run_until(w, w->now_ns + 7 * SECOND);
	WORLD_MUST(w, w->delivered_n == 1);
	WORLD_MUST(w, books(w, 0)->initiations == 1);
}

/* The clock of the initiator falls back by a year, on the run. */
static void clock_back(struct world *w)
{
	talk(w);
	w->engine[0].wall_ns -= (s64)(31536000 * SECOND);
	engine_suspend(w, 0);
	engine_suspend(w, 1);
	world_run_until(w, w->now_ns + 10 * SECOND);
	engine_send(w, 0, 1);
	world_run_until(w, w->now_ns + SECOND);
	WORLD_MUST(w, w->delivered_n == w->sent_n);
}

/* Down and up: the first packet shakes hands at once. */
static void down_up(struct world *w)
{
	talk(w);
	engine_set_up(w, 0, false);
	ledger_search(w);
	engine_set_up(w, 0, true);
	engine_send(w, 0, 1);
	world_run_until(w, w->now_ns + 100 * MS);
	WORLD_MUST(w, w->delivered_n == w->sent_n);
}

/* The other side has lost its memory; only we have something to say. */
static void peer_restart(struct world *w)
{
	u64 start_ns;

	talk(w);
	engine_boot(w, 1);
	start_ns = w->now_ns;
	while (!w->failed && w->now_ns < start_ns + 17 * SECOND) {
		engine_send(w, 0, 1);
		world_run_until(w, w->now_ns + SECOND);
	}
	WORLD_MUST(w, books(w, 0)->initiations == 2);
	WORLD_MUST(w, w->ledger.delivered[w->ledger.packet_n - 1]);
}

const struct scene scenes[] = {
	{ "a packet makes a session, in four messages", first_packet, 2, 1 },
	{ "an idle pair sends one keepalive [D12]", idle, 2, 1 },
	{ "persistent keepalive sends no more than it must [D12]",
	  persistent_idle, 2, 1 },
	{ "persistent keepalive alone holds a tunnel for a day",
	  persistent_alone, 2, 1 },
	{ "an hour of traffic loses nothing, renews each 120 s [P11]",
	  renewals, 2, 1 },
	{ "an hour of reordered traffic loses nothing [P11]",
	  renewals_reordered, 2, 3 },
	{ "two that started at once settle down to 120 s [D18]", hour, 2, 10 },
	{ "renewal on receipt at 165 s, once [P11]", renewal_on_receipt, 2, 1 },
	{ "nobody answers: 20 attempts, packets dropped [P11]", nobody, 2, 5 },
	{ "simultaneous initiations lose nothing [D18]", simultaneous, 2, 50 },
	{ "simultaneous renewals lose nothing [D18]", simultaneous_renewal, 2,
	  50 },
	{ "both under load: a session by the third attempt [P5]", under_load, 2,
	  20 },
	{ "the last counter below the limit [P11 D5]", last_counters, 2, 1 },
	{ "counters pass 2^32 [D4]", counter_32, 2, 1 },
	{ "roaming follows the sender only [P15 D7]", roaming, 2, 5 },
	{ "replays and noise leave no trace [P1 P2 P6 D7]", replayed, 2, 5 },
	{ "an answer after 4 s is an answer [D11]", slow_answer, 2, 1 },
	{ "a wall clock set back by a year [D17]", clock_back, 2, 1 },
	{ "down and up shakes hands at once [D14]", down_up, 2, 1 },
	{ "a peer that lost its memory is noticed in 15.4 s [P11]",
	  peer_restart, 2, 5 },
};

const unsigned int scene_n = ARRAY_SIZE(scenes);
