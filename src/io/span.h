/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bytes of an skb where they lie, to be read without a copy.
 */
#ifndef WG_IO_SPAN_H
#define WG_IO_SPAN_H

#include <linux/skbuff.h>

/*
 * The @len bytes at @at of @skb, lent as long as the caller holds the skb. NULL:
 * they lie in several pieces, or where user space may write while they are read
 * (what was authenticated must be what is then decrypted). Any context.
 */
const u8 *wg_span(const struct sk_buff *skb, unsigned int at, unsigned int len);

#endif /* WG_IO_SPAN_H */
