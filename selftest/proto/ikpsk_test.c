// SPDX-License-Identifier: GPL-2.0
#include "proto/ikpsk.h"

#include "crypto/curve25519.h"
#include "proto/symmetric.h"
#include "selftest/proto/check.h"
#include "selftest/proto/pair.h"

/* Static public keys with which every DH is zero [RFC 7748 6.1]. */
static const char *const low_order[] = {
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	/* The same values, not reduced modulo 2^255 - 19. */
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	/* And with the top bit, which is ignored. */
	"0000000000000000000000000000000000000000000000000000000000000080",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

static u8 hex_digit(char c)
{
	return (u8)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void read_hex(u8 *out, const char *hex)
{
	for (; *hex; hex += 2)
		*out++ = (u8)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
}

static bool write_first(struct pair *p, struct wire_initiation *msg,
			struct ikpsk_half *half)
{
	u8 e[32], label[12];

	check_random_bytes(e, sizeof(e));
	wire_tai64n(label, 5, 0);
	return ikpsk_write_initiation(msg, half, &p->a.self,
				      &p->a.tunnel.remote, 7, e, label);
}

static void identity(void)
{
	u8 secret[32] = { 0 }, zero[32] = { 0 };
	struct ikpsk_self self;

	ikpsk_self_set(&self, secret);
	MUST(!self.set && check_is_zero(&self, sizeof(self)));
	/* Clamping comes after the question, and is done here. */
	secret[0] = 7;
	ikpsk_self_set(&self, secret);
	MUST(self.set && self.secret[0] == 0 && self.secret[31] == 64);
	MUST(!check_is_zero(self.public, 32));
	ikpsk_self_set(&self, zero);
	MUST(!self.set && check_is_zero(&self, sizeof(self)));
}

static void no_identity(void)
{
	struct wire_initiation msg;
	struct ikpsk_claim claim;
	struct ikpsk_half half;
	struct pair p;

	pair_init(&p);
	MUST(write_first(&p, &msg, &half));
	ikpsk_self_wipe(&p.b.self);
	MUST(!ikpsk_claim_initiation(&claim, &msg, &p.b.self));
	pair_init(&p);
	ikpsk_self_wipe(&p.a.self);
	MUST(!write_first(&p, &msg, &half));
	MUST(check_is_zero(&msg, sizeof(msg)));
	MUST(check_is_zero(&half, sizeof(half)));
	MUST(p.a.tunnel.remote.shared_state == IKPSK_SHARED_UNKNOWN);
}

static void low_order_static(void)
{
	struct wire_initiation msg;
	struct ikpsk_half half;
	struct pair p;
	u8 public[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(low_order); i++) {
		pair_init(&p);
		read_hex(public, low_order[i]);
		ikpsk_remote_init(&p.a.tunnel.remote, public);
		MUST(!write_first(&p, &msg, &half));
		MUST(check_is_zero(&msg, sizeof(msg)));
		MUST(check_is_zero(&half, sizeof(half)));
		MUST(p.a.tunnel.remote.shared_state == IKPSK_SHARED_ZERO);
	}
}

/*
 * Somebody who knows that DH is zero can compute what we would, so a low-order
 * ephemeral must end the handshake before anything is opened.
 */
static void low_order_ephemeral(void)
{
	struct ikpsk_keys keys;
	struct pair p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(low_order); i++) {
		pair_init(&p);
		MUST(pair_initiate(&p) == TUNNEL_OK);
		read_hex(p.msg1.ephemeral, low_order[i]);
		MUST(!ikpsk_claim_initiation(&p.claim, &p.msg1, &p.b.self));
		MUST(check_is_zero(&p.claim, sizeof(p.claim)));

		pair_init(&p);
		pair_initiate(&p);
		MUST(pair_receive(&p) == TUNNEL_OK);
		/* A claim of such keys is never answered. */
		read_hex(p.claim.ephemeral, low_order[i]);
		MUST(pair_respond(&p) == TUNNEL_UNUSABLE);
		MUST(check_is_zero(&p.msg2, sizeof(p.msg2)));

		pair_init(&p);
		pair_initiate(&p);
		MUST(pair_receive(&p) == TUNNEL_OK);
		read_hex(p.claim.public, low_order[i]);
		MUST(pair_respond(&p) == TUNNEL_UNUSABLE);

		memset(&p.msg2, 0, sizeof(p.msg2));
		read_hex(p.msg2.ephemeral, low_order[i]);
		MUST(!ikpsk_read_response(&p.msg2, &keys, &p.a.tunnel.half,
					  &p.a.self, &p.a.tunnel.remote));
		MUST(check_is_zero(&keys, sizeof(keys)));
	}
}

static bool accepts_first(const struct pair *p, const struct wire_initiation *m)
{
	struct ikpsk_remote remote = p->b.tunnel.remote;
	struct ikpsk_claim claim;
	bool ok;

	ok = ikpsk_claim_initiation(&claim, m, &p->b.self) &&
	     ikpsk_prove_initiation(&claim, m, &p->b.self, &remote);
	MUST(ok || check_is_zero(&claim, sizeof(claim)));
	return ok;
}

/*
 * Every byte that is authenticated, a bit changed in each; type and sender are
 * covered by mac1 alone. The top bit of the ephemeral is no part of the point,
 * but it is hashed, so it cannot be changed either.
 */
static void first_bits(void)
{
	struct pair p;
	u8 *byte, bit;
	size_t i;

	pair_init(&p);
	MUST(pair_initiate(&p) == TUNNEL_OK);
	MUST(accepts_first(&p, &p.msg1));
	for (i = 8; i < offsetof(struct wire_initiation, macs); i++) {
		byte = (u8 *)&p.msg1 + i;
		bit = (u8)(1 << check_random() % 8);
		*byte ^= bit;
		MUST(!accepts_first(&p, &p.msg1));
		*byte ^= bit;
	}
	MUST(accepts_first(&p, &p.msg1));
	p.msg1.ephemeral[31] ^= 0x80;
	MUST(!accepts_first(&p, &p.msg1));
}

static bool accepts_second(const struct pair *p)
{
	struct ikpsk_half half = p->a.tunnel.half;
	struct ikpsk_keys keys;
	bool ok;

	ok = ikpsk_read_response(&p->msg2, &keys, &half, &p->a.self,
				 &p->a.tunnel.remote);
	MUST(ok || check_is_zero(&keys, sizeof(keys)));
	MUST(!memcmp(&half, &p->a.tunnel.half, sizeof(half)));
	return ok;
}

static void second_bits(void)
{
	struct pair p;
	u8 *byte, bit;
	size_t i;

	pair_init(&p);
	pair_initiate(&p);
	pair_receive(&p);
	MUST(pair_respond(&p) == TUNNEL_OK);
	MUST(accepts_second(&p));
	for (i = 12; i < offsetof(struct wire_response, macs); i++) {
		byte = (u8 *)&p.msg2 + i;
		bit = (u8)(1 << check_random() % 8);
		*byte ^= bit;
		MUST(!accepts_second(&p));
		*byte ^= bit;
	}
	p.msg2.ephemeral[31] ^= 0x80;
	MUST(!accepts_second(&p));
	p.msg2.ephemeral[31] ^= 0x80;
	MUST(accepts_second(&p));
}

/* A message for b, read by c. */
static void other_responder(void)
{
	struct pair p, q;

	pair_init(&p);
	pair_init(&q);
	pair_initiate(&p);
	q.msg1 = p.msg1;
	MUST(pair_receive(&q) == TUNNEL_FORGED);
	MUST(check_is_zero(&q.claim, sizeof(q.claim)));
}

/* a's message, proved against the record of c: no. */
static void other_initiator(void)
{
	struct ikpsk_claim claim;
	struct pair p, q;

	pair_init(&p);
	pair_init(&q);
	pair_initiate(&p);
	MUST(ikpsk_claim_initiation(&claim, &p.msg1, &p.b.self));
	MUST(!memcmp(claim.public, p.a.self.public, 32));
	MUST(check_is_zero(claim.timestamp, 12));
	ikpsk_remote_init(&p.b.tunnel.remote, q.a.self.public);
	MUST(!ikpsk_prove_initiation(&claim, &p.msg1, &p.b.self,
				     &p.b.tunnel.remote));
}

static void psk(void)
{
	u8 zero[32] = { 0 }, one[32], two[32];
	struct pair p;

	check_random_bytes(one, 32);
	memcpy(two, one, 32);
	pair_init(&p);
	pair_set_psk(&p, one, two);
	MUST(pair_handshake(&p));
	two[31] ^= 0x80;
	pair_set_psk(&p, one, two);
	MUST(!pair_handshake(&p));
	pair_set_psk(&p, one, zero);
	MUST(!pair_handshake(&p));
	pair_set_psk(&p, zero, one);
	MUST(!pair_handshake(&p));
	pair_set_psk(&p, zero, zero);
	MUST(pair_handshake(&p));
}

/*
 * Key compromise: the attacker has a's secret and so DH(a, b), and writes the
 * first message in b's name to a. It must not get from there to keys.
 */
static void compromised(void)
{
	struct wire_initiation msg1;
	struct wire_response msg2;
	struct ikpsk_self thief;
	struct ikpsk_remote victim;
	struct ikpsk_claim claim;
	struct ikpsk_half half;
	struct ikpsk_keys keys;
	u8 e[32], label[12];
	struct pair p;

	pair_init(&p);
	check_random_bytes(e, 32);
	ikpsk_self_set(&thief, e);
	memcpy(thief.public, p.b.self.public, 32);
	ikpsk_remote_init(&victim, p.a.self.public);
	ikpsk_remote_prepare(&p.a.tunnel.remote, &p.a.self);
	memcpy(victim.shared, p.a.tunnel.remote.shared, 32);
	victim.shared_state = IKPSK_SHARED_READY;

	wire_tai64n(label, 1, 0);
	check_random_bytes(e, 32);
	MUST(ikpsk_write_initiation(&msg1, &half, &thief, &victim, 3, e, label));
	MUST(ikpsk_claim_initiation(&claim, &msg1, &p.a.self));
	MUST(ikpsk_prove_initiation(&claim, &msg1, &p.a.self,
				    &p.a.tunnel.remote));
	check_random_bytes(e, 32);
	MUST(ikpsk_write_response(&msg2, &keys, &claim, &p.a.tunnel.remote, 4,
				  e));
	MUST(!ikpsk_read_response(&msg2, &keys, &half, &thief, &victim));
}

/* Nothing of an identity is in clear, and no two messages share bytes. */
static void hidden(void)
{
	struct wire_initiation one;
	struct pair p;

	pair_init(&p);
	pair_initiate(&p);
	one = p.msg1;
	MUST(!check_occurs(&one, sizeof(one), p.a.self.public, 8));
	MUST(!check_occurs(&one, sizeof(one), p.b.self.public, 8));
	pair_initiate(&p);
	MUST(memcmp(one.ephemeral, p.msg1.ephemeral, 32));
	MUST(memcmp(one.sealed_static, p.msg1.sealed_static, 48));
	MUST(memcmp(one.sealed_timestamp, p.msg1.sealed_timestamp, 28));
}

static void fresh_keys(void)
{
	struct session a, b;
	struct pair p;

	pair_init(&p);
	MUST(pair_handshake(&p));
	a = p.a.session;
	b = p.b.session;
	MUST(pair_handshake(&p));
	MUST(memcmp(&a.send_key, &p.a.session.send_key, 32));
	MUST(memcmp(&a.recv_key, &p.a.session.recv_key, 32));
	MUST(memcmp(&b.send_key, &p.b.session.send_key, 32));
}

static void forget(void)
{
	struct pair p;
	u8 shared[32];

	pair_init(&p);
	MUST(ikpsk_remote_prepare(&p.a.tunnel.remote, &p.a.self));
	memcpy(shared, p.a.tunnel.remote.shared, 32);
	MUST(ikpsk_remote_prepare(&p.b.tunnel.remote, &p.b.self));
	MUST(!memcmp(shared, p.b.tunnel.remote.shared, 32));
	ikpsk_remote_forget(&p.a.tunnel.remote);
	MUST(!check_occurs(&p.a.tunnel, sizeof(p.a.tunnel), shared, 32));
	ikpsk_self_set(&p.a.self, shared);
	MUST(ikpsk_remote_prepare(&p.a.tunnel.remote, &p.a.self));
	MUST(memcmp(shared, p.a.tunnel.remote.shared, 32));
}

/* An initiation of one who computes what we would: only a DH of it is zero. */
static void forge_first(struct wire_initiation *msg, const struct ikpsk_self *to,
			const u8 static_public[32], const char *ephemeral)
{
	struct symmetric s;
	u8 e[32], key[32], es[32] = { 0 };

	check_random_bytes(e, sizeof(e));
	if (ephemeral) {
		read_hex(msg->ephemeral, ephemeral);
	} else {
		x25519_base(msg->ephemeral, e);
		MUST(x25519(es, e, to->public));
	}
	symmetric_init(&s, to->public);
	symmetric_mix_ephemeral(&s, msg->ephemeral);
	symmetric_mix_key(&s, key, es);
	symmetric_seal(&s, key, msg->sealed_static, static_public, 32);
	memset(es, 0, sizeof(es));
	symmetric_mix_key(&s, key, es);
	symmetric_seal(&s, key, msg->sealed_timestamp, e, WIRE_TAI64N_LEN);
}

static void forge_second(struct wire_response *msg, const struct tunnel *to,
			 const char *ephemeral)
{
	static const u8 zero[32];
	struct symmetric s;
	u8 key[32];

	memcpy(s.chain, to->half.chain, sizeof(s.chain));
	memcpy(s.hash, to->half.hash, sizeof(s.hash));
	memset(msg, 0, sizeof(*msg));
	msg->receiver = cpu_to_le32(to->half_id);
	read_hex(msg->ephemeral, ephemeral);
	symmetric_mix_ephemeral(&s, msg->ephemeral);
	symmetric_mix_key(&s, NULL, zero);
	symmetric_mix_key(&s, NULL, zero);
	symmetric_mix_psk(&s, key, zero);
	symmetric_seal(&s, key, msg->sealed_nothing, NULL, 0);
}

static void low_order_computed(void)
{
	struct ikpsk_claim claim;
	struct ikpsk_remote low;
	u8 public[32];
	struct pair p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(low_order); i++) {
		read_hex(public, low_order[i]);
		pair_init(&p);
		pair_initiate(&p);
		forge_first(&p.msg1, &p.b.self, p.a.self.public, low_order[i]);
		MUST(!ikpsk_claim_initiation(&claim, &p.msg1, &p.b.self));

		forge_first(&p.msg1, &p.b.self, public, NULL);
		MUST(ikpsk_claim_initiation(&claim, &p.msg1, &p.b.self));
		MUST(!memcmp(claim.public, public, sizeof(public)));
		ikpsk_remote_init(&low, public);
		MUST(!ikpsk_prove_initiation(&claim, &p.msg1, &p.b.self, &low));

		pair_initiate(&p);
		forge_second(&p.msg2, &p.a.tunnel, low_order[i]);
		MUST(pair_finish(&p) != TUNNEL_OK);
	}
}

/* Eight initiations at once, some of them not good, as one by one. */
static void together(void)
{
	struct ikpsk_claim all[IKPSK_VEC_MAX], one, *claim[IKPSK_VEC_MAX];
	const struct wire_initiation *msg[IKPSK_VEC_MAX];
	const u8 *secret[IKPSK_VEC_MAX];
	static struct pair p[IKPSK_VEC_MAX];
	struct wire_response msg2, want;
	struct ikpsk_keys keys, want_keys;
	u8 e[IKPSK_VEC_MAX][32];
	unsigned int i, n;
	u32 claimed;

	for (n = 1; n <= IKPSK_VEC_MAX; n++) {
		check_random_bytes(e, sizeof(e));
		for (i = 0; i < n; i++) {
			pair_init(&p[i]);
			p[i].b.self = p[0].b.self;
			tunnel_init(&p[i].a.tunnel, p[0].b.self.public);
			pair_initiate(&p[i]);
			if (i % 4 == 2)
				p[i].msg1.sealed_static[i] ^= 1;
			if (i % 4 == 3)
				read_hex(p[i].msg1.ephemeral, low_order[i]);
			claim[i] = &all[i];
			msg[i] = &p[i].msg1;
			secret[i] = e[i];
		}
		claimed = ikpsk_claim_vec(claim, msg, &p[0].b.self, n);
		MUST(claimed == (0x33 & ((1U << n) - 1)));
		ikpsk_share_vec(claim, &p[0].b.self, n);
		ikpsk_answer_vec(claim, secret, n);
		for (i = 0; i < n; i++) {
			struct ikpsk_remote remote = p[i].b.tunnel.remote;

			if (!(claimed >> i & 1))
				continue;
			MUST(ikpsk_claim_initiation(&one, msg[i], &p[0].b.self));
			MUST(ikpsk_prove_initiation(&one, msg[i], &p[0].b.self,
						    &p[i].b.tunnel.remote));
			MUST(ikpsk_prove_initiation(claim[i], msg[i],
						    &p[0].b.self, &remote));
			MUST(!memcmp(&remote, &p[i].b.tunnel.remote,
				     sizeof(remote)));
			MUST(ikpsk_write_response(&want, &want_keys, &one,
						  &remote, 7, e[i]));
			MUST(ikpsk_write_response(&msg2, &keys, claim[i],
						  &remote, 7, e[i]));
			MUST(!memcmp(&want, &msg2, sizeof(msg2)));
			MUST(!memcmp(&want_keys, &keys, sizeof(keys)));
		}
	}
}

/* What is computed beforehand must be refused as well. */
static void together_unusable(void)
{
	struct ikpsk_claim claim, *c = &claim;
	struct wire_response msg2;
	struct ikpsk_keys keys;
	struct pair p;
	u8 e[32];
	const u8 *secret = e;
	int i;

	for (i = 0; i < 3; i++) {
		pair_init(&p);
		pair_initiate(&p);
		check_random_bytes(e, sizeof(e));
		MUST(ikpsk_claim_initiation(c, &p.msg1, &p.b.self));
		if (i == 0)
			read_hex(c->public, low_order[2]);
		if (i == 1)
			read_hex(c->ephemeral, low_order[3]);
		ikpsk_share_vec(&c, &p.b.self, 1);
		ikpsk_answer_vec(&c, &secret, 1);
		MUST(ikpsk_write_response(&msg2, &keys, c, &p.b.tunnel.remote, 7,
					  e) == (i == 2));
	}
	pair_init(&p);
	pair_initiate(&p);
	MUST(ikpsk_claim_initiation(c, &p.msg1, &p.b.self));
	read_hex(c->public, low_order[2]);
	ikpsk_share_vec(&c, &p.b.self, 1);
	MUST(!ikpsk_prove_initiation(c, &p.msg1, &p.b.self, &p.b.tunnel.remote));
	MUST(p.b.tunnel.remote.shared_state == IKPSK_SHARED_ZERO);
}

static const struct check_row rows[] = {
	{ "a secret of zeros is no identity", identity },
	{ "without an identity nothing is written or read [D3]", no_identity },
	{ "low-order static keys: not one byte [P21 D3]", low_order_static },
	{ "low-order ephemeral keys abort [P21 D3]", low_order_ephemeral },
	{ "message 1 with any byte changed [P14 D19]", first_bits },
	{ "message 2 with any byte changed [P14 D19]", second_bits },
	{ "message 1 for another responder [P14]", other_responder },
	{ "message 1 of another initiator [P14]", other_initiator },
	{ "nor with all else computed to fit [P21 D3]", low_order_computed },
	{ "PSKs must be equal, zeros or not [P14 P20]", psk },
	{ "a thief of a's key cannot speak as b to a [P14]", compromised },
	{ "identities are hidden, ephemerals change [P8]", hidden },
	{ "every session has keys of its own [P12]", fresh_keys },
	{ "the static secret follows the identity [D2]", forget },
	{ "many at once do what one by one does [P14]", together },
	{ "and refuse what that refuses [P21 D3]", together_unusable },
};

CHECK_FILE(ikpsk_file, "ikpsk", rows);
