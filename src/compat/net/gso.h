/* SPDX-License-Identifier: GPL-2.0 */
/* Linux 6.4 moved GSO declarations from linux/netdevice.h here. */
#ifndef WG_COMPAT_NET_GSO_H
#define WG_COMPAT_NET_GSO_H

#include <probed/have.h>

#ifdef HAVE_NET_GSO_H
#include_next <net/gso.h>
#else
#include <linux/netdevice.h>
#endif

#endif /* WG_COMPAT_NET_GSO_H */
