// SPDX-License-Identifier: GPL-2.0
#include "host/dump.h"

#include <linux/rcupdate.h>
#include <linux/time64.h>
#include <net/genetlink.h>
#include "host/uapi.h"
#include "peer/peer.h"

/* ---- a prefix ------------------------------------------------------------ */

static int write_ip(struct sk_buff *skb, const struct wg_prefix *prefix)
{
	bool v4 = prefix->family_bits == WG_V4_BITS;
	struct nlattr *nest = nla_nest_start(skb, 0);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u8(skb, WG_IP_CIDR, prefix->cidr) ||
	    nla_put_u16(skb, WG_IP_FAMILY, v4 ? AF_INET : AF_INET6) ||
	    nla_put(skb, WG_IP_ADDR, v4 ? 4 : 16, prefix->addr)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/*
 * From where the dump has come to in @peer's prefixes. If they have changed
 * since, the rest is left out: the reader is told to start over anyway.
 */
static int write_ips(struct sk_buff *skb, struct wg_dump *dump,
		     const struct wg_peer *peer)
{
	struct wg_owner_cursor at = dump->ips;
	struct wg_prefix prefix;
	struct nlattr *nest;
	int err = 0;

	if (!peer->owner.prefix_n)
		return 0;
	nest = nla_nest_start(skb, WG_PEER_ALLOWEDIPS);
	if (!nest)
		return -EMSGSIZE;
	while (wg_owner_next(&peer->owner, &at, &prefix)) {
		err = write_ip(skb, &prefix);
		if (err)
			break;
		dump->ips = at;
	}
	nla_nest_end(skb, nest);
	return err;
}

/* ---- a peer -------------------------------------------------------------- */

static int write_endpoint(struct sk_buff *skb, struct wg_peer *peer)
{
	struct wg_endpoint ep;

	wg_peer_endpoint(peer, &ep);
	if (!wg_endpoint_known(&ep))
		return 0;
	return nla_put(skb, WG_PEER_ENDPOINT, wg_endpoint_user_len(&ep),
		       &ep.remote);
}

static int write_handshake_time(struct sk_buff *skb, const struct wg_peer *peer)
{
	struct timespec64 at =
		ns_to_timespec64(atomic64_read(&peer->handshake_wall_ns));
	struct __kernel_timespec user = {
		.tv_sec = at.tv_sec,
		.tv_nsec = at.tv_nsec,
	};

	return nla_put(skb, WG_PEER_HANDSHAKE_TIME, sizeof(user), &user);
}

static int write_bytes(struct sk_buff *skb, int type, const atomic64_t *bytes)
{
	return nla_put_u64_64bit(skb, type, atomic64_read(bytes),
				 WG_PEER_UNSPEC);
}

/* Everything but the public key and the prefixes. */
static int write_facts(struct sk_buff *skb, struct wg_peer *peer)
{
	/* The PSK's writer holds device->lock, too: no handshake is waited for. */
	if (nla_put(skb, WG_PEER_PRESHARED_KEY, WIRE_KEY_LEN,
		    peer->tunnel.remote.psk) ||
	    write_endpoint(skb, peer) ||
	    nla_put_u16(skb, WG_PEER_KEEPALIVE_S,
			READ_ONCE(peer->tunnel.timers.persistent_s)) ||
	    write_handshake_time(skb, peer) ||
	    write_bytes(skb, WG_PEER_RX_BYTES, &peer->rx_bytes) ||
	    write_bytes(skb, WG_PEER_TX_BYTES, &peer->tx_bytes) ||
	    nla_put_u32(skb, WG_PEER_VERSION, WG_PROTOCOL_VERSION))
		return -EMSGSIZE;
	return 0;
}

/* -EMSGSIZE: not all of it; @dump knows what is missing. */
static int write_peer(struct sk_buff *skb, struct wg_dump *dump,
		      struct wg_peer *peer)
{
	struct nlattr *nest = nla_nest_start(skb, 0);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = nla_put(skb, WG_PEER_PUBLIC_KEY, WIRE_KEY_LEN, peer->key.key);
	if (!err && !dump->facts_out)
		err = write_facts(skb, peer);
	if (err) {
		nla_nest_cancel(skb, nest);
		return err;
	}
	dump->facts_out = true;
	err = write_ips(skb, dump, peer);
	nla_nest_end(skb, nest);
	return err;
}

/* ---- where to go on ------------------------------------------------------ */

static void move_to(struct wg_dump *dump, const struct wg_peer *peer)
{
	if (dump->peer_id == peer->id)
		return;
	dump->peer_id = peer->id;
	memcpy(dump->peer_key, peer->key.key, sizeof(dump->peer_key));
	dump->facts_out = false;
	memset(&dump->ips, 0, sizeof(dump->ips));
}

/* NULL: there is none, or it has been removed since. */
static struct wg_peer *place(const struct wg_dump *dump,
			     struct wg_device *device)
{
	struct wg_peer *peer;

	if (!dump->peer_id)
		return list_first_entry_or_null(&device->peers, struct wg_peer,
						listed);
	rcu_read_lock();
	peer = wg_peer_find(device, dump->peer_key);
	rcu_read_unlock();
	return peer && peer->id == dump->peer_id ? peer : NULL;
}

/* ---- a message ----------------------------------------------------------- */

static int write_device(struct sk_buff *skb, const struct wg_device *device)
{
	const struct ikpsk_self *self = &device->self;
	char name[IFNAMSIZ];

	/* A copy: renaming takes rtnl, which we do not. */
	strscpy(name, device->dev->name, sizeof(name));
	if (nla_put_u32(skb, WG_DEVICE_IFINDEX, device->dev->ifindex) ||
	    nla_put_string(skb, WG_DEVICE_IFNAME, name) ||
	    nla_put_u16(skb, WG_DEVICE_LISTEN_PORT, device->port) ||
	    nla_put_u32(skb, WG_DEVICE_FWMARK, device->fwmark))
		return -EMSGSIZE;
	if (!self->set)
		return 0;
	if (nla_put(skb, WG_DEVICE_PRIVATE_KEY, WIRE_KEY_LEN, self->secret) ||
	    nla_put(skb, WG_DEVICE_PUBLIC_KEY, WIRE_KEY_LEN, self->public))
		return -EMSGSIZE;
	return 0;
}

/* @peer and those after it, as far as they fit. -EMSGSIZE: nothing did. */
static int write_peers(struct sk_buff *skb, struct wg_dump *dump,
		       struct wg_device *device, struct wg_peer *peer)
{
	struct nlattr *nest = nla_nest_start(skb, WG_DEVICE_PEERS);
	unsigned int empty = skb->len;
	int err = 0;

	if (!nest)
		return -EMSGSIZE;
	list_for_each_entry_from(peer, &device->peers, listed) {
		move_to(dump, peer);
		err = write_peer(skb, dump, peer);
		if (err)
			break;
	}
	dump->done = !err;
	nla_nest_end(skb, nest);
	return err && skb->len == empty ? err : 0;
}

/* The answer has the type of the question: that is the family's number. */
static struct nlmsghdr *start_message(struct sk_buff *skb,
				      struct netlink_callback *cb)
{
	struct nlmsghdr *msg =
		nlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  cb->nlh->nlmsg_type, GENL_HDRLEN, NLM_F_MULTI);
	struct genlmsghdr *genl;

	if (!msg)
		return NULL;
	genl = nlmsg_data(msg);
	genl->cmd = WG_GET_DEVICE;
	genl->version = WG_FAMILY_VERSION;
	genl->reserved = 0;
	nl_dump_check_consistent(cb, msg);
	return msg;
}

static int write_message(struct wg_dump *dump, struct wg_device *device,
			 struct sk_buff *skb, struct netlink_callback *cb)
{
	struct wg_peer *peer = place(dump, device);
	struct nlmsghdr *msg;
	int err = 0;

	lockdep_assert_held(&device->lock);
	/* The end of the dump, too, tells the reader if something changed. */
	cb->seq = device->generation;
	if (dump->done || (dump->peer_id && !peer))
		return 0;
	msg = start_message(skb, cb);
	if (!msg)
		return -EMSGSIZE;
	if (!dump->peer_id)
		err = write_device(skb, device);
	dump->done = !peer;
	if (!err && peer)
		err = write_peers(skb, dump, device, peer);
	if (err) {
		nlmsg_cancel(skb, msg);
		return err;
	}
	nlmsg_end(skb, msg);
	return skb->len;
}

int wg_dump_write(struct wg_dump *dump, struct wg_device *device,
		  struct sk_buff *skb, struct netlink_callback *cb)
{
	int ret = -ENODEV;

	mutex_lock(&device->lock);
	if (!device->gone)
		ret = write_message(dump, device, skb, cb);
	mutex_unlock(&device->lock);
	return ret;
}
