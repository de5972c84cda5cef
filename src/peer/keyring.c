// SPDX-License-Identifier: GPL-2.0
#include "peer/keyring.h"

#include "peer/peer.h"

void wg_keyring_init(struct wg_keyring *ring)
{
	spin_lock_init(&ring->lock);
}

static struct wg_session *slot_get(const struct wg_keyring *ring, int i)
	__must_hold(&ring->lock)
{
	return rcu_dereference_protected(ring->slot[i],
					 lockdep_is_held(&ring->lock));
}

static struct wg_session *from_proto(const struct session *proto)
{
	return proto ? container_of(proto, struct wg_session, proto) : NULL;
}

/* proto/session.h decides on plain pointers ... */
static void copy_slots(const struct wg_keyring *ring,
		       struct session *slot[SESSION_SLOTS])
	__must_hold(&ring->lock)
{
	struct wg_session *session;
	int i;

	for (i = 0; i < SESSION_SLOTS; i++) {
		session = slot_get(ring, i);
		slot[i] = session ? &session->proto : NULL;
	}
}

/* ... and this makes it true. */
static void publish_slots(struct wg_keyring *ring,
			  struct session *const slot[SESSION_SLOTS])
	__must_hold(&ring->lock)
{
	int i;

	for (i = 0; i < SESSION_SLOTS; i++)
		rcu_assign_pointer(ring->slot[i], from_proto(slot[i]));
}

static void drop(struct wg_session *session)
{
	if (!session)
		return;
	wg_index_remove(&session->peer->device->index, &session->ticket.entry);
	wg_session_put(session);
}

static void drop_all(struct session *const gone[SESSION_SLOTS])
{
	int i;

	for (i = 0; i < SESSION_SLOTS; i++)
		drop(from_proto(gone[i]));
}

void wg_keyring_install(struct wg_keyring *ring, struct wg_session *fresh)
{
	struct session *slot[SESSION_SLOTS], *gone[SESSION_SLOTS] = {};

	spin_lock_bh(&ring->lock);
	copy_slots(ring, slot);
	session_install(slot, &fresh->proto, gone);
	publish_slots(ring, slot);
	spin_unlock_bh(&ring->lock);
	drop_all(gone);
}

bool wg_keyring_confirm(struct wg_keyring *ring, struct wg_session *session)
{
	struct session *slot[SESSION_SLOTS], *gone[SESSION_SLOTS] = {};
	bool confirmed;

	/* One plain read a batch; only the very first goes on. */
	if (rcu_access_pointer(ring->slot[SESSION_NEXT]) != session)
		return false;
	spin_lock_bh(&ring->lock);
	copy_slots(ring, slot);
	confirmed = session_confirm(slot, &session->proto, gone);
	if (confirmed)
		publish_slots(ring, slot);
	spin_unlock_bh(&ring->lock);
	drop_all(gone);
	return confirmed;
}

void wg_keyring_erase(struct wg_keyring *ring)
{
	static struct session *const none[SESSION_SLOTS];
	struct session *gone[SESSION_SLOTS];

	spin_lock_bh(&ring->lock);
	copy_slots(ring, gone);
	publish_slots(ring, none);
	spin_unlock_bh(&ring->lock);
	drop_all(gone);
}

void wg_keyring_bar(struct wg_keyring *ring)
{
	struct wg_session *session;
	int i;

	spin_lock_bh(&ring->lock);
	for (i = 0; i < SESSION_SLOTS; i++) {
		session = slot_get(ring, i);
		if (session)
			WRITE_ONCE(session->proto.send_barred, true);
	}
	spin_unlock_bh(&ring->lock);
}

struct wg_session *wg_keyring_sender(const struct wg_keyring *ring, u64 now_ns)
{
	struct wg_session *session = rcu_dereference_check(
		ring->slot[SESSION_CURRENT], rcu_read_lock_bh_held());

	if (!session || !session_may_send(&session->proto, now_ns,
					  atomic64_read(&session->counter), 1))
		return NULL;
	return session;
}
