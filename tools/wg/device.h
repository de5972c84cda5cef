/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A WireGuard interface as a value: what was read from one, or a change to be
 * made to one. Peers are one array, allowed IPs another that the peers index,
 * so that a hundred thousand of either are read, sorted and freed in a handful
 * of allocations.
 *
 * Ownership: everything a struct device points to is its own; device_free()
 * wipes it. A zeroed struct (with a name) is an empty device.
 */
#ifndef TOOLS_WG_DEVICE_H
#define TOOLS_WG_DEVICE_H

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tools/config/value.h"

union endpoint {
	struct sockaddr addr;		/* AF_UNSPEC: none */
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct peer {
	u8 public_key[KEY_LEN];
	u8 preshared_key[KEY_LEN];
	union endpoint endpoint;
	s64 handshake_s;		/* wall clock; both 0: never */
	s64 handshake_ns;
	u64 rx_bytes;
	u64 tx_bytes;
	u32 allowed_first;		/* in device->allowed */
	u32 allowed_n;
	u16 keepalive;
	bool has_preshared_key;
	bool has_keepalive;
	/* Of a change. */
	bool is_removed;
	bool replaces_allowed;
	const char *name;		/* lent by a struct config, or NULL */
	/* Of a change whose endpoint has yet to be looked up; lent. */
	const char *host;
	const char *port;
};

struct device {
	char name[IFNAMSIZ];
	u32 ifindex;
	bool has_private_key;
	bool has_public_key;
	bool has_listen_port;
	bool has_fwmark;
	bool replaces_peers;		/* of a change */
	u8 private_key[KEY_LEN];
	u8 public_key[KEY_LEN];
	u16 listen_port;
	u32 fwmark;
	struct peer *peer;
	size_t peer_n;
	size_t peer_room;
	struct prefix *allowed;
	size_t allowed_n;
	size_t allowed_room;
};

void device_init(struct device *device, const char *name);
/* Forgets all but the name, wiping; the room stays. */
void device_clear(struct device *device);
void device_free(struct device *device);

/*
 * Places for one more, zeroed; NULL when memory is short. Pointers from
 * before are void then. An allowed IP belongs to the last peer.
 */
struct peer *device_add_peer(struct device *device);
struct prefix *device_add_allowed(struct device *device);

/*
 * Makes room for so many more at once. Without it all is as well, but takes
 * twice the memory on the way.
 */
void device_reserve(struct device *device, size_t peers, size_t allowed);

/* The first of peer->allowed_n; NULL when there are none. */
static inline const struct prefix *peer_allowed(const struct device *device,
						const struct peer *peer)
{
	return peer->allowed_n ? &device->allowed[peer->allowed_first] : NULL;
}

/* Fills public_key from private_key when only that is known. */
void device_derive_public_key(struct device *device);

/*
 * An order of the peers by public key, for merging two devices in
 * n log n: @order holds peer_n pointers. False: no memory.
 */
bool device_order_by_key(const struct device *device,
			 const struct peer ***order);

#endif /* TOOLS_WG_DEVICE_H */
