/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_NET_NETLINK_H
#define WG_COMPAT_NET_NETLINK_H

#include <probed/have.h>
#include_next <net/netlink.h>

/* The result, which differs, is not used. */
#ifndef HAVE_NLA_STRSCPY
#define nla_strscpy nla_strlcpy
#endif

#endif /* WG_COMPAT_NET_NETLINK_H */
