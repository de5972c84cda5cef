// SPDX-License-Identifier: GPL-2.0
/*
 * Sends malformed and unusual configuration to a tunnel device and compares
 * the errno with what existing clients know. Prints a result line per row.
 *
 *	nlcheck FAMILY DEV	DEV is up or down, without peers
 *
 * Kernels disagree in one point: before policies knew masks, an unknown flag
 * was EOPNOTSUPP, now it is EINVAL; such rows accept both.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "nl.h"

/* newer than the oldest headers this compiles with */
#define ALLOWEDIP_FLAGS		4
#define ALLOWEDIP_REMOVE_ME	1u

static const char *dev;
static const uint8_t some_key[WG_KEY_LEN] = { 9, 1, 2, 3 };
static const uint8_t zero_key[WG_KEY_LEN];

static void name_dev(struct nl_msg *m)
{
	nl_put_str(m, WGDEVICE_A_IFNAME, dev);
}

static void put_nothing(struct nl_msg *m)
{
	(void)m;
}

static void put_both_names(struct nl_msg *m)
{
	name_dev(m);
	nl_put_u32(m, WGDEVICE_A_IFINDEX, 1);
}

static void put_absent_name(struct nl_msg *m)
{
	nl_put_str(m, WGDEVICE_A_IFNAME, "nosuch0");
}

static void put_absent_index(struct nl_msg *m)
{
	nl_put_u32(m, WGDEVICE_A_IFINDEX, 0x7ffffff0);
}

static void put_foreign_device(struct nl_msg *m)
{
	nl_put_str(m, WGDEVICE_A_IFNAME, "lo");
}

static void put_foreign_index(struct nl_msg *m)
{
	nl_put_u32(m, WGDEVICE_A_IFINDEX, 1);
}

static void put_long_name(struct nl_msg *m)
{
	nl_put_str(m, WGDEVICE_A_IFNAME, "a-name-beyond-15-chars");
}

static void put_short_key(struct nl_msg *m)
{
	name_dev(m);
	nl_put(m, WGDEVICE_A_PRIVATE_KEY, some_key, WG_KEY_LEN - 1);
}

static void put_long_key(struct nl_msg *m)
{
	uint8_t key[WG_KEY_LEN + 1] = { 1 };

	name_dev(m);
	nl_put(m, WGDEVICE_A_PRIVATE_KEY, key, sizeof(key));
}

static void put_short_port(struct nl_msg *m)
{
	name_dev(m);
	nl_put_u8(m, WGDEVICE_A_LISTEN_PORT, 1);
}

static void put_public_key(struct nl_msg *m)
{
	name_dev(m);
	nl_put(m, WGDEVICE_A_PUBLIC_KEY, some_key, WG_KEY_LEN);
}

static void put_unknown_flag(struct nl_msg *m)
{
	name_dev(m);
	nl_put_u32(m, WGDEVICE_A_FLAGS, 0x80);
}

static void put_unknown_attribute(struct nl_msg *m)
{
	name_dev(m);
	nl_put_u32(m, 77, 0);
}

static void put_unnested_peers(struct nl_msg *m)
{
	name_dev(m);
	nl_put(m, WGDEVICE_A_PEERS, NULL, 0);
}

static void put_no_peers(struct nl_msg *m)
{
	name_dev(m);
	nl_close(m, nl_nest(m, WGDEVICE_A_PEERS));
}

/* The rows below fill one peer; this opens it. */
static uint32_t at_peers, at_peer, at_ips;

static void open_peer(struct nl_msg *m)
{
	name_dev(m);
	at_peers = nl_nest(m, WGDEVICE_A_PEERS);
	at_peer = nl_nest(m, 0);
	nl_put(m, WGPEER_A_PUBLIC_KEY, some_key, WG_KEY_LEN);
}

static void close_peer(struct nl_msg *m)
{
	nl_close(m, at_peer);
	nl_close(m, at_peers);
}

static void put_peer(struct nl_msg *m)
{
	open_peer(m);
	close_peer(m);
}

static void put_peer_without_key(struct nl_msg *m)
{
	name_dev(m);
	at_peers = nl_nest(m, WGDEVICE_A_PEERS);
	at_peer = nl_nest(m, 0);
	nl_put_u16(m, WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, 1);
	close_peer(m);
}

static void put_peer_short_key(struct nl_msg *m)
{
	name_dev(m);
	at_peers = nl_nest(m, WGDEVICE_A_PEERS);
	at_peer = nl_nest(m, 0);
	nl_put(m, WGPEER_A_PUBLIC_KEY, some_key, 16);
	close_peer(m);
}

static void put_peer_short_psk(struct nl_msg *m)
{
	open_peer(m);
	nl_put(m, WGPEER_A_PRESHARED_KEY, some_key, 31);
	close_peer(m);
}

static void put_peer_unknown_flag(struct nl_msg *m)
{
	open_peer(m);
	nl_put_u32(m, WGPEER_A_FLAGS, 0x100);
	close_peer(m);
}

static void put_peer_unknown_attribute(struct nl_msg *m)
{
	open_peer(m);
	nl_put_u32(m, 55, 1);
	close_peer(m);
}

static void put_peer_version(struct nl_msg *m, uint32_t version)
{
	open_peer(m);
	nl_put_u32(m, WGPEER_A_PROTOCOL_VERSION, version);
	close_peer(m);
}

static void put_peer_version_1(struct nl_msg *m)
{
	put_peer_version(m, 1);
}

static void put_peer_version_2(struct nl_msg *m)
{
	put_peer_version(m, 2);
}

static void put_peer_short_endpoint(struct nl_msg *m)
{
	open_peer(m);
	nl_put(m, WGPEER_A_ENDPOINT, some_key, 15);
	close_peer(m);
}

static void put_peer_odd_endpoint(struct nl_msg *m)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET };

	open_peer(m);
	nl_put(m, WGPEER_A_ENDPOINT, &v6, sizeof(v6));
	close_peer(m);
}

static void put_peer_remove(struct nl_msg *m)
{
	open_peer(m);
	nl_put_u32(m, WGPEER_A_FLAGS, WGPEER_F_REMOVE_ME);
	close_peer(m);
}

static void put_peer_update_only(struct nl_msg *m)
{
	open_peer(m);
	nl_put_u32(m, WGPEER_A_FLAGS, WGPEER_F_UPDATE_ONLY);
	nl_put_u16(m, WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, 5);
	close_peer(m);
}

static void put_peer_zero_key(struct nl_msg *m)
{
	name_dev(m);
	at_peers = nl_nest(m, WGDEVICE_A_PEERS);
	at_peer = nl_nest(m, 0);
	nl_put(m, WGPEER_A_PUBLIC_KEY, zero_key, WG_KEY_LEN);
	nl_put_u32(m, WGPEER_A_FLAGS, WGPEER_F_REMOVE_ME);
	close_peer(m);
}

static void open_ip(struct nl_msg *m)
{
	open_peer(m);
	at_ips = nl_nest(m, WGPEER_A_ALLOWEDIPS);
}

static void close_ip(struct nl_msg *m)
{
	nl_close(m, at_ips);
	close_peer(m);
}

/* @family 0, @len 0 and @cidr -1 leave the attribute out. */
static void put_ip(struct nl_msg *m, uint16_t family, size_t len, int cidr)
{
	uint32_t nest;

	open_ip(m);
	nest = nl_nest(m, 0);
	if (family)
		nl_put_u16(m, WGALLOWEDIP_A_FAMILY, family);
	if (len)
		nl_put(m, WGALLOWEDIP_A_IPADDR, some_key, len);
	if (cidr >= 0)
		nl_put_u8(m, WGALLOWEDIP_A_CIDR_MASK, cidr);
	nl_close(m, nest);
	close_ip(m);
}

static void put_ip_good(struct nl_msg *m) { put_ip(m, AF_INET, 4, 32); }
static void put_ip_good6(struct nl_msg *m) { put_ip(m, AF_INET6, 16, 128); }
static void put_ip_zero(struct nl_msg *m) { put_ip(m, AF_INET, 4, 0); }
static void put_ip_33(struct nl_msg *m) { put_ip(m, AF_INET, 4, 33); }
static void put_ip_129(struct nl_msg *m) { put_ip(m, AF_INET6, 16, 129); }
static void put_ip_no_family(struct nl_msg *m) { put_ip(m, 0, 4, 32); }
static void put_ip_no_addr(struct nl_msg *m) { put_ip(m, AF_INET, 0, 32); }
static void put_ip_no_cidr(struct nl_msg *m) { put_ip(m, AF_INET, 4, -1); }
static void put_ip_short(struct nl_msg *m) { put_ip(m, AF_INET, 3, 32); }
static void put_ip_long4(struct nl_msg *m) { put_ip(m, AF_INET, 16, 32); }
static void put_ip_short6(struct nl_msg *m) { put_ip(m, AF_INET6, 4, 128); }
static void put_ip_family(struct nl_msg *m) { put_ip(m, AF_UNIX, 4, 32); }

static void put_ip_unnested(struct nl_msg *m)
{
	open_ip(m);
	nl_put(m, 0, some_key, 12);
	close_ip(m);
}

static void put_ip_unknown_flag(struct nl_msg *m)
{
	uint32_t nest;

	open_ip(m);
	nest = nl_nest(m, 0);
	nl_put_u16(m, WGALLOWEDIP_A_FAMILY, AF_INET);
	nl_put(m, WGALLOWEDIP_A_IPADDR, some_key, 4);
	nl_put_u8(m, WGALLOWEDIP_A_CIDR_MASK, 32);
	nl_put_u32(m, ALLOWEDIP_FLAGS, 0x40);
	nl_close(m, nest);
	close_ip(m);
}

enum { GET = WG_CMD_GET_DEVICE, SET = WG_CMD_SET_DEVICE };

static const struct row {
	const char *what;
	int cmd;
	void (*fill)(struct nl_msg *msg);
	int want, or_want;
} rows[] = {
	{ "set: no device named", SET, put_nothing, EBADR, 0 },
	{ "set: device named twice", SET, put_both_names, EBADR, 0 },
	{ "set: no such name", SET, put_absent_name, ENODEV, 0 },
	{ "set: no such index", SET, put_absent_index, ENODEV, 0 },
	{ "set: name of another driver", SET, put_foreign_device, EOPNOTSUPP, 0 },
	{ "set: index of another driver", SET, put_foreign_index, EOPNOTSUPP, 0 },
	{ "set: name too long", SET, put_long_name, ERANGE, EINVAL },
	{ "get: no device named", GET, put_nothing, EBADR, 0 },
	{ "get: device named twice", GET, put_both_names, EBADR, 0 },
	{ "get: no such name", GET, put_absent_name, ENODEV, 0 },
	{ "get: name of another driver", GET, put_foreign_device, EOPNOTSUPP, 0 },
	{ "get: name too long", GET, put_long_name, ERANGE, EINVAL },
	{ "get: unknown attribute", GET, put_unknown_attribute, EINVAL, 0 },
	{ "set: only a name", SET, name_dev, 0, 0 },
	{ "set: key of 31 bytes", SET, put_short_key, ERANGE, EINVAL },
	{ "set: key of 33 bytes", SET, put_long_key, ERANGE, EINVAL },
	{ "set: port of one byte", SET, put_short_port, ERANGE, EINVAL },
	{ "set: public key is ignored", SET, put_public_key, 0, 0 },
	{ "set: unknown device flag", SET, put_unknown_flag, EINVAL,
	  EOPNOTSUPP },
	{ "set: unknown attribute", SET, put_unknown_attribute, EINVAL, 0 },
	{ "set: peers without the nested mark", SET, put_unnested_peers,
	  EINVAL, 0 },
	{ "set: empty list of peers", SET, put_no_peers, 0, 0 },
	{ "peer: no key", SET, put_peer_without_key, EINVAL, 0 },
	{ "peer: key of 16 bytes", SET, put_peer_short_key, ERANGE, EINVAL },
	{ "peer: remove an unknown one", SET, put_peer_remove, 0, 0 },
	{ "peer: remove one with a zero key", SET, put_peer_zero_key, 0, 0 },
	{ "peer: update an unknown one", SET, put_peer_update_only, 0, 0 },
	{ "peer: psk of 31 bytes", SET, put_peer_short_psk, ERANGE, EINVAL },
	{ "peer: unknown flag", SET, put_peer_unknown_flag, EINVAL, EOPNOTSUPP },
	{ "peer: unknown attribute", SET, put_peer_unknown_attribute, EINVAL, 0 },
	{ "peer: protocol version 2", SET, put_peer_version_2, EPFNOSUPPORT, 0 },
	{ "peer: protocol version 1", SET, put_peer_version_1, 0, 0 },
	{ "peer: endpoint of 15 bytes", SET, put_peer_short_endpoint, ERANGE,
	  EINVAL },
	{ "peer: endpoint whose size and family differ is ignored", SET,
	  put_peer_odd_endpoint, 0, 0 },
	{ "peer: add", SET, put_peer, 0, 0 },
	{ "ip: v4", SET, put_ip_good, 0, 0 },
	{ "ip: v6", SET, put_ip_good6, 0, 0 },
	{ "ip: /0", SET, put_ip_zero, 0, 0 },
	{ "ip: v4 /33", SET, put_ip_33, EINVAL, 0 },
	{ "ip: v6 /129", SET, put_ip_129, EINVAL, 0 },
	{ "ip: no family", SET, put_ip_no_family, EINVAL, 0 },
	{ "ip: no address", SET, put_ip_no_addr, EINVAL, 0 },
	{ "ip: no mask", SET, put_ip_no_cidr, EINVAL, 0 },
	{ "ip: address of 3 bytes", SET, put_ip_short, ERANGE, EINVAL },
	{ "ip: v4 address of 16 bytes", SET, put_ip_long4, EINVAL, 0 },
	{ "ip: v6 address of 4 bytes", SET, put_ip_short6, EINVAL, 0 },
	{ "ip: neither v4 nor v6", SET, put_ip_family, EINVAL, 0 },
	{ "ip: element without the nested mark", SET, put_ip_unnested, EINVAL,
	  0 },
	{ "ip: unknown flag", SET, put_ip_unknown_flag, EINVAL, EOPNOTSUPP },
	{ "peer: remove", SET, put_peer_remove, 0, 0 },
};

static void report(const char *what, int got, int want, int or_want)
{
	if (got == -want || (or_want && got == -or_want))
		printf("ok - E2 netlink %s: %s\n", what,
		       got ? strerrorname_np(-got) : "accepted");
	else
		printf("not ok - E2 netlink %s: %s instead of %s\n", what,
		       got ? strerrorname_np(-got) : "accepted",
		       want ? strerrorname_np(want) : "accepted");
}

/* Commands that exist in only one of the two forms. */
static void check_forms(int fd, int id)
{
	static struct nl_msg m;

	nl_start(&m, id, GET, NLM_F_ACK);
	name_dev(&m);
	report("get without dump", nl_ask(fd, &m, NULL, NULL), EOPNOTSUPP, 0);
	nl_start(&m, id, SET, NLM_F_DUMP);
	name_dev(&m);
	report("set as dump", nl_ask(fd, &m, NULL, NULL), EOPNOTSUPP, 0);
	nl_start(&m, id, 7, NLM_F_ACK);
	name_dev(&m);
	report("unknown command", nl_ask(fd, &m, NULL, NULL), EOPNOTSUPP, 0);
}

int main(int argc, char **argv)
{
	static struct nl_msg m;
	int fd = nl_open(), id;

	if (argc != 3)
		return 2;
	dev = argv[2];
	id = nl_family(fd, argv[1]);
	for (const struct row *row = rows;
	     row < rows + sizeof(rows) / sizeof(*rows); row++) {
		nl_start(&m, id, row->cmd,
			 row->cmd == GET ? NLM_F_DUMP : NLM_F_ACK);
		row->fill(&m);
		report(row->what, nl_ask(fd, &m, NULL, NULL), row->want,
		       row->or_want);
	}
	check_forms(fd, id);
	return 0;
}
