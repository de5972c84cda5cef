/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_RANDOM_H
#define WG_COMPAT_LINUX_RANDOM_H

#include <probed/have.h>
#include_next <linux/random.h>

#ifndef HAVE_RANDOM_BELOW
static inline u32 get_random_u32_below(u32 ceiling)
{
	return (u64)get_random_u32() * ceiling >> 32;
}
#endif

/* Before Linux 5.18 no kernel learned that its machine was cloned. */
#ifndef HAVE_VMFORK_NOTIFIER
static inline int register_random_vmfork_notifier(struct notifier_block *nb)
{
	return 0;
}

static inline int unregister_random_vmfork_notifier(struct notifier_block *nb)
{
	return 0;
}
#endif

#endif /* WG_COMPAT_LINUX_RANDOM_H */
