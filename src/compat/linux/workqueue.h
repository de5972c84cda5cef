/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_WORKQUEUE_H
#define WG_COMPAT_LINUX_WORKQUEUE_H

#include <linux/version.h>
#include_next <linux/workqueue.h>

/* Before, a workqueue was per CPU unless it was unbound. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#define WQ_PERCPU 0
#endif

#endif /* WG_COMPAT_LINUX_WORKQUEUE_H */
