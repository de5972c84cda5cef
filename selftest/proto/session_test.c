// SPDX-License-Identifier: GPL-2.0
#include "proto/session.h"

#include "selftest/proto/check.h"

#define BORN	(5000 * PROTO_NS_PER_S)
#define AT(s)	(BORN + (s) * PROTO_NS_PER_S)

static struct session make(bool initiator, u64 born_ns)
{
	struct ikpsk_keys keys;
	struct session s;

	check_random_bytes(&keys, sizeof(keys));
	session_init(&s, &keys, 11, 22, initiator, born_ns);
	MUST(check_is_zero(&keys, sizeof(keys)));
	return s;
}

static void init_wipe(void)
{
	struct ikpsk_keys keys;
	struct session s;
	u8 send[32], recv[32];
	int i;

	check_random_bytes(&keys, sizeof(keys));
	memcpy(send, keys.send, 32);
	memcpy(recv, keys.recv, 32);
	session_init(&s, &keys, 11, 22, true, BORN);
	MUST(check_is_zero(&keys, sizeof(keys)));
	for (i = 0; i < 8; i++) {
		MUST(s.send_key.word[i] == get_unaligned_le32(send + 4 * i));
		MUST(s.recv_key.word[i] == get_unaligned_le32(recv + 4 * i));
	}
	MUST(s.local_id == 11 && s.remote_id == 22 && s.initiator);
	MUST(!s.send_barred && !s.rekey_asked && s.born_ns == BORN);
	session_wipe(&s);
	MUST(check_is_zero(&s, sizeof(s)));
}

static void send_limits(void)
{
	const u64 limit = 0xffffffffffffdfffULL;
	struct session s = make(true, BORN);
	unsigned int n;

	MUST(session_may_send(&s, BORN, 0, 64));
	MUST(session_may_send(&s, BORN, 0xffffffffULL, 64));
	for (n = 1; n <= 64; n++) {
		MUST(session_may_send(&s, BORN, limit - n, n));
		MUST(!session_may_send(&s, BORN, limit - n + 1, n));
		MUST(!session_may_send(&s, BORN, limit, n));
		MUST(!session_may_send(&s, BORN, limit + 1, n));
		MUST(!session_may_send(&s, BORN, ~0ULL - n, n));
		MUST(!session_may_send(&s, BORN, ~0ULL, n));
	}
	MUST(!session_may_send(&s, BORN, limit - 5, ~0U));
}

static void receive_limits(void)
{
	MUST(session_counter_valid(0));
	MUST(session_counter_valid(1ULL << 60));
	MUST(session_counter_valid(0xffffffffffffdffeULL));
	MUST(!session_counter_valid(0xffffffffffffdfffULL));
	MUST(!session_counter_valid(~0ULL));
}

static void rejected_by_age(void)
{
	struct session s = make(false, BORN);

	MUST(session_may_send(&s, AT(180) - 1, 0, 1));
	MUST(!session_may_send(&s, AT(180), 0, 1));
	MUST(session_may_receive(&s, AT(180) - 1));
	MUST(!session_may_receive(&s, AT(180)));
	MUST(!session_may_receive(&s, ~0ULL));
}

/* Another CPU's clock, read before this session came about. */
static void lagging_clock(void)
{
	struct session s = make(true, BORN);

	MUST(session_may_send(&s, BORN - 1, 0, 1));
	MUST(session_may_receive(&s, BORN - 1));
	MUST(!session_stale_on_send(&s, BORN - 1, 0));
	MUST(!session_stale_on_receive(&s, BORN - 1));
}

static void barred(void)
{
	struct session s = make(true, BORN);

	s.send_barred = true;
	MUST(!session_may_send(&s, BORN, 0, 1));
	MUST(session_may_receive(&s, BORN));
}

static void renew_on_send(void)
{
	struct session i = make(true, BORN), r = make(false, BORN);
	const u64 count = 1ULL << 60;

	MUST(!session_stale_on_send(&i, AT(120) - 1, 0));
	MUST(session_stale_on_send(&i, AT(120), 0));
	MUST(!session_stale_on_send(&r, AT(179), 0));
	MUST(!session_stale_on_send(&i, BORN, count - 1));
	MUST(session_stale_on_send(&i, BORN, count));
	MUST(!session_stale_on_send(&r, BORN, count - 1));
	MUST(session_stale_on_send(&r, BORN, count));
}

static void renew_on_receive(void)
{
	struct session i = make(true, BORN), r = make(false, BORN);

	MUST(!session_stale_on_receive(&i, AT(165) - 1));
	MUST(session_stale_on_receive(&i, AT(165)));
	i.renews_later = true;
	MUST(!session_stale_on_receive(&i, AT(166) - 1));
	MUST(session_stale_on_receive(&i, AT(166)));
	MUST(!session_stale_on_receive(&r, AT(179)));
	i.rekey_asked = true;
	MUST(!session_stale_on_receive(&i, AT(170)));
}

/* Rotation. Every filling of the slots, old and young, with every event. */

struct slots {
	struct session *at[SESSION_SLOTS], *gone[SESSION_SLOTS];
};

/* How often @s is in the slots, and how often it has fallen out. */
static int kept(const struct slots *k, const struct session *s)
{
	return (k->at[0] == s) + (k->at[1] == s) + (k->at[2] == s);
}

static int lost(const struct slots *k, const struct session *s)
{
	return (k->gone[0] == s) + (k->gone[1] == s) + (k->gone[2] == s);
}

static void nothing_lost(void)
{
	struct session in[SESSION_SLOTS], fresh;
	struct slots k;
	int filled, i, event, age;

	for (filled = 0; filled < 8; filled++)
		for (event = 0; event < 3; event++)
			for (age = 0; age < 2; age++) {
				for (i = 0; i < 3; i++) {
					in[i] = make(i != 2, BORN + (u64)i);
					k.at[i] = filled >> i & 1 ? &in[i] : NULL;
				}
				in[2].born_ns = age ? BORN + 9 : BORN - 9;
				fresh = make(event == 0, BORN + 20);
				if (event < 2)
					session_install(k.at, &fresh, k.gone);
				else
					session_confirm(k.at, &in[2], k.gone);
				for (i = 0; i < 3; i++)
					MUST(kept(&k, &in[i]) + lost(&k, &in[i])
					     == (filled >> i & 1));
				MUST(kept(&k, &fresh) == (event < 2));
				MUST(lost(&k, &fresh) == 0);
			}
}

static void initiator_rotates(void)
{
	struct session cur = make(true, BORN), prev = make(true, BORN - 5);
	struct session fresh = make(true, AT(120));
	struct slots k = { .at = { &cur, &prev, NULL } };

	session_install(k.at, &fresh, k.gone);
	MUST(k.at[SESSION_CURRENT] == &fresh && k.at[SESSION_PREVIOUS] == &cur);
	MUST(!k.at[SESSION_NEXT]);
	MUST(lost(&k, &prev) == 1);
}

static void responder_waits(void)
{
	struct session cur = make(false, BORN), fresh = make(false, AT(120));
	struct session prev = make(false, BORN - 5);
	struct slots k = { .at = { &cur, &prev, NULL } };

	session_install(k.at, &fresh, k.gone);
	MUST(k.at[SESSION_CURRENT] == &cur && k.at[SESSION_NEXT] == &fresh);
	MUST(k.at[SESSION_PREVIOUS] == &prev);
	MUST(!session_confirm(k.at, &cur, k.gone));
	MUST(!session_confirm(k.at, &prev, k.gone));
	MUST(k.at[SESSION_CURRENT] == &cur && k.at[SESSION_NEXT] == &fresh);
	MUST(session_confirm(k.at, &fresh, k.gone));
	MUST(k.at[SESSION_CURRENT] == &fresh && !k.at[SESSION_NEXT]);
	MUST(k.at[SESSION_PREVIOUS] == &cur && lost(&k, &prev) == 1);
	MUST(!session_confirm(k.at, &fresh, k.gone));
	MUST(!session_confirm(k.at, NULL, k.gone));
}

/* Another responder's session while one waits: the younger is the one in use. */
static void responder_again(void)
{
	struct session one = make(false, BORN), two = make(false, BORN + 1);
	struct slots k = { .at = { NULL, NULL, NULL } };

	session_install(k.at, &one, k.gone);
	session_install(k.at, &two, k.gone);
	MUST(k.at[SESSION_NEXT] == &two && lost(&k, &one) == 1);
	MUST(!k.at[SESSION_CURRENT]);
}

/*
 * Both sides renew at once: whatever order messages take, afterwards each side
 * can open what the other seals with.
 */
static void both_at_once(void)
{
	struct session cur = make(true, BORN), mine = make(true, AT(121));
	struct session theirs = make(false, AT(120));
	struct slots k = { .at = { &cur, NULL, NULL } };

	session_install(k.at, &theirs, k.gone);
	session_install(k.at, &mine, k.gone);
	MUST(kept(&k, &cur) && kept(&k, &mine) && kept(&k, &theirs));
	MUST(k.at[SESSION_CURRENT] == &mine);
	MUST(session_confirm(k.at, &theirs, k.gone));
	MUST(kept(&k, &mine) && kept(&k, &theirs));
	MUST(k.at[SESSION_CURRENT] == &theirs);
}

static void overtaken_next(void)
{
	struct session cur = make(true, AT(1)), next = make(false, BORN);
	struct session fresh = make(true, AT(120));
	struct slots k = { .at = { &cur, NULL, &next } };

	session_install(k.at, &fresh, k.gone);
	MUST(lost(&k, &next) == 1 && k.at[SESSION_PREVIOUS] == &cur);
	MUST(!session_confirm(k.at, &next, k.gone));
}

static const struct check_row rows[] = {
	{ "keys go in and are wiped behind [P10 P19]", init_wipe },
	{ "no counter from the limit on is sealed, no wrap [P11 D5]", send_limits },
	{ "no counter from the limit on is opened [P11 D5]", receive_limits },
	{ "nobody uses a session of 180 s [P11]", rejected_by_age },
	{ "a clock that lags does not age a session", lagging_clock },
	{ "a barred session receives only [D16]", barred },
	{ "renewal at 120 s by the initiator, at 2^60 by both [P11]",
	  renew_on_send },
	{ "renewal on receipt at 165 s, once [P11]", renew_on_receive },
	{ "rotation loses no session and doubles none [P9]", nothing_lost },
	{ "an initiator's session is current at once", initiator_rotates },
	{ "a responder's waits for its first message [P13]", responder_waits },
	{ "a responder's younger session replaces the waiting", responder_again },
	{ "two renewals at once keep both sessions [D18]", both_at_once },
	{ "an overtaken session is not confirmed later [D18]", overtaken_next },
};

CHECK_FILE(session_file, "session", rows);
