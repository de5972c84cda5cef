// SPDX-License-Identifier: GPL-2.0
/*
 * Listens on a link and prints one line for each UDP datagram:
 *
 *	out 1 10.0.0.1 51820 10.0.0.2 51820 len 148 tos 88 ttl 64 df 0 x HEX
 *
 * `out` or `in` as seen from this link's owner, the message type (the first
 * byte, if three zero bytes follow; `-` if not), source, destination, length
 * of the payload. Ready when the line `ready` is out.
 *
 *	wgtap DEV [-a]	 -a: ip packets in clear, for a link without tunnel
 *
 * On a link with IP packets other than UDP, only `-a` prints them (as `ip`,
 * protocol, source, destination, length, tos, ttl).
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* One packet, both families alike. */
struct packet {
	int family, proto, tos, ttl, df;
	const void *src, *dst;
	const uint8_t *body;
	int len;
};

static bool packet_read4(struct packet *p, const uint8_t *data, int len)
{
	const struct iphdr *ip = (const void *)data;
	int head = ip->ihl * 4;

	if (len < 20 || len < head || ntohs(ip->tot_len) > len)
		return false;
	if (ntohs(ip->frag_off) & 0x1fff)
		return false;
	*p = (struct packet){ AF_INET, ip->protocol, ip->tos, ip->ttl,
			      !!(ntohs(ip->frag_off) & 0x4000), &ip->saddr,
			      &ip->daddr, data + head,
			      ntohs(ip->tot_len) - head };
	return true;
}

static bool packet_read6(struct packet *p, const uint8_t *data, int len)
{
	const struct ip6_hdr *ip = (const void *)data;

	if (len < 40 || ntohs(ip->ip6_plen) + 40 > len)
		return false;
	*p = (struct packet){ AF_INET6, ip->ip6_nxt,
			      ntohl(ip->ip6_flow) >> 20 & 0xff, ip->ip6_hlim, 0,
			      &ip->ip6_src, &ip->ip6_dst, data + 40,
			      ntohs(ip->ip6_plen) };
	return true;
}

static void print_udp(const struct packet *p, const char *way)
{
	const struct udphdr *udp = (const void *)p->body;
	const uint8_t *data = p->body + 8;
	char src[64], dst[64], type[8] = "-";
	int len = ntohs(udp->len) - 8;

	if (p->len < 8)
		return;
	if (len > p->len - 8)
		len = p->len - 8;	/* first fragment */
	if (len >= 4 && !data[1] && !data[2] && !data[3])
		snprintf(type, sizeof(type), "%u", data[0]);
	printf("%s %s %s %u %s %u len %d tos %02x ttl %d df %d x ", way, type,
	       inet_ntop(p->family, p->src, src, sizeof(src)),
	       ntohs(udp->source),
	       inet_ntop(p->family, p->dst, dst, sizeof(dst)),
	       ntohs(udp->dest), len, p->tos, p->ttl, p->df);
	for (int i = 0; i < len; i++)
		printf("%02x", data[i]);
	printf("\n");
}

static void print_ip(const struct packet *p, const char *way)
{
	char src[64], dst[64];

	printf("%s ip %d %s %s len %d tos %02x ttl %d\n", way, p->proto,
	       inet_ntop(p->family, p->src, src, sizeof(src)),
	       inet_ntop(p->family, p->dst, dst, sizeof(dst)), p->len, p->tos,
	       p->ttl);
}

int main(int argc, char **argv)
{
	static uint8_t data[1 << 17];
	struct sockaddr_ll link = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(ETH_P_ALL) };
	bool all = argc > 2 && !strcmp(argv[2], "-a");
	int big = 1 << 24, fd;

	setvbuf(stdout, NULL, _IOLBF, 1 << 18);
	fd = socket(AF_PACKET, SOCK_DGRAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big));
	link.sll_ifindex = argc > 1 ? if_nametoindex(argv[1]) : 0;
	if (!link.sll_ifindex || bind(fd, (void *)&link, sizeof(link)) < 0) {
		perror("wgtap");
		return 2;
	}
	printf("ready\n");
	for (;;) {
		socklen_t from_len = sizeof(link);
		int len = recvfrom(fd, data, sizeof(data), 0, (void *)&link,
				   &from_len);
		const char *way = link.sll_pkttype == PACKET_OUTGOING ? "out" :
									"in";
		struct packet p;

		if (len < 0)
			return 1;
		if (!(link.sll_protocol == htons(ETH_P_IP) ?
		      packet_read4(&p, data, len) :
		      link.sll_protocol == htons(ETH_P_IPV6) ?
		      packet_read6(&p, data, len) : false))
			continue;
		if (all)
			print_ip(&p, way);
		else if (p.proto == IPPROTO_UDP)
			print_udp(&p, way);
	}
}
