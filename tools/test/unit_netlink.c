// SPDX-License-Identifier: GPL-2.0
/*
 * What wg says to a kernel that is a function (fuzz/fuzz.c), what it makes of
 * the answers, and how the time for that grows with the number of peers.
 */
#include "tools/test/unit.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <time.h>

#include "tools/fuzz/fuzz.h"
#include "tools/wg/change.h"
#include "tools/wg/uapi.h"

#define MESSAGES_LEN	(64u << 20)

/* Peers @n, of which peer i has @allowed_n + i % 3 allowed IPs. */
static void device_make(struct device *device, u32 n, u32 allowed_n)
{
	struct prefix *prefix;
	struct peer *peer;
	u32 i, j;

	device_init(device, "wg0");
	device->has_listen_port = device->has_fwmark = true;
	device->listen_port = 0x1234;
	device->fwmark = 0x12345678;
	device->replaces_peers = true;
	for (i = 0; i < n; i++) {
		peer = device_add_peer(device);
		memcpy(peer->public_key, &i, sizeof(i));
		peer->public_key[31] = 1;
		memset(peer->preshared_key, 3, KEY_LEN);
		peer->has_preshared_key = peer->has_keepalive = true;
		peer->keepalive = 1 + i % 60000;
		peer->replaces_allowed = true;
		peer->endpoint.v4.sin_family = AF_INET;
		peer->endpoint.v4.sin_port = htons(i);
		for (j = 0; j < allowed_n + i % 3; j++) {
			prefix = device_add_allowed(device);
			prefix->family = j & 1 ? AF_INET6 : AF_INET;
			prefix->cidr = 32;
			memcpy(prefix->addr, &j, sizeof(j));
		}
	}
}

static bool peers_equal(const struct device *a, const struct device *b)
{
	const struct peer *x, *y;
	size_t i;

	if (a->peer_n != b->peer_n || a->allowed_n != b->allowed_n)
		return false;
	for (i = 0; i < a->peer_n; i++) {
		x = &a->peer[i];
		y = &b->peer[i];
		if (memcmp(x->public_key, y->public_key, 2 * KEY_LEN) ||
		    memcmp(&x->endpoint, &y->endpoint, sizeof(x->endpoint)) ||
		    x->keepalive != y->keepalive ||
		    x->allowed_first != y->allowed_first ||
		    x->allowed_n != y->allowed_n)
			return false;
	}
	return !a->allowed_n ||
	       !memcmp(a->allowed, b->allowed,
		       a->allowed_n * sizeof(*a->allowed));
}

static void message_end(u8 *end)
{
	static const u8 done[22] = { 20, 0, 20, 0, 0, 0, 3, 0, 2, 0 };

	memcpy(end, done, sizeof(done));
}

/* What is written is read back the same, however many messages it takes. */
static void test_round_trip(u32 peers, u32 allowed)
{
	u8 *messages = malloc(MESSAGES_LEN);
	struct device device, back;
	char what[128];
	size_t n;
	bool good;

	device_make(&device, peers, allowed);
	device_init(&back, "wg0");
	n = fuzz_capture(&device, messages, MESSAGES_LEN - 22);
	message_end(messages + n);
	good = !fuzz_read(&back, messages, n + 22) &&
	       back.listen_port == device.listen_port &&
	       back.fwmark == device.fwmark && peers_equal(&device, &back);
	snprintf(what, sizeof(what), "netlink: %u peers of %u allowed IPs, "
		 "%zu bytes, there and back", peers, allowed, n);
	check(good, what);
	device_free(&device);
	device_free(&back);
	free(messages);
}

/* Flags of the device, and of the first peer, in each of the messages. */
static void message_flags(const struct nlmsghdr *header, u32 *device_flags,
			  u32 *peer_flags)
{
	const struct nlattr *attr, *peer, *field;

	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == WG_DEVICE_FLAGS)
			*device_flags = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) != WG_DEVICE_PEERS)
			continue;
		peer = mnl_attr_get_payload(attr);
		mnl_attr_for_each_nested(field, peer)
			if (mnl_attr_get_type(field) == WG_PEER_FLAGS)
				*peer_flags = mnl_attr_get_u32(field);
	}
}

/* A second fragment that said "replace" would undo the first. */
static void test_fragments(void)
{
	u8 *messages = malloc(MESSAGES_LEN), aligned[NETLINK_BUFFER_LEN];
	u32 device_flags, peer_flags, message_n = 0, wrong = 0;
	struct device device;
	size_t n, at, len;

	device_make(&device, 1, 10000);
	n = fuzz_capture(&device, messages, MESSAGES_LEN);
	for (at = 0; at < n; at += 2 + len, message_n++) {
		len = messages[at] | messages[at + 1] << 8;
		memcpy(aligned, messages + at + 2, len);
		device_flags = peer_flags = 0;
		message_flags((void *)aligned, &device_flags, &peer_flags);
		wrong += device_flags != !message_n * WG_DEVICE_REPLACE_PEERS;
		wrong += peer_flags !=
			 !message_n * WG_PEER_REPLACE_ALLOWED_IPS;
	}
	check(message_n > 3 && !wrong,
	      "netlink: only the first of many messages replaces");
	device_free(&device);
	free(messages);
}

static void test_synchronize(void)
{
	struct device change, current;
	size_t i, removed = 0, completed = 0;

	device_make(&change, 6, 1);
	device_make(&current, 9, 0);
	for (i = 0; i < change.peer_n; i++)
		change.peer[i].has_keepalive =
			change.peer[i].has_preshared_key = false;
	change.peer[5].public_key[30] = 9;	/* one that is new */
	check(change_synchronize(&change, &current), "syncconf: works");
	for (i = 0; i < change.peer_n; i++) {
		removed += change.peer[i].is_removed;
		completed += change.peer[i].has_preshared_key &&
			     change.peer[i].has_keepalive;
	}
	check(change.peer_n == 10 && removed == 4 && completed == 5 &&
	      !change.replaces_peers,
	      "syncconf: 5 stay and are completed, 1 is new, 4 go");
	device_free(&change);
	device_free(&current);
	device_make(&change, 0, 0);
	device_make(&current, 2, 0);
	check(change_synchronize(&change, &current) && change.replaces_peers,
	      "syncconf: without peers it is setconf");
	device_free(&change);
	device_free(&current);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Seconds to read, synchronize and print so many peers. */
static double scale_time(u32 peers)
{
	u8 *messages = malloc(MESSAGES_LEN);
	struct device device, back;
	double start;
	size_t n;

	device_make(&device, peers, 1);
	n = fuzz_capture(&device, messages, MESSAGES_LEN - 22);
	message_end(messages + n);
	device_init(&back, "wg0");
	start = now_s();
	must(!fuzz_read(&back, messages, n + 22));
	must(change_synchronize(&device, &back));
	fuzz_show(&back);
	start = now_s() - start;
	device_free(&device);
	device_free(&back);
	free(messages);
	return start;
}

/* Twice what ten times as many may take; quadratic would be ten times it. */
static void test_scale(void)
{
	double small = scale_time(10000), large = scale_time(100000);
	char what[128];

	snprintf(what, sizeof(what), "100k peers: %.2f s, 10k: %.2f s "
		 "(processor time, with sanitizers)", large, small);
	check(large < 20 * small + 0.5, what);
}

void test_netlink(void)
{
	test_round_trip(0, 0);
	test_round_trip(1, 0);
	test_round_trip(600, 7);
	test_round_trip(3, 20000);
	test_round_trip(2000, 0);
	test_fragments();
	test_synchronize();
	test_scale();
}
