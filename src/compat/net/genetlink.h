/* SPDX-License-Identifier: GPL-2.0 */
#ifndef WG_COMPAT_NET_GENETLINK_H
#define WG_COMPAT_NET_GENETLINK_H

#include <probed/have.h>
#include_next <net/genetlink.h>

/*
 * From this command on, reserved header fields must be zero. Commands that
 * existed before Linux 6.1 stay lenient.
 */
#ifdef HAVE_RESV_START_OP
#define WG_GENL_RESV_START_OP(op) .resv_start_op = (op),
#else
#define WG_GENL_RESV_START_OP(op)
#endif

/* The attributes of the request that a dump answers. */
static inline struct nlattr **wg_dump_attrs(struct netlink_callback *cb)
{
#ifdef HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* WG_COMPAT_NET_GENETLINK_H */
