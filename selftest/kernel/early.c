// SPDX-License-Identifier: GPL-2.0
/*
 * Configures a link as soon as it can be found, N times; somebody else makes
 * and deletes it meanwhile.
 *
 *	early FAMILY DEV N	prints what went wrong, if anything; status 1
 */
#define _GNU_SOURCE
#include "nl.h"

static int set_port(int fd, int id, const char *dev)
{
	static struct nl_msg m;

	nl_start(&m, id, WG_CMD_SET_DEVICE, NLM_F_ACK);
	nl_put_str(&m, WGDEVICE_A_IFNAME, dev);
	nl_put_u16(&m, WGDEVICE_A_LISTEN_PORT, 1234);
	return nl_ask(fd, &m, NULL, NULL);
}

int main(int argc, char **argv)
{
	int fd = nl_open(), id, err;

	if (argc != 4)
		return 2;
	id = nl_family(fd, argv[1]);
	for (int n = atoi(argv[3]); n > 0; n--) {
		while ((err = set_port(fd, id, argv[2])) == -ENODEV)
			;
		if (err) {
			printf("the first request got %s\n", strerrorname_np(-err));
			return 1;
		}
		while ((err = set_port(fd, id, argv[2])) == 0)
			;
	}
	return 0;
}
