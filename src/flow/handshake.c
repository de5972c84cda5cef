// SPDX-License-Identifier: GPL-2.0
/*
 * The work on handshake messages, in process context: our own initiations
 * (wg_handshake_start), and those messages which gate.c has let through
 * (wg_handshake_work). What a message means is decided in proto/tunnel.
 */
#include "flow/handshake.h"

#include <linux/random.h>
#include <linux/slab.h>
#include "io/outer.h"

/* DSCP AF41: before data [UAPI 1.4]. */
#define HANDSHAKE_DS	0x88

/* The words of proto/tunnel.h in those of the counters. */
static const enum wg_drop verdict_drop[TUNNEL_VERDICTS] = {
	[TUNNEL_OK] = WG_DROPS,
	[TUNNEL_FORGED] = WG_DROP_HS_FORGED,
	[TUNNEL_REPLAYED] = WG_DROP_HS_REPLAYED,
	[TUNNEL_TOO_SOON] = WG_DROP_HS_TOO_SOON,
	[TUNNEL_UNASKED] = WG_DROP_HS_UNASKED,
	[TUNNEL_UNUSABLE] = WG_DROP_HS_UNUSABLE,
};

/* ---- sending ----------------------------------------------------------- */

static void draw(struct tunnel_chance *chance)
{
	get_random_bytes(chance->ephemeral_secret,
			 sizeof(chance->ephemeral_secret));
	chance->jitter_ns = get_random_u32_below(TIMERS_JITTER_NS);
}

/* One message to @ep. Handshakes are rare: they look their route up. */
bool wg_handshake_send(struct wg_device *device, struct dst_cache *cache,
		       struct wg_endpoint *ep, const void *msg, size_t len)
{
	struct wg_way way = {
		.cache = cache,
		.self = device->dev,
		.mark = READ_ONCE(device->fwmark),
		.ds = HANDSHAKE_DS,
	};
	struct wg_outer outer;
	struct sk_buff *skb;
	bool sent;
	u8 *room;

	rcu_read_lock_bh();
	wg_outer_start(&outer, 1);
	room = wg_outer_room(&outer, len, way.ds, true);
	if (room)
		memcpy(room, msg, len);
	skb = wg_outer_finish(&outer);
	sent = skb && !wg_socks_send(&device->socks, skb, ep, &way);
	rcu_read_unlock_bh();
	if (!sent)
		wg_drop(device, room ? WG_DROP_TX_ROUTE : WG_DROP_HS_MEMORY);
	return sent;
}

static void send_to_peer(struct wg_peer *peer, const void *msg, size_t len)
{
	struct wg_device *device = peer->device;
	struct wg_endpoint ep, before;
	unsigned int version = wg_peer_endpoint(peer, &ep);

	if (!wg_endpoint_known(&ep))
		return;
	before = ep;
	if (wg_handshake_send(device, &peer->route, &ep, msg, len))
		wg_peer_count_tx(peer, 1, len);
	wg_peer_sent(peer, version, &before, &ep);
	wg_peer_arm(peer);
}

/* The peer's route cache comes with its first handshake: idle peers are lean. */
static void ready_route(struct wg_peer *peer)
	__must_hold(&peer->handshake_lock)
{
	if (!peer->route.cache)
		dst_cache_init(&peer->route, GFP_KERNEL);
}

static bool write_initiation(struct wg_peer *peer, struct wire_initiation *msg,
			     bool again)
	__must_hold(&peer->handshake_lock)
{
	struct wg_device *device = peer->device;
	struct tunnel_chance chance;
	u8 label[WIRE_TAI64N_LEN];
	struct timespec64 wall;
	u64 now_ns = wg_now_ns();

	if (!timers_may_initiate(&peer->tunnel.timers, now_ns, again) ||
	    READ_ONCE(peer->dead) || !READ_ONCE(device->up))
		return false;
	ktime_get_real_ts64(&wall);
	wire_tai64n(label, wall.tv_sec, wall.tv_nsec);
	draw(&chance);
	wg_index_remove(&device->index, &peer->ticket.entry);
	if (wg_index_insert(&device->index, &peer->ticket.entry, get_random_u32))
		return false;
	if (tunnel_write_initiation(&peer->tunnel, msg, &device->self,
				    peer->ticket.entry.id, &chance, label,
				    now_ns) == TUNNEL_OK)
		return true;
	wg_index_remove(&device->index, &peer->ticket.entry);
	return false;
}

void wg_handshake_start(struct wg_peer *peer, bool retry)
{
	struct wg_device *device = peer->device;
	struct wire_initiation msg;
	bool ok;

	wait_for_random_bytes();
	down_read(&device->identity_lock);
	mutex_lock(&peer->handshake_lock);
	ready_route(peer);
	ok = write_initiation(peer, &msg, retry);
	mutex_unlock(&peer->handshake_lock);
	up_read(&device->identity_lock);
	if (ok)
		send_to_peer(peer, &msg, sizeof(msg));
}

void wg_handshake_want(struct wg_peer *peer, u64 now_ns)
{
	u64 sent_ns = READ_ONCE(peer->tunnel.timers.initiation_sent_ns);

	/* Asked again with the lock held; this spares a worker per packet. */
	if (!sent_ns || now_ns >= sent_ns + REKEY_TIMEOUT_NS)
		wg_peer_duty(peer, DUTY_WANTED);
}

/* ---- receiving: workers ------------------------------------------------ */

/* The peer has moved to where its authentic message came from. */
static void roam(struct wg_peer *peer, const struct wg_message *m)
{
	wg_peer_set_endpoint(peer, &m->from);
	wg_peer_count_rx(peer, 1, m->len);
}

static struct wg_peer *get_claimed(struct wg_device *device,
				   const struct ikpsk_claim *claim)
{
	struct wg_peer *peer;

	rcu_read_lock();
	peer = wg_peer_find(device, claim->public);
	if (peer && !wg_peer_get(peer))
		peer = NULL;
	rcu_read_unlock();
	return peer;
}

/*
 * Whether a session may begin. The lock decides: who goes down or removes the
 * peer says so first and erases afterwards, under this lock, what there is.
 */
static bool welcome(const struct wg_peer *peer)
	__must_hold(&peer->handshake_lock)
{
	return !READ_ONCE(peer->dead) && READ_ONCE(peer->device->up);
}

/* The peer that an index of ours was given to. */
static struct wg_peer *get_addressed(struct wg_device *device, __le32 receiver,
				     bool *is_session)
{
	struct wg_index_entry *entry;
	struct wg_peer *peer = NULL;
	struct wg_ticket *ticket;

	rcu_read_lock();
	entry = wg_index_find(&device->index, le32_to_cpu(receiver));
	if (entry) {
		ticket = container_of(entry, struct wg_ticket, entry);
		*is_session = ticket->is_session;
		peer = wg_peer_get(ticket->peer) ? ticket->peer : NULL;
	}
	rcu_read_unlock();
	return peer;
}

/* Answer a proven initiation; the session waits for its first data. */
static enum wg_drop respond(struct wg_peer *peer, struct ikpsk_claim *claim,
			    struct tunnel_chance *chance,
			    struct wire_response *msg)
	__must_hold(&peer->handshake_lock)
{
	struct wg_device *device = peer->device;
	struct wg_session *fresh = wg_session_new(peer);
	enum tunnel_verdict verdict;

	if (!fresh)
		return WG_DROP_HS_MEMORY;
	if (wg_index_insert(&device->index, &fresh->ticket.entry,
			    get_random_u32)) {
		wg_session_put(fresh);
		return WG_DROP_HS_MEMORY;
	}
	verdict = tunnel_write_response(&peer->tunnel, msg, &fresh->proto,
					claim, fresh->ticket.entry.id, chance,
					wg_now_ns());
	if (verdict == TUNNEL_OK && welcome(peer)) {
		wg_keyring_install(&peer->ring, fresh);
		return WG_DROPS;
	}
	wg_index_remove(&device->index, &fresh->ticket.entry);
	wg_session_put(fresh);
	return verdict == TUNNEL_OK ? WG_DROP_HS_UNASKED : verdict_drop[verdict];
}

/* An initiation on its way through the worker, together with others. */
struct exchange {
	const struct wg_message *m;
	struct wg_peer *peer;		/* one reference, or NULL */
	struct ikpsk_claim claim;
	struct tunnel_chance chance;
	enum wg_drop why;		/* WG_DROPS: goes on */
};

/* The next exchange from @x on, before @end, that goes on; or NULL. */
static struct exchange *next_alive(struct exchange *x, const struct exchange *end)
{
	while (x < end && x->why != WG_DROPS)
		x++;
	return x < end ? x : NULL;
}

#define for_each_alive(x, all, end)					\
	for (x = next_alive(all, end); x; x = next_alive(x + 1, end))

/* Who says that they are? */
static void claim_all(struct wg_device *device, struct exchange *all,
		      const struct exchange *end)
	__must_hold(&device->identity_lock)
{
	const struct wire_initiation *msg[IKPSK_VEC_MAX];
	struct ikpsk_claim *claim[IKPSK_VEC_MAX];
	unsigned int n = 0;
	struct exchange *x;
	u32 claimed;

	for (x = all; x < end; x++) {
		claim[n] = &x->claim;
		msg[n++] = &x->m->body.initiation;
	}
	claimed = ikpsk_claim_vec(claim, msg, &device->self, n);
	for (x = all; x < end; x++) {
		x->why = WG_DROP_HS_FORGED;
		if (!(claimed >> (x - all) & 1))
			continue;
		x->peer = get_claimed(device, &x->claim);
		x->why = x->peer ? WG_DROPS : WG_DROP_HS_UNKNOWN_PEER;
	}
}

/* Static-static secrets of those who come for the first time. */
static void share_all(struct wg_device *device, struct exchange *all,
		      const struct exchange *end)
	__must_hold(&device->identity_lock)
{
	struct ikpsk_claim *claim[IKPSK_VEC_MAX];
	struct exchange *x;
	unsigned int n = 0;

	/* Asked again under the peer's lock: a wrong guess costs a DH. */
	for_each_alive(x, all, end)
		if (READ_ONCE(x->peer->tunnel.remote.shared_state) ==
		    IKPSK_SHARED_UNKNOWN)
			claim[n++] = &x->claim;
	ikpsk_share_vec(claim, &device->self, n);
}

/* Is it true? */
static void prove(struct exchange *x)
	__must_hold(&x->peer->device->identity_lock)
{
	struct wg_peer *peer = x->peer;
	enum tunnel_verdict verdict;

	mutex_lock(&peer->handshake_lock);
	ready_route(peer);
	verdict = tunnel_read_initiation(&peer->tunnel, &x->claim,
					 &x->m->body.initiation,
					 &peer->device->self, wg_now_ns());
	mutex_unlock(&peer->handshake_lock);
	x->why = verdict_drop[verdict];
	if (verdict == TUNNEL_OK)
		roam(peer, x->m);
}

static void compute_answers(struct exchange *all, const struct exchange *end)
{
	struct ikpsk_claim *claim[IKPSK_VEC_MAX];
	const u8 *secret[IKPSK_VEC_MAX];
	unsigned int n = 0;
	struct exchange *x;

	for_each_alive(x, all, end) {
		draw(&x->chance);
		claim[n] = &x->claim;
		secret[n++] = x->chance.ephemeral_secret;
	}
	ikpsk_answer_vec(claim, secret, n);
}

static void answer(struct exchange *x)
{
	struct wire_response msg;

	mutex_lock(&x->peer->handshake_lock);
	x->why = respond(x->peer, &x->claim, &x->chance, &msg);
	mutex_unlock(&x->peer->handshake_lock);
	if (x->why == WG_DROPS)
		send_to_peer(x->peer, &msg, sizeof(msg));
}

static void read_initiations(struct wg_device *device, struct exchange *all,
			     const struct exchange *end)
{
	struct exchange *x;

	down_read(&device->identity_lock);
	claim_all(device, all, end);
	share_all(device, all, end);
	for_each_alive(x, all, end)
		prove(x);
	compute_answers(all, end);
	for_each_alive(x, all, end)
		answer(x);
	up_read(&device->identity_lock);
	for (x = all; x < end; x++) {
		if (x->peer)
			wg_peer_put(x->peer);
		if (x->why != WG_DROPS)
			wg_drop(device, x->why);
	}
}

/* The answer to our initiation: a session that may be used at once. */
static enum wg_drop accept_response(struct wg_peer *peer, const struct wg_message *m)
	__must_hold(&peer->handshake_lock)
{
	struct wg_device *device = peer->device;
	struct wg_session *fresh = wg_session_new(peer);
	enum tunnel_verdict verdict;

	if (!fresh)
		return WG_DROP_HS_MEMORY;
	verdict = tunnel_read_response(&peer->tunnel, &m->body.response,
				       &fresh->proto, &device->self,
				       wg_now_ns());
	/* The index of the initiation goes on as that of the session [A8]. */
	if (verdict == TUNNEL_OK && welcome(peer) &&
	    wg_index_replace(&device->index, &peer->ticket.entry,
			     &fresh->ticket.entry)) {
		wg_keyring_install(&peer->ring, fresh);
		return WG_DROPS;
	}
	wg_session_put(fresh);
	return verdict == TUNNEL_OK ? WG_DROP_HS_UNASKED : verdict_drop[verdict];
}

/* The first data on a new session tells the responder that we have it. */
static void confirm(struct wg_peer *peer)
{
	wg_peer_note_handshake(peer);
	if (!wg_staged_n(&peer->staged))
		wg_tx_keepalive(peer);
	else
		wg_tx_flush(peer);
}

static enum wg_drop read_response(struct wg_device *device,
				  const struct wg_message *m)
{
	enum wg_drop why = WG_DROP_HS_UNASKED;
	bool is_session;
	struct wg_peer *peer = get_addressed(device, m->body.response.receiver,
					     &is_session);

	if (!peer)
		return why;
	down_read(&device->identity_lock);
	mutex_lock(&peer->handshake_lock);
	if (!is_session)
		why = accept_response(peer, m);
	mutex_unlock(&peer->handshake_lock);
	up_read(&device->identity_lock);
	if (why == WG_DROPS) {
		roam(peer, m);
		confirm(peer);
	}
	wg_peer_put(peer);
	return why;
}

static enum wg_drop read_cookie_reply(struct wg_device *device,
				      const struct wg_message *m)
{
	bool is_session, ok;
	struct wg_peer *peer = get_addressed(device,
					     m->body.cookie_reply.receiver,
					     &is_session);

	if (!peer)
		return WG_DROP_HS_UNASKED;
	mutex_lock(&peer->handshake_lock);
	ok = cookie_jar_read_reply(&peer->tunnel.jar, &m->body.cookie_reply,
				   wg_now_ns());
	mutex_unlock(&peer->handshake_lock);
	wg_peer_put(peer);
	return ok ? WG_DROPS : WG_DROP_HS_FORGED;
}

/* Anything but an initiation. */
static void work_on(struct wg_device *device, const struct wg_message *m)
{
	enum wg_drop why = WG_DROPS;

	if (m->type == WIRE_RESPONSE)
		why = read_response(device, m);
	else if (m->type == WIRE_COOKIE_REPLY)
		why = read_cookie_reply(device, m);
	if (why != WG_DROPS)
		wg_drop(device, why);
}

void wg_handshake_work(struct wg_device *device,
		       const struct wg_message *const m[], unsigned int n)
{
	struct exchange *all, *end;
	unsigned int i;

	/* What was queued when the interface went down is not worth the work. */
	if (!READ_ONCE(device->up))
		return;
	all = kcalloc(n, sizeof(*all), GFP_KERNEL);
	if (!all) {
		wg_drop_n(device, WG_DROP_HS_MEMORY, n);
		return;
	}
	for (i = 0, end = all; i < n; i++) {
		if (m[i]->type == WIRE_INITIATION)
			(end++)->m = m[i];
		else
			work_on(device, m[i]);
	}
	if (end > all)
		read_initiations(device, all, end);
	kfree_sensitive(all);
}
