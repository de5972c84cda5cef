// SPDX-License-Identifier: GPL-2.0
#include "table/limits.h"

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "proto/bucket.h"
#include "proto/cookie.h"

/* A cookie that went out just before the last use is void by then. */
#define IDLE_NS COOKIE_SECRET_TIME_NS

/* IPv6 by its upper 64 bits; IPv4 where IPv6 has only multicast, which is never
 * a source.
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

/* The allocation may sleep, so it happens outside the lock; of two callers at
 * once, one throws its table away.
 */
bool wg_limits_make(struct wg_limits *l, u64 now_ns)
{
	struct wg_limits_set *set = NULL;
	bool made;

	if (!READ_ONCE(l->set))
		set = kvcalloc(WG_LIMITS_SET_N, sizeof(*set), GFP_KERNEL);
	spin_lock_bh(&l->lock);
	if (!l->set)
		swap(l->set, set);
	l->used_ns = now_ns;
	made = l->set;
	spin_unlock_bh(&l->lock);
	kvfree(set);
	return made;
}

/* Not since the table was made: a bucket is never filled at boot. */
static bool place_used(const struct place *place)
{
	return place->bucket.filled_ns;
}

static bool set_admit(struct wg_limits_set *set, u64 source, u64 now_ns)
{
	struct place *place, *spare = NULL;

	for (place = set->way; place < set->way + WG_LIMITS_WAY_N; place++) {
		if (place->source == source && place_used(place))
			return bucket_take(&place->bucket, now_ns);
		if (!spare && (!place_used(place) ||
			       bucket_idle(&place->bucket, now_ns)))
			spare = place;
	}
	if (!spare)
		return false;
	spare->source = source;
	bucket_init(&spare->bucket, now_ns);
	return true;
}

bool wg_limits_admit(struct wg_limits *l, unsigned int bits, const void *addr,
		     u64 now_ns)
{
	u64 source = source_read(bits, addr);
	u32 at = siphash_1u64(source, &l->secret) % WG_LIMITS_SET_N;
	bool admitted = false;

	spin_lock_bh(&l->lock);
	if (l->set) {
		l->used_ns = now_ns;
		admitted = set_admit(&l->set[at], source, now_ns);
	}
	spin_unlock_bh(&l->lock);
	return admitted;
}

void wg_limits_trim(struct wg_limits *l, u64 now_ns)
{
	struct wg_limits_set *set = NULL;

	spin_lock_bh(&l->lock);
	if (now_ns > l->used_ns + IDLE_NS)
		swap(l->set, set);
	spin_unlock_bh(&l->lock);
	kvfree(set);
}
