// SPDX-License-Identifier: GPL-2.0
/*
 * The gate before the work on handshakes. What arrives is checked in softirq,
 * cheapest first: mac1 before anything is queued, under load also mac2 and the
 * rate of its source [WP 5.3]. What passes goes to the workers of the interface,
 * what lacks a cookie to a short queue of those who are told to fetch one.
 */
#include "flow/handshake.h"

#include <linux/cpumask.h>
#include <linux/math64.h>
#include <linux/random.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>

/* Messages that wait for a worker; from the second number on there is load. */
#define QUEUE_MAX	4096
#define QUEUE_LOADED	512
/* Of these, those that only ask for a cookie. */
#define COOKIE_MAX	64
/* Load is felt a while longer than it lasts, so that cookies get used. */
#define LOADED_NS	PROTO_NS_PER_S
/* Answers that ask for a cookie get one part in so many of the time of all CPUs. */
#define COOKIE_SHARE	16
/* So far they may be ahead of their payment. */
#define COOKIE_AHEAD_NS	NSEC_PER_MSEC
/* A few of them cost no more than this. */
#define COOKIE_COST_MAX_NS	(100 * NSEC_PER_MSEC)
#define WORKERS_MAX	8U

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
	u64 cookies_paid_ns;		/* until then; local_clock(), lock-free */
	unsigned int next_worker;	/* lock-free: any value will do */
	unsigned int workers_n;
	struct worker worker[] __counted_by(workers_n);
};

static struct workqueue_struct *workqueue;

/* ---- cookies ----------------------------------------------------------- */

static void free_after_readers(struct rcu_head *rcu)
{
	kfree_sensitive(container_of(rcu, struct wg_gate, rcu));
}

static struct wg_gate *current_gate(struct wg_device *device)
	__must_hold(&device->gate_lock)
{
	return rcu_dereference_protected(device->gate,
					 lockdep_is_held(&device->gate_lock));
}

static void replace_gate(struct wg_device *device, struct wg_gate *old,
			 struct wg_gate *new)
	__must_hold(&device->gate_lock)
{
	rcu_assign_pointer(device->gate, new);
	if (old)
		call_rcu(&old->rcu, free_after_readers);
}

void wg_gate_set(struct wg_device *device, struct wg_gate *gate)
{
	struct wg_gate *old;

	spin_lock_bh(&device->gate_lock);
	old = current_gate(device);
	if (old && gate) {
		memcpy(gate->cookie.secret, old->cookie.secret,
		       sizeof(gate->cookie.secret));
		gate->cookie.secret_born_ns = old->cookie.secret_born_ns;
	}
	replace_gate(device, old, gate);
	spin_unlock_bh(&device->gate_lock);
}

static void renew_secret(struct wg_device *device, u64 now_ns)
{
	struct wg_gate *old, *new = NULL;
	u8 secret[COOKIE_SECRET_LEN];

	get_random_bytes(secret, sizeof(secret));
	spin_lock_bh(&device->gate_lock);
	old = current_gate(device);
	if (old && cookie_gate_secret_due(&old->cookie, now_ns))
		new = kmemdup(old, sizeof(*old), GFP_ATOMIC);
	if (new) {
		cookie_gate_renew(&new->cookie, secret, now_ns);
		replace_gate(device, old, new);
	}
	spin_unlock_bh(&device->gate_lock);
	memzero_explicit(secret, sizeof(secret));
}

/* The gate with a secret that is fresh enough to make cookies of, or NULL. */
static const struct cookie_gate *fresh_gate(struct wg_device *device)
{
	const struct wg_gate *gate = rcu_dereference_bh(device->gate);
	u64 now_ns = wg_now_ns();

	if (gate && cookie_gate_secret_due(&gate->cookie, now_ns)) {
		renew_secret(device, now_ns);
		gate = rcu_dereference_bh(device->gate);
	}
	return gate && !cookie_gate_secret_due(&gate->cookie, now_ns) ?
	       &gate->cookie : NULL;
}

static void send_cookie(struct wg_device *device, const struct cookie_gate *gate,
			struct wg_message *m)
{
	u8 nonce[WIRE_COOKIE_NONCE_LEN], source[COOKIE_SOURCE_MAX_LEN];
	struct wire_cookie_reply reply;
	struct dst_cache none = {};

	get_random_bytes(nonce, sizeof(nonce));
	cookie_gate_write_reply(gate, &reply, &m->body, m->len, m->body.word[1],
				nonce, source,
				wg_endpoint_source_bytes(&m->from, source));
	wg_handshake_send(device, &none, &m->from, &reply, sizeof(reply));
}

/*
 * Of a flood hardly anybody waits for an answer, and who does asks again. So the
 * answers get a share of the time, and none is promised while what has been sent
 * is still being paid off. This asks nobody's address: a limit for each source
 * would let others use it up who only claim to be there.
 */
static bool may_answer(const struct wg_handshakes *hs)
{
	return (s64)(READ_ONCE(hs->cookies_paid_ns) - local_clock()) <
	       COOKIE_AHEAD_NS;
}

static void pay(struct wg_handshakes *hs, u64 from_ns, u64 to_ns)
{
	u64 paid_ns = READ_ONCE(hs->cookies_paid_ns);
	u64 cost_ns = div_u64((to_ns - from_ns) * COOKIE_SHARE,
			      num_online_cpus());

	/* A virtual CPU that stood still meanwhile is no reason for silence. */
	cost_ns = min_t(u64, cost_ns, COOKIE_COST_MAX_NS);
	if ((s64)(paid_ns - from_ns) < 0)
		paid_ns = from_ns;
	/* Workers that pay at once may lose a payment. */
	WRITE_ONCE(hs->cookies_paid_ns, paid_ns + cost_ns);
}

/* The table of rates is ready before anybody can come with a cookie. */
static void send_cookies(struct wg_device *device, struct wg_message *const m[],
			 unsigned int n)
{
	const struct cookie_gate *gate;
	u64 from_ns;

	if (!n || !wg_limits_make(&device->limits, wg_now_ns()))
		return;
	rcu_read_lock_bh();
	from_ns = local_clock();
	gate = fresh_gate(device);
	while (gate && n--)
		send_cookie(device, gate, m[n]);
	pay(device->handshakes, from_ns, local_clock());
	rcu_read_unlock_bh();
}

/* ---- queues ------------------------------------------------------------ */

static void queue_init(struct queue *q, unsigned int max)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->messages);
	q->max = max;
}

static bool enqueue(struct queue *q, struct wg_message *m)
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

/* The first @max of @q to @m; how many. */
static unsigned int dequeue(struct queue *q, struct wg_message *m[],
			    unsigned int max)
{
	unsigned int n = 0;

	if (!READ_ONCE(q->n))
		return 0;
	spin_lock_bh(&q->lock);
	while (n < max && !list_empty(&q->messages)) {
		m[n] = list_first_entry(&q->messages, struct wg_message, queued);
		list_del(&m[n++]->queued);
	}
	WRITE_ONCE(q->n, q->n - n);
	spin_unlock_bh(&q->lock);
	return n;
}

static void free_messages(struct wg_message *m[], unsigned int n)
{
	while (n--)
		kfree_sensitive(m[n]);
}

/* Together they are quicker, but no worker is to wait while another has many. */
static unsigned int fair_n(const struct wg_handshakes *hs)
{
	return clamp(DIV_ROUND_UP(READ_ONCE(hs->proven.n), hs->workers_n), 1U,
		     0U + IKPSK_VEC_MAX);
}

static void work_off(struct work_struct *work)
{
	struct worker *w = container_of(work, struct worker, work);
	struct wg_handshakes *hs = w->device->handshakes;
	struct wg_message *m[IKPSK_VEC_MAX];
	unsigned int n, cookie_n;

	do {
		n = dequeue(&hs->proven, m, fair_n(hs));
		if (n)
			wg_handshake_work(w->device,
					  (const struct wg_message *const *)m, n);
		free_messages(m, n);
		cookie_n = dequeue(&hs->cookies, m, IKPSK_VEC_MAX);
		send_cookies(w->device, m, cookie_n);
		free_messages(m, cookie_n);
		cond_resched();
	} while (n || cookie_n);
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
static struct queue *judge(struct wg_device *device, const struct wg_message *m,
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
	if (!cookie_gate_check_mac2(&gate->cookie, &m->body, m->len, source,
				    wg_endpoint_source_bytes(&m->from, source),
				    now_ns)) {
		*why = may_answer(hs) ? WG_DROP_HS_COOKIE_ASKED :
					WG_DROP_HS_OVERLOAD;
		return *why == WG_DROP_HS_COOKIE_ASKED ? &hs->cookies : NULL;
	}
	*why = WG_DROP_HS_RATE;
	return within_rate(device, &m->from, now_ns) ? &hs->proven : NULL;
}

static bool read_message(struct wg_message *m, const struct sk_buff *skb,
			 unsigned int at, unsigned int len)
{
	if (len > sizeof(m->body) || skb_copy_bits(skb, at, &m->body, len))
		return false;
	m->len = len;
	m->type = wire_classify(m->body.word[0], len);
	return wg_endpoint_read(&m->from, skb);
}

static void submit(struct wg_device *device, struct queue *q,
		   const struct wg_message *m)
{
	struct wg_message *copy = kmemdup(m, sizeof(*m), GFP_ATOMIC | __GFP_NOWARN);

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
	struct wg_message m;
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
	struct wg_message *m;

	while (dequeue(q, &m, 1))
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
