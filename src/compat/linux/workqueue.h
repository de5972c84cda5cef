/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_WORKQUEUE_H
#define WG_COMPAT_LINUX_WORKQUEUE_H

#include <probed/have.h>
#include_next <linux/workqueue.h>

/* Before, a workqueue was per CPU unless it was unbound. */
#ifndef HAVE_WQ_PERCPU
#define WQ_PERCPU 0
#endif

#endif /* WG_COMPAT_LINUX_WORKQUEUE_H */
