/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interfaces of user-space implementations: one UNIX stream socket each,
 * RUNSTATEDIR/wireguard/NAME.sock, over which lines of key=value are spoken
 * (https://www.wireguard.com/xplatform/). All return 0 or -errno, but open.
 */
#ifndef TOOLS_WG_USERSOCK_H
#define TOOLS_WG_USERSOCK_H

#include "tools/wg/backend.h"

int usersock_list(struct name_list *list);

/*
 * A connection to the implementation of @name, or -1 when there is none; a
 * socket that nobody listens on any more is removed on the way.
 */
int usersock_open(const char *name);

/*
 * Waits until the process that @fd leads to is gone, five seconds at most: at
 * its end it removes its socket, and may be slow enough to hit that of the next
 * one. This and the two below close @fd.
 */
void usersock_await_end(int fd);

int usersock_read(int fd, struct device *device);
int usersock_write(int fd, const struct device *device);

/* The state of reading an answer to "get". */
struct usersock_answer {
	struct device *device;
	bool is_done;		/* its last line was seen */
	int error;		/* from errno=, or -EPROTO, -ENOMEM */
};

/* Reads one line, without its newline and ended by a NUL; changes it. */
void usersock_read_line(struct usersock_answer *answer, char *line);

#endif /* TOOLS_WG_USERSOCK_H */
