// SPDX-License-Identifier: GPL-2.0
/*
 * Sends UDP datagrams that no correct peer would send.
 *
 *	udpsend [-s ADDR] [-p PORT] [-t TOS] [-S SEED] [-T MS] [-g LEN] [-m N] ADDR PORT SPEC...
 *	udpsend -i DEV ETHERTYPE SPEC...	straight to a link, no UDP
 *
 * -T: to leave this many milliseconds from now (SO_TXTIME).
 * -g: what is longer than LEN is for the stack to cut (UDP_SEGMENT).
 * -m: moves to another CPU behind each N datagrams, and nothing of normal
 *     priority runs on any CPU meanwhile.
 *
 * SPEC	hex:00ff...	exactly these bytes
 *	text:WORD	these characters
 *	len:L		L random bytes
 *	sweep:T,A,B	one of each length A..B: type T, then random bytes
 *	random:N	N datagrams of random length 0..1500, random bytes;
 *			half of them begin with a message type
 *
 * Says and returns nothing but the first error: `udpsend: ENOKEY`, status 1.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint8_t packet[65536];
static uint64_t seed = 1;
static int sock, delay_ms;
/* With -m: so many are sent on each CPU, once all are there. */
static unsigned int stay_n, cpus;
static struct {
	uint8_t *data;
	size_t len;
} kept[1024];
static size_t kept_n;

/* splitmix64: the tests must be repeatable */
static uint64_t chance(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static void fill(size_t from, size_t len)
{
	for (size_t i = from; i < len; i++)
		packet[i] = chance();
}

static ssize_t send_at(size_t len, int ms)
{
	char room[CMSG_SPACE(sizeof(uint64_t))] __attribute__((aligned(8))) = { 0 };
	struct iovec part = { packet, len };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	struct timespec now;
	uint64_t at_ns;

	clock_gettime(CLOCK_MONOTONIC, &now);
	at_ns = now.tv_sec * 1000000000ull + now.tv_nsec + ms * 1000000ull;
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_TXTIME;
	cmsg->cmsg_len = CMSG_LEN(sizeof(at_ns));
	memcpy(CMSG_DATA(cmsg), &at_ns, sizeof(at_ns));
	return sendmsg(sock, &msg, 0);
}

static void run_on(unsigned int cpu)
{
	cpu_set_t only;

	CPU_ZERO(&only);
	CPU_SET(cpu, &only);
	if (sched_setaffinity(0, sizeof(only), &only)) {
		perror("udpsend: affinity");
		exit(2);
	}
}

static void run_before_others(int priority)
{
	struct sched_param param = { .sched_priority = priority };

	if (sched_setscheduler(0, SCHED_FIFO, &param)) {
		perror("udpsend: priority");
		exit(2);
	}
}

/* Every CPU has something to do, as long as this process lives. */
static void occupy_all(void)
{
	cpus = sysconf(_SC_NPROCESSORS_ONLN);
	run_before_others(2);
	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		if (fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run_before_others(1);
		run_on(cpu);
		for (;;)
			;
	}
}

static void emit_now(const uint8_t *data, size_t len)
{
	ssize_t sent;

	/* An ICMP answer to an earlier one is told instead of sending this one. */
	do
		sent = delay_ms ? send_at(len, delay_ms) :
				  send(sock, data, len, 0);
	while (sent < 0 && errno == ECONNREFUSED);
	if (sent < 0) {
		printf("udpsend: %s\n", strerrorname_np(errno));
		exit(1);
	}
}

static void keep(size_t len)
{
	kept[kept_n].data = malloc(len);
	if (!kept[kept_n].data)
		exit(2);
	memcpy(kept[kept_n].data, packet, len);
	kept[kept_n++].len = len;
}

static void emit(size_t len)
{
	if (!stay_n)
		emit_now(packet, len);
	else if (kept_n < sizeof(kept) / sizeof(kept[0]))
		keep(len);
	else
		exit(2);
}

/* All that was kept, as fast as it goes. */
static void emit_moving(void)
{
	for (size_t i = 0; i < kept_n; i++) {
		if (i % stay_n == 0)
			run_on(i / stay_n % cpus);
		emit_now(kept[i].data, kept[i].len);
	}
}

static void set_type(uint8_t type, size_t len)
{
	static const uint8_t head[3];

	if (len)
		packet[0] = type;
	if (len > 1)
		memcpy(packet + 1, head, len < 4 ? len - 1 : 3);
}

static void send_sweep(const char *spec)
{
	unsigned int type, from, to;

	if (sscanf(spec, "%u,%u,%u", &type, &from, &to) != 3 || to > 65507)
		exit(2);
	for (size_t len = from; len <= to; len++) {
		fill(0, len);
		set_type(type, len);
		emit(len);
	}
}

static void send_random(long n)
{
	while (n-- > 0) {
		size_t len = chance() % 1501;

		fill(0, len);
		if (chance() & 1)
			set_type(chance() % 6, len);
		emit(len);
	}
}

static void send_hex(const char *hex)
{
	size_t len = 0;

	for (; sscanf(hex, "%2hhx", &packet[len]) == 1; hex += 2)
		len++;
	emit(len);
}

static void send_spec(const char *spec)
{
	const char *arg = strchr(spec, ':');

	if (!arg++)
		exit(2);
	if (!strncmp(spec, "hex:", 4)) {
		send_hex(arg);
	} else if (!strncmp(spec, "text:", 5)) {
		memcpy(packet, arg, strlen(arg));
		emit(strlen(arg));
	} else if (!strncmp(spec, "len:", 4)) {
		fill(0, atoi(arg));
		emit(atoi(arg));
	} else if (!strncmp(spec, "sweep:", 6)) {
		send_sweep(arg);
	} else if (!strncmp(spec, "random:", 7)) {
		send_random(atol(arg));
	} else {
		exit(2);
	}
}

static struct addrinfo *lookup(const char *addr, const char *port)
{
	struct addrinfo hint = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found;

	if (getaddrinfo(addr, port, &hint, &found)) {
		fprintf(stderr, "udpsend: bad address %s\n", addr);
		exit(2);
	}
	return found;
}

static int open_link(const char *dev, const char *ethertype)
{
	struct sockaddr_ll link = { .sll_family = AF_PACKET };

	link.sll_protocol = htons(strtol(ethertype, NULL, 16));
	link.sll_ifindex = if_nametoindex(dev);
	sock = socket(AF_PACKET, SOCK_RAW, 0);
	if (bind(sock, (void *)&link, sizeof(link)) < 0) {
		perror("udpsend: link");
		return 2;
	}
	return 0;
}

static int send_all(char **spec)
{
	while (*spec)
		send_spec(*spec++);
	return 0;
}

int main(int argc, char **argv)
{
	const char *from = NULL, *port = "0", *dev = NULL;
	struct sock_txtime when = { .clockid = CLOCK_MONOTONIC };
	struct addrinfo *to, *self;
	int opt, tos = 0, big = 1 << 22, cut_len = 0;

	while ((opt = getopt(argc, argv, "s:p:t:S:T:i:g:m:")) != -1) {
		switch (opt) {
		case 's': from = optarg; break;
		case 'p': port = optarg; break;
		case 't': tos = strtol(optarg, NULL, 0); break;
		case 'i': dev = optarg; break;
		case 'g': cut_len = atoi(optarg); break;
		case 'm': stay_n = atoi(optarg); break;
		case 'T': delay_ms = atoi(optarg); break;
		case 'S': seed = strtoull(optarg, NULL, 0); break;
		default: return 2;
		}
	}
	if (dev && argc - optind >= 2)
		return open_link(dev, argv[optind]) ?:
			send_all(argv + optind + 1);
	if (argc - optind < 3)
		return 2;
	to = lookup(argv[optind], argv[optind + 1]);
	sock = socket(to->ai_family, SOCK_DGRAM, 0);
	setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &big, sizeof(big));
	if (delay_ms)
		setsockopt(sock, SOL_SOCKET, SO_TXTIME, &when, sizeof(when));
	if (cut_len)
		setsockopt(sock, SOL_UDP, UDP_SEGMENT, &cut_len,
			   sizeof(cut_len));
	if (tos && to->ai_family == AF_INET)
		setsockopt(sock, IPPROTO_IP, IP_TOS, &tos, sizeof(tos));
	if (tos && to->ai_family == AF_INET6)
		setsockopt(sock, IPPROTO_IPV6, IPV6_TCLASS, &tos, sizeof(tos));
	if (from || strcmp(port, "0")) {
		if (!from)
			from = to->ai_family == AF_INET ? "0.0.0.0" : "::";
		self = lookup(from, port);
		if (bind(sock, self->ai_addr, self->ai_addrlen) < 0) {
			perror("udpsend: bind");
			return 2;
		}
	}
	if (connect(sock, to->ai_addr, to->ai_addrlen) < 0) {
		printf("udpsend: %s\n", strerrorname_np(errno));
		return 1;
	}
	send_all(argv + optind + 2);
	if (stay_n) {
		occupy_all();
		emit_moving();
	}
	return 0;
}
