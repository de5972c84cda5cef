/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_SKBUFF_H
#define WG_COMPAT_LINUX_SKBUFF_H

#include <probed/have.h>
#include_next <linux/skbuff.h>

/* What clock skb->tstamp is of: a bit since Linux 5.18, a number since 6.10. */
static inline void wg_copy_tstamp_type(struct sk_buff *to,
				       const struct sk_buff *from)
{
#if defined(HAVE_TSTAMP_TYPE)
	to->tstamp_type = from->tstamp_type;
#elif defined(HAVE_MONO_DELIVERY_TIME)
	to->mono_delivery_time = from->mono_delivery_time;
#endif
}

#endif /* WG_COMPAT_LINUX_SKBUFF_H */
