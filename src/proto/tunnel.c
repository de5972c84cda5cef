// SPDX-License-Identifier: GPL-2.0
#include "proto/tunnel.h"

void tunnel_init(struct tunnel *t, const u8 peer_public[WIRE_KEY_LEN])
{
	memzero_explicit(t, sizeof(*t));
	ikpsk_remote_init(&t->remote, peer_public);
	cookie_jar_init(&t->jar, peer_public);
	timers_clear(&t->timers);
}

void tunnel_wipe(struct tunnel *t)
{
	memzero_explicit(t, sizeof(*t));
}

void tunnel_erase(struct tunnel *t)
{
	memzero_explicit(&t->half, sizeof(t->half));
	t->half_open = false;
	t->half_id = 0;
}

void tunnel_rekeyed(struct tunnel *t)
{
	tunnel_erase(t);
	ikpsk_remote_forget(&t->remote);
	timers_note_identity(&t->timers);
}

void tunnel_set_psk(struct tunnel *t, const u8 psk[WIRE_KEY_LEN])
{
	memcpy(t->remote.psk, psk, sizeof(t->remote.psk));
}

/*
 * The label of an initiation that leaves now. A wall clock that was set back
 * would make us a replayer in the peer's eyes until it has caught up, so labels
 * only grow: past the last one by the least step [D17].
 */
static void next_label(struct tunnel *t, const u8 now[WIRE_TAI64N_LEN])
{
	u32 nsec;

	if (memcmp(now, t->label, sizeof(t->label)) > 0) {
		memcpy(t->label, now, sizeof(t->label));
		return;
	}
	nsec = get_unaligned_be32(t->label + 8) + 1;
	put_unaligned_be32(nsec, t->label + 8);
	if (!nsec)
		put_unaligned_be64(get_unaligned_be64(t->label) + 1, t->label);
}

static void chance_wipe(struct tunnel_chance *chance)
{
	memzero_explicit(chance, sizeof(*chance));
}

enum tunnel_verdict tunnel_write_initiation(struct tunnel *t,
		struct wire_initiation *msg, const struct ikpsk_self *self,
		u32 local_id, struct tunnel_chance *chance,
		const u8 timestamp[WIRE_TAI64N_LEN], u64 now_ns)
{
	next_label(t, timestamp);
	t->half_id = local_id;
	t->half_open = ikpsk_write_initiation(msg, &t->half, self, &t->remote,
					      local_id,
					      chance->ephemeral_secret,
					      t->label);
	if (t->half_open) {
		cookie_jar_stamp(&t->jar, msg, sizeof(*msg), now_ns);
		timers_note_initiation(&t->timers, now_ns, chance->jitter_ns);
	}
	chance_wipe(chance);
	return t->half_open ? TUNNEL_OK : TUNNEL_UNUSABLE;
}

static bool too_soon(const struct tunnel *t, u64 now_ns)
{
	return t->initiation_seen_ns &&
	       now_ns < t->initiation_seen_ns + TUNNEL_FLOOD_NS;
}

/* What is known of an initiation that proved to be the peer's. */
static enum tunnel_verdict judge_fresh(const struct tunnel *t,
				       const struct ikpsk_claim *claim,
				       u64 now_ns)
{
	if (memcmp(claim->timestamp, t->newest, sizeof(t->newest)) <= 0)
		return TUNNEL_REPLAYED;
	if (too_soon(t, now_ns))
		return TUNNEL_TOO_SOON;
	return TUNNEL_OK;
}

enum tunnel_verdict tunnel_read_initiation(struct tunnel *t,
		struct ikpsk_claim *claim, const struct wire_initiation *msg,
		const struct ikpsk_self *self, u64 now_ns)
{
	enum tunnel_verdict verdict;

	if (!ikpsk_remote_prepare(&t->remote, self)) {
		memzero_explicit(claim, sizeof(*claim));
		return TUNNEL_UNUSABLE;
	}
	if (!ikpsk_prove_initiation(claim, msg, self, &t->remote))
		return TUNNEL_FORGED;
	verdict = judge_fresh(t, claim, now_ns);
	if (verdict != TUNNEL_OK) {
		memzero_explicit(claim, sizeof(*claim));
		return verdict;
	}
	memcpy(t->newest, claim->timestamp, sizeof(t->newest));
	t->initiation_seen_ns = max(now_ns, (u64)1);
	timers_note_received(&t->timers, now_ns, false);
	return TUNNEL_OK;
}

enum tunnel_verdict tunnel_write_response(struct tunnel *t,
		struct wire_response *msg, struct session *fresh,
		struct ikpsk_claim *claim, u32 local_id,
		struct tunnel_chance *chance, u64 now_ns)
{
	u32 remote_id = claim->sender;
	struct ikpsk_keys keys;
	bool ok;

	/* A peer that keeps starting sessions would keep it from erasure. */
	if (!READ_ONCE(t->timers.initiation_ns))
		tunnel_erase(t);
	ok = ikpsk_write_response(msg, &keys, claim, &t->remote, local_id,
				  chance->ephemeral_secret);
	if (ok) {
		cookie_jar_stamp(&t->jar, msg, sizeof(*msg), now_ns);
		session_init(fresh, &keys, local_id, remote_id, false, now_ns);
		timers_note_sent(&t->timers, now_ns, false);
		timers_note_session(&t->timers, now_ns);
		/* A responder's unanswered data wants spreading, too [D14]. */
		WRITE_ONCE(t->timers.jitter_ns, chance->jitter_ns);
	}
	chance_wipe(chance);
	return ok ? TUNNEL_OK : TUNNEL_UNUSABLE;
}

enum tunnel_verdict tunnel_read_response(struct tunnel *t,
		const struct wire_response *msg, struct session *fresh,
		const struct ikpsk_self *self, u64 now_ns)
{
	struct ikpsk_keys keys;

	if (!t->half_open || le32_to_cpu(msg->receiver) != t->half_id)
		return TUNNEL_UNASKED;
	if (!ikpsk_read_response(msg, &keys, &t->half, self, &t->remote))
		return TUNNEL_FORGED;
	session_init(fresh, &keys, t->half_id, le32_to_cpu(msg->sender), true,
		     now_ns);
	fresh->renews_later = memcmp(self->public, t->remote.public,
				     WIRE_KEY_LEN) > 0;
	tunnel_erase(t);
	timers_note_received(&t->timers, now_ns, false);
	timers_note_session(&t->timers, now_ns);
	timers_note_confirmed(&t->timers);
	return TUNNEL_OK;
}
