/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interfaces in the kernel: generic netlink family "wireguard", and the list
 * of links of kind "wireguard" from rtnetlink. All return 0 or -errno.
 *
 * The socket is two functions, so that tests and fuzzers can be the kernel.
 */
#ifndef TOOLS_WG_NETLINK_H
#define TOOLS_WG_NETLINK_H

#include <sys/types.h>

#include "tools/wg/backend.h"

int netlink_list(struct name_list *list);
int netlink_read(struct device *device);
int netlink_write(const struct device *device);

/* The largest message sent, and the largest piece of a dump received. */
#define NETLINK_BUFFER_LEN	65536

/*
 * One conversation. @send and @receive are as of mnl_socket_sendto() and
 * mnl_socket_recvfrom(): a length, or -1 and errno.
 */
struct netlink {
	ssize_t (*send)(struct netlink *netlink, const void *data, size_t len);
	ssize_t (*receive)(struct netlink *netlink, void *data, size_t len);
	void *context;
	u32 portid;
	u32 sequence;
	u16 family;		/* of WG_FAMILY, once looked up */
	char *buffer;		/* NETLINK_BUFFER_LEN, wiped when closed */
};

int netlink_init(struct netlink *netlink);
void netlink_exit(struct netlink *netlink);

/* A conversation with the kernel over @bus, NETLINK_ROUTE for instance. */
int netlink_open(struct netlink *netlink, int bus);
void netlink_close(struct netlink *netlink);

/* What the three above do, in a given conversation. */
int netlink_list_links(struct netlink *netlink, struct name_list *list);
int netlink_find_family(struct netlink *netlink);
int netlink_read_device(struct netlink *netlink, struct device *device);
int netlink_write_device(struct netlink *netlink, const struct device *device);

#endif /* TOOLS_WG_NETLINK_H */
