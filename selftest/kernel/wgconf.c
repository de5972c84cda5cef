// SPDX-License-Identifier: GPL-2.0
/*
 * Configures and shows a tunnel of any generic netlink family that speaks
 * WireGuard's protocol: stock `wg` knows one name, and the reference driver
 * loaded beside ours has another.
 *
 *	wgconf FAMILY set DEV [private-key K] [listen-port N] [fwmark N]
 *		[replace-peers] [peer K [remove] [update-only]
 *		[preshared-key K] [endpoint ADDR PORT] [keepalive N]
 *		[replace-allowed-ips] [allowed-ip ADDR CIDR]...]...
 *	wgconf FAMILY dump DEV		as `wg show DEV dump` prints it
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <time.h>

#include "nl.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void die(const char *what, const char *which)
{
	fprintf(stderr, "wgconf: %s: %s\n", what, which);
	exit(2);
}

static void key_read(uint8_t key[WG_KEY_LEN], const char *text)
{
	uint8_t out[WG_KEY_LEN + 1];
	uint32_t bits = 0;
	int n = 0;

	if (strlen(text) != 44)
		die("bad key", text);
	for (int i = 0; i < 44; i++) {
		const char *at = text[i] == '=' ? alphabet :
			strchr(alphabet, text[i]);

		if (!at)
			die("bad key", text);
		bits = bits << 6 | (at - alphabet);
		if (i % 4 == 3)
			for (int j = 16; j >= 0 && n < 33; j -= 8)
				out[n++] = bits >> j;
	}
	memcpy(key, out, WG_KEY_LEN);
}

static const char *key_text(const uint8_t key[WG_KEY_LEN])
{
	static char text[4][45];
	static int turn;
	char *out = text[turn++ % 4];
	uint8_t in[33] = { 0 };

	memcpy(in, key, WG_KEY_LEN);
	for (int i = 0; i < 11; i++) {
		uint32_t v = in[3 * i] << 16 | in[3 * i + 1] << 8 | in[3 * i + 2];

		for (int j = 0; j < 4; j++)
			out[4 * i + j] = alphabet[v >> (18 - 6 * j) & 63];
	}
	out[43] = '=';
	out[44] = 0;
	return out;
}

struct words {
	char **next;
	int left;
};

static const char *take(struct words *in)
{
	if (!in->left)
		die("missing", "value");
	in->left--;
	return *in->next++;
}

static bool accept_word(struct words *in, const char *word)
{
	if (!in->left || strcmp(*in->next, word))
		return false;
	take(in);
	return true;
}

static void put_key(struct nl_msg *msg, uint16_t type, const char *text)
{
	uint8_t key[WG_KEY_LEN];

	key_read(key, text);
	nl_put(msg, type, key, sizeof(key));
}

static void put_endpoint(struct nl_msg *msg, const char *addr, const char *port)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	v4.sin_port = v6.sin6_port = htons(atoi(port));
	if (inet_pton(AF_INET, addr, &v4.sin_addr) == 1)
		nl_put(msg, WGPEER_A_ENDPOINT, &v4, sizeof(v4));
	else if (inet_pton(AF_INET6, addr, &v6.sin6_addr) == 1)
		nl_put(msg, WGPEER_A_ENDPOINT, &v6, sizeof(v6));
	else
		die("bad address", addr);
}

static void put_allowed_ip(struct nl_msg *msg, const char *addr,
			   const char *cidr)
{
	uint8_t bytes[16];
	bool v6 = strchr(addr, ':');
	uint32_t nest = nl_nest(msg, 0);

	if (inet_pton(v6 ? AF_INET6 : AF_INET, addr, bytes) != 1)
		die("bad address", addr);
	nl_put_u16(msg, WGALLOWEDIP_A_FAMILY, v6 ? AF_INET6 : AF_INET);
	nl_put(msg, WGALLOWEDIP_A_IPADDR, bytes, v6 ? 16 : 4);
	nl_put_u8(msg, WGALLOWEDIP_A_CIDR_MASK, atoi(cidr));
	nl_close(msg, nest);
}

static void put_allowed_ips(struct nl_msg *msg, struct words *in)
{
	uint32_t nest = nl_nest(msg, WGPEER_A_ALLOWEDIPS);

	while (accept_word(in, "allowed-ip")) {
		const char *addr = take(in);

		put_allowed_ip(msg, addr, take(in));
	}
	nl_close(msg, nest);
}

static void put_peer(struct nl_msg *msg, struct words *in)
{
	uint32_t flags = 0, nest = nl_nest(msg, 0);

	put_key(msg, WGPEER_A_PUBLIC_KEY, take(in));
	for (;;) {
		if (accept_word(in, "remove")) {
			flags |= WGPEER_F_REMOVE_ME;
		} else if (accept_word(in, "update-only")) {
			flags |= WGPEER_F_UPDATE_ONLY;
		} else if (accept_word(in, "replace-allowed-ips")) {
			flags |= WGPEER_F_REPLACE_ALLOWEDIPS;
		} else if (accept_word(in, "preshared-key")) {
			put_key(msg, WGPEER_A_PRESHARED_KEY, take(in));
		} else if (accept_word(in, "endpoint")) {
			const char *addr = take(in);

			put_endpoint(msg, addr, take(in));
		} else if (accept_word(in, "keepalive")) {
			nl_put_u16(msg,
				   WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL,
				   atoi(take(in)));
		} else if (in->left && !strcmp(*in->next, "allowed-ip")) {
			put_allowed_ips(msg, in);
		} else {
			break;
		}
	}
	if (flags)
		nl_put_u32(msg, WGPEER_A_FLAGS, flags);
	nl_close(msg, nest);
}

static void put_device(struct nl_msg *msg, struct words *in)
{
	while (in->left && strcmp(*in->next, "peer")) {
		if (accept_word(in, "private-key"))
			put_key(msg, WGDEVICE_A_PRIVATE_KEY, take(in));
		else if (accept_word(in, "listen-port"))
			nl_put_u16(msg, WGDEVICE_A_LISTEN_PORT, atoi(take(in)));
		else if (accept_word(in, "fwmark"))
			nl_put_u32(msg, WGDEVICE_A_FWMARK,
				   strtoul(take(in), NULL, 0));
		else if (accept_word(in, "replace-peers"))
			nl_put_u32(msg, WGDEVICE_A_FLAGS,
				   WGDEVICE_F_REPLACE_PEERS);
		else
			die("unknown word", *in->next);
	}
	if (!in->left)
		return;
	uint32_t nest = nl_nest(msg, WGDEVICE_A_PEERS);

	while (accept_word(in, "peer"))
		put_peer(msg, in);
	if (in->left)
		die("unknown word", *in->next);
	nl_close(msg, nest);
}

/* Attributes of one level by number. */
static void index_attrs(const struct nlattr *by_type[16], const void *first,
			size_t len)
{
	memset(by_type, 0, 16 * sizeof(*by_type));
	nl_each(at, first, len)
		if (nl_type(at) < 16)
			by_type[nl_type(at)] = at;
}

static uint64_t number(const struct nlattr *at)
{
	uint64_t v = 0;

	if (at)
		memcpy(&v, nl_data(at), nl_len(at) < 8 ? nl_len(at) : 8);
	return v;
}

static const char *key_or(const struct nlattr *at, const char *none)
{
	static const uint8_t zero[WG_KEY_LEN];

	if (!at || !memcmp(nl_data(at), zero, WG_KEY_LEN))
		return none;
	return key_text(nl_data(at));
}

static void print_endpoint(const struct nlattr *at)
{
	char text[INET6_ADDRSTRLEN];
	const struct sockaddr_in6 *v6;
	const struct sockaddr_in *v4;

	if (!at) {
		printf("\t(none)");
		return;
	}
	v4 = nl_data(at);
	v6 = nl_data(at);
	if (v4->sin_family == AF_INET)
		printf("\t%s:%u", inet_ntop(AF_INET, &v4->sin_addr, text,
					    sizeof(text)), ntohs(v4->sin_port));
	else
		printf("\t[%s]:%u", inet_ntop(AF_INET6, &v6->sin6_addr, text,
					      sizeof(text)),
		       ntohs(v6->sin6_port));
}

static void print_allowed_ips(const struct nlattr *list)
{
	const char *sep = "\t";

	if (!list || !nl_len(list)) {
		printf("\t(none)");
		return;
	}
	nl_each(ip, nl_data(list), nl_len(list)) {
		const struct nlattr *at[16];
		char text[INET6_ADDRSTRLEN];

		index_attrs(at, nl_data(ip), nl_len(ip));
		inet_ntop(number(at[WGALLOWEDIP_A_FAMILY]),
			  nl_data(at[WGALLOWEDIP_A_IPADDR]), text, sizeof(text));
		printf("%s%s/%u", sep, text,
		       (unsigned int)number(at[WGALLOWEDIP_A_CIDR_MASK]));
		sep = ",";
	}
}

static void print_peer(const struct nlattr *peer)
{
	const struct nlattr *at[16];
	struct { int64_t sec, nsec; } last = { 0 };

	index_attrs(at, nl_data(peer), nl_len(peer));
	printf("%s\t%s", key_or(at[WGPEER_A_PUBLIC_KEY], "(none)"),
	       key_or(at[WGPEER_A_PRESHARED_KEY], "(none)"));
	print_endpoint(at[WGPEER_A_ENDPOINT]);
	print_allowed_ips(at[WGPEER_A_ALLOWEDIPS]);
	if (at[WGPEER_A_LAST_HANDSHAKE_TIME])
		memcpy(&last, nl_data(at[WGPEER_A_LAST_HANDSHAKE_TIME]),
		       sizeof(last));
	printf("\t%lld\t%llu\t%llu\t%u\n", (long long)last.sec,
	       (unsigned long long)number(at[WGPEER_A_RX_BYTES]),
	       (unsigned long long)number(at[WGPEER_A_TX_BYTES]),
	       (unsigned int)number(at[WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL]));
}

static void print_device(const struct nlmsghdr *h, void *ctx)
{
	const struct nlattr *at[16];
	bool *first = ctx;

	index_attrs(at, nl_body(h), nl_body_len(h));
	if (*first)
		printf("%s\t%s\t%u\t%u\n",
		       key_or(at[WGDEVICE_A_PRIVATE_KEY], "(none)"),
		       key_or(at[WGDEVICE_A_PUBLIC_KEY], "(none)"),
		       (unsigned int)number(at[WGDEVICE_A_LISTEN_PORT]),
		       (unsigned int)number(at[WGDEVICE_A_FWMARK]));
	*first = false;
	if (at[WGDEVICE_A_PEERS])
		nl_each(peer, nl_data(at[WGDEVICE_A_PEERS]),
			nl_len(at[WGDEVICE_A_PEERS]))
			print_peer(peer);
}

int main(int argc, char **argv)
{
	static struct nl_msg msg;
	struct words in = { argv + 4, argc - 4 };
	bool first = true;
	int fd, id, ret;

	if (argc < 4)
		die("usage", "wgconf FAMILY set|dump DEV ...");
	fd = nl_open();
	id = nl_family(fd, argv[1]);
	if (!strcmp(argv[2], "set")) {
		nl_start(&msg, id, WG_CMD_SET_DEVICE, NLM_F_ACK);
		nl_put_str(&msg, WGDEVICE_A_IFNAME, argv[3]);
		put_device(&msg, &in);
		ret = nl_ask(fd, &msg, NULL, NULL);
	} else {
		nl_start(&msg, id, WG_CMD_GET_DEVICE, NLM_F_DUMP);
		nl_put_str(&msg, WGDEVICE_A_IFNAME, argv[3]);
		ret = nl_ask(fd, &msg, print_device, &first);
	}
	if (ret)
		fprintf(stderr, "wgconf: %s: %s\n", argv[3], strerror(-ret));
	return ret ? 1 : 0;
}
