// SPDX-License-Identifier: GPL-2.0
/*
 * Handshake messages. What arrives is checked for its mac1 in softirq, before
 * anything is queued; under load also for its mac2. Everything else is done by
 * workers in process context.
 *
 *   wg_handshake_arrived	softirq: cheapest checks first, then a queue
 *   work_off			workers: one message after the other
 *   wg_handshake_start		our own initiation
 */
#include "flow/flow.h"

#include <linux/random.h>
#include <linux/slab.h>
#include "io/outer.h"
#include "proto/wire.h"

/* Messages that wait for a worker; from the second number on there is load. */
#define QUEUE_MAX	4096
#define QUEUE_LOADED	512
/* Of these, those that only ask for a cookie. */
#define COOKIE_MAX	256
/* Load is felt a while longer than it lasts, so that cookies get used. */
#define LOADED_NS	PROTO_NS_PER_S
/* The only answer that a message gets. DSCP AF41: before data [UAPI 1.4]. */
#define HANDSHAKE_DS	0x88
/* Messages between two looks at whether somebody else wants the CPU. */
#define WORKERS_MAX	8U

/* A message on its way from softirq to a worker. */
struct message {
	struct list_head queued;
	struct wg_endpoint from;
	unsigned int len;
	enum wire_type type;
	union {
		struct wire_initiation initiation;
		struct wire_response response;
		struct wire_cookie_reply cookie_reply;
		struct wire_macs macs;
		__le32 word[2];		/* type, sender */
	} body;
};

struct queue {
	spinlock_t lock;
	struct list_head messages;	/* lock */
	unsigned int n;			/* lock; readers READ_ONCE */
	unsigned int max;
};

struct worker {
	struct work_struct work;
	struct wg_device *device;
};

struct wg_handshakes {
	struct queue proven;		/* to be worked on */
	struct queue cookies;		/* to be told to come back with one */
	u64 loaded_ns;			/* when there was load last; lock-free */
	unsigned int next_worker;	/* lock-free: any value will do */
	unsigned int workers_n;
	struct worker worker[] __counted_by(workers_n);
};

static struct workqueue_struct *workqueue;

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
static void send_message(struct wg_device *device, struct dst_cache *cache,
			 struct wg_endpoint *ep, const void *msg, size_t len)
{
	struct wg_way way = {
		.cache = cache,
		.self = device->dev,
		.mark = READ_ONCE(device->fwmark),
		.ds = HANDSHAKE_DS,
	};
	struct wg_outer outer;
	u8 *room;

	rcu_read_lock_bh();
	wg_outer_start(&outer, 1);
	room = wg_outer_room(&outer, len, way.ds, true);
	if (room) {
		memcpy(room, msg, len);
		if (wg_socks_send(&device->socks, wg_outer_finish(&outer), ep,
				  &way))
			wg_drop(device, WG_DROP_TX_ROUTE);
	} else {
		wg_drop(device, WG_DROP_HS_MEMORY);
	}
	rcu_read_unlock_bh();
}

static void send_to_peer(struct wg_peer *peer, const void *msg, size_t len)
{
	struct wg_device *device = peer->device;
	struct wg_endpoint ep, before;

	wg_peer_endpoint(peer, &ep);
	if (!wg_endpoint_known(&ep))
		return;
	before = ep;
	send_message(device, &peer->route, &ep, msg, len);
	if (!wg_endpoint_same(&before, &ep))
		wg_peer_forget_source(peer);
	wg_peer_count_tx(peer, 1, len);
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
static void roam(struct wg_peer *peer, const struct message *m)
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
			    struct wire_response *answer)
	__must_hold(&peer->handshake_lock)
{
	struct wg_device *device = peer->device;
	struct wg_session *fresh = wg_session_new(peer);
	struct tunnel_chance chance;
	enum tunnel_verdict verdict;

	if (!fresh)
		return WG_DROP_HS_MEMORY;
	if (wg_index_insert(&device->index, &fresh->ticket.entry,
			    get_random_u32)) {
		wg_session_put(fresh);
		return WG_DROP_HS_MEMORY;
	}
	draw(&chance);
	verdict = tunnel_write_response(&peer->tunnel, answer, &fresh->proto,
					claim, fresh->ticket.entry.id, &chance,
					wg_now_ns());
	if (verdict == TUNNEL_OK && !READ_ONCE(peer->dead)) {
		wg_keyring_install(&peer->ring, fresh);
		return WG_DROPS;
	}
	wg_index_remove(&device->index, &fresh->ticket.entry);
	wg_session_put(fresh);
	return verdict_drop[verdict];
}

static enum wg_drop answer_peer(struct wg_peer *peer, struct ikpsk_claim *claim,
				const struct message *m)
{
	struct wg_device *device = peer->device;
	struct wire_response answer;
	enum tunnel_verdict verdict;
	enum wg_drop why;

	mutex_lock(&peer->handshake_lock);
	ready_route(peer);
	verdict = tunnel_read_initiation(&peer->tunnel, claim,
					 &m->body.initiation, &device->self,
					 wg_now_ns());
	why = verdict == TUNNEL_OK ? respond(peer, claim, &answer) :
				     verdict_drop[verdict];
	mutex_unlock(&peer->handshake_lock);
	if (verdict == TUNNEL_OK)
		roam(peer, m);
	if (why == WG_DROPS)
		send_to_peer(peer, &answer, sizeof(answer));
	return why;
}

static enum wg_drop read_initiation(struct wg_device *device,
				    const struct message *m)
{
	enum wg_drop why = WG_DROP_HS_FORGED;
	struct ikpsk_claim claim;
	struct wg_peer *peer;

	down_read(&device->identity_lock);
	if (ikpsk_claim_initiation(&claim, &m->body.initiation, &device->self)) {
		peer = get_claimed(device, &claim);
		why = peer ? answer_peer(peer, &claim, m) :
			     WG_DROP_HS_UNKNOWN_PEER;
		if (peer)
			wg_peer_put(peer);
	}
	memzero_explicit(&claim, sizeof(claim));
	up_read(&device->identity_lock);
	return why;
}

/* The answer to our initiation: a session that may be used at once. */
static enum wg_drop accept_response(struct wg_peer *peer, const struct message *m)
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
	if (verdict == TUNNEL_OK && !READ_ONCE(peer->dead) &&
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
	if (skb_queue_empty_lockless(&peer->staged))
		wg_tx_keepalive(peer);
	else
		wg_tx_flush(peer);
}

static enum wg_drop read_response(struct wg_device *device,
				  const struct message *m)
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
				      const struct message *m)
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

static void work_on(struct wg_device *device, const struct message *m)
{
	enum wg_drop why = WG_DROPS;

	switch (m->type) {
	case WIRE_INITIATION:
		why = read_initiation(device, m);
		break;
	case WIRE_RESPONSE:
		why = read_response(device, m);
		break;
	case WIRE_COOKIE_REPLY:
		why = read_cookie_reply(device, m);
		break;
	case WIRE_DATA:
	case WIRE_BAD:
		break;
	}
	if (why != WG_DROPS)
		wg_drop(device, why);
}

/* A copy of the gate with a secret that is fresh enough to make cookies of. */
static bool fresh_gate(struct wg_device *device, struct cookie_gate *copy)
{
	struct wg_gate *old, *new = NULL;
	u64 now_ns = wg_now_ns();
	u8 secret[COOKIE_SECRET_LEN];

	get_random_bytes(secret, sizeof(secret));
	spin_lock_bh(&device->gate_lock);
	old = rcu_dereference_protected(device->gate,
					lockdep_is_held(&device->gate_lock));
	if (old && cookie_gate_secret_due(&old->cookie, now_ns))
		new = kmemdup(old, sizeof(*old), GFP_ATOMIC);
	if (new) {
		cookie_gate_renew(&new->cookie, secret, now_ns);
		rcu_assign_pointer(device->gate, new);
		kfree_rcu(old, rcu);
		old = new;
	}
	if (old)
		*copy = old->cookie;
	spin_unlock_bh(&device->gate_lock);
	memzero_explicit(secret, sizeof(secret));
	return old && !cookie_gate_secret_due(copy, now_ns);
}

static void send_cookie(struct wg_device *device, struct message *m)
{
	u8 nonce[WIRE_COOKIE_NONCE_LEN], source[COOKIE_SOURCE_MAX_LEN];
	struct wire_cookie_reply reply;
	struct dst_cache none = {};
	struct cookie_gate gate;

	if (fresh_gate(device, &gate)) {
		get_random_bytes(nonce, sizeof(nonce));
		cookie_gate_write_reply(&gate, &reply, &m->body, m->len,
					m->body.word[1], nonce, source,
					wg_endpoint_source_bytes(&m->from,
								 source));
		send_message(device, &none, &m->from, &reply, sizeof(reply));
	}
	memzero_explicit(&gate, sizeof(gate));
}

/* ---- queues ------------------------------------------------------------ */

static void queue_init(struct queue *q, unsigned int max)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->messages);
	q->max = max;
}

static bool enqueue(struct queue *q, struct message *m)
{
	bool room;

	spin_lock_bh(&q->lock);
	room = q->n < q->max;
	if (room) {
		list_add_tail(&m->queued, &q->messages);
		WRITE_ONCE(q->n, q->n + 1);
	}
	spin_unlock_bh(&q->lock);
	return room;
}

static struct message *dequeue(struct queue *q)
{
	struct message *m;

	if (!READ_ONCE(q->n))
		return NULL;
	spin_lock_bh(&q->lock);
	m = list_first_entry_or_null(&q->messages, struct message, queued);
	if (m) {
		list_del(&m->queued);
		WRITE_ONCE(q->n, q->n - 1);
	}
	spin_unlock_bh(&q->lock);
	return m;
}

static void work_off(struct work_struct *work)
{
	struct worker *w = container_of(work, struct worker, work);
	struct wg_handshakes *hs = w->device->handshakes;
	struct message *m;
	bool some;

	do {
		some = false;
		m = dequeue(&hs->proven);
		if (m) {
			work_on(w->device, m);
			kfree_sensitive(m);
			some = true;
		}
		m = dequeue(&hs->cookies);
		if (m) {
			send_cookie(w->device, m);
			kfree(m);
			some = true;
		}
		cond_resched();
	} while (some);
}

static void wake_worker(struct wg_handshakes *hs)
{
	unsigned int i = READ_ONCE(hs->next_worker);

	WRITE_ONCE(hs->next_worker, i + 1);
	queue_work(workqueue, &hs->worker[i % hs->workers_n].work);
}

/* ---- receiving: softirq ------------------------------------------------ */

static bool under_load(struct wg_handshakes *hs, u64 now_ns)
{
	u64 loaded_ns = READ_ONCE(hs->loaded_ns);

	if (READ_ONCE(hs->proven.n) >= QUEUE_LOADED) {
		if (now_ns != loaded_ns)
			WRITE_ONCE(hs->loaded_ns, now_ns);
		return true;
	}
	return loaded_ns && now_ns - loaded_ns < LOADED_NS;
}

static bool within_rate(struct wg_device *device, const struct wg_endpoint *from,
			u64 now_ns)
{
	if (from->remote.sa.sa_family == AF_INET)
		return wg_limits_admit(&device->limits, WG_V4_BITS,
				       &from->remote.v4.sin_addr, now_ns);
	return wg_limits_admit(&device->limits, WG_V6_BITS,
			       &from->remote.v6.sin6_addr, now_ns);
}

/* Where @m goes; NULL: nowhere, because of *@why. */
static struct queue *judge(struct wg_device *device, const struct message *m,
			   enum wg_drop *why)
{
	struct wg_handshakes *hs = device->handshakes;
	const struct wg_gate *gate = rcu_dereference(device->gate);
	u8 source[COOKIE_SOURCE_MAX_LEN];
	u64 now_ns = wg_now_ns();

	*why = WG_DROP_HS_UNUSABLE;
	if (!gate)
		return NULL;
	if (m->type == WIRE_COOKIE_REPLY)
		return &hs->proven;
	*why = WG_DROP_HS_BAD_MAC1;
	if (!cookie_gate_check_mac1(&gate->cookie, &m->body, m->len))
		return NULL;
	if (!under_load(hs, now_ns))
		return &hs->proven;
	*why = WG_DROP_HS_COOKIE_ASKED;
	if (!cookie_gate_check_mac2(&gate->cookie, &m->body, m->len, source,
				    wg_endpoint_source_bytes(&m->from, source),
				    now_ns))
		return &hs->cookies;
	*why = WG_DROP_HS_RATE;
	return within_rate(device, &m->from, now_ns) ? &hs->proven : NULL;
}

static bool read_message(struct message *m, const struct sk_buff *skb,
			 unsigned int at, unsigned int len)
{
	if (len > sizeof(m->body) || skb_copy_bits(skb, at, &m->body, len))
		return false;
	m->len = len;
	m->type = wire_classify(m->body.word[0], len);
	return wg_endpoint_read(&m->from, skb);
}

static void submit(struct wg_device *device, struct queue *q,
		   const struct message *m)
{
	struct message *copy = kmemdup(m, sizeof(*m), GFP_ATOMIC | __GFP_NOWARN);

	if (!copy) {
		wg_drop(device, WG_DROP_HS_MEMORY);
		return;
	}
	if (!enqueue(q, copy)) {
		wg_drop(device, WG_DROP_HS_OVERLOAD);
		kfree(copy);
		return;
	}
	wake_worker(device->handshakes);
}

void wg_handshake_arrived(struct wg_device *device, const struct sk_buff *skb,
			  unsigned int at, unsigned int len)
{
	struct queue *q;
	struct message m;
	enum wg_drop why;

	if (!rng_is_initialized() || !read_message(&m, skb, at, len)) {
		wg_drop(device, WG_DROP_HS_UNUSABLE);
		return;
	}
	q = judge(device, &m, &why);
	if (!q || q == &device->handshakes->cookies)
		wg_drop(device, why);
	if (q)
		submit(device, q, &m);
}

/* ---- life -------------------------------------------------------------- */

int wg_handshakes_new(struct wg_device *device)
{
	unsigned int i, n = min(num_possible_cpus(), WORKERS_MAX);
	struct wg_handshakes *hs = kzalloc(struct_size(hs, worker, n), GFP_KERNEL);

	if (!hs)
		return -ENOMEM;
	hs->workers_n = n;
	queue_init(&hs->proven, QUEUE_MAX);
	queue_init(&hs->cookies, COOKIE_MAX);
	for (i = 0; i < n; i++) {
		hs->worker[i].device = device;
		INIT_WORK(&hs->worker[i].work, work_off);
	}
	device->handshakes = hs;
	return 0;
}

static void purge(struct queue *q)
{
	struct message *m;

	while ((m = dequeue(q)))
		kfree_sensitive(m);
}

void wg_handshakes_free(struct wg_device *device)
{
	struct wg_handshakes *hs = device->handshakes;
	unsigned int i;

	purge(&hs->proven);
	purge(&hs->cookies);
	for (i = 0; i < hs->workers_n; i++)
		cancel_work_sync(&hs->worker[i].work);
	kfree(hs);
	device->handshakes = NULL;
}

int wg_handshakes_init(void)
{
	workqueue = alloc_workqueue("wg-kex", WQ_UNBOUND | WQ_FREEZABLE, 0);
	return workqueue ? 0 : -ENOMEM;
}

void wg_handshakes_exit(void)
{
	destroy_workqueue(workqueue);
}
