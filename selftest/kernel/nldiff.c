// SPDX-License-Identifier: GPL-2.0
/*
 * Asks two drivers the same questions, right and wrong, at random, and compares
 * what they answer and what they have become.
 *
 *	nldiff FAMILY NETNS FAMILY2 NETNS2 DEV N SEED
 *
 * Each has a link DEV, in a namespace of its own. Prints `SEED: N requests, ...`
 * and ends with 0, or prints the first request they disagree about.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>

#include "nl.h"

#define KEYS		7
#define ALLOWEDIP_FLAGS	4	/* newer than the oldest headers */

struct side {
	const char *family;
	int fd, id;
	size_t len;
	char state[1 << 16];	/* what a dump says, as text */
};

static struct side side[2];
static uint8_t keys[KEYS][WG_KEY_LEN];	/* 0..2: private; 3..5: their public */
static uint64_t seed;
static const char *dev;
static unsigned int refused, accepted;

/* splitmix64: the same requests for both, and for the same seed again */
static uint64_t chance(void)
{
	uint64_t z = seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned int below(unsigned int n)
{
	return chance() % n;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

/* ---- requests ------------------------------------------------------------ */

/* One attribute, now and then with what cannot be in it. */
static void put(struct nl_msg *m, uint16_t type, const void *data, size_t len)
{
	uint8_t longer[256] = { 0 };

	if (one_in(200)) {
		memcpy(longer, data, len);
		len = below(len + 4);
		data = longer;
	}
	if (one_in(400))
		type |= NLA_F_NESTED;
	if (one_in(400))
		type = below(20);
	nl_put(m, type, data, len);
	if (one_in(200))
		nl_put(m, type, data, len);	/* again */
}

static void put_u32(struct nl_msg *m, uint16_t type, uint32_t v)
{
	put(m, type, &v, sizeof(v));
}

static void put_u16(struct nl_msg *m, uint16_t type, uint16_t v)
{
	put(m, type, &v, sizeof(v));
}

static uint32_t open_nest(struct nl_msg *m, uint16_t type)
{
	uint32_t at = nl_nest(m, type);

	if (one_in(300))
		((struct nlattr *)(m->room + at))->nla_type &= ~NLA_F_NESTED;
	return at;
}

static void close_nest(struct nl_msg *m, uint32_t at)
{
	static const char rest[3];

	if (one_in(300)) {	/* bytes too few for an attribute */
		memcpy(m->room + m->head.nlmsg_len, rest, sizeof(rest));
		m->head.nlmsg_len += 4;
	}
	nl_close(m, at);
	if (one_in(300))
		((struct nlattr *)(m->room + at))->nla_len = below(40);
}

static uint32_t some_flags(unsigned int bits)
{
	return one_in(30) ? chance() & 0xf : below(1 << bits);
}

static void put_ip(struct nl_msg *m)
{
	uint32_t nest = open_nest(m, one_in(9) ? below(99) : 0);
	bool v4 = one_in(2);
	uint8_t addr[16] = { 10, below(2), below(3), below(3), 1 };
	uint8_t cidr = below(4) * 8 + (one_in(4) ? below(100) : 0);

	if (!one_in(60))
		put_u16(m, WGALLOWEDIP_A_FAMILY, one_in(60) ? below(12) :
			v4 ? AF_INET : AF_INET6);
	if (!one_in(60))
		put(m, WGALLOWEDIP_A_IPADDR, addr,
		    one_in(60) ? below(17) : v4 ? 4 : 16);
	if (!one_in(60))
		put(m, WGALLOWEDIP_A_CIDR_MASK, &cidr, 1);
	if (one_in(3))
		put_u32(m, ALLOWEDIP_FLAGS, some_flags(1));
	close_nest(m, nest);
}

static void put_ips(struct nl_msg *m)
{
	uint32_t nest = open_nest(m, WGPEER_A_ALLOWEDIPS);
	unsigned int n = below(5);

	while (n--)
		put_ip(m);
	close_nest(m, nest);
}

static void put_endpoint(struct nl_msg *m)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
		.sin6_port = htons(below(9)), .sin6_scope_id = below(3) };
	struct sockaddr_in v4 = { .sin_family = AF_INET,
		.sin_port = htons(below(9)) };

	v6.sin6_addr.s6_addr[15] = below(3);
	v4.sin_addr.s_addr = htonl(0x7f000000 + below(3));
	if (one_in(20))
		v4.sin_family = v6.sin6_family = below(11);
	if (one_in(2))
		put(m, WGPEER_A_ENDPOINT, &v4,
		    sizeof(v4) + (one_in(20) ? below(12) : 0));
	else
		put(m, WGPEER_A_ENDPOINT, &v6,
		    sizeof(v6) - (one_in(20) ? below(12) : 0));
}

static void put_peer_value(struct nl_msg *m)
{
	static const uint8_t zeros[WG_KEY_LEN];
	uint8_t bytes[16] = { 1 };

	switch (below(8)) {
	case 0: put_u32(m, WGPEER_A_FLAGS, some_flags(3)); break;
	case 1: put(m, WGPEER_A_PRESHARED_KEY,
		    one_in(3) ? zeros : keys[below(KEYS)], WG_KEY_LEN); break;
	case 2: put_endpoint(m); break;
	case 3: put_u16(m, WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL,
			below(3) * 100); break;
	case 4: put_u32(m, WGPEER_A_PROTOCOL_VERSION, !one_in(9)); break;
	case 5: if (one_in(9))
			put(m, WGPEER_A_LAST_HANDSHAKE_TIME, bytes, 16);
		if (one_in(9))
			put(m, WGPEER_A_RX_BYTES, bytes, 8);
		break;
	default: put_ips(m);
	}
}

static void put_peer(struct nl_msg *m)
{
	uint32_t nest = open_nest(m, 0);
	unsigned int n = below(6);

	if (!one_in(40))
		put(m, WGPEER_A_PUBLIC_KEY, keys[below(KEYS)], WG_KEY_LEN);
	while (n--)
		put_peer_value(m);
	close_nest(m, nest);
}

static void put_peers(struct nl_msg *m)
{
	uint32_t nest = open_nest(m, WGDEVICE_A_PEERS);
	unsigned int n = below(5);

	while (n--)
		put_peer(m);
	close_nest(m, nest);
}

static void put_device_value(struct nl_msg *m)
{
	static const uint8_t zeros[WG_KEY_LEN];

	switch (below(9)) {
	case 0: put_u32(m, WGDEVICE_A_FWMARK, below(3)); break;
	case 1: put_u16(m, WGDEVICE_A_LISTEN_PORT, 1000 + below(3)); break;
	case 2: put(m, WGDEVICE_A_PRIVATE_KEY,
		    one_in(4) ? zeros : keys[below(3)], WG_KEY_LEN); break;
	case 3: put(m, WGDEVICE_A_PUBLIC_KEY, keys[below(KEYS)], WG_KEY_LEN);
		break;
	case 4: if (one_in(6))
			put_u32(m, WGDEVICE_A_FLAGS, some_flags(1));
		break;
	default: put_peers(m);
	}
}

static void fill_set(struct nl_msg *m, int id)
{
	unsigned int n = 1 + below(4);

	nl_start(m, id, WG_CMD_SET_DEVICE, NLM_F_ACK);
	if (!one_in(80))
		nl_put_str(m, WGDEVICE_A_IFNAME, dev);
	if (one_in(80))
		nl_put_u32(m, WGDEVICE_A_IFINDEX, 1);
	while (n--)
		put_device_value(m);
}

/* Dumps with what has no place in them */
static void fill_get(struct nl_msg *m, int id)
{
	nl_start(m, id, WG_CMD_GET_DEVICE,
		 one_in(9) ? NLM_F_ACK : NLM_F_DUMP | NLM_F_ACK);
	if (!one_in(9))
		put(m, WGDEVICE_A_IFNAME, dev, strlen(dev) + 1);
	if (one_in(9))
		put_device_value(m);
}

/* ---- what a side has become ------------------------------------------------ */

static void say(struct side *s, const char *what, const void *data, size_t len)
{
	const uint8_t *p = data;

	if (s->len + 2 * len + 64 > sizeof(s->state))
		exit(2);
	s->len += sprintf(s->state + s->len, "%s ", what);
	while (len--)
		s->len += sprintf(s->state + s->len, "%02x", *p++);
	s->len += sprintf(s->state + s->len, "\n");
}

static void read_ips(struct side *s, const struct nlattr *array)
{
	nl_each(ip, nl_data(array), nl_len(array)) {
		const struct nlattr *known[4] = { NULL };

		nl_each(at, nl_data(ip), nl_len(ip))
			if (nl_type(at) < 4)
				known[nl_type(at)] = at;
		for (int i = 1; i < 4; i++)
			say(s, "  ip", nl_data(known[i]), nl_len(known[i]));
	}
}

/* In a fixed order, and without what depends on time and traffic. */
static void read_peer(struct side *s, const struct nlattr *peer)
{
	static const char *const what[WGPEER_A_PROTOCOL_VERSION + 1] = {
		[WGPEER_A_PUBLIC_KEY] = "peer",
		[WGPEER_A_PRESHARED_KEY] = " psk",
		[WGPEER_A_ENDPOINT] = " endpoint",
		[WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL] = " keepalive",
		[WGPEER_A_PROTOCOL_VERSION] = " version",
	};

	for (int type = 1; type <= WGPEER_A_PROTOCOL_VERSION; type++)
		nl_each(at, nl_data(peer), nl_len(peer)) {
			if (nl_type(at) != type)
				continue;
			if (type == WGPEER_A_ALLOWEDIPS)
				read_ips(s, at);
			else if (what[type])
				say(s, what[type], nl_data(at), nl_len(at));
			else
				say(s, " has", &type, 1);
		}
}

static void read_message(const struct nlmsghdr *h, void *ctx)
{
	struct side *s = ctx;

	for (int type = 1; type <= WGDEVICE_A_PEERS; type++)
		nl_each(at, nl_body(h), nl_body_len(h)) {
			if (nl_type(at) != type || type == WGDEVICE_A_IFINDEX)
				continue;
			if (type != WGDEVICE_A_PEERS) {
				say(s, "device", nl_data(at), nl_len(at));
				continue;
			}
			nl_each(peer, nl_data(at), nl_len(at))
				read_peer(s, peer);
		}
}

static void look(struct side *s)
{
	static struct nl_msg m;
	int err;

	s->len = 0;
	s->state[0] = 0;
	nl_start(&m, s->id, WG_CMD_GET_DEVICE, NLM_F_DUMP);
	nl_put_str(&m, WGDEVICE_A_IFNAME, dev);
	err = nl_ask(s->fd, &m, read_message, s);
	if (err) {
		printf("%s: dump ends with %s\n", s->family, strerrorname_np(-err));
		exit(1);
	}
}

/* ---- both ------------------------------------------------------------------ */

static const char *word(int err)
{
	return err ? strerrorname_np(-err) : "accepted";
}

static void print_request(const struct nl_msg *m)
{
	const uint8_t *p = (const void *)m;

	printf("request:");
	for (uint32_t i = NLMSG_HDRLEN; i < m->head.nlmsg_len; i++)
		printf("%s%02x", i % 4 ? "" : " ", p[i]);
	putchar('\n');
}

/* From the peer on in which the two part, a few lines of each */
static void print_difference(void)
{
	const char *a = side[0].state, *b = side[1].state;
	size_t at = 0;

	while (a[at] && a[at] == b[at])
		at++;
	while (at && (a[at - 1] != '\n' || a[at] == ' '))
		at--;
	for (int i = 0; i < 2; i++) {
		const char *line = side[i].state + at, *end;

		printf("%s:\n", side[i].family);
		for (int n = 0; n < 24 && *line; n++, line = end + 1) {
			end = strchr(line, '\n');
			printf("%.*s\n", (int)(end - line), line);
		}
	}
}

static bool ask_both(void (*fill)(struct nl_msg *m, int id))
{
	static struct nl_msg m;
	uint64_t start = seed;
	int err[2];

	for (int i = 0; i < 2; i++) {
		seed = start;
		fill(&m, side[i].id);
		err[i] = nl_ask(side[i].fd, &m, NULL, NULL);
		look(&side[i]);
	}
	if (err[0])
		refused++;
	else
		accepted++;
	if (err[0] == err[1] && !strcmp(side[0].state, side[1].state))
		return true;
	printf("%s: %s, %s: %s\n", side[0].family, word(err[0]),
	       side[1].family, word(err[1]));
	print_difference();
	print_request(&m);
	return false;
}

/* Half of the keys are private; learn the public ones from the first side. */
static void make_keys(void)
{
	static struct nl_msg m;

	for (int i = 0; i < KEYS; i++)
		memset(keys[i], 0x40 + i, WG_KEY_LEN);
	for (int i = 0; i < 3; i++) {
		const char *at;

		nl_start(&m, side[0].id, WG_CMD_SET_DEVICE, NLM_F_ACK);
		nl_put_str(&m, WGDEVICE_A_IFNAME, dev);
		nl_put(&m, WGDEVICE_A_PRIVATE_KEY, keys[i], WG_KEY_LEN);
		if (nl_ask(side[0].fd, &m, NULL, NULL))
			exit(2);
		look(&side[0]);
		at = strchr(strchr(side[0].state, '\n') + 1, '\n') + 1;
		for (int n = 0; n < WG_KEY_LEN; n++)
			sscanf(at + 7 + 2 * n, "%2hhx", &keys[3 + i][n]);
	}
}

static void fill_reset(struct nl_msg *m, int id)
{
	static const uint8_t zeros[WG_KEY_LEN];

	nl_start(m, id, WG_CMD_SET_DEVICE, NLM_F_ACK);
	nl_put_str(m, WGDEVICE_A_IFNAME, dev);
	nl_put(m, WGDEVICE_A_PRIVATE_KEY, zeros, WG_KEY_LEN);
	nl_put_u32(m, WGDEVICE_A_FLAGS, WGDEVICE_F_REPLACE_PEERS);
	nl_put_u16(m, WGDEVICE_A_LISTEN_PORT, 1000);
	nl_put_u32(m, WGDEVICE_A_FWMARK, 0);
}

static void open_side(struct side *s, const char *family, const char *netns)
{
	int fd = open(netns, O_RDONLY);

	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		perror(netns);
		exit(2);
	}
	close(fd);
	s->family = family;
	s->fd = nl_open();
	s->id = nl_family(s->fd, family);
}

int main(int argc, char **argv)
{
	uint64_t first;
	long n, i;

	if (argc != 8)
		return 2;
	dev = argv[5];
	n = atol(argv[6]);
	first = seed = strtoull(argv[7], NULL, 0);
	open_side(&side[0], argv[1], argv[2]);
	open_side(&side[1], argv[3], argv[4]);
	make_keys();
	if (!ask_both(fill_reset))
		return 1;
	for (i = 0; i < n; i++) {
		if (i % 100 == 99 && !ask_both(fill_reset))
			return 1;
		if (!ask_both(one_in(20) ? fill_get : fill_set)) {
			printf("number %ld of seed %llu\n", i,
			       (unsigned long long)first);
			return 1;
		}
	}
	printf("%llu: %ld requests, %u refused, %u accepted by both\n",
	       (unsigned long long)first, n, refused, accepted);
	return 0;
}
