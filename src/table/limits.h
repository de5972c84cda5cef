/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How many handshake messages a source may have processed while we are under
 * load and it has shown a valid cookie: 20 per second, 5 at once, for each IPv4
 * address or IPv6 /64 [WP 5.3].
 *
 * One table per device. Asked in softirq as messages arrive (admit); memory is
 * taken and given back by the handshake workers, who may sleep: before the first
 * cookie goes out nobody can come with one. Size is fixed: sets of 8 places. A
 * place whose source has been quiet long enough to have its whole burst again
 * says nothing any more and is taken over, so nothing has to be collected: each
 * call looks at 8 places. The set is chosen with a secret hash, so that nobody
 * can crowd out a chosen source.
 */
#ifndef WG_TABLE_LIMITS_H
#define WG_TABLE_LIMITS_H

#include <linux/siphash.h>
#include <linux/spinlock.h>
#include "crypto/port.h"

#define WG_LIMITS_SECRET_LEN 16
#define WG_LIMITS_SET_N 1024
#define WG_LIMITS_WAY_N 8

struct wg_limits_set;

struct wg_limits {
	spinlock_t lock;
	struct wg_limits_set *set;	/* NULL, or WG_LIMITS_SET_N of them */
	u64 used_ns;			/* time of the last make or admit */
	siphash_key_t secret;
};

/* @secret is random. */
void wg_limits_init(struct wg_limits *l, const u8 secret[WG_LIMITS_SECRET_LEN]);

/* Nobody uses the table any more. */
void wg_limits_exit(struct wg_limits *l);

/* Whether there is a table, made now if there was none; false: no memory. To be
 * called before each cookie that is sent. May sleep.
 */
bool wg_limits_make(struct wg_limits *l, u64 now_ns);

/* Whether a message from @addr (network order, @bits / 8 bytes, @bits 32 or
 * 128) may be processed now; counts it if so. @now_ns is monotonic. False also
 * if there is no table, or no place for a new source in its set. Any context
 * but hard interrupt; needs no memory.
 */
bool wg_limits_admit(struct wg_limits *l, unsigned int bits, const void *addr,
		     u64 now_ns);

/* Frees the table's memory if no cookie that is out can still be good. Call it
 * now and then. May sleep.
 */
void wg_limits_trim(struct wg_limits *l, u64 now_ns);

#endif /* WG_TABLE_LIMITS_H */
