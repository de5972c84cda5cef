// SPDX-License-Identifier: GPL-2.0
/*
 * Checks every IP packet that arrives on a link as a strict receiver would:
 * lengths, and the checksums of IPv4, TCP, UDP, ICMP and ICMPv6, whatever the
 * kernel thinks of them. A packet that the kernel has joined or left a checksum
 * open in cannot be judged: it is counted as unjudged.
 *
 *	inspect DEV		until SIGTERM; ready when the line `ready` is out
 *
 * Says what is wrong with each bad packet, and in the end
 *
 *	judged 1234 bad 0 unjudged 0 missed 0 odd 17
 *
 * where odd is how many of those judged had a transport of odd length.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned long judged, bad, unjudged, odd;
static volatile sig_atomic_t over;

/* The sum of RFC 1071, not folded. */
static uint64_t sum(uint64_t so_far, const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		so_far += i & 1 ? p[i] : p[i] << 8;
	return so_far;
}

static bool sums_up(uint64_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total == 0xffff;
}

/* What is wrong with the transport of @len bytes at @p, or NULL. */
static const char *transport(int proto, uint64_t pseudo, const uint8_t *p,
			     size_t len)
{
	static const uint8_t none[2];
	uint64_t total = sum(pseudo + proto + len, p, len);

	odd += len & 1;
	switch (proto) {
	case IPPROTO_TCP:
		if (len < 20 || p[12] >> 4 < 5 || p[12] / 16 * 4u > len)
			return "TCP header";
		return sums_up(total) ? NULL : "TCP checksum";
	case IPPROTO_UDP:
		if (len < 8 || p[4] * 256u + p[5] != len)
			return "UDP length";
		if (!memcmp(p + 6, none, 2))
			return "UDP checksum missing";
		return sums_up(total) ? NULL : "UDP checksum";
	case IPPROTO_ICMP:
		return sums_up(sum(0, p, len)) ? NULL : "ICMP checksum";
	case IPPROTO_ICMPV6:
		return sums_up(total) ? NULL : "ICMPv6 checksum";
	}
	return "unknown protocol";
}

static const char *inspect4(const uint8_t *p, size_t len)
{
	const struct iphdr *ip = (const void *)p;
	size_t head = ip->ihl * 4;

	if (len < 20 || ip->version != 4 || head < 20 || head > len)
		return "IPv4 header";
	if (ntohs(ip->tot_len) != len)
		return "IPv4 length";
	if (!sums_up(sum(0, p, head)))
		return "IPv4 checksum";
	if (ntohs(ip->frag_off) & 0x3fff)
		return NULL;	/* a fragment has no checksum of its own */
	return transport(ip->protocol, sum(0, p + 12, 8), p + head, len - head);
}

static const char *inspect6(const uint8_t *p, size_t len)
{
	const struct ip6_hdr *ip = (const void *)p;
	size_t at = sizeof(*ip);
	uint8_t next = ip->ip6_nxt;

	if (len < at || p[0] >> 4 != 6)
		return "IPv6 header";
	if (ntohs(ip->ip6_plen) + at != len)
		return "IPv6 length";
	for (; next == IPPROTO_HOPOPTS || next == IPPROTO_DSTOPTS;
	     at += 8 + p[at + 1] * 8) {
		if (at + 8 > len)
			return "IPv6 extension header";
		next = p[at];
	}
	if (next == IPPROTO_FRAGMENT)
		return NULL;
	return transport(next, sum(0, p + 8, 32), p + at, len - at);
}

static void inspect(uint16_t protocol, const uint8_t *p, size_t len)
{
	const char *what;

	if (protocol == ETH_P_IP)
		what = inspect4(p, len);
	else if (protocol == ETH_P_IPV6)
		what = inspect6(p, len);
	else
		return;
	judged++;
	if (!what)
		return;
	bad++;
	printf("bad %s, %zu bytes\n", what, len);
}

/* Whether the kernel says that the checksum is not there yet. */
static bool is_open(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	struct tpacket_auxdata aux;

	if (!c || c->cmsg_type != PACKET_AUXDATA)
		return true;
	memcpy(&aux, CMSG_DATA(c), sizeof(aux));
	return aux.tp_status & TP_STATUS_CSUMNOTREADY;
}

/* False: nothing came for a while. */
static bool receive(int fd)
{
	static uint8_t data[1 << 17];
	char room[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct sockaddr_ll from = { 0 };
	struct iovec part = { data, sizeof(data) };
	struct msghdr msg = { .msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room) };
	ssize_t len = recvmsg(fd, &msg, 0);

	if (len < 0)
		return false;
	if (from.sll_pkttype == PACKET_OUTGOING)
		return true;
	if (is_open(&msg))
		unjudged++;
	else
		inspect(ntohs(from.sll_protocol), data, len);
	return true;
}

static void stop(int signal)
{
	over = signal;
}

static int listen_on(const char *dev)
{
	struct sockaddr_ll link = { .sll_family = AF_PACKET,
				    .sll_protocol = htons(ETH_P_ALL),
				    .sll_ifindex = if_nametoindex(dev) };
	int fd = socket(AF_PACKET, SOCK_DGRAM, 0), big = 1 << 26, one = 1;
	struct timeval while_ = { .tv_usec = 100000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &while_, sizeof(while_));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big));
	setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one));
	if (!link.sll_ifindex || bind(fd, (void *)&link, sizeof(link)) < 0)
		return -1;
	return fd;
}

int main(int argc, char **argv)
{
	struct sigaction act = { .sa_handler = stop };
	struct tpacket_stats stats = { 0 };
	socklen_t stats_len = sizeof(stats);
	int fd = listen_on(argc > 1 ? argv[1] : "");

	if (fd < 0) {
		perror("inspect");
		return 2;
	}
	sigaction(SIGTERM, &act, NULL);
	setvbuf(stdout, NULL, _IOLBF, 1 << 16);
	printf("ready\n");
	while (receive(fd) || !over)
		;
	getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &stats_len);
	printf("judged %lu bad %lu unjudged %lu missed %u odd %lu\n", judged, bad,
	       unjudged, stats.tp_drops, odd);
	return 0;
}
