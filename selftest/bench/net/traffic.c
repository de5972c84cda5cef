// SPDX-License-Identifier: GPL-2.0
/*
 * Sends and measures UDP for the benches.
 *
 *	traffic sink PORT			receive and forget
 *	traffic echo PORT			send every datagram back
 *	traffic flood ADDR PORT LEN SECONDS	datagrams sent, and a sink's
 *						share: prints those per second
 *	traffic burst ADDR PORT LEN SECONDS	the same in UDP GSO sends of 64 KiB
 *	traffic round ADDR PORT N		N round trips: median and 99th
 *						percentile in microseconds
 *	traffic bounce ADDR N TTL		the same for a packet that is sent
 *						to and fro TTL times; for one hop
 *
 * A flood counts what arrives: `sink` answers the word "count" with the number
 * of datagrams since the last one.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#define VEC 64

static char data[65536];

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "traffic: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int bound(const char *port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6,
				   .sin6_port = htons(atoi(port)) };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), size = 8 << 20;

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die("bind");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return fd;
}

static int connected(const char *addr, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(atoi(port)) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || inet_pton(AF_INET, addr, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	return fd;
}

static int sink(const char *port)
{
	struct iovec iov[VEC];
	static char room[VEC][2048];
	struct mmsghdr m[VEC];
	struct sockaddr_in6 from;
	uint64_t count = 0;
	int fd = bound(port), n, i;
	char text[32];

	memset(m, 0, sizeof(m));
	for (i = 0; i < VEC; i++) {
		iov[i] = (struct iovec) { room[i], sizeof(room[i]) };
		m[i].msg_hdr.msg_iov = &iov[i];
		m[i].msg_hdr.msg_iovlen = 1;
		m[i].msg_hdr.msg_name = &from;
	}
	for (;;) {
		for (i = 0; i < VEC; i++)
			m[i].msg_hdr.msg_namelen = sizeof(from);
		n = recvmmsg(fd, m, VEC, MSG_WAITFORONE, NULL);
		if (n < 0)
			die("recvmmsg");
		for (i = 0; i < n; i++) {
			if (m[i].msg_len != 5 || memcmp(room[i], "count", 5)) {
				count++;
				continue;
			}
			snprintf(text, sizeof(text), "%llu",
				 (unsigned long long)count);
			sendto(fd, text, strlen(text) + 1, 0,
			       (struct sockaddr *)&from, sizeof(from));
			count = 0;
		}
	}
}

static int echo(const char *port)
{
	struct sockaddr_in6 from;
	int fd = bound(port);

	for (;;) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, data, sizeof(data), 0,
				     (struct sockaddr *)&from, &len);

		if (n < 0)
			die("recvfrom");
		sendto(fd, data, n, 0, (struct sockaddr *)&from, len);
	}
}

/* What the sink has counted; asked again if the question is lost. */
static uint64_t counted(int fd)
{
	struct timeval wait = { .tv_usec = 300000 };
	char text[32];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	for (int i = 0; i < 20; i++) {
		if (send(fd, "count", 5, 0) != 5)
			continue;
		if (recv(fd, text, sizeof(text), 0) > 0)
			return strtoull(text, NULL, 10);
	}
	errno = ETIMEDOUT;
	die("the sink does not answer");
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Datagrams of @len bytes until @end: a system call for each 64. */
static void send_many(int fd, int len, uint64_t end)
{
	struct iovec iov = { data, len };
	struct mmsghdr m[VEC];

	memset(m, 0, sizeof(m));
	for (int i = 0; i < VEC; i++) {
		m[i].msg_hdr.msg_iov = &iov;
		m[i].msg_hdr.msg_iovlen = 1;
	}
	while (now_ns() < end)
		if (sendmmsg(fd, m, VEC, 0) < 0 && errno != ENOBUFS &&
		    errno != EAGAIN)
			die("sendmmsg");
}

/*
 * A round trip ends when a router says that the packet's time is up: all of it
 * happens in the kernel, and this program's part is one hop of many.
 */
static int bounces(const char *addr, int n, int ttl)
{
	struct timeval wait = { .tv_sec = 2 };
	uint64_t *took = calloc(n, sizeof(*took)), start;
	int fd = connected(addr, "9"), on = 1, got = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_IP, IP_RECVERR, &on, sizeof(on));
	setsockopt(fd, SOL_IP, IP_TTL, &ttl, sizeof(ttl));
	for (int i = 0; i < n + n / 10; i++) {
		char error[512];
		struct msghdr m = { .msg_control = error,
				    .msg_controllen = sizeof(error) };

		start = now_ns();
		if (send(fd, data, 64, 0) < 0 || recv(fd, data, 64, 0) >= 0 ||
		    errno != EHOSTUNREACH)
			continue;
		if (i >= n / 10)
			took[got++] = now_ns() - start;
		while (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
			;
	}
	if (got < n / 2)
		die("few came back");
	qsort(took, got, sizeof(*took), compare);
	printf("%.2f %.2f\n", took[got / 2] / 1e3 / ttl,
	       took[got * 99 / 100] / 1e3 / ttl);
	return 0;
}

static int flood(const char *addr, const char *port, int len, double seconds,
		 int segments)
{
	int fd = connected(addr, port);
	uint64_t end, start;

	if (segments > 1 && setsockopt(fd, SOL_UDP, UDP_SEGMENT, &len, sizeof(len)))
		die("UDP_SEGMENT");
	counted(fd);
	start = now_ns();
	end = start + seconds * 1e9;
	if (segments == 1)
		send_many(fd, len, end);
	while (now_ns() < end)
		for (int i = 0; i < 32; i++)
			if (send(fd, data, (size_t)len * segments, 0) < 0 &&
			    errno != ENOBUFS && errno != EAGAIN)
				die("send");
	if (segments > 1) {
		len = 0;
		setsockopt(fd, SOL_UDP, UDP_SEGMENT, &len, sizeof(len));
	}
	printf("%.0f\n", counted(fd) * 1e9 / (now_ns() - start));
	return 0;
}

static int round_trips(const char *addr, const char *port, int n)
{
	struct timeval wait = { .tv_sec = 2 };
	uint64_t *took = calloc(n, sizeof(*took)), start;
	int fd = connected(addr, port), got = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	for (int i = 0; i < n + n / 10; i++) {
		start = now_ns();
		if (send(fd, data, 64, 0) < 0 || recv(fd, data, 64, 0) < 0)
			continue;
		if (i >= n / 10)	/* the first ones only warm up */
			took[got++] = now_ns() - start;
	}
	if (!got)
		die("no answer");
	qsort(took, got, sizeof(*took), compare);
	printf("%.1f %.1f\n", took[got / 2] / 1e3, took[got * 99 / 100] / 1e3);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int len;

	if (argc == 3 && !strcmp(what, "sink"))
		return sink(argv[2]);
	if (argc == 3 && !strcmp(what, "echo"))
		return echo(argv[2]);
	if (argc == 5 && !strcmp(what, "round"))
		return round_trips(argv[2], argv[3], atoi(argv[4]));
	if (argc == 5 && !strcmp(what, "bounce"))
		return bounces(argv[2], atoi(argv[3]), atoi(argv[4]));
	if (argc == 6 && (!strcmp(what, "flood") || !strcmp(what, "burst"))) {
		len = atoi(argv[4]);
		return flood(argv[2], argv[3], len, atof(argv[5]),
			     *what == 'f' ? 1 : 61440 / len > 64 ? 64 :
			     61440 / len);
	}
	fprintf(stderr, "usage: traffic sink|echo|flood|burst|round ...\n");
	return 2;
}
