/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_TIMER_H
#define WG_COMPAT_LINUX_TIMER_H

#include <probed/have.h>
#include_next <linux/timer.h>

/* Linux 6.2, and stable series */
#ifndef HAVE_TIMER_DELETE
#define timer_delete del_timer
#endif

/* Linux 6.16 */
#ifndef timer_container_of
#define timer_container_of(var, callback_timer, timer_fieldname) \
	from_timer(var, callback_timer, timer_fieldname)
#endif

#endif /* WG_COMPAT_LINUX_TIMER_H */
