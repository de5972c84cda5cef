/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A handshake message on its way: gate.c decides in softirq whether it is worth
 * any work and queues it, handshake.c does the work in process context.
 */
#ifndef WG_FLOW_HANDSHAKE_H
#define WG_FLOW_HANDSHAKE_H

#include "flow/flow.h"
#include "proto/wire.h"

struct wg_message {
	struct list_head queued;
	struct wg_endpoint from;
	unsigned int len;
	enum wire_type type;
	union {
		struct wire_initiation initiation;
		struct wire_response response;
		struct wire_cookie_reply cookie_reply;
		struct wire_macs macs;
		__le32 word[2];		/* type, sender */
	} body;
};

/*
 * Work on @n <= IKPSK_VEC_MAX messages, which stay the caller's: initiations
 * among them together. Sleeps.
 */
void wg_handshake_work(struct wg_device *device,
		       const struct wg_message *const m[], unsigned int n);

/*
 * Send @len bytes of a handshake message to @ep, whose source address is
 * forgotten when it turns out to be none of ours. Process context. False: it
 * did not leave; counted.
 */
bool wg_handshake_send(struct wg_device *device, struct dst_cache *cache,
		       struct wg_endpoint *ep, const void *msg, size_t len);

#endif /* WG_FLOW_HANDSHAKE_H */
