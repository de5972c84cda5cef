/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_RCUPDATE_H
#define WG_COMPAT_LINUX_RCUPDATE_H

#include_next <linux/rcupdate.h>

/* Before Linux 6.3 this was kvfree_rcu() with one argument. */
#ifndef kvfree_rcu_mightsleep
#define kvfree_rcu_mightsleep(ptr) kvfree_rcu(ptr)
#endif

#endif /* WG_COMPAT_LINUX_RCUPDATE_H */
