// SPDX-License-Identifier: GPL-2.0
#include "table/limits.h"

#include <linux/mm.h>
#include <linux/slab.h>
#include "proto/bucket.h"

#define IDLE_NS 1000000000ULL

/* IPv6 by its upper 64 bits; IPv4 where IPv6 has only multicast, which is never
 * a source. A place that was never used has an idle bucket.
 */
struct place {
	u64 source;
	struct bucket bucket;
};

struct wg_limits_set {
	struct place way[WG_LIMITS_WAY_N];
};

void wg_limits_init(struct wg_limits *l, const u8 secret[WG_LIMITS_SECRET_LEN])
{
	static_assert(sizeof(l->secret) == WG_LIMITS_SECRET_LEN);

	memset(l, 0, sizeof(*l));
	spin_lock_init(&l->lock);
	memcpy(&l->secret, secret, sizeof(l->secret));
}

void wg_limits_exit(struct wg_limits *l)
{
	kvfree(l->set);
	l->set = NULL;
	memzero_explicit(&l->secret, sizeof(l->secret));
}

static u64 source_read(unsigned int bits, const void *addr)
{
	if (bits == 32)
		return 0xffffffff00000000ULL | get_unaligned_be32(addr);
	return get_unaligned_be64(addr);
}

/* Whether @l has its table now. The allocation may sleep, so it happens outside
 * the lock; of two callers at once, one throws its table away.
 */
static bool limits_make(struct wg_limits *l)
{
	struct wg_limits_set *set;

	if (READ_ONCE(l->set))
		return true;
	set = kvcalloc(WG_LIMITS_SET_N, sizeof(*set), GFP_KERNEL);
	spin_lock_bh(&l->lock);
	if (!l->set)
		swap(l->set, set);
	spin_unlock_bh(&l->lock);
	kvfree(set);
	return READ_ONCE(l->set);
}

static bool set_admit(struct wg_limits_set *set, u64 source, u64 now_ns)
{
	struct place *place, *spare = NULL;

	for (place = set->way; place < set->way + WG_LIMITS_WAY_N; place++) {
		if (place->source == source && place->bucket.filled_ns)
			return bucket_take(&place->bucket, now_ns);
		if (!spare && bucket_idle(&place->bucket, now_ns))
			spare = place;
	}
	if (!spare)
		return false;
	spare->source = source;
	bucket_init(&spare->bucket, now_ns);
	return true;
}
