// SPDX-License-Identifier: GPL-2.0
/*
 * What the module adds to src/proto, as briefly as it can be said: who is
 * asked when, and in which order. A packet inside is an IPv4 header with
 * engine numbers for addresses, and the packet's id.
 */
#include "selftest/sim/sim.h"

#include "crypto/aead.h"

#define INNER_LEN	28

static struct engine_peer *peer_of(struct world *w, int e, int peer)
{
	return &w->engine[e].peer[peer];
}

static struct link *link_of(struct session *s)
{
	return (struct link *)s;
}

static void transmit(struct world *w, int e, u32 dst, const void *msg,
		     size_t len)
{
	struct packet p = { .src = w->engine[e].address, .dst = dst };

	if (dst == ATTACKER && *(const u8 *)msg != WIRE_COOKIE_REPLY)
		world_fail(w, "engine %d talks to the attacker", e);
	p.len = (u32)len;
	memcpy(p.byte, msg, len);
	w->messages++;
	net_send(w, &p);
}

static void make_label(struct world *w, int e, u8 label[WIRE_TAI64N_LEN])
{
	u64 wall_ns = w->now_ns + (u64)w->engine[e].wall_ns;

	wire_tai64n(label, wall_ns / SECOND, (u32)(wall_ns % SECOND));
}

static struct tunnel_chance take_chance(struct world *w)
{
	struct tunnel_chance chance;

	world_random_bytes(w, &chance, sizeof(chance));
	chance.jitter_ns %= TIMERS_JITTER_NS;
	return chance;
}

/* An index that is nobody's yet: random, and telling whose it is. */
static u32 new_id(struct world *w, int peer)
{
	return (u32)world_random(w) << 4 | (u32)peer;
}

static int peer_of_id(u32 id)
{
	return (int)(id & 15);
}

static void initiate(struct world *w, int e, int peer, bool retry)
{
	struct engine_peer *p = peer_of(w, e, peer);
	struct tunnel_chance chance = take_chance(w);
	struct wire_initiation msg;
	u8 label[WIRE_TAI64N_LEN];

	if (!timers_may_initiate(&p->tunnel.timers, w->now_ns, retry))
		return;
	make_label(w, e, label);
	if (tunnel_write_initiation(&p->tunnel, &msg, &w->engine[e].self,
				    new_id(w, peer), &chance, label,
				    w->now_ns) != TUNNEL_OK)
		return;
	ledger_initiation(w, e, peer);
	transmit(w, e, p->endpoint, &msg, sizeof(msg));
}

/* Data, from here to the wire. */

static u32 make_inner(u8 *byte, int e, int peer, u64 id)
{
	memset(byte, 0, MTU);
	byte[0] = 0x45;
	put_unaligned_be16(INNER_LEN, byte + 2);
	put_unaligned_be32((u32)e, byte + 12);
	put_unaligned_be32((u32)peer, byte + 16);
	put_unaligned_be64(id, byte + 20);
	return inner_padded_len(INNER_LEN, MTU);
}

static void seal(struct world *w, int e, int peer, const u8 *plain, u32 len)
{
	struct engine_peer *p = peer_of(w, e, peer);
	struct session *s = p->slot[SESSION_CURRENT];
	u64 counter = link_of(s)->counter++;
	u8 msg[PACKET_MAX] __aligned(4);
	struct wire_data *head = (void *)msg;
	struct aead_msg m = {
		.dst = msg + sizeof(*head), .src = plain, .len = len,
		.nonce = counter,
	};

	head->type = cpu_to_le32(WIRE_DATA);
	head->receiver = cpu_to_le32(s->remote_id);
	head->counter = cpu_to_le64(counter);
	ledger_sealed(w, e, peer, s, counter, len != 0);
	aead_seal_vec(&s->send_key, &m, 1);
	transmit(w, e, p->endpoint, msg, WIRE_DATA_OVERHEAD + len);
	timers_note_sent(&p->tunnel.timers, w->now_ns, len != 0);
}

/* Whether there is a session for @n messages; asks for one if not. */
static bool ready(struct world *w, int e, int peer, unsigned int n)
{
	struct engine_peer *p = peer_of(w, e, peer);
	struct session *s = p->slot[SESSION_CURRENT];

	if (s && session_may_send(s, w->now_ns, link_of(s)->counter, n))
		return true;
	initiate(w, e, peer, false);
	return false;
}

static void renew_if_stale(struct world *w, int e, int peer)
{
	struct session *s = peer_of(w, e, peer)->slot[SESSION_CURRENT];

	if (session_stale_on_send(s, w->now_ns, link_of(s)->counter - 1))
		initiate(w, e, peer, false);
}

static void send_staged(struct world *w, int e, int peer)
{
	struct engine_peer *p = peer_of(w, e, peer);
	u8 plain[MTU];
	unsigned int i;

	if (!p->staged_n || !ready(w, e, peer, p->staged_n))
		return;
	for (i = 0; i < p->staged_n; i++)
		seal(w, e, peer, plain,
		     make_inner(plain, e, peer, p->staged[i]));
	p->staged_n = 0;
	renew_if_stale(w, e, peer);
}

static void keepalive(struct world *w, int e, int peer)
{
	if (peer_of(w, e, peer)->staged_n) {
		send_staged(w, e, peer);
		return;
	}
	if (!ready(w, e, peer, 1))
		return;
	seal(w, e, peer, NULL, 0);
	renew_if_stale(w, e, peer);
}

u64 engine_send(struct world *w, int e, int peer)
{
	struct engine_peer *p = peer_of(w, e, peer);
	u64 id = ledger_new_packet(w);

	if (!w->engine[e].up)
		return id;
	if (p->staged_n == STAGED_MAX)
		memmove(p->staged, p->staged + 1,
			--p->staged_n * sizeof(p->staged[0]));
	p->staged[p->staged_n++] = id;
	send_staged(w, e, peer);
	return id;
}

/* Sessions. */

static struct link *free_link(struct engine_peer *p)
{
	struct link *l = p->link;

	while (&l->s == p->slot[0] || &l->s == p->slot[1] ||
	       &l->s == p->slot[2])
		l++;
	memset(l, 0, sizeof(*l));
	return l;
}

static void wipe_gone(struct session *gone[SESSION_SLOTS])
{
	int i;

	for (i = 0; i < SESSION_SLOTS; i++)
		if (gone[i])
			session_wipe(gone[i]);
}

static void wipe_sessions(struct engine_peer *p)
{
	wipe_gone(p->slot);
	memset(p->slot, 0, sizeof(p->slot));
	tunnel_erase(&p->tunnel);
}

static void install(struct world *w, int e, int peer, struct link *fresh)
{
	struct engine_peer *p = peer_of(w, e, peer);
	struct session *gone[SESSION_SLOTS];

	replay_init(&fresh->replay);
	ledger_session(w, e, peer, &fresh->s);
	session_install(p->slot, &fresh->s, gone);
	wipe_gone(gone);
}

static void moved(struct world *w, int e, int peer, const struct packet *p)
{
	peer_of(w, e, peer)->endpoint = p->src;
	net_tape(w, p, e);
	if (p->src == ATTACKER)
		world_fail(w, "engine %d follows the attacker", e);
}

/* Messages, in. */

static struct bucket *bucket_of(struct world *w, int e, u32 source)
{
	u32 i = source == ATTACKER ? ENGINES_MAX : source % ENGINES_MAX;

	return &w->engine[e].bucket[i];
}

/* mac1, then under load mac2 and the bucket: may this message cost a DH? */
static bool admit(struct world *w, int e, const struct packet *p, __le32 sender)
{
	struct engine *self = &w->engine[e];
	struct wire_cookie_reply reply;
	u8 fresh[COOKIE_SECRET_LEN], nonce[WIRE_COOKIE_NONCE_LEN];

	if (!cookie_gate_check_mac1(&self->gate, p->byte, p->len))
		return false;
	if (!self->loaded)
		return true;
	if (cookie_gate_check_mac2(&self->gate, p->byte, p->len, &p->src,
				   sizeof(p->src), w->now_ns))
		return bucket_take(bucket_of(w, e, p->src), w->now_ns);
	if (cookie_gate_secret_due(&self->gate, w->now_ns)) {
		world_random_bytes(w, fresh, sizeof(fresh));
		cookie_gate_renew(&self->gate, fresh, w->now_ns);
	}
	world_random_bytes(w, nonce, sizeof(nonce));
	cookie_gate_write_reply(&self->gate, &reply, p->byte, p->len, sender,
				nonce, &p->src, sizeof(p->src));
	transmit(w, e, p->src, &reply, sizeof(reply));
	return false;
}

static int find_by_public(struct world *w, int e, const u8 public[32])
{
	unsigned int i;

	for (i = 0; i < w->engine_n; i++)
		if ((int)i != e &&
		    !memcmp(peer_of(w, e, (int)i)->tunnel.remote.public, public,
			    32))
			return (int)i;
	return -1;
}

static void respond(struct world *w, int e, int peer, const struct packet *in,
		    struct ikpsk_claim *claim)
{
	struct engine_peer *p = peer_of(w, e, peer);
	struct tunnel_chance chance = take_chance(w);
	struct link *fresh = free_link(p);
	struct wire_response msg;

	if (tunnel_write_response(&p->tunnel, &msg, &fresh->s, claim,
				  new_id(w, peer), &chance,
				  w->now_ns) != TUNNEL_OK)
		return;
	moved(w, e, peer, in);
	install(w, e, peer, fresh);
	transmit(w, e, p->endpoint, &msg, sizeof(msg));
}

static void receive_initiation(struct world *w, int e, const struct packet *p)
{
	const struct ikpsk_self *self = &w->engine[e].self;
	const struct wire_initiation *msg = (const void *)p->byte;
	struct ikpsk_claim claim;
	int peer;

	if (!admit(w, e, p, msg->sender) ||
	    !ikpsk_claim_initiation(&claim, msg, self))
		return;
	peer = find_by_public(w, e, claim.public);
	if (peer >= 0 &&
	    tunnel_read_initiation(&peer_of(w, e, peer)->tunnel, &claim, msg,
				   self, w->now_ns) == TUNNEL_OK) {
		ledger_heard(w, e, peer);
		respond(w, e, peer, p, &claim);
	}
	memzero_explicit(&claim, sizeof(claim));
}

static void receive_response(struct world *w, int e, const struct packet *p)
{
	const struct wire_response *msg = (const void *)p->byte;
	int peer = peer_of_id(le32_to_cpu(msg->receiver));
	struct engine_peer *to;
	struct link *fresh;

	if (!admit(w, e, p, msg->sender) || peer >= (int)w->engine_n)
		return;
	to = peer_of(w, e, peer);
	fresh = free_link(to);
	if (tunnel_read_response(&to->tunnel, msg, &fresh->s,
				 &w->engine[e].self, w->now_ns) != TUNNEL_OK)
		return;
	ledger_heard(w, e, peer);
	moved(w, e, peer, p);
	install(w, e, peer, fresh);
	ledger_finished(w, e, peer);
	/* The responder is waiting for a first message. */
	keepalive(w, e, peer);
}

static struct session *find_session(struct engine_peer *p, u32 id)
{
	int i;

	for (i = 0; i < SESSION_SLOTS; i++)
		if (p->slot[i] && p->slot[i]->local_id == id)
			return p->slot[i];
	return NULL;
}

static void receive_cookie(struct world *w, int e, const struct packet *p)
{
	const struct wire_cookie_reply *msg = (const void *)p->byte;
	u32 id = le32_to_cpu(msg->receiver);
	struct engine_peer *from = peer_of(w, e, peer_of_id(id) % ENGINES_MAX);

	if ((from->tunnel.half_open && from->tunnel.half_id == id) ||
	    find_session(from, id))
		cookie_jar_read_reply(&from->tunnel.jar, msg, w->now_ns);
}

static void deliver(struct world *w, int e, int peer, const u8 *plain, u32 len)
{
	struct inner_view v;

	WORLD_MUST(w, inner_read(&v, plain, len, len) == INNER_V4);
	WORLD_MUST(w, v.len == INNER_LEN && len % INNER_PAD_LEN == 0);
	WORLD_MUST(w, get_unaligned_be32(v.src) == (u32)peer);
	WORLD_MUST(w, get_unaligned_be32(v.dst) == (u32)e);
	ledger_delivered(w, get_unaligned_be64(plain + 20));
}

/* The session has opened something: everything that follows from it. */
static void accept_data(struct world *w, int e, int peer, struct session *s,
			const struct packet *p, bool data)
{
	struct engine_peer *from = peer_of(w, e, peer);
	struct session *gone[SESSION_SLOTS];

	moved(w, e, peer, p);
	timers_note_received(&from->tunnel.timers, w->now_ns, data);
	if (session_confirm(from->slot, s, gone)) {
		wipe_gone(gone);
		timers_note_confirmed(&from->tunnel.timers);
		send_staged(w, e, peer);
	}
	if (session_stale_on_receive(s, w->now_ns)) {
		s->rekey_asked = true;
		initiate(w, e, peer, false);
	}
}

static void receive_data(struct world *w, int e, const struct packet *p)
{
	const struct wire_data *head = (const void *)p->byte;
	u32 id = le32_to_cpu(head->receiver);
	u64 counter = le64_to_cpu(head->counter);
	int peer = peer_of_id(id);
	u8 plain[PACKET_MAX];
	struct session *s;
	struct aead_msg m = {
		.dst = plain, .src = p->byte + sizeof(*head),
		.len = p->len - (u32)sizeof(*head), .nonce = counter,
	};

	if (peer >= (int)w->engine_n)
		return;
	s = find_session(peer_of(w, e, peer), id);
	if (!s || !session_may_receive(s, w->now_ns) ||
	    !aead_open_vec(&s->recv_key, &m, 1) ||
	    !replay_admit(&link_of(s)->replay, counter))
		return;
	m.len -= AEAD_TAG_LEN;
	ledger_opened(w, e, peer, s, counter, m.len != 0);
	if (m.len)
		deliver(w, e, peer, plain, m.len);
	accept_data(w, e, peer, s, p, m.len != 0);
}

void engine_receive(struct world *w, int e, const struct packet *p)
{
	__le32 type;

	if (!w->engine[e].up)
		return;
	memcpy(&type, p->byte, sizeof(type));
	switch (wire_classify(type, p->len)) {
	case WIRE_INITIATION:
		receive_initiation(w, e, p);
		return;
	case WIRE_RESPONSE:
		receive_response(w, e, p);
		return;
	case WIRE_COOKIE_REPLY:
		receive_cookie(w, e, p);
		return;
	case WIRE_DATA:
		receive_data(w, e, p);
		return;
	case WIRE_BAD:
		return;
	}
}

/* Time. */

u64 engine_next(const struct world *w, int e)
{
	u64 at_ns, next_ns = TIMERS_NEVER;
	unsigned int i;

	for (i = 0; i < w->engine_n; i++) {
		if ((int)i == e)
			continue;
		at_ns = timers_next(&w->engine[e].peer[i].tunnel.timers);
		next_ns = min(next_ns, at_ns);
	}
	return next_ns;
}

void engine_tick(struct world *w, int e)
{
	unsigned int i;

	for (i = 0; i < w->engine_n; i++) {
		struct engine_peer *p = peer_of(w, e, (int)i);
		u32 duties;

		if ((int)i == e)
			continue;
		duties = timers_due(&p->tunnel.timers, w->now_ns);
		if (duties & DUTY_ERASE)
			wipe_sessions(p);
		if (duties & DUTY_DROP_STAGED)
			p->staged_n = 0;
		if (duties & DUTY_INITIATE)
			initiate(w, e, (int)i, true);
		if (duties & DUTY_KEEPALIVE)
			keepalive(w, e, (int)i);
	}
}

/* What happens to a host. */

void engine_boot(struct world *w, int e)
{
	struct engine old = w->engine[e], *self = &w->engine[e];
	unsigned int i;

	memset(self, 0, sizeof(*self));
	self->self = old.self;
	self->wall_ns = old.wall_ns;
	self->address = old.address;
	self->persistent_s = old.persistent_s;
	self->up = true;
	self->loaded = old.loaded;
	cookie_gate_set_identity(&self->gate, self->self.public);
	for (i = 0; i < w->engine_n; i++) {
		struct engine_peer *p = &self->peer[i];

		bucket_init(&self->bucket[i], 0);
		tunnel_init(&p->tunnel, w->engine[i].self.public);
		p->home = old.peer[i].home;
		p->endpoint = p->home;
		timers_set_persistent(&p->tunnel.timers, self->persistent_s);
		timers_start(&p->tunnel.timers, w->now_ns);
	}
	ledger_boot(w, e);
}

void engine_set_up(struct world *w, int e, bool up)
{
	struct engine *self = &w->engine[e];
	unsigned int i;

	if (self->up == up)
		return;
	self->up = up;
	for (i = 0; i < w->engine_n; i++) {
		struct engine_peer *p = &self->peer[i];

		if (up) {
			timers_start(&p->tunnel.timers, w->now_ns);
			continue;
		}
		timers_stop(&p->tunnel.timers);
		wipe_sessions(p);
		p->staged_n = 0;
	}
	if (up)
		ledger_up(w, e);
}

void engine_suspend(struct world *w, int e)
{
	unsigned int i;

	for (i = 0; i < w->engine_n; i++)
		wipe_sessions(peer_of(w, e, (int)i));
}

void engine_set_persistent(struct world *w, int e, u16 seconds)
{
	unsigned int i;

	w->engine[e].persistent_s = seconds;
	for (i = 0; i < w->engine_n; i++) {
		timers_set_persistent(&peer_of(w, e, (int)i)->tunnel.timers,
				      seconds);
		/* Switched on, it is due at once. */
		w->ledger.pair[e][i].any_ns = 0;
	}
}
