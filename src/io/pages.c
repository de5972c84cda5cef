// SPDX-License-Identifier: GPL-2.0
#include "io/pages.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <net/sock.h>

/* What skb_page_frag_refill() asks for when memory is plentiful. */
#define FRAG_LEN 32768
#define PAGES_GFP (GFP_ATOMIC | __GFP_NOWARN)

static DEFINE_PER_CPU(struct page_frag, cpu_rest);	/* preemption off */

void wg_pages_start(struct wg_pages *pages)
{
	struct page_frag *rest;

	preempt_disable();
	rest = this_cpu_ptr(&cpu_rest);
	pages->rest = *rest;
	rest->page = NULL;
	preempt_enable();
	pages->large = NULL;
}

static void drop(struct page **page)
{
	if (*page)
		put_page(*page);
	*page = NULL;
}

void wg_pages_finish(struct wg_pages *pages)
{
	struct page_frag old;
	struct page_frag *rest;

	preempt_disable();
	rest = this_cpu_ptr(&cpu_rest);
	old = *rest;
	*rest = pages->rest;
	preempt_enable();
	drop(&old.page);
	drop(&pages->large);
}

/* More than any page of the usual size has: jumbo packets on a short day. */
static struct page *take_large(struct wg_pages *pages, unsigned int len)
{
	struct page *page = alloc_pages(PAGES_GFP | __GFP_COMP | __GFP_NORETRY,
					get_order(len));

	if (!page)
		return NULL;
	drop(&pages->large);
	pages->large = page;
	return page;
}

struct page *wg_pages_take(struct wg_pages *pages, unsigned int len,
			   unsigned int *at)
{
	struct page_frag *rest = &pages->rest;

	*at = 0;
	if (len > FRAG_LEN)
		return take_large(pages, len);
	if (!skb_page_frag_refill(len, rest, PAGES_GFP))
		return NULL;
	if (rest->offset + len > rest->size)
		return take_large(pages, len);
	*at = rest->offset;
	rest->offset += len;
	return rest->page;
}

void wg_pages_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		drop(&per_cpu(cpu_rest, cpu).page);
}
