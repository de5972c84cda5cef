// SPDX-License-Identifier: GPL-2.0
/*
 * From the wire to the stack, in the order in which a datagram meets it:
 *
 *   collect	datagrams -> batches, one session each
 *   open	ciphertext -> plaintext in pages of our own, on any CPU
 *   admit	replay window, confirmation, roaming, in order
 *   deliver	inner source check, super-packets, stack
 *
 * When outer packets come here, and how many together, is up to arrive.c.
 */
#include "flow/rx.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include "flow/batch.h"
#include "flow/crew.h"
#include "io/merge.h"
#include "io/pages.h"
#include "io/span.h"
#include "proto/inner.h"
#include "proto/wire.h"

struct rx_packet {
	struct sk_buff *skb;		/* one reference for its first packet */
	unsigned int at;		/* of the data message in it */
	unsigned int len;		/* of the data message */
	u64 nonce;
	struct wg_plain plain;		/* once opened; with the tag behind */
};

struct rx_batch {
	struct wg_batch base;
	u64 alive;			/* packets that are still good */
	struct wg_endpoint from;
	u8 ds;				/* of the outer packets */
	unsigned int page_n;
	/* The rest is filled as far as it is used. */
	struct page *page[WG_BATCH_MAX];	/* one reference each */
	struct rx_packet packet[WG_BATCH_MAX];
	struct aead_msg msg[WG_BATCH_MAX];	/* while it is opened */
};

static struct kmem_cache *cache;

static struct wg_peer *peer_of(const struct rx_batch *batch)
{
	return batch->base.session->peer;
}

static bool is_alive(const struct rx_batch *batch, unsigned int i)
{
	return batch->alive & BIT_ULL(i);
}

/* A packet of the batch is not delivered. */
static void lose(struct rx_batch *batch, unsigned int i, enum wg_drop why)
{
	batch->alive &= ~BIT_ULL(i);
	wg_drop(peer_of(batch)->device, why);
}

/* ---- deliver ---------------------------------------------------------- */

static void free_batch(struct rx_batch *batch)
{
	struct wg_session *session = batch->base.session;
	unsigned int i;

	for (i = 0; i < batch->page_n; i++)
		put_page(batch->page[i]);
	/* The session last: with it may go the module [A15]. */
	kmem_cache_free(cache, batch);
	wg_session_put(session);
}

static u8 *plain_data(const struct rx_packet *packet)
{
	return page_address(packet->plain.page) + packet->plain.at;
}

static void set_ds(u8 *ip, enum inner_kind kind, u8 ds)
{
	if (kind == INNER_V4)
		ipv4_change_dsfield((struct iphdr *)ip, 0, ds);
	else
		ipv6_change_dsfield((struct ipv6hdr *)ip, 0, ds);
}

/* Whether the inner source is one that the peer may use [WP 2]. */
static bool source_allowed(struct wg_peer *peer, const struct inner_view *view)
{
	return wg_peer_route(peer->device, view->bits, view->src) == peer;
}

/* What is wrong with an opened packet; WG_DROPS: nothing, and *@view is it. */
static enum wg_drop inspect(struct rx_batch *batch, struct rx_packet *packet,
			    struct inner_view *view)
{
	struct net_device *dev = peer_of(batch)->device->dev;
	u8 *data = plain_data(packet);
	u8 version = data[0] >> 4;
	u8 ds;

	if (!inner_read(view, data, packet->plain.len, packet->plain.len)) {
		if (version != 4 && version != 6) {
			DEV_STATS_INC(dev, rx_frame_errors);
			return WG_DROP_RX_NOT_IP;
		}
		DEV_STATS_INC(dev, rx_length_errors);
		return WG_DROP_RX_LENGTH;
	}
	if (!source_allowed(peer_of(batch), view)) {
		DEV_STATS_INC(dev, rx_frame_errors);
		return WG_DROP_RX_SOURCE;
	}
	packet->plain.len = view->len;
	ds = inner_ecn_in(view->ds, batch->ds);
	if (ds != view->ds)
		set_ds(data, view->kind, ds);
	return WG_DROPS;
}

static void deliver_one(struct rx_batch *batch, unsigned int i,
			struct wg_merge *merge)
{
	struct rx_packet *packet = &batch->packet[i];
	struct net_device *dev = peer_of(batch)->device->dev;
	struct inner_view view;
	enum wg_drop why;

	if (!packet->plain.len)
		return;		/* a keepalive has done its work by now */
	why = inspect(batch, packet, &view);
	if (why != WG_DROPS) {
		DEV_STATS_INC(dev, rx_errors);
		lose(batch, i, why);
		return;
	}
	if (!wg_merge_add(merge, &packet->plain, view.kind)) {
		DEV_STATS_INC(dev, rx_dropped);
		lose(batch, i, WG_DROP_RX_MEMORY);
	}
}

/* What is still alive has been received. */
static void count(const struct rx_batch *batch)
{
	struct wg_peer *peer = peer_of(batch);
	unsigned int i, n = 0, bytes = 0;

	for (i = 0; i < batch->base.n; i++) {
		if (!is_alive(batch, i))
			continue;
		n++;
		bytes += batch->packet[i].len;
	}
	wg_peer_count_rx(peer, n, bytes);
	wg_pace_answer(&this_cpu_ptr(peer->device->paces)->out, bytes);
}

static void hand_over(struct sk_buff_head *skbs)
{
	struct sk_buff *skb;
	LIST_HEAD(list);

	while ((skb = __skb_dequeue(skbs)))
		list_add_tail(&skb->list, &list);
	netif_receive_skb_list(&list);
}

static void deliver(struct rx_batch *batch)
{
	struct sk_buff_head skbs;
	struct wg_merge merge;
	unsigned int i;

	__skb_queue_head_init(&skbs);
	wg_merge_start(&merge, peer_of(batch)->device->dev, &skbs);
	for (i = 0; i < batch->base.n; i++)
		if (is_alive(batch, i))
			deliver_one(batch, i, &merge);
	wg_merge_finish(&merge);
	count(batch);
	free_batch(batch);
	hand_over(&skbs);
}

/* ---- admit ------------------------------------------------------------ */

static void check_replay(struct rx_batch *batch)
{
	struct wg_session *session = batch->base.session;
	unsigned int i;

	spin_lock_bh(&session->replay_lock);
	for (i = 0; i < batch->base.n; i++)
		if (is_alive(batch, i) &&
		    !replay_admit(&session->replay, batch->packet[i].nonce))
			lose(batch, i, WG_DROP_RX_REPLAYED);
	spin_unlock_bh(&session->replay_lock);
}

/* The peer is where its last authentic message came from [WP 2.1]. */
static void roam(struct rx_batch *batch)
{
	struct wg_peer *peer = peer_of(batch);
	struct wg_endpoint ep;

	wg_peer_endpoint(peer, &ep);
	if (!wg_endpoint_same(&ep, &batch->from))
		wg_peer_set_endpoint(peer, &batch->from);
}

/* Whether any packet is more than a keepalive. */
static bool has_data(const struct rx_batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->base.n; i++)
		if (is_alive(batch, i) && batch->packet[i].plain.len)
			return true;
	return false;
}

static void note_received(struct rx_batch *batch, bool data)
{
	struct wg_session *session = batch->base.session;
	struct wg_peer *peer = session->peer;
	u64 now_ns = wg_now_ns();

	if (timers_note_received(&peer->tunnel.timers, now_ns, data))
		wg_peer_arm(peer);
	if (session_stale_on_receive(&session->proto, now_ns)) {
		WRITE_ONCE(session->proto.rekey_asked, true);
		wg_handshake_want(peer, now_ns);
	}
}

static void admit(struct rx_batch *batch)
{
	struct wg_peer *peer = peer_of(batch);

	check_replay(batch);
	if (!batch->alive || READ_ONCE(peer->dead)) {
		free_batch(batch);
		return;
	}
	roam(batch);
	if (wg_keyring_confirm(&peer->ring, batch->base.session)) {
		wg_peer_note_handshake(peer);
		wg_tx_flush(peer);
	}
	note_received(batch, has_data(batch));
	deliver(batch);
}

static void drain(struct wg_batch *base)
{
	struct wg_lane *lane = &base->session->peer->rx;
	struct wg_lane_slot *slot;

	while ((slot = wg_lane_pop(lane)))
		admit(container_of(slot, struct rx_batch, base.slot));
}

/* ---- open ------------------------------------------------------------- */

static void hold_page(struct rx_batch *batch, struct page *page)
{
	if (batch->page_n && batch->page[batch->page_n - 1] == page)
		return;
	get_page(page);
	batch->page[batch->page_n++] = page;
}

/*
 * Memory of our own for the plaintext, and where the ciphertext and tag are: in
 * the skb, or, gathered, where the plaintext will be.
 */
static bool prepare(struct rx_batch *batch, struct wg_pages *pages,
		    struct rx_packet *packet, struct aead_msg *msg)
{
	unsigned int at = packet->at + WIRE_DATA_HEAD_LEN;
	unsigned int len = packet->len - WIRE_DATA_HEAD_LEN;
	struct wg_plain *plain = &packet->plain;

	plain->page = wg_pages_take(pages, len, &plain->at);
	if (!plain->page)
		return false;
	hold_page(batch, plain->page);
	plain->len = len - AEAD_TAG_LEN;
	*msg = (struct aead_msg) {
		.dst = plain_data(packet), .src = wg_span(packet->skb, at, len),
		.len = len, .nonce = packet->nonce,
	};
	if (msg->src)
		return true;
	msg->src = msg->dst;
	return !skb_copy_bits(packet->skb, at, msg->dst, len);
}

/* Outer packets are needed no longer; each is held once. */
static void drop_skbs(struct rx_batch *batch)
{
	struct sk_buff *last = NULL;
	unsigned int i;

	for (i = 0; i < batch->base.n; i++) {
		if (batch->packet[i].skb != last)
			consume_skb(batch->packet[i].skb);
		last = batch->packet[i].skb;
	}
}

static void open(struct wg_batch *base)
{
	struct rx_batch *batch = container_of(base, struct rx_batch, base);
	u8 place[WG_BATCH_MAX];	/* of each job's packet in the batch */
	struct aead_msg *msg = batch->msg;
	struct wg_pages pages;
	unsigned int i, n = 0;
	u64 authentic;

	wg_pages_start(&pages);
	for (i = 0; i < base->n; i++) {
		if (prepare(batch, &pages, &batch->packet[i], &msg[n]))
			place[n++] = i;
		else
			wg_drop(peer_of(batch)->device, WG_DROP_RX_MEMORY);
	}
	wg_pages_finish(&pages);
	authentic = aead_open_vec(&base->session->proto.recv_key, msg, n);
	drop_skbs(batch);
	for (i = 0; i < n; i++)
		if (authentic & BIT_ULL(i))
			batch->alive |= BIT_ULL(place[i]);
	wg_drop_n(peer_of(batch)->device, WG_DROP_RX_FORGED,
		  n - hweight64(authentic));
	wg_crew_finish(base, &peer_of(batch)->rx, drain);
}

/* ---- collect ---------------------------------------------------------- */

/* All that was collected has its place in a lane. */
static void launched(struct wg_collect *rx)
{
	smp_store_release(&rx->launched, rx->collected);	/* wg_rx_passed() */
}

void wg_rx_launch(struct wg_collect *rx)
{
	struct rx_batch *batch = rx->batch;
	struct wg_peer *peer;
	bool entered;
	int cpu;

	if (!batch) {
		launched(rx);
		return;
	}
	rx->batch = NULL;
	peer = peer_of(batch);
	cpu = wg_crew_pick();
	entered = wg_lane_enter(&peer->rx, &batch->base.slot,
				batch->base.slot.bytes, WG_LANE_LIMIT_BYTES, cpu);
	launched(rx);
	if (entered) {
		wg_crew_run(&batch->base, cpu);
		return;
	}
	wg_drop_n(rx->device, WG_DROP_RX_OVERLOAD, batch->base.n);
	drop_skbs(batch);
	free_batch(batch);
}

static bool begin_batch(struct wg_collect *rx, struct wg_session *session,
			const struct wg_endpoint *from, u8 ds)
{
	struct rx_batch *batch = kmem_cache_alloc(cache,
						  GFP_ATOMIC | __GFP_NOWARN);

	if (!batch)
		return false;
	if (!wg_session_get(session)) {
		kmem_cache_free(cache, batch);
		return false;
	}
	memset(batch, 0, offsetof(struct rx_batch, page));
	batch->base.session = session;
	batch->base.work = open;
	batch->from = *from;
	batch->ds = ds;
	rx->batch = batch;
	return true;
}

static bool fits(const struct rx_batch *batch, const struct wg_session *session,
		 const struct wg_endpoint *from, u8 ds)
{
	return batch && batch->base.session == session &&
	       batch->base.n < WG_BATCH_MAX && batch->ds == ds &&
	       wg_endpoint_same(&batch->from, from);
}

static void add_packet(struct rx_batch *batch, struct sk_buff *skb,
		       unsigned int at, unsigned int len, u64 nonce)
{
	unsigned int n = batch->base.n++;

	if (!n || batch->packet[n - 1].skb != skb)
		skb_get(skb);
	batch->packet[n].skb = skb;
	batch->packet[n].at = at;
	batch->packet[n].len = len;
	batch->packet[n].nonce = nonce;
	batch->base.slot.bytes += len;
}

/* An outer packet on its way through collect. */
struct arrival {
	struct sk_buff *skb;
	struct wg_endpoint from;
	u8 ds;
};

static struct wg_session *session_of(struct wg_collect *rx, u32 id)
{
	if (rx->batch && rx->batch->base.session->proto.local_id == id)
		return rx->batch->base.session;
	return wg_session_find(rx->device, id);
}

static enum wg_drop collect_data(struct wg_collect *rx, const struct arrival *in,
				 unsigned int at, unsigned int len,
				 const struct wire_data *head)
{
	struct wg_session *session = session_of(rx, le32_to_cpu(head->receiver));
	u64 nonce = le64_to_cpu(head->counter);

	if (!session)
		return WG_DROP_RX_UNKNOWN_INDEX;
	if (!session_counter_valid(nonce) ||
	    !session_may_receive(&session->proto, wg_now_ns()))
		return WG_DROP_RX_EXPIRED;
	if (!fits(rx->batch, session, &in->from, in->ds)) {
		wg_rx_launch(rx);
		if (!begin_batch(rx, session, &in->from, in->ds))
			return WG_DROP_RX_MEMORY;
	}
	add_packet(rx->batch, in->skb, at, len, nonce);
	return WG_DROPS;
}

void wg_rx_other(struct wg_device *device, const struct sk_buff *skb,
		 unsigned int at, unsigned int len, enum wire_type type)
{
	if (type == WIRE_BAD)
		wg_drop(device, WG_DROP_RX_MALFORMED);
	else
		wg_handshake_arrived(device, skb, at, len);
}

static void collect_one(struct wg_collect *rx, const struct arrival *in,
			unsigned int at, unsigned int len)
{
	const struct wire_data *head;
	struct wire_data copy;
	enum wire_type type;
	enum wg_drop why;

	head = len < sizeof(copy) ? NULL :
	       skb_header_pointer(in->skb, at, sizeof(copy), &copy);
	type = head ? wire_classify(head->type, len) : WIRE_BAD;
	if (type != WIRE_DATA) {
		wg_rx_other(rx->device, in->skb, at, len, type);
		return;
	}
	why = collect_data(rx, in, at, len, head);
	if (why != WG_DROPS)
		wg_drop(rx->device, why);
}

unsigned int wg_rx_collect(struct wg_collect *rx, struct sk_buff *skb)
{
	unsigned int step = skb_is_gso(skb) ? skb_shinfo(skb)->gso_size : skb->len;
	struct arrival in = { .skb = skb };
	unsigned int at, n = 0;

	if (!wg_endpoint_read(&in.from, skb)) {
		kfree_skb(skb);
		rx->collected++;
		return 1;
	}
	in.ds = in.from.remote.sa.sa_family == AF_INET ? ip_hdr(skb)->tos :
		ipv6_get_dsfield(ipv6_hdr(skb));
	for (at = sizeof(struct udphdr); at < skb->len; at += step, n++)
		collect_one(rx, &in, at, min(step, skb->len - at));
	consume_skb(skb);
	rx->collected++;
	return max(n, 1U);
}

int wg_rx_init(void)
{
	cache = KMEM_CACHE(rx_batch, 0);
	return cache ? 0 : -ENOMEM;
}

void wg_rx_exit(void)
{
	kmem_cache_destroy(cache);
}
