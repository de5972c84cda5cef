// SPDX-License-Identifier: GPL-2.0
#include "peer/session.h"

#include <linux/slab.h>
#include "peer/peer.h"

static struct kmem_cache *cache;
static atomic64_t last_id = ATOMIC64_INIT(0);

int wg_sessions_init(void)
{
	cache = KMEM_CACHE(wg_session, 0);
	return cache ? 0 : -ENOMEM;
}

void wg_sessions_exit(void)
{
	kmem_cache_destroy(cache);
}

struct wg_session *wg_session_new(struct wg_peer *peer)
{
	struct wg_session *session = kmem_cache_zalloc(cache, GFP_KERNEL);

	if (!session)
		return NULL;
	if (!wg_peer_get(peer)) {
		kmem_cache_free(cache, session);
		return NULL;
	}
	session->peer = peer;
	session->ticket.peer = peer;
	session->ticket.is_session = true;
	session->id = atomic64_inc_return(&last_id);
	refcount_set(&session->ref, 1);
	spin_lock_init(&session->replay_lock);
	spin_lock_init(&session->arrive_lock);
	replay_init(&session->replay);
	pr_debug("%s: Keypair %llu created for peer %llu\n",
		 peer->device->dev->name, session->id, peer->id);
	return session;
}

static void free_after_readers(struct rcu_head *rcu)
{
	struct wg_session *session = container_of(rcu, struct wg_session, rcu);
	struct wg_peer *peer = session->peer;

	pr_debug("%s: Keypair %llu destroyed for peer %llu\n",
		 peer->device->dev->name, session->id, peer->id);
	memzero_explicit(session, sizeof(*session));
	kmem_cache_free(cache, session);
	wg_peer_put(peer);
}

void wg_session_put(struct wg_session *session)
{
	if (refcount_dec_and_test(&session->ref))
		call_rcu(&session->rcu, free_after_readers);
}

struct wg_session *wg_session_find(struct wg_device *device, u32 id)
{
	struct wg_index_entry *entry = wg_index_find(&device->index, id);
	struct wg_ticket *ticket;

	if (!entry)
		return NULL;
	ticket = container_of(entry, struct wg_ticket, entry);
	return ticket->is_session ?
	       container_of(ticket, struct wg_session, ticket) : NULL;
}

bool wg_session_reserve(struct wg_session *session, unsigned int n, u64 now_ns,
			u64 *first)
{
	/*
	 * Asked before and after: the counter is not moved far past the limit
	 * by callers who are refused, so it cannot wrap [D5].
	 */
	if (!session_may_send(&session->proto, now_ns,
			      atomic64_read(&session->counter), n))
		return false;
	*first = atomic64_fetch_add(n, &session->counter);
	return session_may_send(&session->proto, now_ns, *first, n);
}
