// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel answers to "get": the input itself, or, so that the deep
 * parts are reached, well-formed messages with a few bytes of them changed.
 */
#include "tools/fuzz/fuzz.h"

#define MESSAGES_LEN	8192
#define DONE_LEN	22

/* Peers and allowed IPs as many as the first bytes of the input say. */
static void device_make(struct device *device, u8 peers, u8 allowed)
{
	struct prefix *prefix;
	struct peer *peer;
	u8 i, j;

	device_init(device, "wg0");
	device->has_private_key = peers & 1;
	device->has_listen_port = device->has_fwmark = true;
	for (i = 0; i < peers % 8; i++) {
		peer = device_add_peer(device);
		must(peer);
		memset(peer->public_key, i + 1, KEY_LEN);
		peer->has_preshared_key = peer->has_keepalive = i & 1;
		peer->endpoint.addr.sa_family = i & 2 ? AF_INET6 : AF_INET;
		for (j = 0; j < allowed % 16; j++) {
			prefix = device_add_allowed(device);
			must(prefix);
			prefix->family = j & 1 ? AF_INET6 : AF_INET;
			prefix->cidr = j;
			prefix->addr[0] = j;
		}
	}
}

/* The end of a dump, behind its length: type NLMSG_DONE, any sequence. */
static const u8 done[] = { 20, 0, 20, 0, 0, 0, 3, 0, 2, 0 };

/* Each three bytes of the input change one of the messages. */
static void mutate(u8 *messages, size_t n, const u8 *data, size_t len)
{
	for (; len >= 3; data += 3, len -= 3)
		messages[(data[0] | data[1] << 8) % n] ^= data[2];
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	static u8 messages[MESSAGES_LEN];
	struct device device;
	size_t n;
	int error;

	if (len > 3 && data[0] & 1) {
		device_make(&device, data[1], data[2]);
		n = fuzz_capture(&device, messages, sizeof(messages) - DONE_LEN);
		device_free(&device);
		mutate(messages, n, data + 3, len - 3);
		memset(messages + n, 0, DONE_LEN);
		memcpy(messages + n, done, sizeof(done));
		data = messages;
		len = n + DONE_LEN;
	}
	device_init(&device, "wg0");
	error = fuzz_read(&device, data, len);
	must(error <= 0);
	must(!error || !device.peer_n);
	if (!error)
		fuzz_show(&device);
	device_free(&device);
	return 0;
}
