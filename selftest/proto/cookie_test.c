// SPDX-License-Identifier: GPL-2.0
#include "proto/cookie.h"

#include "selftest/proto/check.h"

#define SECOND	1000000000ULL
#define START	(1000 * SECOND)

/* A gate, a jar that knows its owner's key, and a message between them. */
struct scene {
	struct cookie_gate gate;
	struct cookie_jar jar;
	u8 public[32];
	u8 msg[148];
	size_t len;
	u8 source[18];
	size_t source_len;
};

static void scene_init(struct scene *s, size_t len, size_t source_len)
{
	u8 secret[32];

	memset(s, 0, sizeof(*s));
	check_random_bytes(s->public, 32);
	check_random_bytes(secret, 32);
	check_random_bytes(s->source, sizeof(s->source));
	check_random_bytes(s->msg, sizeof(s->msg));
	s->len = len;
	s->source_len = source_len;
	cookie_gate_set_identity(&s->gate, s->public);
	cookie_gate_renew(&s->gate, secret, START);
	cookie_jar_init(&s->jar, s->public);
	cookie_jar_stamp(&s->jar, s->msg, s->len, START);
}

static void scene_reply(struct scene *s, struct wire_cookie_reply *reply)
{
	u8 nonce[24];

	check_random_bytes(nonce, sizeof(nonce));
	cookie_gate_write_reply(&s->gate, reply, s->msg, s->len,
				cpu_to_le32(0x12345678), nonce, s->source,
				s->source_len);
}

/* The sender has the gate's cookie and stamps its next message with it. */
static void scene_give_cookie(struct scene *s, u64 now_ns)
{
	struct wire_cookie_reply reply;

	scene_reply(s, &reply);
	MUST(cookie_jar_read_reply(&s->jar, &reply, now_ns));
	cookie_jar_stamp(&s->jar, s->msg, s->len, now_ns);
}

static bool mac1_good(const struct scene *s)
{
	return cookie_gate_check_mac1(&s->gate, s->msg, s->len);
}

static bool mac2_good(const struct scene *s, u64 now_ns)
{
	return cookie_gate_check_mac2(&s->gate, s->msg, s->len, s->source,
				      s->source_len, now_ns);
}

/* Every bit that mac1 covers, and every bit of itself. */
static void mac1_bits(void)
{
	static const size_t lens[] = { 148, 92 };
	struct scene s;
	size_t i, bit;

	for (i = 0; i < 2; i++) {
		scene_init(&s, lens[i], 6);
		MUST(mac1_good(&s));
		for (bit = 0; bit < (s.len - 16) * 8; bit++) {
			s.msg[bit / 8] ^= (u8)(1 << bit % 8);
			MUST(!mac1_good(&s));
			s.msg[bit / 8] ^= (u8)(1 << bit % 8);
		}
		MUST(mac1_good(&s));
	}
}

static void mac1_other_key(void)
{
	struct scene s;
	u8 public[32];

	scene_init(&s, 148, 6);
	check_random_bytes(public, 32);
	cookie_gate_set_identity(&s.gate, public);
	MUST(!mac1_good(&s));
	cookie_gate_set_identity(&s.gate, s.public);
	MUST(mac1_good(&s));
}

static void mac2_without_cookie(void)
{
	struct scene s;

	scene_init(&s, 148, 6);
	MUST(check_is_zero(s.msg + 132, 16));
	MUST(!mac2_good(&s, START));
	/* Neither do zeros pass a gate which has no secret yet. */
	memset(s.gate.secret, 0, 32);
	s.gate.secret_born_ns = 0;
	MUST(!mac2_good(&s, START));
	scene_give_cookie(&s, START);
	MUST(!mac2_good(&s, START));
}

static void mac2_bits(void)
{
	struct scene s;
	size_t bit;

	scene_init(&s, 92, 18);
	scene_give_cookie(&s, START);
	MUST(mac2_good(&s, START) && mac1_good(&s));
	for (bit = 0; bit < s.len * 8; bit++) {
		s.msg[bit / 8] ^= (u8)(1 << bit % 8);
		MUST(!mac2_good(&s, START));
		s.msg[bit / 8] ^= (u8)(1 << bit % 8);
	}
}

/* Address then port: any bit of either makes it another source. */
static void source_bound(void)
{
	static const size_t lens[] = { 6, 18 };
	struct scene s;
	size_t i, bit;

	for (i = 0; i < 2; i++) {
		scene_init(&s, 148, lens[i]);
		scene_give_cookie(&s, START);
		MUST(mac2_good(&s, START));
		for (bit = 0; bit < lens[i] * 8; bit++) {
			s.source[bit / 8] ^= (u8)(1 << bit % 8);
			MUST(!mac2_good(&s, START));
			s.source[bit / 8] ^= (u8)(1 << bit % 8);
		}
		s.source_len -= 2;
		MUST(!mac2_good(&s, START));
	}
}

static void secret_age(void)
{
	struct scene s;

	scene_init(&s, 148, 6);
	scene_give_cookie(&s, START);
	MUST(!cookie_gate_secret_due(&s.gate, START + 120 * SECOND - 1));
	MUST(mac2_good(&s, START + 120 * SECOND - 1));
	MUST(cookie_gate_secret_due(&s.gate, START + 120 * SECOND));
	MUST(!mac2_good(&s, START + 120 * SECOND));
	/* A clock read before the secret was made is no reason to drop. */
	MUST(mac2_good(&s, START - 1));
}

static void secret_renewed(void)
{
	struct scene s;
	u8 secret[32];

	scene_init(&s, 148, 6);
	scene_give_cookie(&s, START);
	check_random_bytes(secret, 32);
	cookie_gate_renew(&s.gate, secret, START + 120 * SECOND);
	MUST(!mac2_good(&s, START + 120 * SECOND));
	MUST(!cookie_gate_secret_due(&s.gate, START + 120 * SECOND));
	memset(&s.gate, 0, sizeof(s.gate));
	MUST(cookie_gate_secret_due(&s.gate, 5));
	cookie_gate_renew(&s.gate, secret, 0);
	MUST(!cookie_gate_secret_due(&s.gate, 0));
}

/* Used for 115 s after it came, then forgotten. */
static void cookie_age(void)
{
	struct scene s;
	u8 cookie[16];

	scene_init(&s, 148, 6);
	scene_give_cookie(&s, START);
	memcpy(cookie, s.jar.cookie, 16);
	cookie_jar_stamp(&s.jar, s.msg, s.len, START + 115 * SECOND - 1);
	MUST(mac2_good(&s, START + 115 * SECOND - 1));
	cookie_jar_stamp(&s.jar, s.msg, s.len, START + 115 * SECOND);
	MUST(check_is_zero(s.msg + 132, 16));
	MUST(mac1_good(&s));
	MUST(!check_occurs(&s.jar, sizeof(s.jar), cookie, 16));
}

static void reply_layout(void)
{
	static const u8 head[8] = { 3, 0, 0, 0, 0x78, 0x56, 0x34, 0x12 };
	struct wire_cookie_reply reply;
	struct scene s;

	scene_init(&s, 148, 6);
	scene_reply(&s, &reply);
	MUST(!memcmp(&reply, head, sizeof(head)));
	MUST(wire_classify(reply.type, sizeof(reply)) == WIRE_COOKIE_REPLY);
	MUST(sizeof(reply) < sizeof(struct wire_response));
	MUST(sizeof(struct wire_response) < sizeof(struct wire_initiation));
}

/* Bits of the nonce and of the sealed cookie: forged. */
static void reply_bits(void)
{
	struct wire_cookie_reply reply;
	struct cookie_jar before;
	struct scene s;
	size_t bit;

	scene_init(&s, 148, 6);
	scene_reply(&s, &reply);
	before = s.jar;
	for (bit = 8 * 8; bit < sizeof(reply) * 8; bit++) {
		((u8 *)&reply)[bit / 8] ^= (u8)(1 << bit % 8);
		MUST(!cookie_jar_read_reply(&s.jar, &reply, START));
		((u8 *)&reply)[bit / 8] ^= (u8)(1 << bit % 8);
	}
	MUST(!memcmp(&before, &s.jar, sizeof(before)));
	MUST(cookie_jar_read_reply(&s.jar, &reply, START));
}

static void reply_to_last(void)
{
	struct wire_cookie_reply old, fresh;
	struct scene s;

	scene_init(&s, 148, 6);
	scene_reply(&s, &old);
	s.msg[50] ^= 1;
	cookie_jar_stamp(&s.jar, s.msg, s.len, START);
	scene_reply(&s, &fresh);
	MUST(!cookie_jar_read_reply(&s.jar, &old, START));
	MUST(!s.jar.has_cookie);
	MUST(cookie_jar_read_reply(&s.jar, &fresh, START));
	/* The same again must not make the cookie younger. */
	MUST(!cookie_jar_read_reply(&s.jar, &fresh, START + 100 * SECOND));
	MUST(s.jar.cookie_born_ns == START);
}

static void reply_unasked(void)
{
	struct wire_cookie_reply reply;
	struct cookie_jar jar;
	struct scene s;
	u8 zero[148] = { 0 };

	scene_init(&s, 148, 6);
	memcpy(s.msg, zero, sizeof(zero));
	scene_reply(&s, &reply);
	/* Sealed for a mac1 of zeros, to one who has sent nothing. */
	cookie_jar_init(&jar, s.public);
	MUST(!cookie_jar_read_reply(&jar, &reply, START));
}

static void reply_of_stranger(void)
{
	struct wire_cookie_reply reply;
	struct scene s;
	u8 public[32];

	scene_init(&s, 148, 6);
	check_random_bytes(public, 32);
	cookie_gate_set_identity(&s.gate, public);
	scene_reply(&s, &reply);
	MUST(!cookie_jar_read_reply(&s.jar, &reply, START));
}

static void identity_keeps_secret(void)
{
	struct scene s;
	u8 secret[32], public[32];

	scene_init(&s, 148, 6);
	memcpy(secret, s.gate.secret, 32);
	check_random_bytes(public, 32);
	cookie_gate_set_identity(&s.gate, public);
	MUST(!memcmp(secret, s.gate.secret, 32));
	MUST(s.gate.secret_born_ns == START);
}

static const struct check_row rows[] = {
	{ "mac1 covers every bit before it [P4 P6]", mac1_bits },
	{ "mac1 is keyed by the receiver's identity [P4 P6]", mac1_other_key },
	{ "no mac2 without a cookie, no gate without a secret [P5]",
	  mac2_without_cookie },
	{ "mac2 covers every bit before it [P5]", mac2_bits },
	{ "a cookie is bound to address and port [P5 D8]", source_bound },
	{ "a secret serves 120 s [P5]", secret_age },
	{ "a new secret voids old cookies [P5]", secret_renewed },
	{ "a cookie is used for 115 s, then wiped [P5 P19]", cookie_age },
	{ "a cookie reply is smaller than what it answers [P7]", reply_layout },
	{ "a reply with any bit changed is no reply [P5]", reply_bits },
	{ "only a reply to the last mac1, only once [P5]", reply_to_last },
	{ "no reply before anything was sent [P5]", reply_unasked },
	{ "a reply under another identity is no reply [P5]", reply_of_stranger },
	{ "a new identity keeps the secret [D2]", identity_keeps_secret },
};

CHECK_FILE(cookie_file, "cookie", rows);
