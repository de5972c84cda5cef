// SPDX-License-Identifier: GPL-2.0
#include "host/change.h"

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/socket.h>

struct wg_change *wg_change_new(u32 peers_n, u32 ips_n)
{
	struct wg_change *change = kzalloc(sizeof(*change), GFP_KERNEL);

	if (!change)
		return NULL;
	change->peers_n = peers_n;
	change->ips_n = ips_n;
	change->peers = kvcalloc(peers_n, sizeof(*change->peers), GFP_KERNEL);
	change->ips = kvcalloc(ips_n, sizeof(*change->ips), GFP_KERNEL);
	if (change->peers && change->ips)
		return change;
	wg_change_free(change);
	return NULL;
}

void wg_change_free(struct wg_change *change)
{
	if (!change)
		return;
	kvfree(change->ips);
	kvfree_sensitive(change->peers,
			 change->peers_n * sizeof(*change->peers));
	kfree_sensitive(change);
}

int wg_change_read_prefix(struct wg_prefix *prefix, u16 family,
			  const void *addr, size_t len, u8 cidr)
{
	memset(prefix, 0, sizeof(*prefix));
	if (family == AF_INET && len == 4)
		prefix->family_bits = WG_V4_BITS;
	else if (family == AF_INET6 && len == 16)
		prefix->family_bits = WG_V6_BITS;
	else
		return -EINVAL;
	if (cidr > prefix->family_bits)
		return -EINVAL;
	memcpy(prefix->addr, addr, len);
	prefix->cidr = cidr;
	return 0;
}
