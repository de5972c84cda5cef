// SPDX-License-Identifier: GPL-2.0
/*
 * One lazily armed timer a peer asks proto/timers what is due. An empty data
 * message is sent from here; everything that takes locks or X25519 goes to the
 * peer's work item.
 */
#include "flow/flow.h"

static void timer_fired(struct timer_list *timer)
{
	struct wg_peer *peer = timer_container_of(peer, timer, timer);
	u32 duties;

	smp_mb();	/* pairs with wg_peer_arm() */
	if (!READ_ONCE(peer->dead)) {
		duties = timers_due(&peer->tunnel.timers, wg_now_ns());
		if (duties & DUTY_KEEPALIVE)
			wg_tx_keepalive(peer);
		duties &= ~DUTY_KEEPALIVE;
		if (duties)
			wg_peer_duty(peer, duties);
		wg_peer_arm(peer);
	}
	wg_peer_put(peer);	/* the armed timer's */
}

static void erase(struct wg_peer *peer)
{
	wg_peer_erase(peer);
}

static void drop_staged(struct wg_peer *peer)
{
	wg_peer_drop_staged(peer, WG_DROP_TX_GAVE_UP);
}

static void retry(struct wg_peer *peer)
{
	wg_handshake_start(peer, true);
}

static void begin(struct wg_peer *peer)
{
	wg_handshake_start(peer, false);
}

/* In the order in which they are done when several are due. */
static const struct {
	unsigned long duty;
	void (*run)(struct wg_peer *peer);
} duties_run[] = {
	{ DUTY_ERASE,		erase },
	{ DUTY_DROP_STAGED,	drop_staged },
	{ DUTY_FORGET_SOURCE,	wg_peer_forget_source },
	{ DUTY_INITIATE,	retry },
	{ DUTY_WANTED,		begin },
	{ DUTY_KEEPALIVE,	wg_tx_keepalive },
};

static void work_runs(struct work_struct *work)
{
	struct wg_peer *peer = container_of(work, struct wg_peer, work);
	unsigned long duties = xchg(&peer->duties, 0);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(duties_run); i++)
		if ((duties & duties_run[i].duty) && !READ_ONCE(peer->dead))
			duties_run[i].run(peer);
	wg_peer_arm(peer);
	wg_peer_put(peer);	/* the queued work's */
}

static void flush_runs(struct work_struct *work)
{
	struct wg_peer *peer = container_of(work, struct wg_peer, flush);

	wg_tx_flush(peer);
	wg_peer_put(peer);	/* the queued work's */
}

const struct wg_device_ops wg_clock_ops = {
	.timer_fired = timer_fired,
	.work_runs = work_runs,
	.flush_runs = flush_runs,
};
