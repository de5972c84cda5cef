// SPDX-License-Identifier: GPL-2.0
#include "io/pages.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <net/sock.h>

/* What skb_page_frag_refill() asks for when memory is plentiful. */
#define FRAG_LEN 32768
#define PAGES_GFP (GFP_ATOMIC | __GFP_NOWARN)

/* This CPU's, bottom halves off. */
struct pages {
	struct page_frag frag;
	struct page *large;	/* the last one that did not fit into @frag */
};

static DEFINE_PER_CPU(struct pages, cpu_pages);

/* More than any page of the usual size has: jumbo packets on a short day. */
static struct page *take_large(struct pages *p, unsigned int len)
{
	struct page *page = alloc_pages(PAGES_GFP | __GFP_COMP | __GFP_NORETRY,
					get_order(len));

	if (!page)
		return NULL;
	if (p->large)
		put_page(p->large);
	p->large = page;
	return page;
}

struct page *wg_pages_take(unsigned int len, unsigned int *at)
{
	struct pages *p = this_cpu_ptr(&cpu_pages);
	struct page_frag *frag = &p->frag;

	*at = 0;
	if (len > FRAG_LEN)
		return take_large(p, len);
	if (!skb_page_frag_refill(len, frag, PAGES_GFP))
		return NULL;
	if (frag->offset + len > frag->size)
		return take_large(p, len);
	*at = frag->offset;
	frag->offset += len;
	return frag->page;
}

static void drop(struct page **page)
{
	if (*page)
		put_page(*page);
	*page = NULL;
}

void wg_pages_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		drop(&per_cpu(cpu_pages, cpu).frag.page);
		drop(&per_cpu(cpu_pages, cpu).large);
	}
}
