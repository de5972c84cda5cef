// SPDX-License-Identifier: GPL-2.0
#include "host/netlink.h"

#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>
#include "host/change.h"
#include "host/config.h"
#include "host/device.h"
#include "host/dump.h"
#include "host/uapi.h"

/* ---- what is well-formed: checked as a whole before anything is read ------ */

static const struct nla_policy ip_policy[WG_IP_ATTRS_N] = {
	[WG_IP_FAMILY]		= { .type = NLA_U16 },
	[WG_IP_ADDR]		= NLA_POLICY_MIN_LEN(sizeof(struct in_addr)),
	[WG_IP_CIDR]		= { .type = NLA_U8 },
	[WG_IP_FLAGS]		= NLA_POLICY_MASK(NLA_U32, WG_IP_REMOVE),
};

static const struct nla_policy peer_policy[WG_PEER_ATTRS_N] = {
	[WG_PEER_PUBLIC_KEY]	= NLA_POLICY_EXACT_LEN(WIRE_KEY_LEN),
	[WG_PEER_PRESHARED_KEY]	= NLA_POLICY_EXACT_LEN(WIRE_KEY_LEN),
	[WG_PEER_FLAGS]		= NLA_POLICY_MASK(NLA_U32, WG_PEER_FLAGS_ALL),
	[WG_PEER_ENDPOINT]	= NLA_POLICY_MIN_LEN(sizeof(struct sockaddr)),
	[WG_PEER_KEEPALIVE_S]	= { .type = NLA_U16 },
	[WG_PEER_HANDSHAKE_TIME] =
		NLA_POLICY_EXACT_LEN(sizeof(struct __kernel_timespec)),
	[WG_PEER_RX_BYTES]	= { .type = NLA_U64 },
	[WG_PEER_TX_BYTES]	= { .type = NLA_U64 },
	[WG_PEER_ALLOWEDIPS]	= NLA_POLICY_NESTED_ARRAY(ip_policy),
	[WG_PEER_VERSION]	= { .type = NLA_U32 },
};

static const struct nla_policy device_policy[WG_DEVICE_ATTRS_N] = {
	[WG_DEVICE_IFINDEX]	= { .type = NLA_U32 },
	[WG_DEVICE_IFNAME]	= { .type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[WG_DEVICE_PRIVATE_KEY]	= NLA_POLICY_EXACT_LEN(WIRE_KEY_LEN),
	[WG_DEVICE_PUBLIC_KEY]	= NLA_POLICY_EXACT_LEN(WIRE_KEY_LEN),
	[WG_DEVICE_FLAGS]	= NLA_POLICY_MASK(NLA_U32, WG_DEVICE_REPLACE_PEERS),
	[WG_DEVICE_LISTEN_PORT]	= { .type = NLA_U16 },
	[WG_DEVICE_FWMARK]	= { .type = NLA_U32 },
	[WG_DEVICE_PEERS]	= NLA_POLICY_NESTED_ARRAY(peer_policy),
};

static u32 read_flags(const struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

/* ---- which interface ------------------------------------------------------ */

static struct net_device *find_netdev(struct net *net, struct nlattr **attrs)
{
	char name[IFNAMSIZ];

	if (!attrs[WG_DEVICE_IFINDEX] == !attrs[WG_DEVICE_IFNAME])
		return ERR_PTR(-EBADR);
	if (attrs[WG_DEVICE_IFINDEX])
		return dev_get_by_index(net,
				nla_get_u32(attrs[WG_DEVICE_IFINDEX]));
	nla_strscpy(name, attrs[WG_DEVICE_IFNAME], sizeof(name));
	return dev_get_by_name(net, name);
}

/* The interface that @attrs name, to be given back with dev_put(). */
static struct wg_device *hold_device(struct net *net, struct nlattr **attrs)
{
	struct net_device *dev = find_netdev(net, attrs);

	if (!dev)
		return ERR_PTR(-ENODEV);
	if (IS_ERR(dev))
		return ERR_CAST(dev);
	if (wg_device_is(dev))
		return netdev_priv(dev);
	dev_put(dev);
	return ERR_PTR(-EOPNOTSUPP);
}

/* ---- SET: attributes to a struct wg_change --------------------------------- */

/*
 * The attributes of one nest, by number. Types, lengths and flags of everything
 * below have been checked against the policies; what is left is the nest's own
 * mark.
 */
static int read_nest(struct nlattr **attrs, int last, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	return nla_parse_nested(attrs, last, nest, NULL, extack);
}

static int read_ip(struct wg_change_ip *ip, const struct nlattr *nest,
		   struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[WG_IP_ATTRS_N];
	int err = read_nest(attrs, WG_IP_ATTRS_N - 1, nest, extack);

	if (err)
		return err;
	err = -EINVAL;
	if (attrs[WG_IP_FAMILY] && attrs[WG_IP_ADDR] && attrs[WG_IP_CIDR])
		err = wg_change_read_prefix(&ip->prefix,
					    nla_get_u16(attrs[WG_IP_FAMILY]),
					    nla_data(attrs[WG_IP_ADDR]),
					    nla_len(attrs[WG_IP_ADDR]),
					    nla_get_u8(attrs[WG_IP_CIDR]));
	if (err)
		NL_SET_ERR_MSG_ATTR(extack, nest, "not an IP prefix");
	ip->remove = read_flags(attrs[WG_IP_FLAGS]) & WG_IP_REMOVE;
	return err;
}

/* Into peer->ips, where there is room for all of them, until one is wrong. */
static void read_ips(struct wg_change_peer *peer, const struct nlattr *array,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *nest;
	int rest;

	if (!array)
		return;
	nla_for_each_nested(nest, array, rest) {
		peer->bad_ip = read_ip(&peer->ips[peer->ips_n], nest, extack);
		if (peer->bad_ip)
			return;
		peer->ips_n++;
	}
}

static int check_peer(struct nlattr **attrs, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	if (!attrs[WG_PEER_PUBLIC_KEY]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "a peer without public key");
		return -EINVAL;
	}
	if (attrs[WG_PEER_VERSION] &&
	    nla_get_u32(attrs[WG_PEER_VERSION]) != WG_PROTOCOL_VERSION) {
		NL_SET_ERR_MSG_ATTR(extack, attrs[WG_PEER_VERSION],
				    "unknown protocol version");
		return -EPFNOSUPPORT;
	}
	return 0;
}

static void read_peer_flags(struct wg_change_peer *peer, u32 flags)
{
	peer->remove = flags & WG_PEER_REMOVE;
	peer->replace_ips = flags & WG_PEER_REPLACE_IPS;
	peer->update_only = flags & WG_PEER_UPDATE_ONLY;
}

static void read_peer_values(struct wg_change_peer *peer, struct nlattr **attrs)
{
	const struct nlattr *attr = attrs[WG_PEER_PRESHARED_KEY];

	peer->has_psk = attr;
	if (attr)
		nla_memcpy(peer->psk, attr, sizeof(peer->psk));
	attr = attrs[WG_PEER_KEEPALIVE_S];
	peer->has_keepalive = attr;
	if (attr)
		peer->keepalive_s = nla_get_u16(attr);
	attr = attrs[WG_PEER_ENDPOINT];
	if (attr)
		wg_endpoint_from_user(&peer->endpoint, nla_data(attr),
				      nla_len(attr));
}

static void read_peer(struct wg_change_peer *peer, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[WG_PEER_ATTRS_N];

	peer->bad = read_nest(attrs, WG_PEER_ATTRS_N - 1, nest, extack);
	if (!peer->bad)
		peer->bad = check_peer(attrs, nest, extack);
	if (peer->bad)
		return;
	nla_memcpy(peer->public_key, attrs[WG_PEER_PUBLIC_KEY], WIRE_KEY_LEN);
	read_peer_flags(peer, read_flags(attrs[WG_PEER_FLAGS]));
	/* What else is said of a peer that goes does not matter. */
	if (peer->remove)
		return;
	read_peer_values(peer, attrs);
	read_ips(peer, attrs[WG_PEER_ALLOWEDIPS], extack);
}

/* A wrong prefix ends it only if the peer turns out to be one we keep. */
static void read_peers(struct wg_change *change, const struct nlattr *array,
		       struct netlink_ext_ack *extack)
{
	struct wg_change_peer *peer = change->peers;
	struct wg_change_ip *ips = change->ips;
	const struct nlattr *nest;
	int rest;

	if (!array)
		return;
	nla_for_each_nested(nest, array, rest) {
		peer->ips = ips;
		read_peer(peer, nest, extack);
		if (peer->bad)
			return;
		ips += peer->ips_n;
		peer++;
	}
}

static void read_device(struct wg_change *change, struct nlattr **attrs)
{
	const struct nlattr *attr = attrs[WG_DEVICE_PRIVATE_KEY];

	change->has_private_key = attr;
	if (attr)
		nla_memcpy(change->private_key, attr, WIRE_KEY_LEN);
	attr = attrs[WG_DEVICE_LISTEN_PORT];
	change->has_port = attr;
	if (attr)
		change->port = nla_get_u16(attr);
	attr = attrs[WG_DEVICE_FWMARK];
	change->has_fwmark = attr;
	if (attr)
		change->fwmark = nla_get_u32(attr);
	change->replace_peers = read_flags(attrs[WG_DEVICE_FLAGS]) &
				WG_DEVICE_REPLACE_PEERS;
}

/* Elements of all arrays of allowed IPs in one peer's nest: one, normally. */
static u32 count_ips(const struct nlattr *peer)
{
	const struct nlattr *attr, *ip;
	int rest, ips_rest;
	u32 n = 0;

	nla_for_each_nested(attr, peer, rest)
		if (nla_type(attr) == WG_PEER_ALLOWEDIPS)
			nla_for_each_nested(ip, attr, ips_rest)
				n++;
	return n;
}

static struct wg_change *new_change(const struct nlattr *peers)
{
	const struct nlattr *peer;
	u32 peers_n = 0, ips_n = 0;
	int rest;

	if (!peers)
		return wg_change_new(0, 0);
	nla_for_each_nested(peer, peers, rest) {
		peers_n++;
		ips_n += count_ips(peer);
	}
	return wg_change_new(peers_n, ips_n);
}

static struct wg_change *read_change(const struct genl_info *info)
{
	struct wg_change *change = new_change(info->attrs[WG_DEVICE_PEERS]);

	if (!change)
		return NULL;
	read_device(change, info->attrs);
	read_peers(change, info->attrs[WG_DEVICE_PEERS], info->extack);
	return change;
}

/* ---- SET ------------------------------------------------------------------- */

static void wipe_attr(struct nlattr *attr)
{
	memzero_explicit(nla_data(attr), nla_len(attr));
}

static void wipe_psks(const struct nlattr *peers)
{
	struct nlattr *peer, *attr;
	int rest, peer_rest;

	nla_for_each_nested(peer, peers, rest)
		nla_for_each_nested(attr, peer, peer_rest)
			if (nla_type(attr) == WG_PEER_PRESHARED_KEY)
				wipe_attr(attr);
}

/* Every key that @msg holds, if it is repeated or was refused, too. */
static void wipe_request(const struct nlmsghdr *msg)
{
	struct nlattr *attr;
	int rest;

	nlmsg_for_each_attr(attr, msg, GENL_HDRLEN, rest) {
		if (nla_type(attr) == WG_DEVICE_PRIVATE_KEY)
			wipe_attr(attr);
		else if (nla_type(attr) == WG_DEVICE_PEERS)
			wipe_psks(attr);
	}
}

static int apply_request(struct sk_buff *skb, struct genl_info *info)
{
	struct wg_device *device = hold_device(genl_info_net(info), info->attrs);
	struct wg_change *change;
	int err = -ENOMEM;

	if (IS_ERR(device))
		return PTR_ERR(device);
	change = read_change(info);
	if (change)
		err = wg_config_apply(device, change, skb);
	wg_change_free(change);
	dev_put(device->dev);
	return err;
}

static int set_device(struct sk_buff *skb, struct genl_info *info)
{
	int err = apply_request(skb, info);

	wipe_request(info->nlhdr);
	return err;
}

/* ---- GET ------------------------------------------------------------------- */

static struct net *net_of(const struct netlink_callback *cb)
{
	return sock_net(cb->skb->sk);
}

static int dump_start(struct netlink_callback *cb)
{
	struct wg_device *device = hold_device(net_of(cb), wg_dump_attrs(cb));
	struct wg_dump *dump;

	if (IS_ERR(device))
		return PTR_ERR(device);
	dump = kzalloc(sizeof(*dump), GFP_KERNEL);
	if (dump)
		dump->ifindex = device->dev->ifindex;
	dev_put(device->dev);
	cb->args[0] = (long)dump;
	return dump ? 0 : -ENOMEM;
}

static int dump_more(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct wg_dump *dump = (struct wg_dump *)cb->args[0];
	struct net_device *dev = dev_get_by_index(net_of(cb), dump->ifindex);
	int ret = -ENODEV;

	if (!dev)
		return ret;
	if (wg_device_is(dev))
		ret = wg_dump_write(dump, netdev_priv(dev), skb, cb);
	dev_put(dev);
	return ret;
}

static int dump_done(struct netlink_callback *cb)
{
	kfree((struct wg_dump *)cb->args[0]);
	return 0;
}

/* ---- the family -------------------------------------------------------------- */

static const struct genl_ops ops[] = {
	{
		.cmd = WG_GET_DEVICE,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = device_policy,
		.maxattr = WG_DEVICE_IFNAME,	/* the name is all one may ask */
		.start = dump_start,
		.dumpit = dump_more,
		.done = dump_done,
	},
	{
		.cmd = WG_SET_DEVICE,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = device_policy,
		.maxattr = WG_DEVICE_ATTRS_N - 1,
		.doit = set_device,
	},
};

static struct genl_family family __ro_after_init = {
	.name = WG_FAMILY_NAME,
	.version = WG_FAMILY_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	/* A long request holds its interface's lock, and nobody else's [A10]. */
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	WG_GENL_RESV_START_OP(WG_SET_DEVICE + 1)
};

int __init wg_netlink_init(void)
{
	return genl_register_family(&family);
}

void wg_netlink_exit(void)
{
	genl_unregister_family(&family);
}
