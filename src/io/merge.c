// SPDX-License-Identifier: GPL-2.0
#include "io/merge.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/mm.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/tcp.h>

/* A packet of up to this length is copied whole; pages are for payload. */
#define COPY_LEN	256
/* Of longer ones that are no TCP: enough for the headers the stack looks at. */
#define HEAD_LEN	96
/* 16-bit length fields bound the run. */
#define RUN_MAX_LEN	65535
#define RUN_MAX_SEGS	64

/* A TCP segment with payload that may be part of a run. */
struct segment {
	u8 *ip;
	struct tcphdr *tcp;
	unsigned int head_len;
	unsigned int payload_len;
	enum inner_kind kind;
};

void wg_merge_start(struct wg_merge *merge, struct net_device *dev,
		    struct sk_buff_head *out)
{
	memset(merge, 0, sizeof(*merge));
	merge->dev = dev;
	merge->out = out;
	merge->join = dev->features & NETIF_F_GRO;
}

/* Length of an IP header that runs may have: no options, no fragment. */
static unsigned int plain_ip_len(const u8 *ip, enum inner_kind kind)
{
	const struct ipv6hdr *v6 = (const struct ipv6hdr *)ip;
	const struct iphdr *v4 = (const struct iphdr *)ip;

	if (kind == INNER_V6)
		return v6->nexthdr == IPPROTO_TCP ? sizeof(*v6) : 0;
	return v4->ihl == 5 && v4->protocol == IPPROTO_TCP &&
	       !ip_is_fragment(v4) ? sizeof(*v4) : 0;
}

/* Whether the packet is a TCP segment with nothing but data, ACK and PSH. */
static bool read_segment(struct segment *seg, u8 *ip, unsigned int len,
			 enum inner_kind kind)
{
	unsigned int ip_len = plain_ip_len(ip, kind);
	__be32 flags;

	if (!ip_len || len < ip_len + sizeof(struct tcphdr))
		return false;
	seg->ip = ip;
	seg->kind = kind;
	seg->tcp = (struct tcphdr *)(ip + ip_len);
	seg->head_len = ip_len + seg->tcp->doff * 4;
	if (seg->tcp->doff < 5 || len <= seg->head_len)
		return false;
	seg->payload_len = len - seg->head_len;
	flags = tcp_flag_word(seg->tcp) & (TCP_FLAG_URG | TCP_FLAG_RST |
					   TCP_FLAG_SYN | TCP_FLAG_FIN |
					   TCP_FLAG_CWR | TCP_FLAG_ACK);
	return flags == TCP_FLAG_ACK;
}

static bool same_ip(const struct wg_merge *merge, const struct segment *seg)
{
	const struct iphdr *v4 = (const struct iphdr *)seg->ip;
	const u8 *first = merge->skb->data;
	const struct iphdr *f4 = (const struct iphdr *)first;

	if (seg->kind == INNER_V6)	/* all but the length */
		return !memcmp(first, seg->ip, 4) &&
		       !memcmp(first + 6, seg->ip + 6, sizeof(struct ipv6hdr) - 6);
	return f4->version == 4 && f4->ihl == v4->ihl && f4->tos == v4->tos &&
	       f4->ttl == v4->ttl && f4->protocol == v4->protocol &&
	       f4->frag_off == v4->frag_off && f4->saddr == v4->saddr &&
	       f4->daddr == v4->daddr;
}

/* Identification must count up, or stand still where it has no meaning (DF). */
static bool id_follows(struct wg_merge *merge, const struct segment *seg)
{
	const struct iphdr *v4 = (const struct iphdr *)seg->ip;
	u16 id = ntohs(v4->id);

	if (seg->kind == INNER_V6)
		return true;
	if (skb_shinfo(merge->skb)->gso_segs == 1)
		merge->fixed_id = (v4->frag_off & htons(IP_DF)) &&
				  id == (u16)(merge->next_id - 1);
	if (merge->fixed_id)
		return id == (u16)(merge->next_id - 1);
	return id == merge->next_id;
}

static bool same_tcp(const struct wg_merge *merge, const struct segment *seg)
{
	unsigned int tcp_at = (u8 *)seg->tcp - seg->ip;
	const struct tcphdr *first =
		(const struct tcphdr *)(merge->skb->data + tcp_at);
	const __be32 mutable = TCP_FLAG_PSH;

	return first->source == seg->tcp->source &&
	       first->dest == seg->tcp->dest &&
	       first->ack_seq == seg->tcp->ack_seq &&
	       !((tcp_flag_word(first) ^ tcp_flag_word(seg->tcp)) &
		 ~(mutable | htonl(0xffff))) &&
	       first->window == seg->tcp->window &&
	       !memcmp(first + 1, seg->tcp + 1,
		       seg->head_len - tcp_at - sizeof(*first));
}

static bool continues(struct wg_merge *merge, const struct segment *seg)
{
	const struct sk_buff *skb = merge->skb;

	return skb && !merge->closed && merge->head_len == seg->head_len &&
	       ntohl(seg->tcp->seq) == merge->next_seq &&
	       seg->payload_len <= merge->step &&
	       skb->len + seg->payload_len <= RUN_MAX_LEN &&
	       skb_shinfo(skb)->gso_segs < RUN_MAX_SEGS &&
	       same_ip(merge, seg) && same_tcp(merge, seg) &&
	       id_follows(merge, seg);
}

static void add_frag(struct sk_buff *skb, struct page *page, unsigned int at,
		     unsigned int len)
{
	get_page(page);
	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, at, len, len);
}

/*
 * Payload behind the run's last byte: moved next to it where that is in the
 * same page (a copy in cache is cheaper than a fragment at the receiver).
 */
static bool add_payload(struct wg_merge *merge, const struct wg_plain *plain,
			const struct segment *seg)
{
	unsigned int at = plain->at + seg->head_len;
	unsigned int len = seg->payload_len;
	struct sk_buff *skb = merge->skb;
	u8 *base = page_address(plain->page);

	if (merge->page == plain->page && merge->end <= at) {
		memmove(base + merge->end, base + at, len);
		skb_coalesce_rx_frag(skb, skb_shinfo(skb)->nr_frags - 1, len,
				     len);
		merge->end += len;
		return true;
	}
	if (skb_shinfo(skb)->nr_frags >= MAX_SKB_FRAGS)
		return false;
	add_frag(skb, plain->page, at, len);
	merge->page = plain->page;
	merge->end = at + len;
	return true;
}

static void note_segment(struct wg_merge *merge, const struct segment *seg)
{
	struct tcphdr *first = (struct tcphdr *)
		(merge->skb->data + ((u8 *)seg->tcp - seg->ip));

	skb_shinfo(merge->skb)->gso_segs++;
	merge->next_seq += seg->payload_len;
	if (!merge->fixed_id)
		merge->next_id++;
	first->psh |= seg->tcp->psh;
	merge->closed = seg->payload_len < merge->step || seg->tcp->psh;
}

static struct sk_buff *new_skb(struct wg_merge *merge, const u8 *head,
			       unsigned int head_len, enum inner_kind kind)
{
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + head_len,
					GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	skb_put_data(skb, head, head_len);
	skb->dev = merge->dev;
	skb->protocol = htons(kind == INNER_V4 ? ETH_P_IP : ETH_P_IPV6);
	skb->ip_summed = CHECKSUM_UNNECESSARY;	/* authenticated */
	skb->csum_level = ~0;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	return skb;
}

static bool begin_run(struct wg_merge *merge, const struct wg_plain *plain,
		      const struct segment *seg)
{
	struct sk_buff *skb = new_skb(merge, seg->ip, seg->head_len, seg->kind);

	if (!skb)
		return false;
	merge->skb = skb;
	merge->page = NULL;
	merge->head_len = seg->head_len;
	merge->step = seg->payload_len;
	merge->next_seq = ntohl(seg->tcp->seq);
	merge->next_id = ntohs(((const struct iphdr *)seg->ip)->id);
	merge->fixed_id = false;
	add_payload(merge, plain, seg);
	note_segment(merge, seg);
	return true;
}

static void finish_v4(const struct wg_merge *merge, struct sk_buff *skb)
{
	struct iphdr *ip = (struct iphdr *)skb->data;
	struct tcphdr *tcp = (struct tcphdr *)(ip + 1);

	ip->tot_len = htons(skb->len);
	ip->check = 0;
	ip->check = ip_fast_csum(ip, ip->ihl);
	tcp->check = ~tcp_v4_check(skb->len - sizeof(*ip), ip->saddr, ip->daddr,
				   0);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4 |
		(merge->fixed_id ? SKB_GSO_TCP_FIXEDID : 0);
	skb->csum_start = (u8 *)tcp - skb->head;
}

static void finish_v6(struct sk_buff *skb)
{
	struct ipv6hdr *ip = (struct ipv6hdr *)skb->data;
	struct tcphdr *tcp = (struct tcphdr *)(ip + 1);
	unsigned int len = skb->len - sizeof(*ip);

	ip->payload_len = htons(len);
	tcp->check = ~csum_ipv6_magic(&ip->saddr, &ip->daddr, len, IPPROTO_TCP,
				      0);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
	skb->csum_start = (u8 *)tcp - skb->head;
}

void wg_merge_finish(struct wg_merge *merge)
{
	struct sk_buff *skb = merge->skb;

	if (!skb)
		return;
	merge->skb = NULL;
	if (skb_shinfo(skb)->gso_segs > 1) {
		skb_shinfo(skb)->gso_size = merge->step;
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_offset = offsetof(struct tcphdr, check);
		if (skb->protocol == htons(ETH_P_IP))
			finish_v4(merge, skb);
		else
			finish_v6(skb);
	} else {
		skb_shinfo(skb)->gso_segs = 0;
	}
	__skb_queue_tail(merge->out, skb);
}

static bool add_lone(struct wg_merge *merge, const struct wg_plain *plain,
		     enum inner_kind kind)
{
	unsigned int head_len = plain->len <= COPY_LEN ? plain->len : HEAD_LEN;
	struct sk_buff *skb = new_skb(merge, page_address(plain->page) +
				      plain->at, head_len, kind);

	if (!skb)
		return false;
	if (plain->len > head_len)
		add_frag(skb, plain->page, plain->at + head_len,
			 plain->len - head_len);
	__skb_queue_tail(merge->out, skb);
	return true;
}

bool wg_merge_add(struct wg_merge *merge, const struct wg_plain *plain,
		  enum inner_kind kind)
{
	struct segment seg;

	if (!merge->join ||
	    !read_segment(&seg, page_address(plain->page) + plain->at,
			  plain->len, kind)) {
		wg_merge_finish(merge);
		return add_lone(merge, plain, kind);
	}
	if (continues(merge, &seg) && add_payload(merge, plain, &seg)) {
		note_segment(merge, &seg);
		return true;
	}
	wg_merge_finish(merge);
	return begin_run(merge, plain, &seg);
}
