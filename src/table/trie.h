/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The allowed-IPs table: longest prefix -> owner, for IPv4 and IPv6 alike.
 *
 * Called by flow/ for each packet or run of packets (find, any context, under
 * RCU) and by host/ when the configuration changes (everything else, process
 * context, may sleep, under the one writer lock given to init).
 *
 * A prefix belongs to exactly one owner. The owner is embedded in what the
 * caller cares about (a peer) and knows its prefixes in the order in which it
 * got them. Owners stay the caller's memory: an owner that was found may be
 * used until the end of the RCU section, so it may be freed only a grace period
 * after wg_trie_remove_owner().
 */
#ifndef WG_TABLE_TRIE_H
#define WG_TABLE_TRIE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include "crypto/port.h"

#define WG_V4_BITS 32
#define WG_V6_BITS 128

/* @addr is in network order; IPv4 uses the first 4 bytes. Bits beyond @cidr are
 * ignored when given and zero when returned.
 */
struct wg_prefix {
	u8 addr[16];
	u8 family_bits;		/* WG_V4_BITS or WG_V6_BITS */
	u8 cidr;		/* 0 .. family_bits */
};

struct wg_jump;

/* Guarded by @lock, except that readers follow the roots under RCU. */
struct wg_trie {
	void __rcu *root[2];	/* IPv4, IPv6 */
	struct wg_jump __rcu *jump[2];	/* if there are many: jump.h */
	struct mutex *lock;
	u32 prefix_n;
	u32 node_n;		/* inner nodes in use: 0 when prefix_n is 0 */
	u32 jump_try;		/* at so many nodes, a jump is looked at again */
};

/* Who prefixes belong to. Zero-filled is not valid: call wg_owner_init(). */
struct wg_owner {
	struct list_head pages;	/* prefixes in order of insertion */
	u32 prefix_n;
	u32 seq;		/* changes with every change of the prefixes */
};

/* A place in an owner's list of prefixes. Zero-filled = before the first. */
struct wg_owner_cursor {
	const void *page;
	u32 at;
	u32 seq;
};

/* @lock is the mutex every writer holds; it outlives the table. */
void wg_trie_init(struct wg_trie *t, struct mutex *lock);

/* Takes every prefix from every owner and frees all memory a grace period
 * later. Caller holds the lock; may sleep. The table is empty and usable after.
 */
void wg_trie_exit(struct wg_trie *t);

void wg_owner_init(struct wg_owner *owner);

/* The owner of the longest prefix that contains @addr (network order, no
 * alignment needed, @bits / 8 bytes), or NULL. @bits is WG_V4_BITS or
 * WG_V6_BITS. Caller is in an RCU (or BH) read section; lent until its end.
 */
struct wg_owner *wg_trie_find(const struct wg_trie *t, unsigned int bits,
			      const void *addr);

/* Gives @prefix to @owner, last in its order, whoever had it before. 0, -EINVAL
 * for a wrong family_bits or cidr, or -ENOMEM; on error nothing has changed.
 * Caller holds the lock; may sleep.
 */
int wg_trie_insert(struct wg_trie *t, const struct wg_prefix *prefix,
		   struct wg_owner *owner);

/* Takes exactly @prefix from @owner; nothing happens if @owner does not have
 * it. Cannot fail. Caller holds the lock; may sleep.
 */
void wg_trie_remove(struct wg_trie *t, const struct wg_prefix *prefix,
		    struct wg_owner *owner);

/* Takes all prefixes from @owner, in time proportional to their number and
 * without waiting for a grace period. Cannot fail. Caller holds the lock; may
 * sleep.
 */
void wg_trie_remove_owner(struct wg_trie *t, struct wg_owner *owner);

/* The prefix after @cursor, in order of insertion, to @out; false at the end,
 * with @out untouched. Caller holds the lock. The cursor survives a release of
 * the lock: if the owner's prefixes changed meanwhile, the walk ends (false)
 * and wg_owner_changed() says so. The owner itself must have stayed alive.
 */
bool wg_owner_next(const struct wg_owner *owner, struct wg_owner_cursor *cursor,
		   struct wg_prefix *out);

/* Whether a walk that has begun can no longer be continued. */
static inline bool wg_owner_changed(const struct wg_owner *owner,
				    const struct wg_owner_cursor *cursor)
{
	return cursor->page && cursor->seq != owner->seq;
}

#endif /* WG_TABLE_TRIE_H */
