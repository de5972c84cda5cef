/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_CONFIG_PAGES_H
#define TOOLS_CONFIG_PAGES_H

#include <stddef.h>

/*
 * Memory that will be written from end to end: the kernel gives all of its
 * pages at once, where it can (5.14), not each on its first use. That is half
 * of the work of reading ten thousand peers.
 */
void pages_populate(void *start, size_t len);

#endif /* TOOLS_CONFIG_PAGES_H */
