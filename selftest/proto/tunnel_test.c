// SPDX-License-Identifier: GPL-2.0
#include "proto/tunnel.h"

#include "selftest/proto/check.h"
#include "selftest/proto/pair.h"

static void handshake(void)
{
	struct pair p;

	pair_init(&p);
	MUST(pair_handshake(&p));
	MUST(p.a.session.initiator && !p.b.session.initiator);
	MUST(p.a.session.local_id == PAIR_A_ID);
	MUST(p.a.session.remote_id == PAIR_B_ID);
	MUST(p.b.session.local_id == PAIR_B_ID);
	MUST(p.b.session.remote_id == PAIR_A_ID);
	MUST(p.a.session.born_ns == p.now_ns && p.b.session.born_ns == p.now_ns);
	MUST(wire_classify(p.msg1.type, sizeof(p.msg1)) == WIRE_INITIATION);
	MUST(wire_classify(p.msg2.type, sizeof(p.msg2)) == WIRE_RESPONSE);
}

/* Each message carries the mac1 that the other side asks for. */
static void stamped(void)
{
	struct cookie_gate gate;
	struct pair p;

	pair_init(&p);
	MUST(pair_handshake(&p));
	cookie_gate_set_identity(&gate, p.b.self.public);
	MUST(cookie_gate_check_mac1(&gate, &p.msg1, sizeof(p.msg1)));
	cookie_gate_set_identity(&gate, p.a.self.public);
	MUST(cookie_gate_check_mac1(&gate, &p.msg2, sizeof(p.msg2)));
}

static void wiped(void)
{
	struct pair p;
	u8 e[32];

	pair_init(&p);
	pair_initiate(&p);
	memcpy(e, p.a.tunnel.half.ephemeral_secret, 32);
	MUST(!check_is_zero(e, 32));
	pair_receive(&p);
	pair_respond(&p);
	MUST(pair_finish(&p) == TUNNEL_OK);
	MUST(check_is_zero(&p.a.tunnel.half, sizeof(p.a.tunnel.half)));
	MUST(!p.a.tunnel.half_open);
	MUST(!check_occurs(&p, sizeof(p), e, 32));
	tunnel_wipe(&p.a.tunnel);
	MUST(check_is_zero(&p.a.tunnel, sizeof(p.a.tunnel)));
}

static void initiation_twice(void)
{
	struct pair p;

	pair_init(&p);
	pair_initiate(&p);
	MUST(pair_receive(&p) == TUNNEL_OK);
	p.now_ns += 10 * PROTO_NS_PER_S;
	MUST(pair_receive(&p) == TUNNEL_REPLAYED);
	MUST(check_is_zero(&p.claim, sizeof(p.claim)));
}

static void initiation_older(void)
{
	struct wire_initiation old;
	struct pair p;

	pair_init(&p);
	pair_initiate(&p);
	old = p.msg1;
	pair_initiate(&p);
	MUST(pair_receive(&p) == TUNNEL_OK);
	p.now_ns += 10 * PROTO_NS_PER_S;
	p.msg1 = old;
	MUST(pair_receive(&p) == TUNNEL_REPLAYED);
}

/* The newest label outlives sessions, erasure, down and up. */
static void newest_stays(void)
{
	struct pair p;

	pair_init(&p);
	MUST(pair_handshake(&p));
	tunnel_erase(&p.b.tunnel);
	timers_stop(&p.b.tunnel.timers);
	timers_start(&p.b.tunnel.timers, p.now_ns);
	p.now_ns += 1000 * PROTO_NS_PER_S;
	MUST(pair_receive(&p) == TUNNEL_REPLAYED);
}

static void flood(void)
{
	struct pair p;
	u64 first_ns;

	pair_init(&p);
	pair_initiate(&p);
	MUST(pair_receive(&p) == TUNNEL_OK);
	first_ns = p.now_ns;
	pair_initiate(&p);
	p.now_ns = first_ns + 20000000 - 1;
	MUST(pair_receive(&p) == TUNNEL_TOO_SOON);
	MUST(check_is_zero(&p.claim, sizeof(p.claim)));
	/* Refused for its haste, it has not spent its label. */
	p.now_ns = first_ns + 20000000;
	MUST(pair_receive(&p) == TUNNEL_OK);
}

static void forged_leaves_no_trace(void)
{
	struct tunnel before;
	struct pair p;

	pair_init(&p);
	ikpsk_remote_prepare(&p.b.tunnel.remote, &p.b.self);
	before = p.b.tunnel;
	pair_initiate(&p);
	p.msg1.sealed_timestamp[3] ^= 1;
	MUST(pair_receive(&p) == TUNNEL_FORGED);
	MUST(!memcmp(&before, &p.b.tunnel, sizeof(before)));
	p.msg1.sealed_timestamp[3] ^= 1;
	MUST(pair_receive(&p) == TUNNEL_OK);
}

static void unusable(void)
{
	struct pair p;

	pair_init(&p);
	memset(p.a.tunnel.remote.public, 0, 32);
	MUST(pair_initiate(&p) == TUNNEL_UNUSABLE);
	MUST(check_is_zero(&p.msg1, sizeof(p.msg1)));
	MUST(!p.a.tunnel.half_open);
	MUST(check_is_zero(&p.a.tunnel.half, sizeof(p.a.tunnel.half)));
	MUST(timers_next(&p.a.tunnel.timers) == TIMERS_NEVER);

	pair_init(&p);
	pair_initiate(&p);
	MUST(ikpsk_claim_initiation(&p.claim, &p.msg1, &p.b.self));
	p.b.tunnel.remote.shared_state = IKPSK_SHARED_ZERO;
	MUST(tunnel_read_initiation(&p.b.tunnel, &p.claim, &p.msg1, &p.b.self,
				    p.now_ns) == TUNNEL_UNUSABLE);
	MUST(check_is_zero(&p.claim, sizeof(p.claim)));
}

static void response_unasked(void)
{
	struct tunnel before;
	struct pair p, q;

	pair_init(&p);
	pair_initiate(&p);
	pair_receive(&p);
	pair_respond(&p);
	before = p.a.tunnel;
	p.msg2.receiver ^= cpu_to_le32(1);
	MUST(pair_finish(&p) == TUNNEL_UNASKED);
	p.msg2.receiver ^= cpu_to_le32(1);
	MUST(!memcmp(&before, &p.a.tunnel, sizeof(before)));
	MUST(pair_finish(&p) == TUNNEL_OK);
	MUST(pair_finish(&p) == TUNNEL_UNASKED);

	/* To one who never asked: not even index 0 fits. */
	pair_init(&q);
	memset(&q.msg2, 0, sizeof(q.msg2));
	MUST(pair_finish(&q) == TUNNEL_UNASKED);
}

/* Garbage in between does not end the wait for the true answer [D1]. */
static void response_forged(void)
{
	struct tunnel before;
	struct pair p;

	pair_init(&p);
	pair_initiate(&p);
	pair_receive(&p);
	pair_respond(&p);
	before = p.a.tunnel;
	p.msg2.sealed_nothing[0] ^= 1;
	MUST(pair_finish(&p) == TUNNEL_FORGED);
	MUST(!memcmp(&before, &p.a.tunnel, sizeof(before)));
	p.msg2.sealed_nothing[0] ^= 1;
	p.now_ns += 4 * PROTO_NS_PER_S;
	MUST(pair_finish(&p) == TUNNEL_OK && pair_agrees(&p));
}

/* An answer to the initiation before this one, under either index. */
static void response_superseded(void)
{
	struct pair p;

	pair_init(&p);
	pair_initiate(&p);
	pair_receive(&p);
	pair_respond(&p);
	pair_initiate(&p);
	MUST(pair_finish(&p) == TUNNEL_FORGED);
	p.a.tunnel.half_id++;
	MUST(pair_finish(&p) == TUNNEL_UNASKED);
}

static void response_after_erase(void)
{
	struct pair p;

	pair_init(&p);
	pair_initiate(&p);
	pair_receive(&p);
	pair_respond(&p);
	tunnel_erase(&p.a.tunnel);
	MUST(check_is_zero(&p.a.tunnel.half, sizeof(p.a.tunnel.half)));
	MUST(pair_finish(&p) == TUNNEL_UNASKED);
}

static void other_identity(void)
{
	struct pair p;
	u8 secret[32], shared[32];

	pair_init(&p);
	MUST(pair_handshake(&p));
	pair_initiate(&p);
	memcpy(shared, p.a.tunnel.remote.shared, 32);
	check_random_bytes(secret, 32);
	ikpsk_self_set(&p.a.self, secret);
	tunnel_rekeyed(&p.a.tunnel);
	MUST(!p.a.tunnel.half_open);
	MUST(check_is_zero(&p.a.tunnel.half, sizeof(p.a.tunnel.half)));
	MUST(!check_occurs(&p.a.tunnel, sizeof(p.a.tunnel), shared, 32));
	tunnel_init(&p.b.tunnel, p.a.self.public);
	MUST(pair_handshake(&p));
}

/* A wall clock set back by a year: the peer must not see old labels. */
static void clock_set_back(void)
{
	struct tunnel_chance chance;
	struct pair p;
	u8 label[12];
	int i;

	pair_init(&p);
	MUST(pair_handshake(&p));
	for (i = 0; i < 1000; i++) {
		chance = pair_chance();
		wire_tai64n(label, 0, 0);
		tunnel_write_initiation(&p.a.tunnel, &p.msg1, &p.a.self, 1,
					&chance, label, p.now_ns);
		p.now_ns += PROTO_NS_PER_S;
		MUST(pair_receive(&p) == TUNNEL_OK);
	}
	/* Over the end of the nanoseconds. */
	memset(p.a.tunnel.label + 8, 0xff, 4);
	chance = pair_chance();
	tunnel_write_initiation(&p.a.tunnel, &p.msg1, &p.a.self, 1, &chance,
				label, p.now_ns);
	p.now_ns += PROTO_NS_PER_S;
	MUST(pair_receive(&p) == TUNNEL_OK);
}

static void timers_told(void)
{
	struct pair p;

	pair_init(&p);
	timers_note_sent(&p.b.tunnel.timers, p.now_ns, true);
	pair_initiate(&p);
	MUST(!timers_may_initiate(&p.a.tunnel.timers, p.now_ns, false));
	MUST(p.a.tunnel.timers.initiation_ns == p.now_ns);
	MUST(p.b.tunnel.timers.unanswered_ns);
	pair_receive(&p);
	MUST(!p.b.tunnel.timers.unanswered_ns);
	MUST(!p.b.tunnel.timers.session_ns);
	pair_respond(&p);
	MUST(p.b.tunnel.timers.session_ns == p.now_ns);
	timers_note_sent(&p.a.tunnel.timers, p.now_ns, true);
	p.now_ns++;
	pair_finish(&p);
	MUST(p.a.tunnel.timers.session_ns == p.now_ns);
	MUST(!p.a.tunnel.timers.initiation_ns);
	MUST(!p.a.tunnel.timers.unanswered_ns);
}

/* Our own initiation goes on while we answer theirs: which one fails is open. */
static void answering_keeps_asking(void)
{
	struct tunnel_chance chance = pair_chance();
	struct wire_initiation other;
	struct pair p;
	u8 label[12];

	pair_init(&p);
	wire_tai64n(label, 9, 0);
	tunnel_write_initiation(&p.b.tunnel, &other, &p.b.self, 77, &chance,
				label, p.now_ns);
	MUST(pair_handshake(&p));
	MUST(p.b.tunnel.half_open && p.b.tunnel.half_id == 77);
	MUST(timers_next(&p.b.tunnel.timers) < p.now_ns + 6 * PROTO_NS_PER_S);
}

static const struct check_row rows[] = {
	{ "two messages, one session on each side", handshake },
	{ "both messages carry mac1 [P4]", stamped },
	{ "ephemeral secrets die with the handshake [P10 P19]", wiped },
	{ "an initiation is accepted once [P2 D2]", initiation_twice },
	{ "an older initiation is a replay [P2]", initiation_older },
	{ "the newest label outlives everything [P2]", newest_stays },
	{ "accepted initiations are 20 ms apart [P3]", flood },
	{ "a forged initiation changes nothing [P6]", forged_leaves_no_trace },
	{ "low-order peers cost nothing and get nothing [D3 P21]", unusable },
	{ "a response to nothing asked [D1]", response_unasked },
	{ "a forged response changes nothing; 4 s are not late [D1 D11]",
	  response_forged },
	{ "a response to a superseded initiation [D1]", response_superseded },
	{ "a response after erasure [P9 D1]", response_after_erase },
	{ "a new identity forgets the old one's secrets [D2]", other_identity },
	{ "labels grow when the wall clock is set back [D17]", clock_set_back },
	{ "messages tell the timers", timers_told },
	{ "answering does not end one's own handshake [D18]",
	  answering_keeps_asking },
};

CHECK_FILE(tunnel_file, "tunnel", rows);
