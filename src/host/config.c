// SPDX-License-Identifier: GPL-2.0
#include "host/config.h"

#include <linux/capability.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include "flow/flow.h"
#include "peer/peer.h"

static struct wg_peer *find_peer(struct wg_device *device,
				 const u8 public_key[WIRE_KEY_LEN])
{
	struct wg_peer *peer;

	/* The table is walked under RCU; device->lock keeps what is found. */
	rcu_read_lock();
	peer = wg_peer_find(device, public_key);
	rcu_read_unlock();
	return peer;
}

static void forget_sources(struct wg_device *device)
{
	struct wg_peer *peer;

	list_for_each_entry(peer, &device->peers, listed) {
		wg_peer_forget_source(peer);
		cond_resched();
	}
}

/* ---- the interface ------------------------------------------------------- */

static int set_fwmark(struct wg_device *device, const struct wg_change *change)
{
	if (!change->has_fwmark)
		return 0;
	WRITE_ONCE(device->fwmark, change->fwmark);
	forget_sources(device);	/* routes depend on the mark */
	return 0;
}

/* From one port to another; when that one is taken, back. */
static int move_sockets(struct wg_device *device, u16 port)
{
	int err;

	wg_socks_close(&device->socks);
	err = wg_socks_open(&device->socks, device->home, port);
	if (err)
		wg_socks_open(&device->socks, device->home, device->port);
	else
		device->port = device->socks.port;
	return err;
}

static int set_port(struct wg_device *device, const struct wg_change *change)
{
	int err;

	if (!change->has_port)
		return 0;
	if (!device->up) {
		device->port = change->port;
		return 0;
	}
	/* Without sockets, the same port is a wish to try again. */
	if (change->port == device->port && device->socks.net)
		return 0;
	err = move_sockets(device, change->port);
	forget_sources(device);
	return err;
}

static int replace_peers(struct wg_device *device,
			 const struct wg_change *change)
{
	if (change->replace_peers)
		wg_peer_remove_all(device);
	return 0;
}

/* ---- its identity -------------------------------------------------------- */

/* Before our key changes: a peer with the new one would be ourselves [A21]. */
static void remove_self(struct wg_device *device, const struct ikpsk_self *self)
{
	struct wg_peer *peer = NULL;

	if (self->set)
		peer = find_peer(device, self->public);
	if (peer)
		wg_peer_remove(peer);
}

/* Handshakes under way end; sessions may still receive, not send. */
static void rekey_peer(struct wg_peer *peer)
{
	mutex_lock(&peer->handshake_lock);
	wg_index_remove(&peer->device->index, &peer->ticket.entry);
	tunnel_rekeyed(&peer->tunnel);
	wg_keyring_bar(&peer->ring);
	mutex_unlock(&peer->handshake_lock);
}

/*
 * No handshake may see the new key and what was derived from the old: hence
 * all peers within one critical section. It waits for nothing but handshakes
 * in progress [A7]; static-static secrets are computed again when needed.
 */
static void swap_identity(struct wg_device *device,
			  const struct ikpsk_self *self)
{
	struct wg_peer *peer;

	down_write(&device->identity_lock);
	device->self = *self;
	list_for_each_entry(peer, &device->peers, listed) {
		rekey_peer(peer);
		cond_resched();
	}
	up_write(&device->identity_lock);
}

static void flush_peers(struct wg_device *device)
{
	struct wg_peer *peer;

	list_for_each_entry(peer, &device->peers, listed) {
		wg_tx_flush(peer);
		cond_resched();
	}
}

/* Become @self, with the @gate that goes with it (NULL: no identity). */
static void change_identity(struct wg_device *device,
			    const struct ikpsk_self *self, struct wg_gate *gate)
{
	bool had_none = !device->self.set;

	remove_self(device, self);
	swap_identity(device, self);
	wg_gate_set(device, gate);
	if (device->up && had_none)
		flush_peers(device);
}

static int set_identity(struct wg_device *device,
			const struct wg_change *change)
{
	struct wg_gate *gate = NULL;
	struct ikpsk_self self;
	int err = 0;

	if (!change->has_private_key)
		return 0;
	ikpsk_self_set(&self, change->private_key);
	if (!ct_differ(self.secret, device->self.secret, sizeof(self.secret)))
		goto wipe;
	if (self.set) {
		err = -ENOMEM;
		gate = kzalloc(sizeof(*gate), GFP_KERNEL);
		if (!gate)
			goto wipe;
		cookie_gate_set_identity(&gate->cookie, self.public);
	}
	change_identity(device, &self, gate);
	err = 0;
wipe:
	ikpsk_self_wipe(&self);
	return err;
}

/* ---- its peers ----------------------------------------------------------- */

static bool is_self(const struct wg_device *device,
		    const u8 public_key[WIRE_KEY_LEN])
{
	return device->self.set &&
	       !memcmp(device->self.public, public_key, WIRE_KEY_LEN);
}

/* Running sessions go on; the next handshake mixes it in. */
static void set_psk(struct wg_peer *peer, const u8 psk[WIRE_KEY_LEN])
{
	mutex_lock(&peer->handshake_lock);
	tunnel_set_psk(&peer->tunnel, psk);
	mutex_unlock(&peer->handshake_lock);
}

static int set_ips(struct wg_peer *peer, const struct wg_change_peer *wanted)
{
	struct wg_trie *trie = &peer->device->trie;
	const struct wg_change_ip *ip;
	int err = 0;

	if (wanted->replace_ips)
		wg_trie_remove_owner(trie, &peer->owner);
	for (ip = wanted->ips; ip < wanted->ips + wanted->ips_n && !err; ip++) {
		if (ip->remove)
			wg_trie_remove(trie, &ip->prefix, &peer->owner);
		else
			err = wg_trie_insert(trie, &ip->prefix, &peer->owner);
		cond_resched();
	}
	return err ?: wanted->bad_ip;
}

/* Whether keepalives have begun just now. */
static bool set_keepalive(struct wg_peer *peer, u16 seconds)
{
	struct timers *timers = &peer->tunnel.timers;
	bool was_off = !READ_ONCE(timers->persistent_s);

	timers_set_persistent(timers, seconds);
	return was_off && seconds;
}

/* What was staged for want of an endpoint or a key may leave by now. */
static void stir(struct wg_peer *peer, bool keepalive)
{
	if (!peer->device->up)
		return;
	if (keepalive)
		wg_tx_keepalive(peer);
	wg_tx_flush(peer);
	wg_peer_arm(peer);
}

static int update_peer(struct wg_peer *peer, const struct wg_change_peer *wanted)
{
	bool keepalive = false;
	int err;

	if (wanted->has_psk)
		set_psk(peer, wanted->psk);
	if (wg_endpoint_known(&wanted->endpoint))
		wg_peer_set_endpoint(peer, &wanted->endpoint);
	err = set_ips(peer, wanted);
	if (err)
		return err;
	if (wanted->has_keepalive)
		keepalive = set_keepalive(peer, wanted->keepalive_s);
	stir(peer, keepalive);
	return 0;
}

static int set_peer(struct wg_device *device,
		    const struct wg_change_peer *wanted)
{
	struct wg_peer *peer;

	if (wanted->bad)
		return wanted->bad;
	peer = find_peer(device, wanted->public_key);
	if (wanted->remove) {
		if (peer)
			wg_peer_remove(peer);
		return 0;
	}
	if (!peer) {
		if (wanted->update_only || is_self(device, wanted->public_key))
			return 0;
		peer = wg_peer_new(device, wanted->public_key);
		if (IS_ERR(peer))
			return PTR_ERR(peer);
	}
	return update_peer(peer, wanted);
}

static int set_peers(struct wg_device *device, const struct wg_change *change)
{
	int err = 0;
	u32 i;

	for (i = 0; i < change->peers_n && !err; i++) {
		err = set_peer(device, &change->peers[i]);
		cond_resched();
	}
	return err;
}

/* ---- all of it ----------------------------------------------------------- */

/* In this order: existing clients rely on it. */
static int (*const steps[])(struct wg_device *device,
			    const struct wg_change *change) = {
	set_fwmark, set_port, replace_peers, set_identity, set_peers,
};

/* Port and mark act in the sockets' namespace: its owner has the say [E11]. */
static int permit(const struct wg_device *device,
		  const struct wg_change *change, const struct sk_buff *request)
{
	if (!change->has_port && !change->has_fwmark)
		return 0;
	if (!device->home ||
	    !netlink_ns_capable(request, device->home->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	return 0;
}

/* Dumps that have begun see that it differs; 0 is the number of no dump. */
static void note_change(struct wg_device *device)
{
	if (!++device->generation)
		device->generation = 1;
}

static int apply(struct wg_device *device, const struct wg_change *change)
{
	size_t i;
	int err = 0;

	note_change(device);
	for (i = 0; i < ARRAY_SIZE(steps) && !err; i++)
		err = steps[i](device, change);
	return err;
}

int wg_config_apply(struct wg_device *device, const struct wg_change *change,
		    const struct sk_buff *request)
{
	int err = -ENODEV;

	mutex_lock(&device->lock);
	if (!device->gone)
		err = permit(device, change, request);
	if (!err)
		err = apply(device, change);
	mutex_unlock(&device->lock);
	return err;
}
