// SPDX-License-Identifier: GPL-2.0
#include "peer/lane.h"

void wg_lane_init(struct wg_lane *lane)
{
	spin_lock_init(&lane->lock);
	INIT_LIST_HEAD(&lane->slots);
	lane->bytes = 0;
	lane->draining = false;
	lane->cpu = 0;
	lane->last_cpu = 0;
	lane->last_j = 0;
	lane->streaming = false;
}

/* Whether nothing is on its way whose order depends on the CPU. */
static bool is_empty(const struct wg_lane *lane)
	__must_hold(&lane->lock)
{
	return list_empty(&lane->slots) && !lane->draining;
}

static bool add(struct wg_lane *lane, struct wg_lane_slot *slot, u32 bytes,
		u32 limit)
	__must_hold(&lane->lock)
{
	if (lane->bytes && lane->bytes + bytes > limit)
		return false;
	slot->bytes = bytes;
	slot->finished = false;
	WRITE_ONCE(lane->bytes, lane->bytes + bytes);
	list_add_tail(&slot->listed, &lane->slots);
	return true;
}

bool wg_lane_enter(struct wg_lane *lane, struct wg_lane_slot *slot, u32 bytes,
		   u32 limit, int cpu)
{
	bool room;

	spin_lock_bh(&lane->lock);
	if (is_empty(lane))
		lane->cpu = cpu;
	room = add(lane, slot, bytes, limit);
	spin_unlock_bh(&lane->lock);
	return room;
}

/* What enters now will leave on lane->cpu. */
static void choose_cpu(struct wg_lane *lane, int cpu, u32 now_j, bool streams)
	__must_hold(&lane->lock)
{
	bool rested = now_j - lane->last_j > WG_LANE_REST_J;

	if (rested)
		lane->streaming = false;
	if (is_empty(lane)) {
		if (!rested && (streams || lane->streaming))
			cpu = lane->last_cpu;
		lane->cpu = cpu;
	}
	if (!streams && lane->streaming)
		return;
	lane->streaming = streams;
	lane->last_cpu = lane->cpu;
	lane->last_j = now_j;
}

bool wg_lane_enter_stream(struct wg_lane *lane, struct wg_lane_slot *slot,
			  u32 bytes, u32 limit, int cpu, unsigned long now_j,
			  bool streams)
{
	bool room;

	spin_lock_bh(&lane->lock);
	choose_cpu(lane, cpu, now_j, streams);
	room = add(lane, slot, bytes, limit);
	spin_unlock_bh(&lane->lock);
	return room;
}

static struct wg_lane_slot *finished_head(struct wg_lane *lane)
	__must_hold(&lane->lock)
{
	struct wg_lane_slot *head;

	head = list_first_entry_or_null(&lane->slots, struct wg_lane_slot,
					listed);
	return head && head->finished ? head : NULL;
}

int wg_lane_finish(struct wg_lane *lane, struct wg_lane_slot *slot)
{
	int cpu = -1;

	spin_lock_bh(&lane->lock);
	slot->finished = true;
	if (!lane->draining && finished_head(lane)) {
		lane->draining = true;
		cpu = lane->cpu;
	}
	spin_unlock_bh(&lane->lock);
	return cpu;
}

struct wg_lane_slot *wg_lane_pop(struct wg_lane *lane)
{
	struct wg_lane_slot *head;

	spin_lock_bh(&lane->lock);
	head = finished_head(lane);
	if (head) {
		list_del(&head->listed);
		WRITE_ONCE(lane->bytes, lane->bytes - head->bytes);
	} else {
		lane->draining = false;
	}
	spin_unlock_bh(&lane->lock);
	return head;
}
