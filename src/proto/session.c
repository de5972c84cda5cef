// SPDX-License-Identifier: GPL-2.0
#include "proto/session.h"

/*
 * How old a session is that still receives when its initiator renews it: late
 * enough that sending would long have done so, early enough for one silent
 * Keepalive-Timeout and one handshake retry before it is dead [WP 6.2].
 */
#define RENEW_ON_RECEIVE_NS \
	(REJECT_AFTER_TIME_NS - KEEPALIVE_TIMEOUT_NS - REKEY_TIMEOUT_NS)
#define LATER_NS		PROTO_NS_PER_S

void session_init(struct session *s, struct ikpsk_keys *keys, u32 local_id,
		  u32 remote_id, bool initiator, u64 now_ns)
{
	memset(s, 0, sizeof(*s));
	aead_key_load(&s->send_key, keys->send);
	aead_key_load(&s->recv_key, keys->recv);
	memzero_explicit(keys, sizeof(*keys));
	s->born_ns = now_ns;
	s->local_id = local_id;
	s->remote_id = remote_id;
	s->initiator = initiator;
}

void session_wipe(struct session *s)
{
	memzero_explicit(s, sizeof(*s));
}

/* A clock read on another CPU, before the session was born, is age 0. */
static u64 session_age_ns(const struct session *s, u64 now_ns)
{
	return now_ns > s->born_ns ? now_ns - s->born_ns : 0;
}

bool session_may_send(const struct session *s, u64 now_ns, u64 counter,
		      unsigned int n)
{
	if (READ_ONCE(s->send_barred))
		return false;
	if (session_age_ns(s, now_ns) >= REJECT_AFTER_TIME_NS)
		return false;
	/* Written so that it cannot wrap. */
	return counter <= REJECT_AFTER_MESSAGES &&
	       n <= REJECT_AFTER_MESSAGES - counter;
}

bool session_may_receive(const struct session *s, u64 now_ns)
{
	return session_age_ns(s, now_ns) < REJECT_AFTER_TIME_NS;
}

bool session_counter_valid(u64 counter)
{
	return counter < REJECT_AFTER_MESSAGES;
}

bool session_stale_on_send(const struct session *s, u64 now_ns, u64 counter)
{
	if (counter >= REKEY_AFTER_MESSAGES)
		return true;
	return s->initiator && session_age_ns(s, now_ns) >= REKEY_AFTER_TIME_NS;
}

/*
 * After both sides started at once, each is the initiator of what the other
 * sends with. If both waited equally long they would start at once again, each
 * time; so one of them lets the other begin.
 */
static u64 renew_on_receive_ns(const struct session *s)
{
	return RENEW_ON_RECEIVE_NS + (s->renews_later ? LATER_NS : 0);
}

bool session_stale_on_receive(const struct session *s, u64 now_ns)
{
	return s->initiator && !READ_ONCE(s->rekey_asked) &&
	       session_age_ns(s, now_ns) >= renew_on_receive_ns(s);
}

/* Put @s in @which; what was there falls out. */
static void slot_replace(struct session *slot[SESSION_SLOTS],
			 enum session_slot which, struct session *s,
			 struct session *gone[SESSION_SLOTS])
{
	gone[which] = slot[which];
	slot[which] = s;
}

static void make_current(struct session *slot[SESSION_SLOTS],
			 struct session *s, struct session *gone[SESSION_SLOTS])
{
	if (slot[SESSION_CURRENT])
		slot_replace(slot, SESSION_PREVIOUS, slot[SESSION_CURRENT],
			     gone);
	slot[SESSION_CURRENT] = s;
}

/*
 * A next older than current was overtaken and never confirmed. Confirmed after
 * one more rotation, by a packet held back on the way, it would make us send
 * with what the other side has long dropped.
 */
static bool next_is_stale(struct session *const slot[SESSION_SLOTS])
{
	const struct session *now = slot[SESSION_CURRENT];
	const struct session *next = slot[SESSION_NEXT];

	return now && next && next->born_ns < now->born_ns;
}

void session_install(struct session *slot[SESSION_SLOTS], struct session *fresh,
		     struct session *gone[SESSION_SLOTS])
{
	memset(gone, 0, SESSION_SLOTS * sizeof(gone[0]));
	if (!fresh->initiator) {
		slot_replace(slot, SESSION_NEXT, fresh, gone);
		return;
	}
	if (next_is_stale(slot))
		slot_replace(slot, SESSION_NEXT, NULL, gone);
	make_current(slot, fresh, gone);
}

bool session_confirm(struct session *slot[SESSION_SLOTS], const struct session *s,
		     struct session *gone[SESSION_SLOTS])
{
	struct session *fresh = slot[SESSION_NEXT];

	memset(gone, 0, SESSION_SLOTS * sizeof(gone[0]));
	if (!fresh || fresh != s)
		return false;
	slot[SESSION_NEXT] = NULL;
	make_current(slot, fresh, gone);
	return true;
}
