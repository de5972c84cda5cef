// SPDX-License-Identifier: GPL-2.0
#include "peer/lane.h"

void wg_lane_init(struct wg_lane *lane)
{
	spin_lock_init(&lane->lock);
	INIT_LIST_HEAD(&lane->slots);
	lane->bytes = 0;
	lane->draining = false;
}

bool wg_lane_enter(struct wg_lane *lane, struct wg_lane_slot *slot, u32 bytes,
		   u32 limit)
{
	bool room;

	slot->bytes = bytes;
	slot->finished = false;
	spin_lock_bh(&lane->lock);
	room = !lane->bytes || lane->bytes + bytes <= limit;
	if (room) {
		WRITE_ONCE(lane->bytes, lane->bytes + bytes);
		list_add_tail(&slot->listed, &lane->slots);
	}
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

bool wg_lane_finish(struct wg_lane *lane, struct wg_lane_slot *slot)
{
	bool drain;

	spin_lock_bh(&lane->lock);
	slot->finished = true;
	drain = !lane->draining && finished_head(lane);
	if (drain)
		lane->draining = true;
	spin_unlock_bh(&lane->lock);
	return drain;
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
