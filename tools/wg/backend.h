/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where interfaces live: behind the UNIX socket of a user-space implementation
 * or in the kernel. A socket that answers wins over a kernel interface of the
 * same name. All return 0 or -errno and print nothing.
 */
#ifndef TOOLS_WG_BACKEND_H
#define TOOLS_WG_BACKEND_H

#include "tools/wg/device.h"

struct name_list {
	char (*name)[IFNAMSIZ];
	size_t n;
	size_t room;
};

/*
 * Names of all interfaces, those of the kernel first, each once. Half a list
 * is a success: an error of one part counts only when nothing was found.
 */
int backend_list(struct name_list *list);

/* Fills @device, which has nothing but its name. */
int backend_read(struct device *device);

/* Makes the change @device says to the interface of its name. */
int backend_write(const struct device *device);

/* Adds @name; what cannot name an interface is passed over. */
int name_list_add(struct name_list *list, const char *name);
void name_list_free(struct name_list *list);

#endif /* TOOLS_WG_BACKEND_H */
