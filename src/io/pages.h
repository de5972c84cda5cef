/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Contiguous bytes for packets, cut from large pages of this CPU. What was
 * handed out in a row lies in a row, so that many packets make one fragment.
 *
 * Bottom halves off from wg_pages_take() until its last use or get_page().
 */
#ifndef WG_IO_PAGES_H
#define WG_IO_PAGES_H

#include <linux/mm_types.h>

/*
 * @len bytes at @at of the page returned (a compound one, in the direct map).
 * Lent until the next call on this CPU: take a reference to keep it. NULL: no
 * memory. The bytes hold whatever they held.
 */
struct page *wg_pages_take(unsigned int len, unsigned int *at);

void wg_pages_exit(void);	/* module unload: nobody takes any more */

#endif /* WG_IO_PAGES_H */
