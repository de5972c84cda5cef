// SPDX-License-Identifier: GPL-2.0
/*
 * Lets the first, second, third ... allocation of a request fail, until a whole
 * request goes by without one that could. Each must end with an errno of want
 * or in success, and the same request must work right after.
 *
 *	failnth FAMILY newlink|up|set|dump DEV
 *
 * Needs CONFIG_FAIL_NTH; the caller says to failslab and fail_page_alloc that
 * requests which may wait fail, too. Prints the number of points.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/time.h>

#include "nl.h"

#define PEERS	5
#define IPS	20
#define ROUNDS	5000

static int rtnl, genl, nth, family;
static const char *dev, *kind;

static int open_route(void)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	struct timeval wait = { .tv_sec = 5 };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (void *)&self, sizeof(self)) < 0)
		exit(2);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	return fd;
}

static void link_start(struct nl_msg *m, int type, int flags, unsigned int up)
{
	struct ifinfomsg *info = NLMSG_DATA(&m->head);

	memset(m, 0, NLMSG_LENGTH(sizeof(*info)));
	m->head.nlmsg_len = NLMSG_LENGTH(sizeof(*info));
	m->head.nlmsg_type = type;
	m->head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	info->ifi_flags = up;
	info->ifi_change = IFF_UP;
	nl_put_str(m, IFLA_IFNAME, dev);
}

static int add_link(void)
{
	static struct nl_msg m;
	uint32_t nest;

	link_start(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	nest = nl_nest(&m, IFLA_LINKINFO);
	nl_put_str(&m, IFLA_INFO_KIND, kind);
	nl_close(&m, nest);
	return nl_ask(rtnl, &m, NULL, NULL);
}

static int delete_link(void)
{
	static struct nl_msg m;

	link_start(&m, RTM_DELLINK, 0, 0);
	return nl_ask(rtnl, &m, NULL, NULL);
}

static int set_up(unsigned int up)
{
	static struct nl_msg m;

	link_start(&m, RTM_NEWLINK, 0, up);
	return nl_ask(rtnl, &m, NULL, NULL);
}

static int go_up(void)
{
	return set_up(IFF_UP);
}

static int go_down(void)
{
	return set_up(0);
}

static void put_ips(struct nl_msg *m, int peer)
{
	uint32_t list = nl_nest(m, WGPEER_A_ALLOWEDIPS), one;
	uint32_t ip;

	for (int i = 0; i < IPS; i++) {
		ip = htonl(10u << 24 | peer << 16 | i << 8);
		one = nl_nest(m, 0);
		nl_put_u16(m, WGALLOWEDIP_A_FAMILY, AF_INET);
		nl_put(m, WGALLOWEDIP_A_IPADDR, &ip, sizeof(ip));
		nl_put_u8(m, WGALLOWEDIP_A_CIDR_MASK, 24);
		nl_close(m, one);
	}
	nl_close(m, list);
}

static int set_device(void)
{
	static struct nl_msg m;
	uint8_t key[WG_KEY_LEN] = { 7 };
	uint32_t list, one;

	nl_start(&m, family, WG_CMD_SET_DEVICE, NLM_F_ACK);
	nl_put_str(&m, WGDEVICE_A_IFNAME, dev);
	nl_put(&m, WGDEVICE_A_PRIVATE_KEY, key, sizeof(key));
	list = nl_nest(&m, WGDEVICE_A_PEERS);
	for (int i = 0; i < PEERS; i++) {
		one = nl_nest(&m, 0);
		key[1] = 1 + i;
		nl_put(&m, WGPEER_A_PUBLIC_KEY, key, sizeof(key));
		put_ips(&m, i);
		nl_close(&m, one);
	}
	nl_close(&m, list);
	return nl_ask(genl, &m, NULL, NULL);
}

static int forget_peers(void)
{
	static struct nl_msg m;

	nl_start(&m, family, WG_CMD_SET_DEVICE, NLM_F_ACK);
	nl_put_str(&m, WGDEVICE_A_IFNAME, dev);
	nl_put_u32(&m, WGDEVICE_A_FLAGS, WGDEVICE_F_REPLACE_PEERS);
	return nl_ask(genl, &m, NULL, NULL);
}

static int dump(void)
{
	static struct nl_msg m;

	nl_start(&m, family, WG_CMD_GET_DEVICE, NLM_F_DUMP);
	nl_put_str(&m, WGDEVICE_A_IFNAME, dev);
	return nl_ask(genl, &m, NULL, NULL);
}

static int nothing(void)
{
	return 0;
}

static const struct request {
	const char *name;
	int (*ask)(void);
	int (*undo)(void);
	int also;	/* what the kernel itself says beside ENOMEM, ENOBUFS */
} requests[] = {
	/* a device whose name could not be copied has none */
	{ "newlink", add_link, delete_link, -EINVAL },
	/* a socket without an inode */
	{ "up", go_up, go_down, -ENFILE },
	{ "set", set_device, forget_peers, 0 },
	{ "dump", dump, nothing, 0 },
};

/* Errno of @ask with its @n-th allocation failing; false: it has fewer. */
static bool fail(int (*ask)(void), int n, int *err)
{
	char text[16] = "";

	snprintf(text, sizeof(text), "%d", n);
	if (pwrite(nth, text, strlen(text), 0) < 0)
		exit(2);
	*err = ask();
	memset(text, 0, sizeof(text));
	if (pread(nth, text, sizeof(text) - 1, 0) < 0)
		exit(2);
	pwrite(nth, "0", 1, 0);
	return atoi(text) == 0;
}

/* What is left of answers to requests that ended early. */
static void drain(int fd)
{
	static char room[1 << 16];

	while (recv(fd, room, sizeof(room), MSG_DONTWAIT) > 0 || errno == ENOBUFS)
		;
}

static int walk(const struct request *r)
{
	int n, err, points = 0;

	for (n = 1; n < ROUNDS; n++) {
		if (!fail(r->ask, n, &err))
			break;
		points++;
		drain(rtnl);
		drain(genl);
		if (err && err != -ENOMEM && err != -ENOBUFS && err != r->also) {
			printf("%s: errno %d at allocation %d\n", r->name, -err, n);
			return 1;
		}
		if (!err)
			r->undo();
		err = r->ask();
		if (err && err != -EEXIST) {
			printf("%s: errno %d after a failure at allocation %d\n",
			       r->name, -err, n);
			return 1;
		}
		r->undo();
	}
	printf("%d points\n", points);
	return points == 0;
}

int main(int argc, char **argv)
{
	struct timeval wait = { .tv_sec = 5 };

	if (argc != 4)
		return 2;
	kind = argv[1];
	dev = argv[3];
	rtnl = open_route();
	genl = nl_open();
	setsockopt(genl, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	family = nl_family(genl, kind);
	nth = open("/proc/self/fail-nth", O_RDWR);
	if (nth < 0) {
		perror("fail-nth");
		return 2;
	}
	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++)
		if (!strcmp(requests[i].name, argv[2]))
			return walk(&requests[i]);
	return 2;
}
