// SPDX-License-Identifier: GPL-2.0
/*
 * Handinitiates for the benches, made by src/proto in user space. All keys come
 * from numbers: 0 is the driver under test, 1 to N are its peers.
 *
 *	initiate setup FAMILY DEV PORT N	key 0, the port, and N peers
 *	initiate ask ADDR PORT N ROUNDS	each peer asks ROUNDS times, WINDOW
 *					messages under way: answers per second
 *	initiate flood ADDR PORT good|WORD KEY PPS SECONDS
 *					initiations from nobody to the public
 *					KEY, in hexadecimal; only with `good`
 *					their first MAC is right
 */
#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <netinet/in.h>
#include <poll.h>
#include <time.h>

#include "../../kernel/nl.h"
#include "crypto/simd.h"
#include "proto/cookie.h"
#include "proto/ikpsk.h"

#define WINDOW		64
#define PEERS_MSG	500
#define NS_PER_S	1000000000ull

static struct nl_msg msg;

static _Noreturn void die(const char *what, int err)
{
	fprintf(stderr, "initiate: %s: %s\n", what, strerror(err));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* splitmix64: the same keys in every run. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static void draw(void *to, size_t len, uint64_t seed)
{
	uint64_t word;

	for (size_t at = 0; at < len; at += sizeof(word)) {
		word = mix(seed * 1000003 + at);
		memcpy((char *)to + at, &word,
		       len - at < sizeof(word) ? len - at : sizeof(word));
	}
}

static void identify(struct ikpsk_self *self, uint32_t number)
{
	u8 secret[WIRE_KEY_LEN];

	draw(secret, sizeof(secret), number);
	ikpsk_self_set(self, secret);
}

/* ---- the driver under test ------------------------------------------------ */

static void change(int fd)
{
	int err = nl_ask(fd, &msg, NULL, NULL);

	if (err)
		die("change", -err);
}

static void begin(int family, const char *dev)
{
	nl_start(&msg, family, WG_CMD_SET_DEVICE, NLM_F_ACK);
	nl_put_str(&msg, WGDEVICE_A_IFNAME, dev);
}

static int setup(const char *name, const char *dev, uint16_t port, uint32_t n)
{
	int fd = nl_open(), family = nl_family(fd, name);
	struct ikpsk_self self;
	uint32_t i = 1, peers, nest, end;

	identify(&self, 0);
	begin(family, dev);
	nl_put(&msg, WGDEVICE_A_PRIVATE_KEY, self.secret, sizeof(self.secret));
	nl_put_u16(&msg, WGDEVICE_A_LISTEN_PORT, port);
	change(fd);
	while (i <= n) {
		begin(family, dev);
		peers = nl_nest(&msg, WGDEVICE_A_PEERS);
		for (end = i + PEERS_MSG; i <= n && i < end; i++) {
			identify(&self, i);
			nest = nl_nest(&msg, 0);
			nl_put(&msg, WGPEER_A_PUBLIC_KEY, self.public,
			       sizeof(self.public));
			nl_close(&msg, nest);
		}
		nl_close(&msg, peers);
		change(fd);
	}
	return 0;
}

/* ---- asking --------------------------------------------------------------- */

static int connected(const char *addr, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(atoi(port)) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), size = 4 << 20;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (fd < 0 || inet_pton(AF_INET, addr, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect", errno);
	return fd;
}

/* Initiation number @round of every peer, made before the clock runs. */
static void write_round(struct wire_initiation *to, uint32_t n, uint32_t round)
{
	u8 label[WIRE_TAI64N_LEN], ephemeral[WIRE_KEY_LEN];
	struct ikpsk_self self, driver;
	struct ikpsk_remote remote;
	struct cookie_jar jar;
	struct ikpsk_half half;

	identify(&driver, 0);
	/* later than those of any run before */
	wire_tai64n(label, time(NULL) + round, 0);
	for (uint32_t i = 0; i < n; i++) {
		identify(&self, i + 1);
		ikpsk_remote_init(&remote, driver.public);
		cookie_jar_init(&jar, driver.public);
		draw(ephemeral, sizeof(ephemeral),
		     now_ns() ^ (uint64_t)round << 32 ^ i);
		if (!ikpsk_write_initiation(&to[i], &half, &self, &remote,
					    i + 1, ephemeral, label))
			die("initiation", EINVAL);
		cookie_jar_stamp(&jar, &to[i], sizeof(to[i]), 0);
	}
}

/* Whether an answer came, waiting for it if @wait_ms. */
static bool answered(int fd, int wait_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char room[256];
	ssize_t len;

	len = recv(fd, room, sizeof(room), MSG_DONTWAIT);
	if (len < 0 && wait_ms && poll(&p, 1, wait_ms) > 0)
		len = recv(fd, room, sizeof(room), MSG_DONTWAIT);
	return len == WIRE_RESPONSE_LEN;
}

static int ask(int fd, uint32_t n, uint32_t rounds)
{
	struct wire_initiation *all = calloc((size_t)n * rounds, sizeof(*all));
	uint32_t sent = 0, got = 0, count = n * rounds;
	uint64_t from;

	if (!all)
		die("ask", ENOMEM);
	for (uint32_t round = 0; round < rounds; round++)
		write_round(all + (size_t)n * round, n, round);
	from = now_ns();
	while (got < count) {
		while (sent < count && sent - got < WINDOW)
			if (send(fd, &all[sent++], sizeof(*all), 0) < 0)
				die("send", errno);
		if (!answered(fd, 1000))
			break;
		got++;
	}
	if (got < count) {
		fprintf(stderr, "initiate: %u of %u answered\n", got, count);
		return 1;
	}
	printf("%.0f\n", got * 1e9 / (now_ns() - from));
	return 0;
}

/* ---- flooding ------------------------------------------------------------- */

/* A burst each millisecond, so that the rate does not depend on what it hits. */
static int flood(int fd, bool good, const char *key, uint32_t pps,
		 double seconds)
{
	uint64_t start = now_ns(), end = start + seconds * NS_PER_S, now;
	struct wire_initiation m;
	struct timespec rest = { .tv_nsec = 500000 };
	u8 public[WIRE_KEY_LEN];
	struct cookie_jar jar;
	uint64_t sent = 0;

	for (int i = 0; i < WIRE_KEY_LEN; i++)
		if (sscanf(key + 2 * i, "%2hhx", &public[i]) != 1)
			die("KEY", EINVAL);
	cookie_jar_init(&jar, public);
	while ((now = now_ns()) < end) {
		uint64_t due = (now - start) * pps / NS_PER_S;

		for (; sent < due; sent++) {
			draw(&m, sizeof(m), sent ^ start);
			m.type = cpu_to_le32(WIRE_INITIATION);
			if (good)
				cookie_jar_stamp(&jar, &m, sizeof(m), 0);
			send(fd, &m, sizeof(m), 0);
		}
		nanosleep(&rest, NULL);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	crypto_init();
	if (argc == 6 && !strcmp(what, "setup"))
		return setup(argv[2], argv[3], atoi(argv[4]), atoi(argv[5]));
	if (argc == 6 && !strcmp(what, "ask"))
		return ask(connected(argv[2], argv[3]), atoi(argv[4]),
			   atoi(argv[5]));
	if (argc == 8 && !strcmp(what, "flood"))
		return flood(connected(argv[2], argv[3]),
			     !strcmp(argv[4], "good"), argv[5], atoi(argv[6]),
			     atof(argv[7]));
	fprintf(stderr, "usage: initiate setup|ask|flood ...\n");
	return 2;
}
