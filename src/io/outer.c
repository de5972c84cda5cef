// SPDX-License-Identifier: GPL-2.0
#include "io/outer.h"

#include <linux/percpu.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/tcp.h>

/* Link, IPv6 and UDP headers; whoever needs more pays for a copy of the head. */
#define OUTER_HEADROOM	(LL_MAX_HEADER + sizeof(struct ipv6hdr) + \
			 sizeof(struct udphdr))
/* UDP and IPv4 carry the length of the whole in 16 bits. */
#define OUTER_MAX_LEN	(65535 - sizeof(struct udphdr) - sizeof(struct ipv6hdr))

struct outer_cb {
	u8 ds;
};

static struct outer_cb *outer_cb(const struct sk_buff *skb)
{
	return (struct outer_cb *)skb->cb;
}

u8 wg_outer_ds(const struct sk_buff *skb)
{
	return outer_cb(skb)->ds;
}

void wg_outer_start(struct wg_outer *outer, unsigned int max)
{
	memset(outer, 0, sizeof(*outer));
	outer->max = max;
	wg_pages_start(&outer->pages);
}

static bool has_room(const struct wg_outer *outer, unsigned int len, u8 ds)
{
	const struct sk_buff *skb = outer->last;

	return skb && !outer->closed && outer->ds == ds && len <= outer->step &&
	       skb_shinfo(skb)->gso_segs < outer->max &&
	       skb->len + len <= OUTER_MAX_LEN;
}

static struct sk_buff *begin(struct wg_outer *outer, unsigned int len, u8 ds,
			     unsigned int linear_len)
{
	struct sk_buff *skb = alloc_skb(OUTER_HEADROOM + linear_len,
					GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return NULL;
	skb_reserve(skb, OUTER_HEADROOM);
	skb_reset_network_header(skb);	/* for the length accounting */
	skb_shinfo(skb)->gso_size = len;
	outer_cb(skb)->ds = ds;
	if (outer->last)
		outer->last->next = skb;
	else
		outer->first = skb;
	outer->last = skb;
	outer->step = len;
	outer->ds = ds;
	outer->closed = false;
	return skb;
}

/* Put @len bytes of @page into @skb; false: it has no fragment left. */
static bool add_fragment(struct sk_buff *skb, struct page *page, unsigned int at,
		      unsigned int len)
{
	int i = skb_shinfo(skb)->nr_frags;

	if (skb_can_coalesce(skb, i, page, at)) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[i - 1], len);
	} else {
		if (i >= MAX_SKB_FRAGS)
			return false;
		get_page(page);
		skb_fill_page_desc(skb, i, page, at, len);
	}
	skb->len += len;
	skb->data_len += len;
	skb->truesize += len;
	if (skb->sk)	/* adopted: the socket pays for this, too */
		refcount_add(len, &skb->sk->sk_wmem_alloc);
	return true;
}

static u8 *room_in_pages(struct wg_outer *outer, unsigned int len, u8 ds)
{
	unsigned int at;
	struct page *page = wg_pages_take(&outer->pages, len, &at);
	struct sk_buff *skb = outer->last;

	if (!page)
		return NULL;
	if (!has_room(outer, len, ds) || !add_fragment(skb, page, at, len)) {
		skb = begin(outer, len, ds, 0);
		if (!skb)
			return NULL;
		add_fragment(skb, page, at, len);
	}
	skb_shinfo(skb)->gso_segs++;
	outer->closed = len < outer->step;
	return page_address(page) + at;
}

u8 *wg_outer_room(struct wg_outer *outer, unsigned int len, u8 ds, bool alone)
{
	struct sk_buff *skb;

	if (!alone)
		return room_in_pages(outer, len, ds);
	skb = begin(outer, len, ds, len);
	if (!skb)
		return NULL;
	skb_shinfo(skb)->gso_segs = 1;
	return skb_put(skb, len);
}

/* Whether @skb is charged to the send buffer of a socket that transmits. */
static bool pays(const struct sk_buff *skb)
{
	return skb->sk && skb->destructor && sk_fullsock(skb->sk) &&
	       (skb->destructor == sock_wfree ||
		(skb->sk->sk_protocol == IPPROTO_TCP &&
		 skb->sk->sk_type == SOCK_STREAM &&
		 skb->destructor != sock_rfree &&
		 skb->destructor != sock_efree &&
		 skb->destructor != sock_edemux &&
		 skb->destructor != sock_pfree));
}

/* Hand the charge over; @outer may cost more or less than @inner did. */
static void move_charge(struct sk_buff *outer, struct sk_buff *inner)
{
	int more = outer->truesize - inner->truesize;

	if (more > 0)
		refcount_add(more, &inner->sk->sk_wmem_alloc);
	else if (more < 0)
		WARN_ON_ONCE(refcount_sub_and_test(-more,
						   &inner->sk->sk_wmem_alloc));
	outer->sk = inner->sk;
	outer->destructor = inner->destructor;
	inner->sk = NULL;
	inner->destructor = NULL;
}

void wg_outer_adopt(struct wg_outer *outer, struct sk_buff *inner)
{
	struct sk_buff *skb = outer->last;

	if (!skb->hash)
		__skb_set_hash(skb, skb_get_hash(inner), inner->sw_hash,
			       inner->l4_hash);
	if (skb->sk || !pays(inner))
		return;
	skb->tstamp = inner->tstamp;
	wg_copy_tstamp_type(skb, inner);
	move_charge(skb, inner);
}

struct sk_buff *wg_outer_finish(struct wg_outer *outer)
{
	struct sk_buff *skb;

	wg_pages_finish(&outer->pages);
	for (skb = outer->first; skb; skb = skb->next) {
		if (skb_shinfo(skb)->gso_segs > 1) {
			skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
			continue;
		}
		skb_shinfo(skb)->gso_segs = 0;
		skb_shinfo(skb)->gso_size = 0;
	}
	return outer->first;
}
