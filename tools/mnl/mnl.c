// SPDX-License-Identifier: GPL-2.0
/*
 * The functions of libmnl that wg calls, for a static wg: distributions ship
 * libmnl as a shared library only. Declared by libmnl's own header; a program
 * is linked with this or with the library, never both.
 *
 * Attributes and messages are lengths, types and padding to four bytes
 * (linux/netlink.h); whoever puts one has made sure that it fits.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct mnl_socket {
	int fd;
	struct sockaddr_nl addr;
};

/* Sockets. */

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	struct mnl_socket *nl = calloc(1, sizeof(*nl));

	if (!nl)
		return NULL;
	nl->fd = socket(AF_NETLINK, SOCK_RAW | flags, bus);
	if (nl->fd < 0) {
		free(nl);
		return NULL;
	}
	return nl;
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned int groups, pid_t pid)
{
	socklen_t len = sizeof(nl->addr);

	nl->addr.nl_family = AF_NETLINK;
	nl->addr.nl_groups = groups;
	nl->addr.nl_pid = pid;
	if (bind(nl->fd, (struct sockaddr *)&nl->addr, len) ||
	    getsockname(nl->fd, (struct sockaddr *)&nl->addr, &len))
		return -1;
	if (len == sizeof(nl->addr) && nl->addr.nl_family == AF_NETLINK)
		return 0;
	errno = EINVAL;
	return -1;
}

int mnl_socket_close(struct mnl_socket *nl)
{
	int status = close(nl->fd);

	free(nl);
	return status;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *nl)
{
	return nl->addr.nl_pid;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *data,
			  size_t len)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return sendto(nl->fd, data, len, 0, (const struct sockaddr *)&kernel,
		      sizeof(kernel));
}

ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *data,
			    size_t room)
{
	struct sockaddr_nl from;
	struct iovec piece = { data, room };
	struct msghdr message = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &piece,
		.msg_iovlen = 1,
	};
	ssize_t len = recvmsg(nl->fd, &message, 0);

	if (len < 0)
		return -1;
	if (message.msg_flags & MSG_TRUNC) {
		errno = ENOSPC;
		return -1;
	}
	if (message.msg_namelen != sizeof(from)) {
		errno = EINVAL;
		return -1;
	}
	return len;
}

/* Messages. */

static void *message_extend(struct nlmsghdr *header, size_t len)
{
	char *tail = (char *)header + NLMSG_ALIGN(header->nlmsg_len);
	size_t aligned = NLMSG_ALIGN(len);

	memset(tail, 0, aligned);
	header->nlmsg_len = NLMSG_ALIGN(header->nlmsg_len) + aligned;
	return tail;
}

struct nlmsghdr *mnl_nlmsg_put_header(void *data)
{
	struct nlmsghdr *header = data;

	memset(header, 0, sizeof(*header));
	header->nlmsg_len = NLMSG_HDRLEN;
	return header;
}

void *mnl_nlmsg_put_extra_header(struct nlmsghdr *header, size_t len)
{
	return message_extend(header, len);
}

void *mnl_nlmsg_get_payload_offset(const struct nlmsghdr *header, size_t len)
{
	return (char *)header + NLMSG_HDRLEN + NLMSG_ALIGN(len);
}

void *mnl_nlmsg_get_payload_tail(const struct nlmsghdr *header)
{
	return (char *)header + NLMSG_ALIGN(header->nlmsg_len);
}

static int message_error(const struct nlmsghdr *header)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);

	if (header->nlmsg_len < NLMSG_LENGTH(sizeof(*error))) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	errno = error->error < 0 ? -error->error : error->error;
	return error->error ? MNL_CB_ERROR : MNL_CB_STOP;
}

static int message_run(const struct nlmsghdr *header, unsigned int seq,
		       unsigned int portid, mnl_cb_t answer, void *data)
{
	if (header->nlmsg_pid && portid && header->nlmsg_pid != portid) {
		errno = ESRCH;
		return MNL_CB_ERROR;
	}
	if (header->nlmsg_seq && seq && header->nlmsg_seq != seq) {
		errno = EPROTO;
		return MNL_CB_ERROR;
	}
	if (header->nlmsg_flags & NLM_F_DUMP_INTR) {
		errno = EINTR;
		return MNL_CB_ERROR;
	}
	if (header->nlmsg_type >= NLMSG_MIN_TYPE)
		return answer ? answer(header, data) : MNL_CB_OK;
	if (header->nlmsg_type == NLMSG_ERROR)
		return message_error(header);
	return header->nlmsg_type == NLMSG_DONE ? MNL_CB_STOP : MNL_CB_OK;
}

int mnl_cb_run(const void *buffer, size_t len, unsigned int seq,
	       unsigned int portid, mnl_cb_t answer, void *data)
{
	const struct nlmsghdr *header = buffer;
	int left = len, status = MNL_CB_OK;

	while (status > MNL_CB_STOP && NLMSG_OK(header, left)) {
		status = message_run(header, seq, portid, answer, data);
		header = NLMSG_NEXT(header, left);
	}
	return status;
}

/* Attributes, read. */

uint16_t mnl_attr_get_type(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

uint16_t mnl_attr_get_payload_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

void *mnl_attr_get_payload(const struct nlattr *attr)
{
	return (char *)attr + NLA_HDRLEN;
}

bool mnl_attr_ok(const struct nlattr *attr, int len)
{
	return len >= NLA_HDRLEN && attr->nla_len >= NLA_HDRLEN &&
	       attr->nla_len <= len;
}

struct nlattr *mnl_attr_next(const struct nlattr *attr)
{
	return (struct nlattr *)((char *)attr + NLA_ALIGN(attr->nla_len));
}

/* Of its data types wg asks for one. */
int mnl_attr_validate(const struct nlattr *attr, enum mnl_attr_data_type type)
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *text = mnl_attr_get_payload(attr);

	if (type == MNL_TYPE_NUL_STRING && len && !text[len - 1])
		return 0;
	errno = type == MNL_TYPE_NUL_STRING ? EINVAL : EOPNOTSUPP;
	return -1;
}

uint16_t mnl_attr_get_u16(const struct nlattr *attr)
{
	uint16_t value;

	memcpy(&value, mnl_attr_get_payload(attr), sizeof(value));
	return value;
}

uint32_t mnl_attr_get_u32(const struct nlattr *attr)
{
	uint32_t value;

	memcpy(&value, mnl_attr_get_payload(attr), sizeof(value));
	return value;
}

const char *mnl_attr_get_str(const struct nlattr *attr)
{
	return mnl_attr_get_payload(attr);
}

/* Attributes, written. */

void mnl_attr_put(struct nlmsghdr *header, uint16_t type, size_t len,
		  const void *data)
{
	struct nlattr *attr = message_extend(header, NLA_HDRLEN + len);

	attr->nla_type = type;
	attr->nla_len = NLA_HDRLEN + len;
	memcpy((char *)attr + NLA_HDRLEN, data, len);
}

void mnl_attr_put_u8(struct nlmsghdr *header, uint16_t type, uint8_t value)
{
	mnl_attr_put(header, type, sizeof(value), &value);
}

void mnl_attr_put_u16(struct nlmsghdr *header, uint16_t type, uint16_t value)
{
	mnl_attr_put(header, type, sizeof(value), &value);
}

void mnl_attr_put_u32(struct nlmsghdr *header, uint16_t type, uint32_t value)
{
	mnl_attr_put(header, type, sizeof(value), &value);
}

void mnl_attr_put_strz(struct nlmsghdr *header, uint16_t type,
		       const char *text)
{
	mnl_attr_put(header, type, strlen(text) + 1, text);
}

struct nlattr *mnl_attr_nest_start(struct nlmsghdr *header, uint16_t type)
{
	struct nlattr *nest = message_extend(header, NLA_HDRLEN);

	nest->nla_type = type | NLA_F_NESTED;
	return nest;
}

void mnl_attr_nest_end(struct nlmsghdr *header, struct nlattr *nest)
{
	nest->nla_len = (char *)mnl_nlmsg_get_payload_tail(header) -
			(char *)nest;
}
