// SPDX-License-Identifier: GPL-2.0
/*
 * Sets a 32-bit attribute of a link, for those that this machine's ip is too
 * old to know.
 *
 *	linkset DEV TYPE VALUE		TYPE: number, as in linux/if_link.h
 */
#define _GNU_SOURCE
#include <linux/rtnetlink.h>
#include <net/if.h>
#include "nl.h"

int main(int argc, char **argv)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg link;
		struct rtattr at;
		uint32_t value;
	} ask = {
		.head = { sizeof(ask), RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK },
		.at = { .rta_len = RTA_LENGTH(4) },
	};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr err;
		char rest[512];
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (argc != 4)
		return 2;
	ask.link.ifi_index = if_nametoindex(argv[1]);
	ask.at.rta_type = atoi(argv[2]);
	ask.value = strtoul(argv[3], NULL, 0);
	if (send(fd, &ask, sizeof(ask), 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0) {
		perror("linkset");
		return 2;
	}
	if (answer.err.error)
		printf("linkset: %s\n", strerrorname_np(-answer.err.error));
	return answer.err.error != 0;
}
