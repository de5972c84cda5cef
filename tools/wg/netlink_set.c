// SPDX-License-Identifier: GPL-2.0
/*
 * Writing an interface. A change that does not fit into one message is told in
 * several; what replaces is said only in the first one that names the thing, so
 * that the later ones add.
 */
#include "tools/wg/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "tools/wg/netlink_talk.h"
#include "tools/wg/uapi.h"

/*
 * An attribute's length has 16 bits, and the list of peers is one attribute:
 * no message is larger. These two bound what a peer without its allowed IPs,
 * and what one allowed IP, can take of it.
 */
#define MESSAGE_LEN	(NETLINK_BUFFER_LEN - 1024)
#define PEER_LEN	256
#define ALLOWED_LEN	64

/* How far a change has been told. */
struct progress {
	const struct device *device;
	size_t peer;
	size_t allowed;		/* of that peer */
};

static bool room_for(const struct nlmsghdr *header, size_t len)
{
	return header->nlmsg_len + len <= MESSAGE_LEN;
}

static void device_put(struct nlmsghdr *header, const struct device *device)
{
	if (device->has_private_key)
		mnl_attr_put(header, WG_DEVICE_PRIVATE_KEY, KEY_LEN,
			     device->private_key);
	if (device->has_listen_port)
		mnl_attr_put_u16(header, WG_DEVICE_LISTEN_PORT,
				 device->listen_port);
	if (device->has_fwmark)
		mnl_attr_put_u32(header, WG_DEVICE_FWMARK, device->fwmark);
	if (device->replaces_peers)
		mnl_attr_put_u32(header, WG_DEVICE_FLAGS,
				 WG_DEVICE_REPLACE_PEERS);
}

static void allowed_put(struct nlmsghdr *header, const struct prefix *prefix)
{
	struct nlattr *nest = mnl_attr_nest_start(header, 0);

	mnl_attr_put_u16(header, WG_ALLOWED_IP_FAMILY, prefix->family);
	mnl_attr_put(header, WG_ALLOWED_IP_ADDR,
		     prefix->family == AF_INET6 ? 16 : 4, prefix->addr);
	mnl_attr_put_u8(header, WG_ALLOWED_IP_CIDR, prefix->cidr);
	if (prefix->sign == '-')
		mnl_attr_put_u32(header, WG_ALLOWED_IP_FLAGS,
				 WG_ALLOWED_IP_REMOVE);
	mnl_attr_nest_end(header, nest);
}

/* All of a peer but its key and its allowed IPs. */
static void peer_put_fields(struct nlmsghdr *header, const struct peer *peer)
{
	u32 flags = 0;

	if (peer->is_removed)
		flags |= WG_PEER_REMOVE;
	if (peer->replaces_allowed)
		flags |= WG_PEER_REPLACE_ALLOWED_IPS;
	if (flags)
		mnl_attr_put_u32(header, WG_PEER_FLAGS, flags);
	if (peer->has_preshared_key)
		mnl_attr_put(header, WG_PEER_PRESHARED_KEY, KEY_LEN,
			     peer->preshared_key);
	if (peer->endpoint.addr.sa_family == AF_INET)
		mnl_attr_put(header, WG_PEER_ENDPOINT,
			     sizeof(peer->endpoint.v4), &peer->endpoint.v4);
	else if (peer->endpoint.addr.sa_family == AF_INET6)
		mnl_attr_put(header, WG_PEER_ENDPOINT,
			     sizeof(peer->endpoint.v6), &peer->endpoint.v6);
	if (peer->has_keepalive)
		mnl_attr_put_u16(header, WG_PEER_KEEPALIVE, peer->keepalive);
}

/* Puts as much of the current peer as fits; true when that was all of it. */
static bool peer_put(struct nlmsghdr *header, struct progress *progress)
{
	const struct device *device = progress->device;
	const struct peer *peer = &device->peer[progress->peer];
	const struct prefix *allowed = peer_allowed(device, peer);
	struct nlattr *nest, *list;

	nest = mnl_attr_nest_start(header, 0);
	mnl_attr_put(header, WG_PEER_PUBLIC_KEY, KEY_LEN, peer->public_key);
	if (!progress->allowed)
		peer_put_fields(header, peer);
	if (peer->allowed_n) {
		list = mnl_attr_nest_start(header, WG_PEER_ALLOWED_IPS);
		while (progress->allowed < peer->allowed_n &&
		       room_for(header, ALLOWED_LEN))
			allowed_put(header, &allowed[progress->allowed++]);
		mnl_attr_nest_end(header, list);
	}
	mnl_attr_nest_end(header, nest);
	return progress->allowed == peer->allowed_n;
}

static void peers_put(struct nlmsghdr *header, struct progress *progress)
{
	struct nlattr *list = mnl_attr_nest_start(header, WG_DEVICE_PEERS);

	while (progress->peer < progress->device->peer_n &&
	       room_for(header, PEER_LEN + ALLOWED_LEN)) {
		if (!peer_put(header, progress))
			break;
		progress->peer++;
		progress->allowed = 0;
	}
	mnl_attr_nest_end(header, list);
}

int netlink_write_device(struct netlink *netlink, const struct device *device)
{
	struct progress progress = { .device = device };
	bool is_first = true;
	struct nlmsghdr *header;
	int error;

	do {
		header = netlink_start_genl(netlink, netlink->family,
					    WG_SET_DEVICE, WG_FAMILY_VERSION,
					    NLM_F_ACK);
		mnl_attr_put_strz(header, WG_DEVICE_IFNAME, device->name);
		if (is_first)
			device_put(header, device);
		if (device->peer_n)
			peers_put(header, &progress);
		error = netlink_talk(netlink, header, NULL, NULL);
		is_first = false;
	} while (!error && progress.peer < device->peer_n);
	return error;
}
