// SPDX-License-Identifier: GPL-2.0
#include "proto/timers.h"

#define ERASE_AFTER_NS		(3 * REJECT_AFTER_TIME_NS)
#define UNANSWERED_AFTER_NS	(KEEPALIVE_TIMEOUT_NS + REKEY_TIMEOUT_NS)
/* Fine enough for intervals of seconds, coarse enough for a shared line. */
#define ANY_GRAIN_NS		(PROTO_NS_PER_S / 1000)

/* A time stamp that is not "not". */
static u64 stamp(u64 now_ns)
{
	return now_ns ? now_ns : 1;
}

/* The line is shared by all CPUs: it is dirtied only by news. */
#define STORE_NEWS(field, value)				\
	do {							\
		if (READ_ONCE(field) != (value))		\
			WRITE_ONCE(field, value);		\
	} while (0)

static void note_any(struct timers *t, u64 now_ns)
{
	u64 any_ns = READ_ONCE(t->any_ns);

	if (!any_ns || now_ns >= any_ns + ANY_GRAIN_NS)
		WRITE_ONCE(t->any_ns, stamp(now_ns));
}

/* Start @field's clock unless it runs. */
static bool start_once(u64 *field, u64 now_ns)
{
	if (READ_ONCE(*field))
		return false;
	WRITE_ONCE(*field, stamp(now_ns));
	return true;
}

static void forget_stamps(struct timers *t)
{
	WRITE_ONCE(t->any_ns, 0);
	WRITE_ONCE(t->unanswered_ns, 0);
	WRITE_ONCE(t->owed_ns, 0);
	WRITE_ONCE(t->initiation_ns, 0);
	/* So that the first packet after down and up handshakes at once [D14]. */
	WRITE_ONCE(t->initiation_sent_ns, 0);
	WRITE_ONCE(t->session_ns, 0);
	WRITE_ONCE(t->attempts, 0);
}

void timers_clear(struct timers *t)
{
	memset(t, 0, sizeof(*t));
}

void timers_start(struct timers *t, u64 now_ns)
{
	(void)now_ns;
	forget_stamps(t);
	WRITE_ONCE(t->running, true);
}

void timers_stop(struct timers *t)
{
	WRITE_ONCE(t->running, false);
	forget_stamps(t);
}

bool timers_note_sent(struct timers *t, u64 now_ns, bool data)
{
	note_any(t, now_ns);
	STORE_NEWS(t->owed_ns, 0);
	return data && start_once(&t->unanswered_ns, now_ns);
}

bool timers_note_received(struct timers *t, u64 now_ns, bool data)
{
	note_any(t, now_ns);
	STORE_NEWS(t->unanswered_ns, 0);
	return data && start_once(&t->owed_ns, now_ns);
}

void timers_note_initiation(struct timers *t, u64 now_ns, u32 jitter_ns)
{
	timers_note_sent(t, now_ns, false);
	WRITE_ONCE(t->jitter_ns, jitter_ns);
	WRITE_ONCE(t->initiation_ns, stamp(now_ns));
	WRITE_ONCE(t->initiation_sent_ns, stamp(now_ns));
	/* Without any session there is an ephemeral secret to erase. */
	start_once(&t->session_ns, now_ns);
}

void timers_note_session(struct timers *t, u64 now_ns)
{
	WRITE_ONCE(t->session_ns, stamp(now_ns));
}

void timers_note_confirmed(struct timers *t)
{
	STORE_NEWS(t->initiation_ns, 0);
	STORE_NEWS(t->attempts, 0);
}

bool timers_may_initiate(struct timers *t, u64 now_ns, bool retry)
{
	u64 sent_ns = READ_ONCE(t->initiation_sent_ns);

	if (!retry)
		STORE_NEWS(t->attempts, 0);
	return !sent_ns || now_ns >= sent_ns + REKEY_TIMEOUT_NS;
}

void timers_note_identity(struct timers *t)
{
	WRITE_ONCE(t->initiation_sent_ns, 0);
}

bool timers_set_persistent(struct timers *t, u16 seconds)
{
	u16 old = READ_ONCE(t->persistent_s);

	if (old == seconds)
		return false;
	/* Switched on: the first one is due at once. */
	if (!old)
		WRITE_ONCE(t->any_ns, 0);
	WRITE_ONCE(t->persistent_s, seconds);
	return seconds != 0;
}

/* Deadlines: when each is, and what it does when it is over. */

static u64 after(u64 since_ns, u64 wait_ns)
{
	return since_ns ? since_ns + wait_ns : TIMERS_NEVER;
}

static u64 retry_at(const struct timers *t)
{
	return after(READ_ONCE(t->initiation_ns),
		     REKEY_TIMEOUT_NS + READ_ONCE(t->jitter_ns));
}

static u32 retry_fire(struct timers *t, u64 now_ns)
{
	u8 attempts = READ_ONCE(t->attempts);

	if (attempts > TIMERS_ATTEMPTS_MAX) {
		WRITE_ONCE(t->initiation_ns, 0);
		WRITE_ONCE(t->attempts, 0);
		return DUTY_DROP_STAGED;
	}
	WRITE_ONCE(t->attempts, attempts + 1);
	/* Should it fail to leave, it is tried again all the same. */
	WRITE_ONCE(t->initiation_ns, stamp(now_ns));
	return DUTY_INITIATE | DUTY_FORGET_SOURCE;
}

static u64 passive_at(const struct timers *t)
{
	return after(READ_ONCE(t->owed_ns), KEEPALIVE_TIMEOUT_NS);
}

static u32 passive_fire(struct timers *t, u64 now_ns)
{
	(void)now_ns;
	WRITE_ONCE(t->owed_ns, 0);
	return DUTY_KEEPALIVE;
}

static u64 unanswered_at(const struct timers *t)
{
	return after(READ_ONCE(t->unanswered_ns),
		     UNANSWERED_AFTER_NS + READ_ONCE(t->jitter_ns));
}

static u32 unanswered_fire(struct timers *t, u64 now_ns)
{
	WRITE_ONCE(t->unanswered_ns, 0);
	/* A handshake under way keeps its own count. */
	if (start_once(&t->initiation_ns, now_ns))
		WRITE_ONCE(t->attempts, 0);
	return DUTY_INITIATE | DUTY_FORGET_SOURCE;
}

static u64 persistent_at(const struct timers *t)
{
	u64 any_ns = READ_ONCE(t->any_ns);
	u16 seconds = READ_ONCE(t->persistent_s);

	if (!seconds)
		return TIMERS_NEVER;
	return any_ns ? any_ns + seconds * PROTO_NS_PER_S : 0;
}

static u32 persistent_fire(struct timers *t, u64 now_ns)
{
	WRITE_ONCE(t->any_ns, stamp(now_ns));
	return DUTY_KEEPALIVE;
}

static u64 erase_at(const struct timers *t)
{
	return after(READ_ONCE(t->session_ns), ERASE_AFTER_NS);
}

static u32 erase_fire(struct timers *t, u64 now_ns)
{
	(void)now_ns;
	WRITE_ONCE(t->session_ns, 0);
	return DUTY_ERASE;
}

static const struct deadline {
	u64 (*at)(const struct timers *t);
	u32 (*fire)(struct timers *t, u64 now_ns);
} deadlines[] = {
	{ retry_at,		retry_fire },		/* [WP 6.4] */
	{ passive_at,		passive_fire },		/* [WP 6.5] */
	{ unanswered_at,	unanswered_fire },	/* [WP 6.5] */
	{ persistent_at,	persistent_fire },	/* [WP 6.5] */
	{ erase_at,		erase_fire },		/* [WP 6.3] */
};

u32 timers_due(struct timers *t, u64 now_ns)
{
	u32 duties = 0;
	size_t i;

	if (!READ_ONCE(t->running))
		return 0;
	for (i = 0; i < ARRAY_SIZE(deadlines); i++)
		if (now_ns >= deadlines[i].at(t))
			duties |= deadlines[i].fire(t, now_ns);
	return duties;
}

u64 timers_next(const struct timers *t)
{
	u64 next_ns = TIMERS_NEVER;
	size_t i;

	if (!READ_ONCE(t->running))
		return TIMERS_NEVER;
	for (i = 0; i < ARRAY_SIZE(deadlines); i++)
		next_ns = min(next_ns, deadlines[i].at(t));
	return next_ns;
}
