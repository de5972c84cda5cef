// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger keeps its own books, from what engines put on the wire and take
 * from it, and fails the world when something happens that must not.
 */
#define _GNU_SOURCE
#include <string.h>

#include "selftest/sim/sim.h"

#define SLACK_NS	(2 * MS)	/* grain of any_ns */

static struct pair_record *pair_of(struct world *w, int e, int peer)
{
	return &w->ledger.pair[e][peer];
}

void ledger_boot(struct world *w, int e)
{
	struct ledger *l = &w->ledger;
	unsigned int i;

	memset(l->pair[e], 0, sizeof(l->pair[e]));
	net_forget_tape(w, e);
	/* The memory is gone, whatever was in it. */
	for (i = 0; i < l->key_n; i++)
		if (l->key[i].engine == e)
			l->key[i].searched = 3;
}

void ledger_up(struct world *w, int e)
{
	unsigned int i;

	for (i = 0; i < w->engine_n; i++)
		memset(pair_of(w, e, (int)i), 0, sizeof(struct pair_record));
}

static struct key_record *new_key(struct world *w, int e, int peer)
{
	struct ledger *l = &w->ledger;
	struct key_record *k = &l->key[l->key_n % KEYS_MAX];

	WORLD_MUST(w, l->key_n < KEYS_MAX);
	if (l->key_n < KEYS_MAX)
		l->key_n++;
	memset(k, 0, sizeof(*k));
	k->engine = e;
	k->peer = peer;
	k->born_ns = w->now_ns;
	return k;
}

static struct key_record *find_key(struct world *w, int e, const void *key)
{
	unsigned int i = w->ledger.key_n;

	while (i--)
		if (w->ledger.key[i].engine == e &&
		    !memcmp(w->ledger.key[i].key[0], key, 32))
			return &w->ledger.key[i];
	world_fail(w, "engine %d uses a key that nobody knows", e);
	return &w->ledger.key[0];
}

void ledger_heard(struct world *w, int e, int peer)
{
	pair_of(w, e, peer)->any_ns = w->now_ns;
}

static void note_sent(struct world *w, int e, int peer)
{
	struct pair_record *p = pair_of(w, e, peer);

	p->any_ns = w->now_ns;
	p->owed_ns = 0;
}

/* [WP 6.4]: one in 5 s; its ephemeral secret is one to be erased. */
void ledger_initiation(struct world *w, int e, int peer)
{
	struct pair_record *p = pair_of(w, e, peer);
	struct key_record *k = new_key(w, e, peer);

	if (p->initiation_ns && w->now_ns < p->initiation_ns + REKEY_TIMEOUT_NS)
		world_fail(w, "engine %d initiates twice in 5 s", e);
	p->initiation_ns = w->now_ns;
	p->initiations++;
	if (!p->session_ns)
		p->session_ns = w->now_ns;
	k->ephemeral = true;
	memcpy(k->key, w->engine[e].peer[peer].tunnel.half.ephemeral_secret,
	       32);
	memcpy(k->key[1], k->key[0], 32);
	note_sent(w, e, peer);
}

void ledger_session(struct world *w, int e, int peer, const struct session *s)
{
	struct key_record *k = new_key(w, e, peer);

	memcpy(k->key[0], &s->send_key, 32);
	memcpy(k->key[1], &s->recv_key, 32);
	k->initiator = s->initiator;
	pair_of(w, e, peer)->session_ns = w->now_ns;
	if (!s->initiator)
		note_sent(w, e, peer);
	w->handshakes++;
}

void ledger_finished(struct world *w, int e, int peer)
{
	pair_of(w, e, peer)->finished_ns = w->now_ns;
}

/* True when (key, counter) is new. Both halves of an entry are never zero. */
static bool nonce_insert(struct ledger *l, const void *key, u64 counter)
{
	u64 a = get_unaligned_le64(key) | 1;
	u64 i = (a ^ counter * 0x9e3779b97f4a7c15ULL) >> 20;

	for (;; i++) {
		u64 *slot = l->nonce[i % NONCES_MAX];

		if (!slot[0]) {
			slot[0] = a;
			slot[1] = counter;
			l->nonce_n++;
			return true;
		}
		if (slot[0] == a && slot[1] == counter)
			return false;
	}
}

/* A keepalive has to have one of three reasons [WP 6.5] [D12]. */
static void check_keepalive(struct world *w, int e, int peer)
{
	struct pair_record *p = pair_of(w, e, peer);
	u64 every_ns = w->engine[e].persistent_s * SECOND;

	p->keepalives++;
	if (p->owed_ns && w->now_ns >= p->owed_ns + KEEPALIVE_TIMEOUT_NS)
		return;
	if (p->finished_ns == w->now_ns)
		return;
	if (every_ns && (!p->any_ns ||
			 w->now_ns + SLACK_NS >= p->any_ns + every_ns))
		return;
	world_fail(w, "engine %d sends a keepalive for no reason", e);
}

static void check_age(struct world *w, const struct key_record *k, u64 counter)
{
	if (w->now_ns >= k->born_ns + REJECT_AFTER_TIME_NS)
		world_fail(w, "a session is used after 180 s");
	if (counter >= 0xffffffffffffdfffULL)
		world_fail(w, "a counter is used at the limit");
}

void ledger_sealed(struct world *w, int e, int peer, const struct session *s,
		   u64 counter, bool data)
{
	struct key_record *k = find_key(w, e, &s->send_key);

	check_age(w, k, counter);
	if (!k->initiator && !k->confirmed)
		world_fail(w, "responder %d sends before confirmation", e);
	if (!nonce_insert(&w->ledger, &s->send_key, counter))
		world_fail(w, "engine %d uses a nonce twice", e);
	WORLD_MUST(w, w->ledger.nonce_n < NONCES_MAX / 2);
	if (!data)
		check_keepalive(w, e, peer);
	note_sent(w, e, peer);
}

void ledger_opened(struct world *w, int e, int peer, const struct session *s,
		   u64 counter, bool data)
{
	struct pair_record *p = pair_of(w, e, peer);
	struct key_record *k = find_key(w, e, &s->send_key);

	check_age(w, k, counter);
	k->confirmed = true;
	ledger_heard(w, e, peer);
	if (data && !p->owed_ns)
		p->owed_ns = w->now_ns;
}

u64 ledger_new_packet(struct world *w)
{
	u64 id = w->ledger.packet_n++ % PACKETS_MAX;

	w->ledger.sent_ns[id] = w->now_ns;
	w->ledger.delivered[id] = 0;
	w->sent_n++;
	return id;
}

void ledger_delivered(struct world *w, u64 id)
{
	WORLD_MUST(w, id < PACKETS_MAX);
	if (w->ledger.delivered[id % PACKETS_MAX]++)
		world_fail(w, "packet %llu is delivered twice",
			   (unsigned long long)id);
	w->delivered_n++;
}

/* Whether the engine has a use for this key yet. */
static bool is_live(struct world *w, const struct key_record *k)
{
	const struct engine_peer *p = &w->engine[k->engine].peer[k->peer];
	int i;

	if (k->ephemeral)
		return p->tunnel.half_open &&
		       !memcmp(p->tunnel.half.ephemeral_secret, k->key[0], 32);
	for (i = 0; i < SESSION_SLOTS; i++)
		if (p->slot[i] && !memcmp(&p->slot[i]->send_key, k->key[0], 32))
			return true;
	return false;
}

static bool is_found(const struct world *w, const struct key_record *k)
{
	const struct engine *e = &w->engine[k->engine];

	return memmem(e, sizeof(*e), k->key[0], 32) ||
	       memmem(e, sizeof(*e), k->key[1], 32);
}

static void search_key(struct world *w, struct key_record *k)
{
	u64 last_ns = pair_of(w, k->engine, k->peer)->session_ns;

	if (is_live(w, k)) {
		if (!k->ephemeral && w->now_ns > last_ns + 540 * SECOND)
			world_fail(w, "engine %d has a key after 540 s",
				   k->engine);
		/* A session may have come while it was waited for. */
		if (k->ephemeral && w->now_ns > k->born_ns + 546 * SECOND)
			world_fail(w, "engine %d has an ephemeral after 540 s",
				   k->engine);
		return;
	}
	if (is_found(w, k))
		world_fail(w, "engine %d has kept a dead key", k->engine);
	k->searched++;
}

/* The memory of every engine, byte by byte, for keys of the past [P9 P10]. */
void ledger_search(struct world *w)
{
	unsigned int i;

	for (i = 0; i < w->ledger.key_n; i++)
		if (w->ledger.key[i].searched < 3)
			search_key(w, &w->ledger.key[i]);
}
