// SPDX-License-Identifier: GPL-2.0
#include "io/span.h"

#include <linux/mm.h>

static const u8 *fragment_bytes(const skb_frag_t *frag, unsigned int at)
{
	/* No page: memory of a device. */
	if (!skb_frag_page(frag) || PageHighMem(skb_frag_page(frag)))
		return NULL;
	return (const u8 *)skb_frag_address(frag) + at;
}

const u8 *wg_span(const struct sk_buff *skb, unsigned int at, unsigned int len)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int i, size;

	if (at + len <= skb_headlen(skb))
		return skb->data + at;
	if (at < skb_headlen(skb) || skb_has_shared_frag(skb))
		return NULL;
	at -= skb_headlen(skb);
	for (i = 0; i < info->nr_frags; i++) {
		size = skb_frag_size(&info->frags[i]);
		if (at < size)
			return at + len <= size ?
			       fragment_bytes(&info->frags[i], at) : NULL;
		at -= size;
	}
	return NULL;	/* in a list of skbs */
}
