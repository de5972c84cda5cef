// SPDX-License-Identifier: GPL-2.0
#include "tools/config/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23
#endif

/* Whole pages inside of it: what is beside them is another's. */
void pages_populate(void *start, size_t len)
{
	size_t page = sysconf(_SC_PAGESIZE);
	uintptr_t first = ((uintptr_t)start + page - 1) & ~(page - 1);
	uintptr_t end = ((uintptr_t)start + len) & ~(page - 1);

	if (start && first < end)
		madvise((void *)first, end - first, MADV_POPULATE_WRITE);
}
