// SPDX-License-Identifier: GPL-2.0
/*
 * From the stack to the wire, in the order in which a packet meets it:
 *
 *   collect	skb -> peer, as a list of skbs that can be cut into packets
 *   reserve	peer -> session and nonces, or a place among the staged
 *   seal	packets -> outer datagrams, on any CPU
 *   send	outer datagrams -> UDP, in order
 */
#include "flow/flow.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <net/dst_metadata.h>
#include <net/icmp.h>
#include <net/ip_tunnels.h>
#include "flow/batch.h"
#include "flow/crew.h"
#include "io/cut.h"
#include "io/outer.h"
#include "proto/inner.h"
#include "proto/wire.h"

struct tx_batch {
	struct wg_batch base;
	struct sk_buff *in;		/* inner skbs by ->next; NULL: keepalive */
	struct sk_buff *out;		/* outer skbs by ->next */
	u64 first;			/* nonce of the first packet */
	struct aead_msg msg[WG_BATCH_MAX];	/* while it is sealed */
};

/* What an inner skb knows of itself while it is ours. */
struct tx_cb {
	u32 mtu;			/* of its route: padding ends there */
	u16 n;				/* packets in it */
	u8 ds;				/* of the outer packet */
};

/* Packets that wait while others of their peer are being sealed. */
#define TX_WAIT_MAX 1024
/* Then somebody else continues, in a task. */
#define FLUSH_ROUNDS 16

static bool tx_wait __read_mostly = true;
module_param(tx_wait, bool, 0644);
MODULE_PARM_DESC(tx_wait, "packets of a stream may wait for each other (default: Y)");

static struct kmem_cache *cache;

static struct tx_cb *tx_cb(const struct sk_buff *skb)
{
	static_assert(sizeof(struct tx_cb) <= sizeof(skb->cb));
	return (struct tx_cb *)skb->cb;
}

static struct wg_peer *peer_of(const struct tx_batch *batch)
{
	return batch->base.session->peer;
}

/* ---- send ------------------------------------------------------------- */

static void free_batch(struct tx_batch *batch)
{
	struct wg_session *session = batch->base.session;

	/* The session last: with it may go the module [A15]. */
	kmem_cache_free(cache, batch);
	wg_session_put(session);
}

/* The data path's one note to the timers, before any of it can be answered. */
static void note_sent(struct wg_peer *peer, const struct tx_batch *batch)
{
	struct timers *timers = &peer->tunnel.timers;
	u64 now_ns = wg_now_ns();

	if (timers_note_sent(timers, now_ns, batch->base.slot.bytes))
		wg_peer_arm(peer);
	if (session_stale_on_send(&batch->base.session->proto, now_ns,
				  batch->first + batch->base.n))
		wg_handshake_want(peer, now_ns);
}

/* Whether @skb is on its way. */
static bool send_one(struct wg_peer *peer, struct sk_buff *skb,
		     struct wg_endpoint *ep)
{
	struct wg_device *device = peer->device;
	struct wg_way way = {
		.cache = &peer->route,
		.self = device->dev,
		.mark = READ_ONCE(device->fwmark),
		.ds = wg_outer_ds(skb),
	};
	bool sent = !wg_socks_send(&device->socks, skb, ep, &way);

	if (!sent)
		wg_drop(device, WG_DROP_TX_ROUTE);
	return sent;
}

static void send(struct tx_batch *batch)
{
	struct wg_peer *peer = peer_of(batch);
	unsigned int n = 0, bytes = 0, segs, len, version;
	struct wg_endpoint ep, before;
	struct sk_buff *skb, *next;

	if (batch->out)
		note_sent(peer, batch);
	version = wg_peer_endpoint(peer, &ep);
	before = ep;
	for (skb = batch->out; skb; skb = next) {
		next = skb->next;
		skb_mark_not_on_list(skb);
		segs = skb_is_gso(skb) ? skb_shinfo(skb)->gso_segs : 1;
		len = skb->len;
		if (!send_one(peer, skb, &ep))
			continue;
		n += segs;
		bytes += len;
	}
	wg_peer_sent(peer, version, &before, &ep);
	wg_peer_count_tx(peer, n, bytes);
	wg_pace_answer(&this_cpu_ptr(peer->device->paces)->in, bytes);
	free_batch(batch);
}

static void drain(struct wg_batch *base)
{
	struct wg_lane *lane = &base->session->peer->tx;
	struct wg_lane_slot *slot;

	while ((slot = wg_lane_pop(lane)))
		send(container_of(slot, struct tx_batch, base.slot));
}

/* ---- seal ------------------------------------------------------------- */

struct sealing {
	struct tx_batch *batch;
	struct wg_outer outer;
	unsigned int msg_n;
	u64 nonce;
};

/*
 * Room and header of the next datagram; its @len bytes of plaintext are the
 * caller's to write. NULL: no memory.
 */
static struct aead_msg *begin_datagram(struct sealing *s, unsigned int len, u8 ds)
{
	struct tx_batch *batch = s->batch;
	unsigned int all = len + WIRE_DATA_OVERHEAD;
	u64 nonce = s->nonce++;
	struct aead_msg *msg;
	struct wire_data *head;

	head = (struct wire_data *)wg_outer_room(&s->outer, all, ds,
						 batch->base.n == 1);
	if (!head)
		return NULL;
	head->type = cpu_to_le32(WIRE_DATA);
	head->receiver = cpu_to_le32(batch->base.session->proto.remote_id);
	head->counter = cpu_to_le64(nonce);
	msg = &batch->msg[s->msg_n++];
	*msg = (struct aead_msg) {
		.dst = (u8 *)(head + 1), .src = (u8 *)(head + 1), .len = len,
		.nonce = nonce,
	};
	return msg;
}

static void add_skb(struct sealing *s, struct sk_buff *skb)
{
	const struct tx_cb *cb = tx_cb(skb);
	struct aead_msg *msg = NULL;
	struct wg_cut cut;
	unsigned int len;

	wg_cut_start(&cut, skb);
	while ((len = wg_cut_len(&cut))) {
		msg = begin_datagram(s, inner_padded_len(len, cb->mtu), cb->ds);
		if (!msg) {
			wg_drop(s->batch->base.session->peer->device,
				WG_DROP_TX_MEMORY);
			break;
		}
		wg_cut_write(&cut, msg);
	}
	if (msg)
		wg_outer_adopt(&s->outer, skb);
}

/* What was sealed from where it lay. */
static void drop_sealed(struct sk_buff *list)
{
	struct sk_buff *skb, *next;

	for (skb = list; skb; skb = next) {
		next = skb->next;
		skb_mark_not_on_list(skb);
		consume_skb(skb);
	}
}

static void seal(struct wg_batch *base)
{
	struct tx_batch *batch = container_of(base, struct tx_batch, base);
	struct sealing s = { .batch = batch, .nonce = batch->first };
	struct sk_buff *skb;

	wg_outer_start(&s.outer, wg_tx_segments(peer_of(batch)->device));
	if (!batch->in)
		begin_datagram(&s, 0, 0);
	for (skb = batch->in; skb; skb = skb->next)
		add_skb(&s, skb);
	aead_seal_vec(&base->session->proto.send_key, batch->msg, s.msg_n);
	drop_sealed(batch->in);
	batch->out = wg_outer_finish(&s.outer);
	wg_crew_finish(base, &peer_of(batch)->tx, drain);
}

/* ---- reserve ---------------------------------------------------------- */

static void drop_list(struct wg_device *device, struct sk_buff *list,
		      enum wg_drop why)
{
	unsigned int n = 0;
	struct sk_buff *skb;

	for (skb = list; skb; skb = skb->next)
		n += tx_cb(skb)->n;
	wg_drop_n(device, why, n);
	DEV_STATS_ADD(device->dev, tx_dropped, n);
	kfree_skb_list(list);
}

/*
 * A batch of the @n packets in @list (a keepalive when that is NULL), on its
 * way. False: the session cannot take it, and @list is still the caller's.
 * @waited: it was staged.
 */
static bool launch(struct wg_session *session, struct sk_buff *list,
		   unsigned int n, u32 bytes, bool waited)
{
	struct wg_device *device = session->peer->device;
	struct tx_batch *batch;
	u64 first;
	int cpu;

	if (!wg_session_reserve(session, n, wg_now_ns(), &first) ||
	    !wg_session_get(session))
		return false;
	batch = kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!batch) {
		wg_session_put(session);
		drop_list(device, list, WG_DROP_TX_MEMORY);
		return true;
	}
	memset(batch, 0, offsetof(struct tx_batch, msg));
	batch->base.session = session;
	batch->base.work = seal;
	batch->base.n = n;
	batch->in = list;
	batch->first = first;
	cpu = wg_crew_pick();
	if (wg_lane_enter_stream(&session->peer->tx, &batch->base.slot, bytes,
				 WG_LANE_LIMIT_BYTES, cpu, jiffies,
				 waited || n > 1 ||
				 cpu != raw_smp_processor_id())) {
		wg_crew_run(&batch->base, cpu);
		return true;
	}
	drop_list(device, list, WG_DROP_TX_OVERLOAD);
	free_batch(batch);
	return true;
}

/* Cut the first packets, as many as a batch takes, off *@list. */
static struct sk_buff *take_batch(struct sk_buff **list, unsigned int *n,
				  u32 *bytes)
{
	struct sk_buff *first = *list, *last = first;

	*n = tx_cb(first)->n;
	*bytes = first->len;
	while (last->next && *n + tx_cb(last->next)->n <= WG_BATCH_MAX) {
		last = last->next;
		*n += tx_cb(last)->n;
		*bytes += last->len;
	}
	*list = last->next;
	last->next = NULL;
	return first;
}

/* What could not be launched; NULL when everything is on its way. */
static struct sk_buff *launch_list(struct wg_session *session,
				   struct sk_buff *list, bool waited)
{
	struct sk_buff *some, *last;
	unsigned int n;
	u32 bytes;

	while (list) {
		some = take_batch(&list, &n, &bytes);
		if (launch(session, some, n, bytes, waited))
			continue;
		for (last = some; last->next; last = last->next)
			;
		last->next = list;
		return some;
	}
	return NULL;
}

/* The peer may have been removed while we looked: nobody comes back. */
static void leave_none(struct wg_peer *peer)
{
	if (READ_ONCE(peer->dead))
		wg_peer_drop_staged(peer, WG_DROP_TX_GAVE_UP);
}

/*
 * @list waits. Without a @session it waits too long to pin the sender's socket
 * and namespace.
 */
static void stage(struct wg_peer *peer, struct sk_buff *list,
		  const struct wg_session *session)
{
	struct sk_buff *skb;

	for (skb = list; skb && !session; skb = skb->next)
		skb_orphan(skb);
	list = wg_staged_add(&peer->staged, list,
			     session ? TX_WAIT_MAX : WG_STAGED_MAX);
	drop_list(peer->device, list, WG_DROP_TX_STAGED_FULL);
	leave_none(peer);
}

/* One round of a turn: whether there may be another. */
static bool flush_round(struct wg_peer *peer)
{
	struct wg_session *session = wg_keyring_sender(&peer->ring, wg_now_ns());
	struct sk_buff *list;

	if (session) {
		list = wg_staged_take(&peer->staged);
		if (!list)
			return false;
		list = launch_list(session, list, true);
		if (!list)
			return true;
	} else {
		list = NULL;
	}
	wg_staged_end(&peer->staged, list);
	leave_none(peer);
	/* A session that came meanwhile found the turn taken. */
	if (session || !wg_keyring_sender(&peer->ring, wg_now_ns())) {
		wg_handshake_want(peer, wg_now_ns());
		return false;
	}
	return wg_staged_begin(&peer->staged);
}

/* A task of this CPU sends what is staged. */
static void flush_later(struct wg_peer *peer)
{
	if (work_pending(&peer->flush) || !wg_peer_get(peer))
		return;
	if (!wg_crew_later(&peer->flush))
		wg_peer_put(peer);
}

void wg_tx_flush(struct wg_peer *peer)
{
	unsigned int rounds = FLUSH_ROUNDS;

	if (!wg_staged_n(&peer->staged))
		return;
	rcu_read_lock_bh();
	if (wg_staged_begin(&peer->staged)) {
		while (flush_round(peer) && --rounds)
			;
		if (!rounds) {
			wg_staged_end(&peer->staged, NULL);
			flush_later(peer);
		}
	}
	rcu_read_unlock_bh();
}

/* Whether the packet in @list, of a stream, may wait for others. */
static bool may_wait(struct wg_peer *peer, const struct sk_buff *list)
{
	struct wg_pace *pace = &this_cpu_ptr(peer->device->paces)->out;

	return wg_pace_note(pace, list->len, wg_now_ns()) &&
	       READ_ONCE(tx_wait) && !list->next && tx_cb(list)->n == 1 &&
	       wg_staged_n(&peer->staged) < WG_BATCH_MAX - 1;
}

/*
 * Send @list now if there is a session and nothing waits for one, or for others
 * of its stream; otherwise it waits, too, and a session is asked for.
 */
static void reserve(struct wg_peer *peer, struct sk_buff *list)
{
	struct wg_session *session = wg_keyring_sender(&peer->ring, wg_now_ns());
	bool wait = may_wait(peer, list) && session;

	if (session && !wait && wg_staged_idle(&peer->staged))
		list = launch_list(session, list, false);
	if (!list)
		return;
	stage(peer, list, session);
	if (wait)
		flush_later(peer);
	else
		wg_tx_flush(peer);
}

void wg_tx_keepalive(struct wg_peer *peer)
{
	struct wg_session *session;
	u64 now_ns;

	rcu_read_lock_bh();
	now_ns = wg_now_ns();
	session = wg_keyring_sender(&peer->ring, now_ns);
	if (!session || !launch(session, NULL, 1, 0, false))
		wg_handshake_want(peer, now_ns);
	rcu_read_unlock_bh();
}

/* ---- collect ---------------------------------------------------------- */

static void tell_sender(struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	else if (skb->protocol == htons(ETH_P_IPV6))
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH,
				0);
}

/* @skb cannot go anywhere: say so to whoever sent it. */
static int refuse(struct wg_device *device, struct sk_buff *skb,
		  enum wg_drop why, int err)
{
	DEV_STATS_INC(device->dev, tx_errors);
	wg_drop(device, why);
	if (why != WG_DROP_TX_PROTOCOL)
		tell_sender(skb);
	kfree_skb(skb);
	return err;
}

/* IP header of @skb, if its protocol says what its bytes say [C6, C15]. */
static bool read_inner(struct sk_buff *skb, struct inner_view *view)
{
	skb_reset_network_header(skb);
	if (!pskb_may_pull(skb, sizeof(struct iphdr)) ||
	    skb->protocol != ip_tunnel_parse_protocol(skb))
		return false;
	return inner_read(view, skb->data, skb_headlen(skb), skb->len);
}

static void uncuttable(struct wg_device *device)
{
	DEV_STATS_INC(device->dev, tx_errors);
	wg_drop(device, WG_DROP_TX_SEGMENT);
}

/* One skb, or a list of them where the stack has to do the cutting. */
static struct sk_buff *as_list(struct sk_buff *skb, struct tx_cb cb)
{
	unsigned int n = wg_cut_count(skb);
	struct sk_buff *list = skb;

	if (!n || n > WG_BATCH_MAX)
		list = wg_cut_by_stack(skb);
	else
		cb.n = n;
	for (skb = list; skb; skb = skb->next) {
		skb_dst_drop(skb);
		*tx_cb(skb) = cb;
	}
	return list;
}

netdev_tx_t wg_tx_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct wg_device *device = netdev_priv(dev);
	struct tx_cb cb = { .n = 1 };
	struct inner_view view;
	struct wg_peer *peer;
	struct sk_buff *list;

	if (!read_inner(skb, &view))
		return refuse(device, skb, WG_DROP_TX_PROTOCOL, -EPROTONOSUPPORT);
	peer = wg_peer_route(device, view.bits, view.dst);
	if (!peer)
		return refuse(device, skb, WG_DROP_TX_NO_PEER, -ENOKEY);
	if (!READ_ONCE(peer->endpoint.remote.sa.sa_family))
		return refuse(device, skb, WG_DROP_TX_NO_ENDPOINT, -EDESTADDRREQ);
	cb.mtu = skb_valid_dst(skb) ? dst_mtu(skb_dst(skb)) : dev->mtu;
	cb.ds = inner_ecn_out(view.ds);
	skb_get_hash(skb);	/* of the inner flow, while it can be seen [C3] */
	list = as_list(skb, cb);
	if (list)
		reserve(peer, list);
	else
		uncuttable(device);
	return NETDEV_TX_OK;
}

int wg_tx_init(void)
{
	cache = KMEM_CACHE(tx_batch, 0);
	return cache ? 0 : -ENOMEM;
}

void wg_tx_exit(void)
{
	kmem_cache_destroy(cache);
}
