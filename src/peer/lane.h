/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A lane: one peer, one direction. Work enters in order, is finished by any
 * CPU in any order, and leaves in the order in which it entered.
 *
 *	wg_lane_enter(lane, slot, bytes, ...)	ordered: takes a place
 *	...					parallel: seal or open
 *	cpu = wg_lane_finish(lane, slot)	whoever finishes the head; there
 *		while ((s = wg_lane_pop(lane)))	what is ready is drained
 *			...			ordered: send or deliver
 *
 * What follows has queues for each CPU (transmit queues, backlogs) and would undo
 * the order. So all that is in the lane together leaves on one CPU. What leaves
 * into such a queue may still be there when the lane is empty: a stream leaves
 * where what was just before it left, and stays there until it rests.
 *
 * Progress: a finished head always has a drainer. finish() names one when the
 * head is finished and nobody drains; pop() ends the draining only when it sees,
 * under the lock, that the head is not finished. There is no wake-up to lose.
 *
 * Bottom halves are off from enter() to the last pop() of one caller or not
 * between them at all; each call takes the lock with bottom halves off.
 */
#ifndef WG_PEER_LANE_H
#define WG_PEER_LANE_H

#include <linux/list.h>
#include <linux/spinlock.h>

/* Two of them in every idle peer: 32 bytes. @lock guards all. */
struct wg_lane {
	spinlock_t lock;
	u32 bytes;			/* readers READ_ONCE */
	struct list_head slots;
	u32 last_j;			/* when the last of a stream, or without one
					 * the last of all, came; jiffies */
	u16 last_cpu : 15;		/* and where it left */
	u16 streaming : 1;
	u16 cpu : 15;			/* where slots leave */
	u16 draining : 1;
};

struct wg_lane_slot {
	struct list_head listed;
	u32 bytes;
	bool finished;			/* the lane's lock */
};

void wg_lane_init(struct wg_lane *lane);

/*
 * Take a place behind all others. @cpu will do the work, and the slot leaves there
 * if it finds the lane empty. False, and no place taken, when that would put more
 * than @limit bytes into a lane that is not empty.
 */
bool wg_lane_enter(struct wg_lane *lane, struct wg_lane_slot *slot, u32 bytes,
		   u32 limit, int cpu);

/* A stream that has come nothing of for longer may leave on another CPU. */
#define WG_LANE_REST_J 10

/*
 * The same where what leaves goes into such queues. @streams: this is part of a
 * stream, or its work is done elsewhere. A single packet that comes when there was
 * no stream of late leaves on @cpu, its sender's: most often it is gone from the
 * queues of this one before the sender can do anything else. (While ksoftirqd has
 * them it is not: hence a stream begins where single packets were.)
 */
bool wg_lane_enter_stream(struct wg_lane *lane, struct wg_lane_slot *slot,
			  u32 bytes, u32 limit, int cpu, unsigned long now_j,
			  bool streams);

/* The work of @slot is done. The CPU that is to drain the lane; -1: none. */
int wg_lane_finish(struct wg_lane *lane, struct wg_lane_slot *slot);

/* Drainer only: the head, taken out, or NULL and draining is over. */
struct wg_lane_slot *wg_lane_pop(struct wg_lane *lane);

/* Whether anything is in it: a hint, no lock taken. */
static inline bool wg_lane_busy(const struct wg_lane *lane)
{
	return READ_ONCE(lane->bytes);
}

#endif /* WG_PEER_LANE_H */
