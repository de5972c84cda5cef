// SPDX-License-Identifier: GPL-2.0
/*
 * Reading an interface: a dump of messages, in which a peer whose allowed IPs
 * did not fit goes on in the next one under the same public key.
 *
 * Most attributes are bytes to be copied; the tables say where to. What has an
 * unknown type or an unexpected length is passed over, so that a newer kernel
 * can say more than this knows.
 */
#include "tools/wg/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stddef.h>

#include "tools/wg/netlink_talk.h"
#include "tools/wg/uapi.h"

#define NO_FLAG	((size_t)-1)

struct field {
	u16 type;
	u16 len;
	size_t offset;
	size_t flag_offset;	/* of a bool to set, or NO_FLAG */
};

#define DEVICE(type, member, flag)					\
	{ type, sizeof(((struct device *)0)->member),			\
	  offsetof(struct device, member), offsetof(struct device, flag) }
#define PEER(type, member)						\
	{ type, sizeof(((struct peer *)0)->member),			\
	  offsetof(struct peer, member), NO_FLAG }
#define ALLOWED(type, member)						\
	{ type, sizeof(((struct prefix *)0)->member),			\
	  offsetof(struct prefix, member), NO_FLAG }

static const struct field device_fields[] = {
	{ WG_DEVICE_IFINDEX, 4, offsetof(struct device, ifindex), NO_FLAG },
	DEVICE(WG_DEVICE_PRIVATE_KEY, private_key, has_private_key),
	DEVICE(WG_DEVICE_PUBLIC_KEY, public_key, has_public_key),
	DEVICE(WG_DEVICE_LISTEN_PORT, listen_port, has_listen_port),
	DEVICE(WG_DEVICE_FWMARK, fwmark, has_fwmark),
};

static const struct field peer_fields[] = {
	PEER(WG_PEER_PUBLIC_KEY, public_key),
	PEER(WG_PEER_PRESHARED_KEY, preshared_key),
	PEER(WG_PEER_KEEPALIVE, keepalive),
	PEER(WG_PEER_RX_BYTES, rx_bytes),
	PEER(WG_PEER_TX_BYTES, tx_bytes),
};

static const struct field allowed_fields[] = {
	ALLOWED(WG_ALLOWED_IP_FAMILY, family),
	ALLOWED(WG_ALLOWED_IP_CIDR, cidr),
};

static void field_read(const struct field *field, size_t n, void *object,
		       const struct nlattr *attr)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (field[i].type != mnl_attr_get_type(attr) ||
		    field[i].len != mnl_attr_get_payload_len(attr))
			continue;
		memcpy((char *)object + field[i].offset,
		       mnl_attr_get_payload(attr), field[i].len);
		if (field[i].flag_offset != NO_FLAG)
			*(bool *)((char *)object + field[i].flag_offset) = true;
	}
}

static void endpoint_read(union endpoint *endpoint, const struct nlattr *attr)
{
	size_t len = mnl_attr_get_payload_len(attr);
	union endpoint read = { .addr.sa_family = AF_UNSPEC };

	if (len != sizeof(read.v4) && len != sizeof(read.v6))
		return;
	memcpy(&read, mnl_attr_get_payload(attr), len);
	if ((read.addr.sa_family == AF_INET && len == sizeof(read.v4)) ||
	    (read.addr.sa_family == AF_INET6 && len == sizeof(read.v6)))
		*endpoint = read;
}

static void handshake_read(struct peer *peer, const struct nlattr *attr)
{
	s64 time[2];

	if (mnl_attr_get_payload_len(attr) != sizeof(time))
		return;
	memcpy(time, mnl_attr_get_payload(attr), sizeof(time));
	peer->handshake_s = time[0];
	peer->handshake_ns = time[1];
}

/* Leaves out what is not the address of a prefix. */
static int allowed_read(struct device *device, const struct nlattr *nest)
{
	struct prefix prefix = { 0 }, *place;
	const struct nlattr *attr;
	size_t addr_len = 0, len;

	mnl_attr_for_each_nested(attr, nest) {
		len = mnl_attr_get_payload_len(attr);
		field_read(allowed_fields, ARRAY_SIZE(allowed_fields), &prefix,
			   attr);
		if (mnl_attr_get_type(attr) != WG_ALLOWED_IP_ADDR ||
		    len > sizeof(prefix.addr))
			continue;
		memcpy(prefix.addr, mnl_attr_get_payload(attr), len);
		addr_len = len;
	}
	if (!(prefix.family == AF_INET && addr_len == 4 && prefix.cidr <= 32) &&
	    !(prefix.family == AF_INET6 && addr_len == 16 &&
	      prefix.cidr <= 128))
		return 0;
	place = device_add_allowed(device);
	if (!place)
		return -ENOMEM;
	*place = prefix;
	return 0;
}

static int allowed_list_read(struct device *device, const struct nlattr *list)
{
	const struct nlattr *nest;
	int error = 0;

	mnl_attr_for_each_nested(nest, list) {
		error = allowed_read(device, nest);
		if (error)
			break;
	}
	return error;
}

/* The attributes of one peer, but for its allowed IPs, which may come first. */
static const struct nlattr *peer_read_fields(struct peer *peer,
					     const struct nlattr *nest)
{
	const struct nlattr *attr, *allowed = NULL;

	mnl_attr_for_each_nested(attr, nest) {
		field_read(peer_fields, ARRAY_SIZE(peer_fields), peer, attr);
		if (mnl_attr_get_type(attr) == WG_PEER_ENDPOINT)
			endpoint_read(&peer->endpoint, attr);
		else if (mnl_attr_get_type(attr) == WG_PEER_LAST_HANDSHAKE)
			handshake_read(peer, attr);
		else if (mnl_attr_get_type(attr) == WG_PEER_ALLOWED_IPS)
			allowed = attr;
	}
	peer->has_preshared_key = !ct_is_zero(peer->preshared_key, KEY_LEN);
	peer->has_keepalive = peer->keepalive;
	return allowed;
}

static int peer_read(struct device *device, const struct nlattr *nest)
{
	struct peer *last, *place, read = { 0 };
	const struct nlattr *allowed;
	int error = 0;

	allowed = peer_read_fields(&read, nest);
	last = device->peer_n ? &device->peer[device->peer_n - 1] : NULL;
	if (!last || memcmp(last->public_key, read.public_key, KEY_LEN)) {
		place = device_add_peer(device);
		if (place) {
			read.allowed_first = place->allowed_first;
			*place = read;
		} else {
			error = -ENOMEM;
		}
	}
	memzero_explicit(&read, sizeof(read));
	if (!error && allowed)
		error = allowed_list_read(device, allowed);
	return error;
}

static int device_read(const struct nlmsghdr *header, void *data)
{
	struct device *device = data;
	const struct nlattr *attr, *nest;

	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr)) {
		field_read(device_fields, ARRAY_SIZE(device_fields), device,
			   attr);
		if (mnl_attr_get_type(attr) != WG_DEVICE_PEERS)
			continue;
		mnl_attr_for_each_nested(nest, attr) {
			if (peer_read(device, nest)) {
				errno = ENOMEM;
				return MNL_CB_ERROR;
			}
		}
	}
	return MNL_CB_OK;
}

int netlink_read_device(struct netlink *netlink, struct device *device)
{
	struct nlmsghdr *header;
	int error;

	do {
		device_clear(device);
		header = netlink_start_genl(netlink, netlink->family,
					    WG_GET_DEVICE, WG_FAMILY_VERSION,
					    NLM_F_ACK | NLM_F_DUMP);
		mnl_attr_put_strz(header, WG_DEVICE_IFNAME, device->name);
		error = netlink_talk(netlink, header, device_read, device);
	} while (error == -EINTR);
	if (error)
		device_clear(device);
	else
		device_derive_public_key(device);
	return error;
}
