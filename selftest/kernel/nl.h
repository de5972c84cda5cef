/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Just enough generic netlink for the test programs: messages are built by
 * hand, because half of what they send must be wrong on purpose.
 */
#ifndef SELFTEST_NL_H
#define SELFTEST_NL_H

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/wireguard.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct nl_msg {
	union {
		struct nlmsghdr head;
		char room[1 << 17];
	};
};

/* Called for each message of an answer. */
typedef void (*nl_reader)(const struct nlmsghdr *msg, void *ctx);

static inline int nl_open(void)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	int one = 1, big = 1 << 20;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (void *)&self, sizeof(self)) < 0) {
		perror("netlink");
		exit(2);
	}
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof(big));
	return fd;
}

static inline void nl_start(struct nl_msg *msg, uint16_t family, uint8_t cmd,
			    uint16_t flags)
{
	struct genlmsghdr *genl = NLMSG_DATA(&msg->head);

	memset(msg, 0, NLMSG_LENGTH(sizeof(*genl)));
	msg->head.nlmsg_len = NLMSG_LENGTH(sizeof(*genl));
	msg->head.nlmsg_type = family;
	msg->head.nlmsg_flags = NLM_F_REQUEST | flags;
	genl->cmd = cmd;
	genl->version = 1;
}

static inline void nl_put(struct nl_msg *msg, uint16_t type, const void *data,
			  size_t len)
{
	struct nlattr *at = (void *)(msg->room + msg->head.nlmsg_len);

	if (msg->head.nlmsg_len + NLA_HDRLEN + len + 4 > sizeof(msg->room)) {
		fprintf(stderr, "netlink message too long\n");
		exit(2);
	}
	at->nla_type = type;
	at->nla_len = NLA_HDRLEN + len;
	memset(msg->room + msg->head.nlmsg_len + NLA_HDRLEN, 0, NLA_ALIGN(len));
	if (len)
		memcpy(at + 1, data, len);
	msg->head.nlmsg_len += NLA_HDRLEN + NLA_ALIGN(len);
}

static inline void nl_put_u8(struct nl_msg *msg, uint16_t type, uint8_t v)
{
	nl_put(msg, type, &v, sizeof(v));
}

static inline void nl_put_u16(struct nl_msg *msg, uint16_t type, uint16_t v)
{
	nl_put(msg, type, &v, sizeof(v));
}

static inline void nl_put_u32(struct nl_msg *msg, uint16_t type, uint32_t v)
{
	nl_put(msg, type, &v, sizeof(v));
}

static inline void nl_put_str(struct nl_msg *msg, uint16_t type, const char *s)
{
	nl_put(msg, type, s, strlen(s) + 1);
}

/* Returns what nl_close() wants. */
static inline uint32_t nl_nest(struct nl_msg *msg, uint16_t type)
{
	uint32_t at = msg->head.nlmsg_len;

	nl_put(msg, type | NLA_F_NESTED, NULL, 0);
	return at;
}

static inline void nl_close(struct nl_msg *msg, uint32_t at)
{
	struct nlattr *nest = (void *)(msg->room + at);

	nest->nla_len = msg->head.nlmsg_len - at;
}

/*
 * Sends @msg and reads the whole answer. Returns 0 or the negative errno of
 * the acknowledgement; the sender of a dump gets the errno of its DONE.
 */
static inline int nl_ask(int fd, struct nl_msg *msg, nl_reader read, void *ctx)
{
	static char answer[1 << 16] __attribute__((aligned(8)));
	static uint32_t seq;

	msg->head.nlmsg_seq = ++seq;
	if (send(fd, msg, msg->head.nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		int len = recv(fd, answer, sizeof(answer), 0);
		struct nlmsghdr *h = (void *)answer;

		if (len < 0)
			return -errno;
		for (; NLMSG_OK(h, (unsigned int)len); h = NLMSG_NEXT(h, len)) {
			if (h->nlmsg_seq != seq)
				continue;
			if (h->nlmsg_type == NLMSG_ERROR ||
			    h->nlmsg_type == NLMSG_DONE)
				return *(int *)NLMSG_DATA(h);
			if (read)
				read(h, ctx);
		}
	}
}

#define nl_each(at, first, len)						\
	for (const struct nlattr *at = (const void *)(first);		\
	     (const char *)at + NLA_HDRLEN <= (const char *)(first) + (len) && \
	     at->nla_len >= NLA_HDRLEN;					\
	     at = (const void *)((const char *)at + NLA_ALIGN(at->nla_len)))

#define nl_type(at)	((at)->nla_type & NLA_TYPE_MASK)
#define nl_data(at)	((const void *)((at) + 1))
#define nl_len(at)	((at)->nla_len - NLA_HDRLEN)
#define nl_body(h)	((const char *)NLMSG_DATA(h) + GENL_HDRLEN)
#define nl_body_len(h)	((h)->nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN))

static inline void nl_read_family(const struct nlmsghdr *h, void *ctx)
{
	nl_each(at, nl_body(h), nl_body_len(h))
		if (nl_type(at) == CTRL_ATTR_FAMILY_ID)
			*(int *)ctx = *(const uint16_t *)nl_data(at);
}

/* Number of a family, or exits: every program here is useless without. */
static inline int nl_family(int fd, const char *name)
{
	static struct nl_msg msg;
	int id = 0, ret;

	nl_start(&msg, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	nl_put_str(&msg, CTRL_ATTR_FAMILY_NAME, name);
	ret = nl_ask(fd, &msg, nl_read_family, &id);
	if (ret < 0 || !id) {
		fprintf(stderr, "no netlink family %s: %s\n", name,
			strerror(-ret));
		exit(2);
	}
	return id;
}

#endif
