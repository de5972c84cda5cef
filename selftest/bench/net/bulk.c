// SPDX-License-Identifier: GPL-2.0
/*
 * Many peers and many routes, for the benches. What prints a time measures the
 * netlink requests alone, not the making of them.
 *
 *	bulk FAMILY DEV add N		peers with one allowed IP each, in
 *					messages as long as attributes can be:
 *					milliseconds
 *	bulk FAMILY DEV remove N	the same peers, one message each:
 *					milliseconds
 *	bulk FAMILY DEV routes N PEERS	N allowed IPs, an even share to each of
 *					PEERS peers without endpoint
 *	bulk FAMILY DEV delete		the link itself: milliseconds
 *	bulk FAMILY DEV send N PACKETS	to addresses under N routes, straight
 *					into the link: nanoseconds a packet,
 *					the median of groups of 64
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <time.h>

#include "../../kernel/nl.h"

/* An attribute's length has 16 bits, and all peers are one attribute. */
#define MSG_FULL	(64000)
#define ROUTES_MSG	1000
#define VEC		64
#define PACKET_LEN	60

struct tool {
	int fd, family;
	const char *dev;
};

static struct nl_msg msg;

static _Noreturn void die(const char *what, int err)
{
	fprintf(stderr, "bulk: %s: %s\n", what, strerror(err));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* splitmix64: numbers that look random, the same in every run. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/* Any 32 bytes are a public key, and nobody here needs the secret one. */
static void put_key(uint32_t peer)
{
	uint64_t key[4];

	for (int i = 0; i < 4; i++)
		key[i] = mix(4ull * peer + i);
	nl_put(&msg, WGPEER_A_PUBLIC_KEY, key, sizeof(key));
}

/*
 * Route i of any number of them: no two of 2^24 share their first 24 bits; one
 * in four is a host, the others are /24.
 */
static uint32_t route(uint32_t i, uint8_t *cidr)
{
	uint32_t net = i * 0x9e3779b1u & 0xffffff;

	*cidr = i % 4 ? 24 : 32;
	return net << 8 | (i % 4 ? 0 : mix(i) & 0xff);
}

static void put_allowed_ip(uint32_t addr, uint8_t cidr)
{
	uint32_t nest = nl_nest(&msg, 0);

	addr = htonl(addr);
	nl_put_u16(&msg, WGALLOWEDIP_A_FAMILY, AF_INET);
	nl_put(&msg, WGALLOWEDIP_A_IPADDR, &addr, sizeof(addr));
	nl_put_u8(&msg, WGALLOWEDIP_A_CIDR_MASK, cidr);
	nl_close(&msg, nest);
}

/* Begins a change; returns the nest of its peers. */
static uint32_t begin(const struct tool *t)
{
	nl_start(&msg, t->family, WG_CMD_SET_DEVICE, NLM_F_ACK);
	nl_put_str(&msg, WGDEVICE_A_IFNAME, t->dev);
	return nl_nest(&msg, WGDEVICE_A_PEERS);
}

/* Sends it; returns the time that took. */
static uint64_t commit(const struct tool *t, uint32_t peers)
{
	uint64_t from;
	int err;

	nl_close(&msg, peers);
	from = now_ns();
	err = nl_ask(t->fd, &msg, NULL, NULL);
	if (err)
		die("change", -err);
	return now_ns() - from;
}

static void print_ms(uint64_t ns)
{
	printf("%.3f\n", ns / 1e6);
}

static int add(const struct tool *t, uint32_t n)
{
	uint32_t i = 0, peers, nest, ips;
	uint64_t ns = 0;

	while (i < n) {
		peers = begin(t);
		for (; i < n && msg.head.nlmsg_len < MSG_FULL; i++) {
			nest = nl_nest(&msg, 0);
			put_key(i);
			ips = nl_nest(&msg, WGPEER_A_ALLOWEDIPS);
			put_allowed_ip(0x10000000 + i, 32);
			nl_close(&msg, ips);
			nl_close(&msg, nest);
		}
		ns += commit(t, peers);
	}
	print_ms(ns);
	return 0;
}

static int remove_each(const struct tool *t, uint32_t n)
{
	uint64_t ns = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t peers = begin(t), nest = nl_nest(&msg, 0);

		put_key(i);
		nl_put_u32(&msg, WGPEER_A_FLAGS, WGPEER_F_REMOVE_ME);
		nl_close(&msg, nest);
		ns += commit(t, peers);
	}
	print_ms(ns);
	return 0;
}

static int routes(const struct tool *t, uint32_t n, uint32_t peer_n)
{
	uint32_t i = 0;

	for (uint32_t peer = 0; peer < peer_n; peer++) {
		uint32_t end = (uint64_t)n * (peer + 1) / peer_n;

		while (i < end) {
			uint32_t peers = begin(t), nest = nl_nest(&msg, 0), ips;

			put_key(peer);
			ips = nl_nest(&msg, WGPEER_A_ALLOWEDIPS);
			for (uint32_t k = 0; i < end && k < ROUTES_MSG; k++) {
				uint8_t cidr;
				uint32_t addr = route(i++, &cidr);

				put_allowed_ip(addr, cidr);
			}
			nl_close(&msg, ips);
			nl_close(&msg, nest);
			commit(t, peers);
		}
	}
	return 0;
}

static int delete_link(const struct tool *t)
{
	struct ifinfomsg info = { .ifi_index = if_nametoindex(t->dev) };
	int err, fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	uint64_t from;

	if (fd < 0 || !info.ifi_index)
		die(t->dev, errno);
	memset(&msg, 0, NLMSG_LENGTH(sizeof(info)));
	msg.head.nlmsg_len = NLMSG_LENGTH(sizeof(info));
	msg.head.nlmsg_type = RTM_DELLINK;
	msg.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	memcpy(NLMSG_DATA(&msg.head), &info, sizeof(info));
	from = now_ns();
	err = nl_ask(fd, &msg, NULL, NULL);
	if (err)
		die("delete", -err);
	print_ms(now_ns() - from);
	return 0;
}

/* A packet under a random one of @n routes. */
static void address(struct iphdr *ip, uint32_t n, uint64_t *seed)
{
	uint64_t r = mix(++*seed);
	uint8_t cidr;
	uint32_t addr = route((uint64_t)(uint32_t)r * n >> 32, &cidr);

	ip->daddr = htonl(cidr == 32 ? addr : addr | (r >> 32 & 0xff));
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/*
 * From a packet socket, so that little is measured besides the driver. That
 * refuses every packet, for no peer has an endpoint: the link must have a queue
 * to hide it from us, or sendmmsg() would end with the first.
 */
static int packets(const struct tool *t, uint32_t n, uint32_t count)
{
	uint32_t turn_n = (count + VEC - 1) / VEC;
	uint64_t *took = calloc(turn_n, sizeof(*took));
	struct sockaddr_ll to = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(0x0800),
				  .sll_ifindex = if_nametoindex(t->dev) };
	static union { struct iphdr ip; char room[PACKET_LEN]; } p[VEC];
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	struct mmsghdr m[VEC];
	struct iovec iov[VEC];
	uint64_t from, seed = now_ns();

	if (!took || fd < 0 || bind(fd, (void *)&to, sizeof(to)))
		die(t->dev, errno);
	memset(m, 0, sizeof(m));
	for (int i = 0; i < VEC; i++) {
		p[i].ip = (struct iphdr) { .version = 4, .ihl = 5, .ttl = 64,
					   .tot_len = htons(PACKET_LEN),
					   .protocol = IPPROTO_UDP,
					   .saddr = htonl(0x0a000001) };
		iov[i] = (struct iovec) { &p[i], PACKET_LEN };
		m[i].msg_hdr.msg_iov = &iov[i];
		m[i].msg_hdr.msg_iovlen = 1;
	}
	for (uint32_t turn = 0; turn < turn_n; turn++) {
		for (int i = 0; i < VEC; i++)
			address(&p[i].ip, n, &seed);
		from = now_ns();
		if (sendmmsg(fd, m, VEC, 0) != VEC)
			die("send", errno);
		took[turn] = now_ns() - from;
	}
	qsort(took, turn_n, sizeof(*took), by_size);
	printf("%.2f\n", (double)took[turn_n / 2] / VEC);
	free(took);
	return 0;
}

int main(int argc, char **argv)
{
	struct tool t = { .fd = nl_open() };
	const char *what = argc > 3 ? argv[3] : "";
	uint32_t n = argc > 4 ? strtoul(argv[4], NULL, 0) : 0;
	uint32_t m = argc > 5 ? strtoul(argv[5], NULL, 0) : 0;

	if (argc > 3) {
		t.family = nl_family(t.fd, argv[1]);
		t.dev = argv[2];
	}
	if (argc == 5 && !strcmp(what, "add"))
		return add(&t, n);
	if (argc == 5 && !strcmp(what, "remove"))
		return remove_each(&t, n);
	if (argc == 6 && !strcmp(what, "routes"))
		return routes(&t, n, m);
	if (argc == 4 && !strcmp(what, "delete"))
		return delete_link(&t);
	if (argc == 6 && !strcmp(what, "send"))
		return packets(&t, n, m);
	fprintf(stderr, "usage: bulk FAMILY DEV add|remove|routes|delete|send ...\n");
	return 2;
}
