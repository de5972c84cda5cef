// SPDX-License-Identifier: GPL-2.0
#include "tools/fuzz/fuzz.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <netdb.h>

#include "tools/wg/show.h"

struct kernel {
	const u8 *data;		/* still to be answered */
	size_t len;
	u8 *kept;		/* what was sent */
	size_t kept_len;
	size_t kept_room;
};

int fuzz_getaddrinfo(const char *host, const char *service,
		     const struct addrinfo *hints, struct addrinfo **found);
void fuzz_freeaddrinfo(struct addrinfo *found);

int fuzz_getaddrinfo(const char *host, const char *service,
		     const struct addrinfo *hints, struct addrinfo **found)
{
	(void)host;
	(void)service;
	(void)hints;
	*found = NULL;
	return EAI_SERVICE;
}

void fuzz_freeaddrinfo(struct addrinfo *found)
{
	(void)found;
}

void fuzz_silence(void)
{
	static bool is_silent;

	if (!is_silent && !freopen("/dev/null", "w", stdout))
		abort();
	is_silent = true;
}

void fuzz_show(const struct device *device)
{
	struct names names = { 0 };
	unsigned int turn = device->peer_n + device->allowed_n;

	fuzz_silence();
	show_script(device, SHOW_DUMP, turn & 1);
	show_script(device, turn % SHOW_FIELD_N, turn & 1);
	show_json(device, &names, SHOW_FIELD_N);
	show_config(device);
	must(show_pretty(device, &names, NULL));
}

static ssize_t kernel_send(struct netlink *netlink, const void *data,
			   size_t len)
{
	struct kernel *kernel = netlink->context;

	must(len <= NETLINK_BUFFER_LEN);
	if (kernel->kept_room - kernel->kept_len >= len + 2) {
		kernel->kept[kernel->kept_len++] = len;
		kernel->kept[kernel->kept_len++] = len >> 8;
		memcpy(kernel->kept + kernel->kept_len, data, len);
		/* As an answer it fits any question. */
		memset(kernel->kept + kernel->kept_len +
		       offsetof(struct nlmsghdr, nlmsg_seq), 0, sizeof(u32));
		kernel->kept_len += len;
	}
	return len;
}

static ssize_t kernel_acknowledge(struct netlink *netlink, void *data,
				  size_t len)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(data);
	struct nlmsgerr *error;

	(void)len;
	header->nlmsg_type = NLMSG_ERROR;
	header->nlmsg_seq = netlink->sequence;
	error = mnl_nlmsg_put_extra_header(header, sizeof(*error));
	error->error = 0;
	return header->nlmsg_len;
}

static ssize_t kernel_answer(struct netlink *netlink, void *data, size_t room)
{
	struct kernel *kernel = netlink->context;
	size_t len;

	if (kernel->len < 2) {
		errno = EAGAIN;
		return -1;
	}
	len = kernel->data[0] | kernel->data[1] << 8;
	len = min(min(len, kernel->len - 2), room);
	memcpy(data, kernel->data + 2, len);
	kernel->data += 2 + len;
	kernel->len -= 2 + len;
	return len;
}

size_t fuzz_capture(const struct device *device, u8 *messages, size_t room)
{
	struct kernel kernel = { .kept = messages, .kept_room = room };
	struct netlink netlink = {
		.send = kernel_send,
		.receive = kernel_acknowledge,
		.context = &kernel,
		.family = 30,
	};

	must(!netlink_init(&netlink));
	must(!netlink_write_device(&netlink, device));
	netlink_exit(&netlink);
	return kernel.kept_len;
}

void fuzz_write(const struct device *device)
{
	fuzz_capture(device, NULL, 0);
}

int fuzz_read(struct device *device, const u8 *data, size_t len)
{
	struct kernel kernel = { .data = data, .len = len };
	struct netlink netlink = {
		.send = kernel_send,
		.receive = kernel_answer,
		.context = &kernel,
		.family = 30,
	};
	int error;

	must(!netlink_init(&netlink));
	error = netlink_read_device(&netlink, device);
	netlink_exit(&netlink);
	return error;
}
