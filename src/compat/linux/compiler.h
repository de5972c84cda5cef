/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_LINUX_COMPILER_H
#define WG_COMPAT_LINUX_COMPILER_H

#include_next <linux/compiler.h>

/* Linux 6.6, and stable series: the member that holds an array's length. */
#ifndef __counted_by
#define __counted_by(member)
#endif

#endif /* WG_COMPAT_LINUX_COMPILER_H */
