/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.12 moved asm/unaligned.h here. */
#ifndef WG_COMPAT_LINUX_UNALIGNED_H
#define WG_COMPAT_LINUX_UNALIGNED_H

#include <probed/have.h>

#ifdef HAVE_LINUX_UNALIGNED_H
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif /* WG_COMPAT_LINUX_UNALIGNED_H */
