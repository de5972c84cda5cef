/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Contiguous bytes for packets, cut from large pages. What was handed out in a
 * row lies in a row, so that many packets make one fragment.
 *
 * The rest of a page is this CPU's between batches and the batch's meanwhile:
 * it moves from one to the other, so that nothing has to be locked, and no task
 * that interrupts another on this CPU finds it half used (PREEMPT_RT).
 */
#ifndef WG_IO_PAGES_H
#define WG_IO_PAGES_H

#include <linux/mm_types.h>
#include <linux/types.h>

struct wg_pages {
	struct page_frag rest;	/* one reference; no page: nothing left */
	struct page *large;	/* the last one that did not fit, or NULL */
};

/* Take over what is left on this CPU. Any context but hard interrupt. */
void wg_pages_start(struct wg_pages *pages);

/*
 * @len bytes at @at of the page returned (a compound one, in the direct map).
 * Lent until the next call: take a reference to keep it. NULL: no memory. The
 * bytes hold whatever they held.
 */
struct page *wg_pages_take(struct wg_pages *pages, unsigned int len,
			   unsigned int *at);

/* Leave the rest to this CPU. */
void wg_pages_finish(struct wg_pages *pages);

void wg_pages_exit(void);	/* module unload: nobody takes any more */

#endif /* WG_IO_PAGES_H */
