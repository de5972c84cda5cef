/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What somebody wants changed: one request, parsed, free of netlink.
 *
 * host/netlink.c makes one, host/config.c applies it. It lives as long as the
 * request and is in nobody else's reach; keys are wiped when it is freed.
 *
 * A request is followed up to the first thing that is wrong with it, as clients
 * have always known it: what comes before is done. Hence a peer says what is
 * wrong with it instead of being refused while it is read.
 */
#ifndef WG_HOST_CHANGE_H
#define WG_HOST_CHANGE_H

#include "io/addr.h"
#include "proto/wire.h"
#include "table/trie.h"

struct wg_change_ip {
	struct wg_prefix prefix;
	bool remove;		/* from this peer; otherwise: give to it */
};

struct wg_change_peer {
	u8 public_key[WIRE_KEY_LEN];
	u8 psk[WIRE_KEY_LEN];		/* if has_psk; zeros: none */
	struct wg_endpoint endpoint;	/* if known */
	struct wg_change_ip *ips;	/* a slice of the change's */
	u32 ips_n;
	int bad;			/* -errno: the peer itself is wrong */
	int bad_ip;			/* -errno: what follows @ips is */
	u16 keepalive_s;		/* if has_keepalive */
	bool has_psk;
	bool has_keepalive;
	bool remove;			/* nothing else matters then */
	bool update_only;
	bool replace_ips;
};

struct wg_change {
	u8 private_key[WIRE_KEY_LEN];	/* if has_private_key; zeros: none */
	u32 fwmark;			/* if has_fwmark */
	u16 port;			/* if has_port; 0: any */
	bool has_private_key;
	bool has_fwmark;
	bool has_port;
	bool replace_peers;
	u32 peers_n;
	u32 ips_n;			/* room, of all peers together */
	struct wg_change_peer *peers;	/* in the order of the request */
	struct wg_change_ip *ips;
};

/* A change of nothing, with room for so many. NULL: no memory. Sleeps. */
struct wg_change *wg_change_new(u32 peers_n, u32 ips_n);

/* Wipes the keys. NULL is fine. */
void wg_change_free(struct wg_change *change);

/*
 * Read a prefix as user space states it: @addr has @len bytes, of address
 * family @family. 0, or -EINVAL when these or @cidr do not fit each other.
 */
int wg_change_read_prefix(struct wg_prefix *prefix, u16 family,
			  const void *addr, size_t len, u8 cidr);

#endif /* WG_HOST_CHANGE_H */
