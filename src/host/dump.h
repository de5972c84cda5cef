/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An interface's configuration and counters as a run of netlink messages. A
 * reader takes its time between them and configuration changes, so a dump in
 * progress holds no reference: not to the interface, not to the peer where it
 * goes on [A6].
 */
#ifndef WG_HOST_DUMP_H
#define WG_HOST_DUMP_H

#include "peer/device.h"
#include "proto/wire.h"

struct netlink_callback;
struct sk_buff;

/* How far a dump has come; the reader's netlink socket serialises its use. */
struct wg_dump {
	int ifindex;			/* set by the caller */
	bool done;
	bool facts_out;			/* of that peer; prefixes remain */
	u64 peer_id;			/* where to go on; 0: from the start */
	u8 peer_key[WIRE_KEY_LEN];	/* the same; ids are never used twice */
	struct wg_owner_cursor ips;
};

/*
 * Write the next message, as long as @skb has room, of the dump that @cb
 * answers. Process context; takes device->lock. Returns the length of @skb, 0
 * when there is nothing left, -ENODEV when the interface is being deleted, or
 * -EMSGSIZE when @skb is too small for anything.
 */
int wg_dump_write(struct wg_dump *dump, struct wg_device *device,
		  struct sk_buff *skb, struct netlink_callback *cb);

#endif /* WG_HOST_DUMP_H */
