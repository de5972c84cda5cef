/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets of a peer that wait: for a session, or a moment for others of their
 * stream (peer/pace.h).
 *
 * They leave in the order in which they came, so one at a time sends them: who
 * begins a turn takes all that is there, until nothing is, and others only add.
 *
 *	if (wg_staged_begin(s))
 *		while ((list = wg_staged_take(s)))
 *			...			or wg_staged_end(s, list)
 *
 * Lists are linked by ->next. Any context but hard interrupt.
 */
#ifndef WG_PEER_STAGED_H
#define WG_PEER_STAGED_H

#include <linux/skbuff.h>

struct wg_staged {
	struct sk_buff_head queue;	/* its own lock */
	bool turn;			/* queue.lock; readers READ_ONCE */
};

void wg_staged_init(struct wg_staged *s);

/* @list behind all others. Returns the oldest ones beyond @max, or NULL. */
struct sk_buff *wg_staged_add(struct wg_staged *s, struct sk_buff *list,
			      unsigned int max);

/* Begin a turn; false: there is nothing to send, or somebody is at it. */
bool wg_staged_begin(struct wg_staged *s);

/* In a turn: all that is staged; NULL: nothing, and the turn is over. */
struct sk_buff *wg_staged_take(struct wg_staged *s);

/* End the turn; @list, which could not be sent, goes back to the head. */
void wg_staged_end(struct wg_staged *s, struct sk_buff *list);

/* Whoever has the turn: all that is staged, to be dropped. */
struct sk_buff *wg_staged_drain(struct wg_staged *s);

static inline unsigned int wg_staged_n(const struct wg_staged *s)
{
	return skb_queue_len_lockless(&s->queue);
}

/* Whether a packet may pass: none waits or is being sent. A hint, no lock. */
static inline bool wg_staged_idle(const struct wg_staged *s)
{
	return !READ_ONCE(s->turn) && skb_queue_empty_lockless(&s->queue);
}

#endif /* WG_PEER_STAGED_H */
