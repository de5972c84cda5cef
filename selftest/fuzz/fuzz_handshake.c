// SPDX-License-Identifier: GPL-2.0
/*
 * Handshake messages by somebody who can make mac1: a good message is changed
 * as the input says, and stamped again. Whatever is accepted must be what was
 * sent, and whatever is refused must have left no trace.
 *
 * Input: one byte for the message, then pairs of offset and change.
 */
#include <stdlib.h>

#include "proto/tunnel.h"

static struct ikpsk_self self_i, self_r;
static struct tunnel to_r, to_i;
static struct wire_initiation msg1;
static struct wire_response msg2;
static struct wire_cookie_reply reply;
static struct cookie_gate gate;
static bool ready;

static struct tunnel_chance chance_of(u8 seed)
{
	struct tunnel_chance chance;

	memset(&chance, seed, sizeof(chance));
	chance.jitter_ns = 0;
	return chance;
}

/* One handshake up to the second message, the same in each run. */
static void prepare(void)
{
	struct tunnel_chance chance = chance_of(3);
	struct ikpsk_claim claim;
	struct tunnel peer;
	struct session s;
	u8 bytes[32];

	memset(bytes, 1, 32);
	ikpsk_self_set(&self_i, bytes);
	memset(bytes, 2, 32);
	ikpsk_self_set(&self_r, bytes);
	tunnel_init(&to_r, self_r.public);
	tunnel_init(&to_i, self_i.public);
	cookie_gate_set_identity(&gate, self_r.public);
	cookie_gate_renew(&gate, bytes, 1);
	tunnel_write_initiation(&to_r, &msg1, &self_i, 7, &chance, bytes, 1);
	cookie_gate_write_reply(&gate, &reply, &msg1, sizeof(msg1),
				msg1.sender, bytes, bytes, 6);
	ikpsk_remote_prepare(&to_i.remote, &self_r);

	peer = to_i;
	chance = chance_of(4);
	if (!ikpsk_claim_initiation(&claim, &msg1, &self_r) ||
	    tunnel_read_initiation(&peer, &claim, &msg1, &self_r, 1) ||
	    tunnel_write_response(&peer, &msg2, &s, &claim, 9, &chance, 1))
		abort();
	ready = true;
}

static void change(void *msg, size_t msg_len, const u8 *data, size_t len)
{
	for (; len >= 2; data += 2, len -= 2)
		((u8 *)msg)[data[0] % msg_len] ^= data[1];
}

static void try_initiation(const u8 *data, size_t len)
{
	struct wire_initiation m = msg1;
	struct tunnel t = to_i;
	struct ikpsk_claim claim;
	bool ok;

	change(&m, sizeof(m), data, len);
	ok = ikpsk_claim_initiation(&claim, &m, &self_r) &&
	     tunnel_read_initiation(&t, &claim, &m, &self_r, 2) == TUNNEL_OK;
	if (ok != !memcmp((u8 *)&m + 8, (u8 *)&msg1 + 8, 108))
		abort();
	if (!ok && memcmp(&t, &to_i, sizeof(t)))
		abort();
	ok = cookie_gate_check_mac1(&gate, &m, sizeof(m));
	if (ok != !memcmp(&m, &msg1, 132))
		abort();
}

static void try_response(const u8 *data, size_t len)
{
	struct wire_response m = msg2;
	struct tunnel t = to_r;
	struct session s;
	bool ok;

	change(&m, sizeof(m), data, len);
	ok = tunnel_read_response(&t, &m, &s, &self_i, 2) == TUNNEL_OK;
	if (ok != !memcmp((u8 *)&m + 8, (u8 *)&msg2 + 8, 52))
		abort();
	if (!ok && memcmp(&t, &to_r, sizeof(t)))
		abort();
}

static void try_cookie(const u8 *data, size_t len)
{
	struct wire_cookie_reply m = reply;
	struct cookie_jar jar = to_r.jar;
	bool ok;

	change(&m, sizeof(m), data, len);
	ok = cookie_jar_read_reply(&jar, &m, 2);
	if (ok != !memcmp((u8 *)&m + 8, (u8 *)&reply + 8, 56))
		abort();
	if (!ok && memcmp(&jar, &to_r.jar, sizeof(jar)))
		abort();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);
int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	static void (*const tries[])(const u8 *data, size_t len) = {
		try_initiation, try_response, try_cookie,
	};

	if (!ready)
		prepare();
	if (len)
		tries[data[0] % ARRAY_SIZE(tries)](data + 1, len - 1);
	return 0;
}
