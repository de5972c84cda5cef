// SPDX-License-Identifier: GPL-2.0
#include "io/cut.h"

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/gso.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include "io/span.h"

/* Types that wg_cut_write() knows how to number. */
#define CUT_TCP		(SKB_GSO_TCPV4 | SKB_GSO_TCPV6)
#define CUT_TYPES	(CUT_TCP | SKB_GSO_UDP_L4 | SKB_GSO_TCP_ECN | \
			 SKB_GSO_TCP_FIXEDID)

/* The hop-by-hop header with the jumbo option [RFC 2675 2]. */
#define JUMBO_LEN	8

/* Before Linux 7, IPv6 beyond 64 KiB: an option that no segment may have. */
static bool is_jumbogram(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip = ipv6_hdr(skb);

	return ip->version == 6 && !ip->payload_len &&
	       ip->nexthdr == NEXTHDR_HOP;
}

/*
 * Take that option out. What skb_gso_segment() of Linux 6 does about it moves a
 * link header along; a tunnel has none, and the TCP header was spoilt [C19].
 */
static bool strip_jumbo(struct sk_buff *skb)
{
	const unsigned int ip_len = sizeof(struct ipv6hdr);
	u8 next, hop_len, option;

	if (!pskb_may_pull(skb, ip_len + JUMBO_LEN))
		return false;
	next = skb->data[ip_len];
	hop_len = skb->data[ip_len + 1];
	option = skb->data[ip_len + 2];
	/* Anything else is none of the kernel's: not ours to take out. */
	if (hop_len || option != IPV6_TLV_JUMBO || skb_cow_head(skb, 0))
		return false;
	memmove(skb->data + JUMBO_LEN, skb->data, ip_len);
	__skb_pull(skb, JUMBO_LEN);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	ipv6_hdr(skb)->nexthdr = next;
	return true;
}

static bool can_cut(const struct sk_buff *skb)
{
	unsigned int type = skb_shinfo(skb)->gso_type;

	return !(type & ~CUT_TYPES) && (type & (CUT_TCP | SKB_GSO_UDP_L4)) &&
	       skb->ip_summed == CHECKSUM_PARTIAL && !skb->encapsulation &&
	       skb_transport_header_was_set(skb) &&
	       skb_checksum_start_offset(skb) == skb_transport_offset(skb);
}

static bool is_tcp(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_type & CUT_TCP;
}

/*
 * Whether the transport header is where the IP header ends, for what sum_heads()
 * takes for granted: who may send raw GSO packets may put it elsewhere.
 */
static bool is_after_ip(const struct sk_buff *skb)
{
	const struct iphdr *v4 = (const struct iphdr *)skb->data;
	int transport = skb_transport_offset(skb);

	return v4->version == 4 ? transport == v4->ihl * 4 :
				  transport >= (int)sizeof(struct ipv6hdr) &&
				  transport % 8 == 0;
}

/* IP and transport headers, readable in the linear part; 0: malformed. */
static unsigned int pull_heads(struct sk_buff *skb)
{
	unsigned int transport = skb_transport_offset(skb);
	unsigned int len;

	if (!pskb_may_pull(skb, transport + (is_tcp(skb) ?
					     sizeof(struct tcphdr) :
					     sizeof(struct udphdr))) ||
	    !is_after_ip(skb))
		return 0;
	len = transport + (is_tcp(skb) ? tcp_hdrlen(skb) : sizeof(struct udphdr));
	return pskb_may_pull(skb, len) ? len : 0;
}

unsigned int wg_cut_count(struct sk_buff *skb)
{
	unsigned int head_len;

	if (!skb_is_gso(skb))
		return 1;
	if (is_jumbogram(skb) && !strip_jumbo(skb))
		return 0;
	if (!can_cut(skb))
		return 0;
	head_len = pull_heads(skb);
	if (!head_len || skb->len <= head_len)
		return 0;
	return DIV_ROUND_UP(skb->len - head_len, skb_shinfo(skb)->gso_size);
}

struct sk_buff *wg_cut_by_stack(struct sk_buff *skb)
{
	struct sk_buff *list = skb_gso_segment(skb, 0);

	if (IS_ERR_OR_NULL(list)) {
		kfree_skb(skb);
		return NULL;
	}
	consume_skb(skb);
	return list;
}

static __wsum less(__wsum sum, __be16 word)
{
	return csum_sub(sum, (__force __wsum)word);
}

static __wsum more(__wsum sum, __be16 word)
{
	return csum_add(sum, (__force __wsum)word);
}

static void sum_v4(struct wg_cut *cut, u8 proto)
{
	const struct iphdr *ip = (const struct iphdr *)cut->skb->data;

	cut->ip_sum = less(csum_partial(ip, ip->ihl * 4, 0), ip->tot_len);
	cut->ip_sum = less(cut->ip_sum, ip->id);
	cut->ip_sum = less(cut->ip_sum, (__force __be16)ip->check);
	/* A complete IP header sums to nothing. */
	cut->check_sum = csum_tcpudp_nofold(ip->saddr, ip->daddr, 0, proto, 0);
}

static void sum_v6(struct wg_cut *cut, u8 proto)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)cut->skb->data;
	__wsum before = less(csum_partial(ip, cut->transport, 0),
			     ip->payload_len);

	cut->check_sum = csum_unfold(~csum_ipv6_magic(&ip->saddr, &ip->daddr,
						      0, proto, 0));
	cut->check_sum = csum_sub(cut->check_sum, before);
}

/*
 * What the headers of all packets have in common, summed up once: what was just
 * written to memory that is in no cache yet is not to be read again.
 */
static void sum_heads(struct wg_cut *cut)
{
	u8 proto = is_tcp(cut->skb) ? IPPROTO_TCP : IPPROTO_UDP;

	if (((const struct iphdr *)cut->skb->data)->version == 4)
		sum_v4(cut, proto);
	else
		sum_v6(cut, proto);
}

void wg_cut_start(struct wg_cut *cut, const struct sk_buff *skb)
{
	memset(cut, 0, sizeof(*cut));
	cut->skb = skb;
	if (!skb_is_gso(skb))
		return;
	cut->transport = skb_transport_offset(skb);
	cut->head_len = cut->transport + (is_tcp(skb) ? tcp_hdrlen(skb) :
					  sizeof(struct udphdr));
	cut->step = skb_shinfo(skb)->gso_size;
	cut->at = cut->head_len;
	sum_heads(cut);
}

static unsigned int payload_len(const struct wg_cut *cut)
{
	return min(cut->skb->len - cut->at, cut->step);
}

unsigned int wg_cut_len(const struct wg_cut *cut)
{
	if (cut->at >= cut->skb->len)
		return 0;
	return cut->head_len ? cut->head_len + payload_len(cut) : cut->skb->len;
}

/*
 * Of the packet of @len bytes in @msg, those from @from on are payload, which
 * lies at @at of the skb: leave there what can be sealed from there, and copy
 * the ends. False: it is scattered, or others may still write to it.
 */
static bool leave(const struct wg_cut *cut, struct aead_msg *msg,
		  unsigned int from, unsigned int len)
{
	const u8 *data = wg_span(cut->skb, cut->at, len - from);
	unsigned int head = ALIGN(from, AEAD_STEP), end = len;

	if (msg->len > len)
		end = ALIGN_DOWN(len, AEAD_STEP);
	if (!data || head >= end)
		return false;
	msg->src = data - from;
	msg->head = head;
	msg->tail = msg->len - end;
	memcpy(msg->dst + from, data, head - from);
	memcpy(msg->dst + end, msg->src + end, len - end);
	return true;
}

/* A packet that is no GSO packet: at most its checksum is missing. */
static void write_plain(struct wg_cut *cut, struct aead_msg *msg)
{
	const struct sk_buff *skb = cut->skb;
	u8 *to = msg->dst;
	__sum16 *sum;

	if (skb->ip_summed != CHECKSUM_PARTIAL) {
		if (leave(cut, msg, 0, skb->len))
			return;
		skb_copy_bits(skb, 0, to, skb->len);
		return;
	}
	skb_copy_and_csum_dev(skb, to);
	sum = (__sum16 *)(to + skb_checksum_start_offset(skb) + skb->csum_offset);
	if (!*sum)
		*sum = CSUM_MANGLED_0;	/* for UDP zero says "none" */
}

/*
 * Headers of the packet at @to are those of the first; make them its own. All of
 * it will be summed when it is sealed: what the sum is to begin with.
 */
static __wsum number_v4(const struct wg_cut *cut, u8 *to, unsigned int len)
{
	struct iphdr *ip = (struct iphdr *)to;
	__be16 id = ip->id, all = htons(len);

	if (!(skb_shinfo(cut->skb)->gso_type & SKB_GSO_TCP_FIXEDID))
		id = htons(ntohs(id) + cut->i);
	ip->tot_len = all;
	ip->id = id;
	ip->check = csum_fold(more(more(cut->ip_sum, all), id));
	return more(cut->check_sum, htons(len - cut->transport));
}

static __wsum number_v6(const struct wg_cut *cut, u8 *to, unsigned int len)
{
	struct ipv6hdr *ip = (struct ipv6hdr *)to;
	__be16 payload = htons(len - sizeof(*ip));

	ip->payload_len = payload;
	return less(more(cut->check_sum, htons(len - cut->transport)), payload);
}

static void number_tcp(const struct wg_cut *cut, struct tcphdr *tcp, bool last)
{
	tcp->seq = htonl(ntohl(tcp->seq) + cut->at - cut->head_len);
	if (cut->i)
		tcp->cwr = 0;
	if (!last) {
		tcp->fin = 0;
		tcp->psh = 0;
	}
}

/* Have @check, which is in the text of @msg, written when it is sealed. */
static void want_check(struct aead_msg *msg, __sum16 *check, __wsum sum)
{
	*check = 0;
	msg->check = (u8 *)check - msg->dst;
	msg->sum = (__force u16)~csum_fold(sum);
}

static void write_heads(struct wg_cut *cut, struct aead_msg *msg,
			unsigned int len)
{
	bool last = cut->at + len - cut->head_len == cut->skb->len;
	struct tcphdr *tcp = (struct tcphdr *)(msg->dst + cut->transport);
	struct udphdr *udp = (struct udphdr *)tcp;
	__wsum sum;

	if (((struct iphdr *)msg->dst)->version == 4)
		sum = number_v4(cut, msg->dst, len);
	else
		sum = number_v6(cut, msg->dst, len);
	if (is_tcp(cut->skb)) {
		number_tcp(cut, tcp, last);
		want_check(msg, &tcp->check, sum);
	} else {
		udp->len = htons(len - cut->transport);
		want_check(msg, &udp->check, sum);
	}
}

static void write_segment(struct wg_cut *cut, struct aead_msg *msg)
{
	unsigned int len = payload_len(cut), all = cut->head_len + len;

	if (!leave(cut, msg, cut->head_len, all))
		skb_copy_bits(cut->skb, cut->at, msg->dst + cut->head_len, len);
	memcpy(msg->dst, cut->skb->data, cut->head_len);
	write_heads(cut, msg, all);
}

void wg_cut_write(struct wg_cut *cut, struct aead_msg *msg)
{
	unsigned int len = wg_cut_len(cut);

	msg->src = msg->dst;
	if (msg->len > len)
		memset(msg->dst + len, 0, msg->len - len);
	if (cut->head_len)
		write_segment(cut, msg);
	else
		write_plain(cut, msg);
	cut->at += len - cut->head_len;
	cut->i++;
}
