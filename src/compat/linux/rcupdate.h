/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/rcupdate.h>

/* Before 6.3 this was kvfree_rcu() with one argument. */
#ifndef kvfree_rcu_mightsleep
#define kvfree_rcu_mightsleep(p) kvfree_rcu(p)
#endif
