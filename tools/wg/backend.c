// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/backend.h"

#include <errno.h>
#include <stdlib.h>

#include "tools/wg/netlink.h"
#include "tools/wg/usersock.h"

static bool name_list_has(const struct name_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (!strcmp(list->name[i], name))
			return true;
	return false;
}

int name_list_add(struct name_list *list, const char *name)
{
	size_t len = strlen(name), room = list->room ? 2 * list->room : 16;
	void *grown;

	if (!len || len >= IFNAMSIZ)
		return 0;
	if (list->n == list->room) {
		grown = reallocarray(list->name, room, sizeof(*list->name));
		if (!grown)
			return -ENOMEM;
		list->name = grown;
		list->room = room;
	}
	memcpy(list->name[list->n++], name, len + 1);
	return 0;
}

void name_list_free(struct name_list *list)
{
	free(list->name);
	memset(list, 0, sizeof(*list));
}

int backend_list(struct name_list *list)
{
	struct name_list sockets = { 0 };
	int kernel, user;
	size_t i;

	kernel = netlink_list(list);
	user = usersock_list(&sockets);
	for (i = 0; i < sockets.n && !user; i++)
		if (!name_list_has(list, sockets.name[i]))
			user = name_list_add(list, sockets.name[i]);
	name_list_free(&sockets);
	return list->n ? 0 : kernel ? kernel : user;
}

int backend_read(struct device *device)
{
	int fd = usersock_open(device->name);

	return fd >= 0 ? usersock_read(fd, device) : netlink_read(device);
}

int backend_write(const struct device *device)
{
	int fd = usersock_open(device->name);

	return fd >= 0 ? usersock_write(fd, device) : netlink_write(device);
}
