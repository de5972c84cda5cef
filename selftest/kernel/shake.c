// SPDX-License-Identifier: GPL-2.0
/*
 * Shakes hands with a tunnel like many strangers and many peers: messages that
 * only who knows the public key can make.
 *
 *	shake keys N			public keys of N peers to be configured
 *	shake ADDR PORT KEY WORD...	KEY: the tunnel's public key
 *
 * WORD	flood:N		N initiations that are nothing but a good mac1
 *	cookie		floods until one of them is answered by a cookie
 *	again:N		waits for quiet, makes load anew, then sends N more, with the
 *			mac2 that this cookie allows; prints how long: "within MS"
 *	peers:N		one genuine initiation of each of N peers, in a burst
 *	replies		waits for quiet; prints what came: "TYPE NUMBER" lines, and
 *			whether there was still load after again:N: "loaded 1"
 *
 * Status 1: no cookie came, or none again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "crypto/blake2s.h"
#include "crypto/simd.h"
#include "proto/tunnel.h"

static struct cookie_jar jar, empty_jar;
static u8 tunnel_key[WIRE_KEY_LEN];
static unsigned int replies[8];
/* The last message of a flood with a cookie has none; -1: there was none such. */
static s64 last_sender = -1;
static bool still_loaded;
static int sock;

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * PROTO_NS_PER_S + t.tv_nsec;
}

/* Key @i is the same in every run. */
static void identity(struct ikpsk_self *self, u32 i)
{
	u8 secret[WIRE_KEY_LEN];
	struct b2s_state b;

	b2s_init(&b, sizeof(secret), NULL, 0);
	b2s_update(&b, &i, sizeof(i));
	b2s_final(&b, secret);
	ikpsk_self_set(self, secret);
}

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void print_key(const u8 *key)
{
	u32 v;
	int i;

	for (i = 0; i < 33; i += 3) {
		v = key[i] << 16 | key[i + 1] << 8 | (i < 30 ? key[i + 2] : 0);
		printf("%c%c%c%c", digits[v >> 18], digits[v >> 12 & 63],
		       digits[v >> 6 & 63], i < 30 ? digits[v & 63] : '=');
	}
	putchar('\n');
}

static void read_key(u8 *key, const char *text)
{
	u8 all[33];
	u32 v = 0;
	int i;

	if (strlen(text) != 44)
		exit(2);
	for (i = 0; i < 44; i++) {
		const char *at = text[i] == '=' ? digits : strchr(digits, text[i]);

		if (!at)
			exit(2);
		v = v << 6 | (at - digits);
		if (i % 4 == 3) {
			all[i / 4 * 3] = v >> 16;
			all[i / 4 * 3 + 1] = v >> 8;
			all[i / 4 * 3 + 2] = v;
		}
	}
	memcpy(key, all, WIRE_KEY_LEN);
}

static void emit(const struct wire_initiation *msg)
{
	if (send(sock, msg, sizeof(*msg), 0) < 0 && errno != ECONNREFUSED) {
		perror("shake: send");
		exit(2);
	}
}

/* A message that passes for an initiation up to its MACs. */
static void stranger(struct wire_initiation *msg, struct cookie_jar *from)
{
	/* also before the kernel vouches for it */
	if (getrandom(msg, sizeof(*msg), GRND_INSECURE) != sizeof(*msg))
		exit(2);
	msg->type = cpu_to_le32(WIRE_INITIATION);
	cookie_jar_stamp(from, msg, sizeof(*msg), now_ns());
}

static void flood(unsigned int n, struct cookie_jar *from)
{
	struct wire_initiation msg;

	while (n--) {
		stranger(&msg, from);
		emit(&msg);
	}
}

/*
 * As many from each processor, and before anything else there: so nobody works
 * them off meanwhile, however fast he would be.
 */
static void flood_first(unsigned int n, struct cookie_jar *from)
{
	struct sched_param first = { .sched_priority = 1 }, usual = { 0 };
	long others = sysconf(_SC_NPROCESSORS_ONLN) - 1;

	sched_setscheduler(0, SCHED_FIFO, &first);
	for (; others > 0; others--)
		if (!fork()) {
			flood(n, from);
			_exit(0);
		}
	flood(n, from);
	sched_setscheduler(0, SCHED_OTHER, &usual);
	while (wait(NULL) > 0)
		;
}

static int wait_reply(void *buf, int len, int ms)
{
	struct pollfd p = { .fd = sock, .events = POLLIN };

	return poll(&p, 1, ms) > 0 ? recv(sock, buf, len, MSG_DONTWAIT) : -1;
}

/*
 * A cookie is only believed for the last message sent: after each flood, while
 * the load is still felt, one message goes out alone.
 */
static void fetch_cookie(void)
{
	struct wire_cookie_reply reply;
	int tries, len;

	for (tries = 0; tries < 50; tries++) {
		flood_first(1000, &jar);
		while (wait_reply(&reply, sizeof(reply), 50) >= 0)
			;
		flood(1, &jar);
		while ((len = wait_reply(&reply, sizeof(reply), 100)) >= 0)
			if (len == sizeof(reply) &&
			    cookie_jar_read_reply(&jar, &reply, now_ns()))
				return;
	}
	printf("no cookie\n");
	exit(1);
}

/*
 * Load ends a second after it was felt last, and with it the limit. So that most
 * of that second is left the load is a new one, just seen by a cookie: one that
 * another processor sends, or this one when it is let. Where small bursts are
 * worked off as they come, large ones do it.
 */
static void new_load(void)
{
	struct wire_cookie_reply reply;
	unsigned int i;

	while (wait_reply(&reply, sizeof(reply), 1200) >= 0)
		;
	for (i = 1; i <= 1000; i++) {
		flood_first(i <= 400 ? 20 : 1000, &empty_jar);
		if (wait_reply(&reply, sizeof(reply), i % 50 ? 0 : 2) >= 0)
			return;
	}
	printf("no load\n");
	exit(1);
}

static void count_reply(const u8 *buf, int len)
{
	const struct wire_cookie_reply *reply = (const void *)buf;
	u8 type = wire_classify(get_unaligned_le32(buf), len);

	replies[type]++;
	if (type == WIRE_COOKIE_REPLY &&
	    le32_to_cpu(reply->receiver) == last_sender)
		still_loaded = true;
}

/*
 * Who has been answered so much of late is not answered at once: a cookie for any
 * of a few messages says that there was load until then.
 */
static void ask_if_loaded(void)
{
	struct wire_initiation last;
	int tries, len;
	u8 buf[256];

	for (tries = 0; tries < 10 && !still_loaded; tries++) {
		stranger(&last, &empty_jar);
		last_sender = le32_to_cpu(last.sender);
		emit(&last);
		while (!still_loaded &&
		       (len = wait_reply(buf, sizeof(buf), 50)) >= 0)
			if (len >= 4)
				count_reply(buf, len);
	}
}

static void shake_again(unsigned int n)
{
	u64 start_ns;

	new_load();
	start_ns = now_ns();
	flood(n, &jar);
	printf("within %llu\n",
	       (unsigned long long)(now_ns() - start_ns) / 1000000);
	ask_if_loaded();
}

static void shake_peers(unsigned int n)
{
	struct wire_initiation *msg = calloc(n, sizeof(*msg));
	u8 label[WIRE_TAI64N_LEN], chance[WIRE_KEY_LEN];
	struct ikpsk_remote remote;
	struct ikpsk_half half;
	struct ikpsk_self self;
	struct timespec wall;
	unsigned int i;

	clock_gettime(CLOCK_REALTIME, &wall);
	wire_tai64n(label, wall.tv_sec, wall.tv_nsec);
	for (i = 0; i < n; i++) {
		identity(&self, i);
		ikpsk_remote_init(&remote, tunnel_key);
		if (getrandom(chance, sizeof(chance), 0) < 0 ||
		    !ikpsk_write_initiation(&msg[i], &half, &self, &remote, i,
					    chance, label))
			exit(2);
		cookie_jar_stamp(&jar, &msg[i], sizeof(*msg), now_ns());
	}
	for (i = 0; i < n; i++)
		emit(&msg[i]);
	free(msg);
}

static void count_replies(void)
{
	u8 buf[256];
	int len;

	while ((len = wait_reply(buf, sizeof(buf), 500)) >= 0)
		if (len >= 4)
			count_reply(buf, len);
	printf("response %u\ncookie %u\nother %u\nloaded %d\n",
	       replies[WIRE_RESPONSE], replies[WIRE_COOKIE_REPLY],
	       replies[WIRE_BAD], still_loaded);
}

static void do_word(const char *word)
{
	const char *arg = strchr(word, ':');
	unsigned int n = arg ? atoi(arg + 1) : 0;

	if (!strncmp(word, "flood:", 6)) {
		flood(n, &jar);
	} else if (!strcmp(word, "cookie")) {
		fetch_cookie();
	} else if (!strncmp(word, "again:", 6)) {
		shake_again(n);
	} else if (!strncmp(word, "peers:", 6)) {
		shake_peers(n);
	} else if (!strcmp(word, "replies")) {
		count_replies();
	} else {
		exit(2);
	}
}

static void open_to(const char *addr, const char *port)
{
	struct addrinfo hint = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				 .ai_socktype = SOCK_DGRAM };
	struct addrinfo *to;
	int big = 1 << 22;

	if (getaddrinfo(addr, port, &hint, &to))
		exit(2);
	sock = socket(to->ai_family, SOCK_DGRAM, 0);
	setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &big, sizeof(big));
	setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &big, sizeof(big));
	if (connect(sock, to->ai_addr, to->ai_addrlen)) {
		perror("shake: connect");
		exit(2);
	}
	freeaddrinfo(to);
}

int main(int argc, char **argv)
{
	struct ikpsk_self self;
	int i;

	crypto_init();
	if (argc == 3 && !strcmp(argv[1], "keys")) {
		for (i = 0; i < atoi(argv[2]); i++) {
			identity(&self, i);
			print_key(self.public);
		}
		return 0;
	}
	if (argc < 5)
		return 2;
	open_to(argv[1], argv[2]);
	read_key(tunnel_key, argv[3]);
	cookie_jar_init(&jar, tunnel_key);
	cookie_jar_init(&empty_jar, tunnel_key);
	for (i = 4; i < argc; i++)
		do_word(argv[i]);
	return 0;
}
