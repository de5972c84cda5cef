// SPDX-License-Identifier: GPL-2.0
#include "selftest/proto/pair.h"

#include "selftest/proto/check.h"

static void side_identify(struct side *s)
{
	u8 secret[32];

	check_random_bytes(secret, sizeof(secret));
	ikpsk_self_set(&s->self, secret);
}

void pair_init(struct pair *p)
{
	memset(p, 0, sizeof(*p));
	side_identify(&p->a);
	side_identify(&p->b);
	tunnel_init(&p->a.tunnel, p->b.self.public);
	tunnel_init(&p->b.tunnel, p->a.self.public);
	timers_start(&p->a.tunnel.timers, 0);
	timers_start(&p->b.tunnel.timers, 0);
	p->now_ns = 1000 * PROTO_NS_PER_S;
}

void pair_set_psk(struct pair *p, const u8 psk_a[32], const u8 psk_b[32])
{
	tunnel_set_psk(&p->a.tunnel, psk_a);
	tunnel_set_psk(&p->b.tunnel, psk_b);
}

struct tunnel_chance pair_chance(void)
{
	struct tunnel_chance chance;

	check_random_bytes(&chance, sizeof(chance));
	chance.jitter_ns %= TIMERS_JITTER_NS;
	return chance;
}

enum tunnel_verdict pair_initiate(struct pair *p)
{
	struct tunnel_chance chance = pair_chance();
	enum tunnel_verdict verdict;
	u8 label[12];

	p->now_ns += PROTO_NS_PER_S;
	wire_tai64n(label, p->now_ns / PROTO_NS_PER_S, 0);
	verdict = tunnel_write_initiation(&p->a.tunnel, &p->msg1, &p->a.self,
					  PAIR_A_ID, &chance, label, p->now_ns);
	MUST(check_is_zero(&chance, sizeof(chance)));
	return verdict;
}

enum tunnel_verdict pair_receive(struct pair *p)
{
	if (!ikpsk_claim_initiation(&p->claim, &p->msg1, &p->b.self))
		return TUNNEL_FORGED;
	return tunnel_read_initiation(&p->b.tunnel, &p->claim, &p->msg1,
				      &p->b.self, p->now_ns);
}

enum tunnel_verdict pair_respond(struct pair *p)
{
	struct tunnel_chance chance = pair_chance();
	enum tunnel_verdict verdict;

	verdict = tunnel_write_response(&p->b.tunnel, &p->msg2, &p->b.session,
					&p->claim, PAIR_B_ID, &chance,
					p->now_ns);
	MUST(check_is_zero(&chance, sizeof(chance)));
	MUST(check_is_zero(&p->claim, sizeof(p->claim)));
	return verdict;
}

enum tunnel_verdict pair_finish(struct pair *p)
{
	return tunnel_read_response(&p->a.tunnel, &p->msg2, &p->a.session,
				    &p->a.self, p->now_ns);
}

bool pair_agrees(const struct pair *p)
{
	const struct session *a = &p->a.session, *b = &p->b.session;

	return !memcmp(&a->send_key, &b->recv_key, 32) &&
	       !memcmp(&a->recv_key, &b->send_key, 32) &&
	       memcmp(&a->send_key, &a->recv_key, 32);
}

bool pair_handshake(struct pair *p)
{
	return pair_initiate(p) == TUNNEL_OK && pair_receive(p) == TUNNEL_OK &&
	       pair_respond(p) == TUNNEL_OK && pair_finish(p) == TUNNEL_OK &&
	       pair_agrees(p);
}
