// SPDX-License-Identifier: GPL-2.0
/*
 * Does on loading what KASAN and lockdep exist to report, so that a run of
 * tests without a report can show that somebody was watching.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);

static void take(spinlock_t *outer, spinlock_t *inner)
{
	spin_lock(outer);
	spin_lock(inner);
	spin_unlock(inner);
	spin_unlock(outer);
}

static int __init canary_start(void)
{
	size_t len = 16;
	u8 *p = kmalloc(len, GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(len);
	READ_ONCE(p[len]);
	kfree(p);
	take(&first, &second);
	take(&second, &first);
	return 0;
}

static void __exit canary_stop(void)
{
}

module_init(canary_start);
module_exit(canary_stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Deliberate faults for the debug kernels");
