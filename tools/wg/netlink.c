// SPDX-License-Identifier: GPL-2.0
/* Conversations with the kernel; what is said in them is in netlink_get.c
 * and netlink_set.c. */
#include "tools/wg/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "tools/wg/netlink_talk.h"
#include "tools/wg/uapi.h"

int netlink_init(struct netlink *netlink)
{
	netlink->buffer = malloc(NETLINK_BUFFER_LEN);
	return netlink->buffer ? 0 : -ENOMEM;
}

void netlink_exit(struct netlink *netlink)
{
	if (netlink->buffer)
		memzero_explicit(netlink->buffer, NETLINK_BUFFER_LEN);
	free(netlink->buffer);
	netlink->buffer = NULL;
}

static ssize_t socket_send(struct netlink *netlink, const void *data,
			   size_t len)
{
	return mnl_socket_sendto(netlink->context, data, len);
}

static ssize_t socket_receive(struct netlink *netlink, void *data, size_t len)
{
	return mnl_socket_recvfrom(netlink->context, data, len);
}

int netlink_open(struct netlink *netlink, int bus)
{
	struct mnl_socket *socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	int error;

	memset(netlink, 0, sizeof(*netlink));
	if (!socket)
		return -errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		error = -errno;
		mnl_socket_close(socket);
		return error;
	}
	netlink->send = socket_send;
	netlink->receive = socket_receive;
	netlink->context = socket;
	netlink->portid = mnl_socket_get_portid(socket);
	error = netlink_init(netlink);
	if (error)
		mnl_socket_close(socket);
	return error;
}

void netlink_close(struct netlink *netlink)
{
	mnl_socket_close(netlink->context);
	netlink_exit(netlink);
}

struct nlmsghdr *netlink_start(struct netlink *netlink, u16 type, u16 flags)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(netlink->buffer);

	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = ++netlink->sequence;
	return header;
}

struct nlmsghdr *netlink_start_genl(struct netlink *netlink, u16 family,
				    u8 command, u8 version, u16 flags)
{
	struct nlmsghdr *header = netlink_start(netlink, family, flags);
	struct genlmsghdr *genl;

	genl = mnl_nlmsg_put_extra_header(header, sizeof(*genl));
	genl->cmd = command;
	genl->version = version;
	return header;
}

/* libmnl takes a length above INT_MAX for a good one, and runs off the end. */
static bool messages_are_whole(const char *data, size_t len)
{
	u32 message_len;

	while (len >= sizeof(struct nlmsghdr)) {
		memcpy(&message_len, data, sizeof(message_len));
		if (message_len < sizeof(struct nlmsghdr) || message_len > len)
			return false;
		message_len = min((size_t)MNL_ALIGN(message_len), len);
		data += message_len;
		len -= message_len;
	}
	return !len;
}

int netlink_talk(struct netlink *netlink, const struct nlmsghdr *header,
		 mnl_cb_t answer, void *data)
{
	ssize_t len;
	int more;

	if (netlink->send(netlink, header, header->nlmsg_len) < 0)
		return -errno;
	do {
		len = netlink->receive(netlink, netlink->buffer,
				       NETLINK_BUFFER_LEN);
		if (len < 0)
			return -errno;
		if (!messages_are_whole(netlink->buffer, len))
			return -EBADMSG;
		errno = 0;
		more = mnl_cb_run(netlink->buffer, len, netlink->sequence,
				  netlink->portid, answer, data);
	} while (more > 0);
	if (!more)
		return 0;
	return errno ? -errno : -EPROTO;
}

static int family_read(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attr;
	u16 *family = data;

	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr))
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_get_payload_len(attr) == sizeof(u16))
			*family = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

/* No such family is reported as EPROTONOSUPPORT, as a missing module is. */
int netlink_find_family(struct netlink *netlink)
{
	struct nlmsghdr *header;
	int error;

	header = netlink_start_genl(netlink, GENL_ID_CTRL, CTRL_CMD_GETFAMILY,
				    1, NLM_F_ACK);
	mnl_attr_put_strz(header, CTRL_ATTR_FAMILY_NAME, WG_FAMILY);
	error = netlink_talk(netlink, header, family_read, &netlink->family);
	if (error == -ENOENT || (!error && !netlink->family))
		error = -EPROTONOSUPPORT;
	return error;
}

static bool link_is_ours(const struct nlattr *info)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, info)
		if (mnl_attr_get_type(attr) == IFLA_INFO_KIND &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0 &&
		    !strcmp(mnl_attr_get_str(attr), WG_LINK_KIND))
			return true;
	return false;
}

static int link_read(const struct nlmsghdr *header, void *data)
{
	const char *name = NULL;
	const struct nlattr *attr;
	bool ours = false;

	mnl_attr_for_each(attr, header, sizeof(struct ifinfomsg)) {
		if (mnl_attr_get_type(attr) == IFLA_LINKINFO)
			ours |= link_is_ours(attr);
		else if (mnl_attr_get_type(attr) == IFLA_IFNAME &&
			 mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			name = mnl_attr_get_str(attr);
	}
	if (ours && name && name_list_add(data, name))
		return MNL_CB_ERROR;
	return MNL_CB_OK;
}

/*
 * The kernel is asked for our kind only; one that ignores the wish is filtered
 * here. A list that changed while it was read is good enough (EINTR).
 */
int netlink_list_links(struct netlink *netlink, struct name_list *list)
{
	struct nlmsghdr *header;
	struct nlattr *nest;
	int error;

	header = netlink_start(netlink, RTM_GETLINK, NLM_F_DUMP);
	mnl_nlmsg_put_extra_header(header, sizeof(struct ifinfomsg));
	nest = mnl_attr_nest_start(header, IFLA_LINKINFO);
	mnl_attr_put_strz(header, IFLA_INFO_KIND, WG_LINK_KIND);
	mnl_attr_nest_end(header, nest);
	error = netlink_talk(netlink, header, link_read, list);
	return error == -EINTR ? 0 : error;
}

int netlink_list(struct name_list *list)
{
	struct netlink netlink;
	int error = netlink_open(&netlink, NETLINK_ROUTE);

	if (error)
		return error;
	error = netlink_list_links(&netlink, list);
	netlink_close(&netlink);
	return error;
}

/* Opens a conversation with the family; closes it again on failure. */
static int netlink_open_family(struct netlink *netlink)
{
	int error = netlink_open(netlink, NETLINK_GENERIC);

	if (error)
		return error;
	error = netlink_find_family(netlink);
	if (error)
		netlink_close(netlink);
	return error;
}

/* How many there will be is not known; what is not touched costs nothing. */
#define PEERS_ROOM	(1u << 14)
#define ALLOWED_ROOM	(1u << 16)

int netlink_read(struct device *device)
{
	struct netlink netlink;
	int error = netlink_open_family(&netlink);

	if (error)
		return error;
	device_reserve(device, PEERS_ROOM, ALLOWED_ROOM);
	error = netlink_read_device(&netlink, device);
	netlink_close(&netlink);
	return error;
}

int netlink_write(const struct device *device)
{
	struct netlink netlink;
	int error = netlink_open_family(&netlink);

	if (error)
		return error;
	error = netlink_write_device(&netlink, device);
	netlink_close(&netlink);
	return error;
}
