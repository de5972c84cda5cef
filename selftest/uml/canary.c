// SPDX-License-Identifier: GPL-2.0
/*
 * Does on loading what KASAN, lockdep and KCSAN exist to report, so that a run
 * of tests without a report can show that somebody was watching.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
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

static unsigned long raced;

static int race(void *unused)
{
	while (!kthread_should_stop()) {
		raced++;
		cond_resched();
	}
	return 0;
}

static void race_on_two_cpus(void)
{
	struct task_struct *racer[2];
	int i;

	for (i = 0; i < 2; i++)
		racer[i] = kthread_run(race, NULL, "racer");
	msleep(500);
	for (i = 0; i < 2; i++)
		if (!IS_ERR(racer[i]))
			kthread_stop(racer[i]);
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
	if (IS_ENABLED(CONFIG_KCSAN))
		race_on_two_cpus();
	return 0;
}

static void __exit canary_stop(void)
{
}

module_init(canary_start);
module_exit(canary_stop);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Deliberate faults for the debug kernels");
