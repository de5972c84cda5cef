// SPDX-License-Identifier: GPL-2.0
#include "peer/peer.h"

#include <linux/slab.h>
#include <linux/wait.h>

static struct kmem_cache *cache;
static struct workqueue_struct *workqueue;
static atomic64_t last_id = ATOMIC64_INIT(0);
/* Peers that are not freed yet: unloading waits for none. */
static atomic_t alive_n = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(all_freed);

int wg_peers_init(void)
{
	workqueue = alloc_workqueue("wg-peer", WQ_UNBOUND | WQ_FREEZABLE, 0);
	if (!workqueue)
		return -ENOMEM;
	cache = KMEM_CACHE(wg_peer, 0);
	if (cache)
		return 0;
	destroy_workqueue(workqueue);
	return -ENOMEM;
}

void wg_peers_exit(void)
{
	wait_event(all_freed, !atomic_read(&alive_n));
	rcu_barrier();
	destroy_workqueue(workqueue);
	kmem_cache_destroy(cache);
}

static void init_members(struct wg_peer *peer, struct wg_device *device,
			 const u8 public_key[WIRE_KEY_LEN])
{
	peer->device = device;
	peer->id = atomic64_inc_return(&last_id);
	kref_init(&peer->ref);
	wg_keyring_init(&peer->ring);
	wg_lane_init(&peer->tx);
	wg_lane_init(&peer->rx);
	seqlock_init(&peer->endpoint_lock);
	wg_staged_init(&peer->staged);
	mutex_init(&peer->handshake_lock);
	tunnel_init(&peer->tunnel, public_key);
	peer->ticket.peer = peer;
	timer_setup(&peer->timer, device->ops->timer_fired, 0);
	INIT_WORK(&peer->work, device->ops->work_runs);
	INIT_WORK(&peer->flush, device->ops->flush_runs);
	wg_owner_init(&peer->owner);
}

struct wg_peer *wg_peer_new(struct wg_device *device,
			    const u8 public_key[WIRE_KEY_LEN])
{
	struct wg_peer *peer;
	int err;

	lockdep_assert_held(&device->lock);
	if (device->peers_n >= WG_PEERS_MAX)
		return ERR_PTR(-ENOMEM);
	peer = kmem_cache_zalloc(cache, GFP_KERNEL);
	if (!peer)
		return ERR_PTR(-ENOMEM);
	init_members(peer, device, public_key);
	err = wg_keys_insert(&device->keys, &peer->key, public_key);
	if (err) {
		kmem_cache_free(cache, peer);
		return ERR_PTR(err);
	}
	list_add_tail(&peer->listed, &device->peers);
	device->peers_n++;
	dev_hold(device->dev);
	atomic_inc(&alive_n);
	if (device->up)
		timers_start(&peer->tunnel.timers, wg_now_ns());
	pr_debug("%s: Peer %llu created\n", device->dev->name, peer->id);
	return peer;
}

static void free_after_readers(struct rcu_head *rcu)
{
	struct wg_peer *peer = container_of(rcu, struct wg_peer, rcu);
	struct wg_device *device = peer->device;

	pr_debug("%s: Peer %llu destroyed\n", device->dev->name, peer->id);
	dst_cache_destroy(&peer->route);
	memzero_explicit(peer, sizeof(*peer));
	kmem_cache_free(cache, peer);
	dev_put(device->dev);
	/* The module's code may go as soon as the last one has said so. */
	if (atomic_dec_and_test(&alive_n))
		wake_up(&all_freed);
}

static void release(struct kref *ref)
{
	struct wg_peer *peer = container_of(ref, struct wg_peer, ref);

	call_rcu(&peer->rcu, free_after_readers);
}

void wg_peer_put(struct wg_peer *peer)
{
	kref_put(&peer->ref, release);
}

static void disarm(struct wg_peer *peer)
{
	if (timer_delete(&peer->timer))
		wg_peer_put(peer);
}

void wg_peer_remove(struct wg_peer *peer)
{
	struct wg_device *device = peer->device;

	lockdep_assert_held(&device->lock);
	/* Unlink: nobody new finds it. */
	WRITE_ONCE(peer->dead, true);
	list_del_init(&peer->listed);
	device->peers_n--;
	wg_trie_remove_owner(&device->trie, &peer->owner);
	wg_keys_remove(&device->keys, &peer->key);
	/* Silence: those who have found it see that it is dead. */
	timers_stop(&peer->tunnel.timers);
	smp_mb();	/* pairs with wg_peer_arm() */
	disarm(peer);
	wg_peer_erase(peer);
	wg_peer_drop_staged(peer, WG_DROP_TX_GAVE_UP);
	wg_peer_put(peer);
}

void wg_peer_remove_all(struct wg_device *device)
{
	struct wg_peer *peer, *next;

	lockdep_assert_held(&device->lock);
	list_for_each_entry_safe(peer, next, &device->peers, listed) {
		wg_peer_remove(peer);
		cond_resched();
	}
}

struct wg_peer *wg_peer_find(struct wg_device *device,
			     const u8 public_key[WIRE_KEY_LEN])
{
	struct wg_keys_entry *entry = wg_keys_find(&device->keys, public_key);

	return entry ? container_of(entry, struct wg_peer, key) : NULL;
}

struct wg_peer *wg_peer_route(struct wg_device *device, unsigned int bits,
			      const void *addr)
{
	struct wg_owner *owner = wg_trie_find(&device->trie, bits, addr);

	return owner ? container_of(owner, struct wg_peer, owner) : NULL;
}

unsigned int wg_peer_endpoint(struct wg_peer *peer, struct wg_endpoint *ep)
{
	unsigned int seq;

	do {
		seq = read_seqbegin(&peer->endpoint_lock);
		*ep = peer->endpoint;
	} while (read_seqretry(&peer->endpoint_lock, seq));
	return seq;
}

void wg_peer_set_endpoint(struct wg_peer *peer, const struct wg_endpoint *ep)
{
	write_seqlock_bh(&peer->endpoint_lock);
	peer->endpoint = *ep;
	dst_cache_reset(&peer->route);	/* holds the old addresses */
	write_sequnlock_bh(&peer->endpoint_lock);
}

void wg_peer_forget_source(struct wg_peer *peer)
{
	write_seqlock_bh(&peer->endpoint_lock);
	wg_endpoint_forget_local(&peer->endpoint);
	dst_cache_reset(&peer->route);	/* holds the old addresses */
	write_sequnlock_bh(&peer->endpoint_lock);
}

void wg_peer_sent(struct wg_peer *peer, unsigned int version,
		  const struct wg_endpoint *before,
		  const struct wg_endpoint *after)
{
	if (read_seqretry(&peer->endpoint_lock, version))
		dst_cache_reset(&peer->route);
	else if (!wg_endpoint_same(before, after))
		wg_peer_forget_source(peer);
}

/* Nanoseconds to come as an expiry: never early, at least a jiffy ahead. */
static unsigned long expiry(u64 deadline_ns)
{
	u64 now_ns = wg_now_ns();

	return jiffies + 1 + (deadline_ns <= now_ns ? 0 :
			      nsecs_to_jiffies(deadline_ns - now_ns));
}

void wg_peer_arm(struct wg_peer *peer)
{
	unsigned long expires;
	u64 next_ns;

	/*
	 * Pairs with timer_fired() in flow/clock.c: either it sees what was
	 * noted, or we see that its timer is pending no longer.
	 */
	smp_mb();
	next_ns = timers_next(&peer->tunnel.timers);
	if (next_ns == TIMERS_NEVER || READ_ONCE(peer->dead))
		return;
	expires = expiry(next_ns);
	if (timer_pending(&peer->timer) &&
	    !time_before(expires, READ_ONCE(peer->timer.expires)))
		return;
	/* An armed timer holds a reference. */
	if (!wg_peer_get(peer))
		return;
	/* Not later than somebody else has set it to meanwhile. */
	if (timer_reduce(&peer->timer, expires))
		wg_peer_put(peer);
	/*
	 * Pairs with wg_peer_remove(): either it sees this timer armed, or we
	 * see that the peer is dead.
	 */
	smp_mb();
	if (READ_ONCE(peer->dead))
		disarm(peer);
}

void wg_peer_duty(struct wg_peer *peer, unsigned long duties)
{
	unsigned long bit;

	for_each_set_bit(bit, &duties, BITS_PER_LONG)
		set_bit(bit, &peer->duties);
	if (!wg_peer_get(peer))
		return;
	if (!queue_work(workqueue, &peer->work))
		wg_peer_put(peer);
}

void wg_peer_count_tx(struct wg_peer *peer, unsigned int n, unsigned int bytes)
{
	atomic64_add(bytes, &peer->tx_bytes);
	local_bh_disable();
	dev_sw_netstats_tx_add(peer->device->dev, n, bytes);
	local_bh_enable();
}

void wg_peer_count_rx(struct wg_peer *peer, unsigned int n, unsigned int bytes)
{
	struct pcpu_sw_netstats *stats;

	atomic64_add(bytes, &peer->rx_bytes);
	local_bh_disable();
	stats = this_cpu_ptr(peer->device->dev->tstats);
	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->rx_packets, n);
	u64_stats_add(&stats->rx_bytes, bytes);
	u64_stats_update_end(&stats->syncp);
	local_bh_enable();
}

void wg_peer_note_handshake(struct wg_peer *peer)
{
	atomic64_set(&peer->handshake_wall_ns, ktime_get_real_ns());
	timers_note_confirmed(&peer->tunnel.timers);
	wg_peer_arm(peer);
}

void wg_peer_erase(struct wg_peer *peer)
{
	mutex_lock(&peer->handshake_lock);
	wg_index_remove(&peer->device->index, &peer->ticket.entry);
	tunnel_erase(&peer->tunnel);
	wg_keyring_erase(&peer->ring);
	mutex_unlock(&peer->handshake_lock);
}

void wg_peer_drop_staged(struct wg_peer *peer, enum wg_drop why)
{
	struct sk_buff *list = wg_staged_drain(&peer->staged), *skb;
	unsigned int n = 0;

	for (skb = list; skb; skb = skb->next)
		n++;
	if (!n)
		return;
	wg_drop_n(peer->device, why, n);
	DEV_STATS_ADD(peer->device->dev, tx_dropped, n);
	kfree_skb_list(list);
}
