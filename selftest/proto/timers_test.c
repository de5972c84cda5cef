// SPDX-License-Identifier: GPL-2.0
#include "proto/timers.h"

#include "selftest/proto/check.h"

#define T0	(100 * PROTO_NS_PER_S)
#define AT_MS(ms)	(T0 + (u64)(ms) * 1000000)
#define AT(s)	AT_MS((u64)(s) * 1000)
#define RENEW	(DUTY_INITIATE | DUTY_FORGET_SOURCE)

static struct timers started(void)
{
	struct timers t;

	timers_clear(&t);
	timers_start(&t, T0);
	MUST(timers_next(&t) == TIMERS_NEVER);
	MUST(timers_due(&t, T0) == 0);
	return t;
}

/* Nothing before @at_ns, exactly @duties then, and they are due only once. */
static void due_at(struct timers *t, u64 at_ns, u32 duties)
{
	MUST(timers_next(t) == at_ns);
	MUST(timers_due(t, at_ns - 1) == 0);
	MUST(timers_due(t, at_ns) == duties);
	MUST(timers_due(t, at_ns) == 0);
}

static void passive(void)
{
	struct timers t = started();

	MUST(timers_note_received(&t, T0, true));
	MUST(!timers_note_received(&t, AT(3), true));
	due_at(&t, AT(10), DUTY_KEEPALIVE);
	MUST(timers_next(&t) == TIMERS_NEVER);
}

static void passive_answered(void)
{
	struct timers t = started();

	timers_note_received(&t, T0, true);
	timers_note_sent(&t, AT(9), false);
	MUST(timers_next(&t) == TIMERS_NEVER);
	timers_note_received(&t, AT(20), true);
	timers_note_sent(&t, AT(21), true);
	timers_note_received(&t, AT(22), false);
	MUST(timers_next(&t) == TIMERS_NEVER);
}

/* A keepalive is not answered by a keepalive. */
static void passive_to_keepalive(void)
{
	struct timers t = started();

	MUST(!timers_note_received(&t, T0, false));
	MUST(timers_next(&t) == TIMERS_NEVER);
	MUST(timers_due(&t, AT(1000)) == 0);
}

static void unanswered(void)
{
	struct timers t = started();

	t.jitter_ns = 333000000;
	MUST(timers_note_sent(&t, T0, true));
	MUST(!timers_note_sent(&t, AT(7), true));
	MUST(!timers_note_sent(&t, AT(8), false));
	MUST(timers_next(&t) == AT_MS(15333));
	MUST(timers_due(&t, AT_MS(15333) - 1) == 0);
	MUST(timers_due(&t, AT_MS(15333)) == RENEW);
	/* Armed again: it may fail to leave. */
	MUST(timers_next(&t) == AT_MS(15333) + 5333000000ULL);
	timers_note_initiation(&t, AT_MS(15400), 0);
	MUST(timers_next(&t) == AT_MS(20400));
}

static void unanswered_answered(void)
{
	struct timers t = started();

	timers_note_sent(&t, T0, true);
	timers_note_received(&t, AT(14), false);
	MUST(timers_next(&t) == TIMERS_NEVER);
	timers_note_sent(&t, AT(20), false);
	MUST(timers_next(&t) == TIMERS_NEVER);
}

static void persistent(void)
{
	struct timers t = started();

	MUST(timers_set_persistent(&t, 25));
	MUST(!timers_set_persistent(&t, 25));
	/* On: at once. */
	MUST(timers_next(&t) == 0);
	MUST(timers_due(&t, AT(1)) == DUTY_KEEPALIVE);
	due_at(&t, AT(26), DUTY_KEEPALIVE);
	timers_note_received(&t, AT(40), false);
	MUST(timers_next(&t) == AT(65));
	timers_note_sent(&t, AT(50), false);
	due_at(&t, AT(75), DUTY_KEEPALIVE);
	MUST(timers_set_persistent(&t, 5));
	MUST(timers_next(&t) == AT(80));
	MUST(!timers_set_persistent(&t, 0));
	MUST(timers_next(&t) == TIMERS_NEVER);
	MUST(timers_set_persistent(&t, 65535));
	MUST(timers_due(&t, AT(90)) == DUTY_KEEPALIVE);
	MUST(timers_next(&t) == AT(90 + 65535));
}

/* Up with an interval set: the first keepalive brings the tunnel up. */
static void persistent_up(void)
{
	struct timers t;

	timers_clear(&t);
	timers_set_persistent(&t, 10);
	MUST(timers_next(&t) == TIMERS_NEVER && !timers_due(&t, AT(99)));
	timers_start(&t, T0);
	MUST(timers_due(&t, T0) == DUTY_KEEPALIVE);
	timers_stop(&t);
	MUST(timers_next(&t) == TIMERS_NEVER && !timers_due(&t, AT(99)));
	timers_start(&t, AT(100));
	MUST(timers_due(&t, AT(100)) == DUTY_KEEPALIVE);
}

/* Run the clock from deadline to deadline, as a worker does. */
static unsigned int attempts_until_drop(struct timers *t, u64 *now_ns)
{
	unsigned int sent = 1;
	u32 jitter, duties;
	u64 last = *now_ns;

	timers_note_initiation(t, *now_ns, 0);
	for (;;) {
		*now_ns = timers_next(t);
		duties = timers_due(t, *now_ns);
		MUST(*now_ns - last >= REKEY_TIMEOUT_NS);
		MUST(*now_ns - last < REKEY_TIMEOUT_NS + TIMERS_JITTER_NS);
		if (duties != RENEW || sent > 100)
			break;
		MUST(timers_may_initiate(t, *now_ns, true));
		jitter = (u32)(check_random() % TIMERS_JITTER_NS);
		timers_note_initiation(t, *now_ns, jitter);
		last = *now_ns;
		sent++;
	}
	MUST(duties == DUTY_DROP_STAGED);
	return sent;
}

static void retries(void)
{
	struct timers t = started();
	u64 now = T0;

	MUST(attempts_until_drop(&t, &now) == 20);
	MUST(now - T0 >= 100 * PROTO_NS_PER_S);
	MUST(now - T0 < 107 * PROTO_NS_PER_S);
	/* Then silence until the keys are wiped. */
	due_at(&t, AT(540), DUTY_ERASE);
	MUST(timers_next(&t) == TIMERS_NEVER);
	/* And all over again when somebody asks. */
	now = AT(1000);
	MUST(timers_may_initiate(&t, now, false));
	MUST(attempts_until_drop(&t, &now) == 20);
}

static void retries_jitter(void)
{
	struct timers t = started();

	timers_note_initiation(&t, T0, 250000000);
	due_at(&t, AT_MS(5250), RENEW);
}

/* A duty to initiate that comes to nothing is due again. */
static void retry_lost(void)
{
	struct timers t = started();

	timers_note_initiation(&t, T0, 0);
	due_at(&t, AT(5), RENEW);
	due_at(&t, AT(10), RENEW);
}

static void user_resets_attempts(void)
{
	struct timers t = started();
	int i;

	timers_note_initiation(&t, T0, 0);
	for (i = 1; i < 100; i++) {
		MUST(timers_due(&t, AT(5 * i)) == RENEW);
		timers_note_initiation(&t, AT(5 * i), 0);
		MUST(!timers_may_initiate(&t, AT(5 * i + 1), false));
		MUST(t.attempts == 0);
	}
}

static void one_per_timeout(void)
{
	struct timers t = started();

	MUST(timers_may_initiate(&t, T0, false));
	timers_note_initiation(&t, T0, 0);
	MUST(!timers_may_initiate(&t, T0, false));
	MUST(!timers_may_initiate(&t, T0 - 1, false));
	MUST(!timers_may_initiate(&t, AT(5) - 1, false));
	MUST(!timers_may_initiate(&t, AT(5) - 1, true));
	MUST(timers_may_initiate(&t, AT(5), false));
	/* An answer does not shorten the wait for the next one. */
	timers_note_session(&t, AT(1));
	timers_note_confirmed(&t);
	MUST(!timers_may_initiate(&t, AT(4), false));
}

static void down_up(void)
{
	struct timers t = started();

	timers_note_initiation(&t, T0, 0);
	timers_note_session(&t, T0);
	timers_note_sent(&t, T0, true);
	timers_note_received(&t, T0, true);
	timers_stop(&t);
	MUST(timers_next(&t) == TIMERS_NEVER);
	timers_start(&t, AT(1));
	MUST(timers_may_initiate(&t, AT(1), false));
	MUST(timers_next(&t) == TIMERS_NEVER);
}

static void confirmed(void)
{
	struct timers t = started();

	timers_note_initiation(&t, T0, 0);
	timers_due(&t, AT(5));
	MUST(t.attempts == 1);
	timers_note_confirmed(&t);
	MUST(t.attempts == 0);
	MUST(timers_next(&t) == AT(540));
}

static void erase(void)
{
	struct timers t = started();

	timers_note_session(&t, T0);
	timers_note_session(&t, AT(100));
	due_at(&t, AT(640), DUTY_ERASE);
	MUST(timers_next(&t) == TIMERS_NEVER);
	/* An ephemeral secret without any session has its end, too. */
	timers_note_initiation(&t, AT(700), 0);
	timers_note_initiation(&t, AT(710), 0);
	timers_note_confirmed(&t);
	due_at(&t, AT(1240), DUTY_ERASE);
}

static void handshake_is_traffic(void)
{
	struct timers t = started();

	timers_set_persistent(&t, 20);
	timers_note_received(&t, T0, true);
	timers_note_initiation(&t, AT(5), 0);
	/* Sent something authenticated: nothing is owed, the interval anew. */
	timers_note_confirmed(&t);
	due_at(&t, AT(25), DUTY_KEEPALIVE);
}

/* Stores are news: the same news twice leaves the line alone. */
static void quiet_line(void)
{
	struct timers t = started(), before;
	u64 i;

	timers_note_sent(&t, T0, true);
	timers_note_sent(&t, T0, true);
	before = t;
	for (i = 0; i < 1000; i++)
		timers_note_sent(&t, T0 + i * 999, true);
	MUST(!memcmp(&t, &before, sizeof(t)));
	timers_note_sent(&t, T0 + 1000000, true);
	MUST(t.any_ns == T0 + 1000000);
}

/* Time 0 is a time. */
static void time_zero(void)
{
	struct timers t;

	timers_clear(&t);
	timers_start(&t, 0);
	timers_note_received(&t, 0, true);
	MUST(timers_next(&t) <= KEEPALIVE_TIMEOUT_NS + 1);
	timers_note_initiation(&t, 0, 0);
	MUST(!timers_may_initiate(&t, REKEY_TIMEOUT_NS - 1, false));
}

static void random_event(struct timers *t, u64 now)
{
	switch (check_random() % 8) {
	case 0:
	case 1:
		timers_note_sent(t, now, check_random() & 1);
		break;
	case 2:
	case 3:
		timers_note_received(t, now, check_random() & 1);
		break;
	case 4:
		if (timers_may_initiate(t, now, check_random() & 1))
			timers_note_initiation(t, now, (u32)(check_random() %
							     TIMERS_JITTER_NS));
		break;
	case 5:
		timers_note_session(t, now);
		break;
	case 6:
		timers_note_confirmed(t);
		break;
	case 7:
		if (check_random() % 16 == 0)
			timers_set_persistent(t, (u16)(check_random() % 60));
		break;
	}
}

/* There is something to do if and only if the earliest deadline is over. */
static void next_is_due(void)
{
	struct timers t = started();
	u64 now = T0, next;
	int i;

	for (i = 0; i < 200000; i++) {
		now += check_random() % (4 * PROTO_NS_PER_S);
		random_event(&t, now);
		next = timers_next(&t);
		MUST((timers_due(&t, now) != 0) == (next <= now));
		MUST(timers_next(&t) > now);
	}
}

/* A note that says no has not brought a deadline closer. */
static void notes_tell(void)
{
	struct timers t = started();
	u64 now = T0, before;
	bool data, sent, news;
	int i;

	for (i = 0; i < 200000; i++) {
		now += check_random() % PROTO_NS_PER_S;
		timers_due(&t, now);
		before = timers_next(&t);
		data = check_random() & 1;
		sent = check_random() & 1;
		news = sent ? timers_note_sent(&t, now, data) :
			      timers_note_received(&t, now, data);
		MUST(news || timers_next(&t) >= before);
	}
}

static const struct check_row rows[] = {
	{ "a keepalive 10 s after data, nothing sent [D12]", passive },
	{ "anything sent pays what is owed [D12]", passive_answered },
	{ "a keepalive never answers a keepalive [D12]", passive_to_keepalive },
	{ "data unanswered for 15 s and jitter: initiate [P11]", unanswered },
	{ "anything heard answers data [P11]", unanswered_answered },
	{ "persistent keepalive from the last traffic either way [D12]",
	  persistent },
	{ "persistent keepalive is due at up [D12 D13]", persistent_up },
	{ "20 attempts, 5 s and jitter apart, then drop [P11]", retries },
	{ "jitter of a retry [D14]", retries_jitter },
	{ "an initiation that did not leave is tried again", retry_lost },
	{ "the user's packets start the count over [D14]", user_resets_attempts },
	{ "one initiation per Rekey-Timeout [P11]", one_per_timeout },
	{ "down and up handshakes at once [D14]", down_up },
	{ "a confirmed session ends the retries", confirmed },
	{ "erase 540 s after the last session [P9]", erase },
	{ "handshake messages count as traffic [D12]", handshake_is_traffic },
	{ "notes store only what is new", quiet_line },
	{ "time zero is a time", time_zero },
	{ "timers_next() is when timers_due() is not empty", next_is_due },
	{ "a note that brings a deadline closer says so", notes_tell },
};

CHECK_FILE(timers_file, "timers", rows);
