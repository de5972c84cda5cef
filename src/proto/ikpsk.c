// SPDX-License-Identifier: GPL-2.0
#include "proto/ikpsk.h"

#include "crypto/aead.h"
#include "crypto/curve25519.h"
#include "proto/symmetric.h"

void ikpsk_self_set(struct ikpsk_self *self, const u8 secret[WIRE_KEY_LEN])
{
	ikpsk_self_wipe(self);
	/* Asked before clamping, which sets a bit. */
	if (ct_is_zero(secret, WIRE_KEY_LEN))
		return;
	memcpy(self->secret, secret, sizeof(self->secret));
	x25519_clamp(self->secret);
	x25519_base(self->public, self->secret);
	self->set = true;
}

void ikpsk_self_wipe(struct ikpsk_self *self)
{
	memzero_explicit(self, sizeof(*self));
}

void ikpsk_remote_init(struct ikpsk_remote *remote, const u8 public[WIRE_KEY_LEN])
{
	memzero_explicit(remote, sizeof(*remote));
	memcpy(remote->public, public, sizeof(remote->public));
}

void ikpsk_remote_forget(struct ikpsk_remote *remote)
{
	memzero_explicit(remote->shared, sizeof(remote->shared));
	remote->shared_state = IKPSK_SHARED_UNKNOWN;
}

bool ikpsk_remote_prepare(struct ikpsk_remote *remote,
			  const struct ikpsk_self *self)
{
	if (!self->set)
		return false;
	if (remote->shared_state == IKPSK_SHARED_UNKNOWN) {
		bool ok = x25519(remote->shared, self->secret, remote->public);

		remote->shared_state = ok ? IKPSK_SHARED_READY :
					    IKPSK_SHARED_ZERO;
	}
	return remote->shared_state == IKPSK_SHARED_READY;
}

/* Both ends of a half-done handshake go from and to a symmetric state. */
static void half_store(struct ikpsk_half *half, const struct symmetric *s,
		       const u8 ephemeral_secret[WIRE_KEY_LEN])
{
	memcpy(half->ephemeral_secret, ephemeral_secret, WIRE_KEY_LEN);
	memcpy(half->chain, s->chain, sizeof(half->chain));
	memcpy(half->hash, s->hash, sizeof(half->hash));
}

static void half_load(struct symmetric *s, const struct ikpsk_half *half)
{
	memcpy(s->chain, half->chain, sizeof(s->chain));
	memcpy(s->hash, half->hash, sizeof(s->hash));
}

static void claim_store(struct ikpsk_claim *claim, const struct symmetric *s)
{
	memcpy(claim->chain, s->chain, sizeof(claim->chain));
	memcpy(claim->hash, s->hash, sizeof(claim->hash));
}

static void claim_load(struct symmetric *s, const struct ikpsk_claim *claim)
{
	memcpy(s->chain, claim->chain, sizeof(s->chain));
	memcpy(s->hash, claim->hash, sizeof(s->hash));
}

/* [N 7.5] "e, es, s" of the initiator; false: a public key of low order. */
static bool write_static(struct wire_initiation *msg, struct symmetric *s,
			 const struct ikpsk_self *self,
			 const struct ikpsk_remote *remote,
			 const u8 ephemeral_secret[WIRE_KEY_LEN])
{
	u8 key[WIRE_KEY_LEN];
	bool ok;

	x25519_base(msg->ephemeral, ephemeral_secret);
	symmetric_mix_ephemeral(s, msg->ephemeral);
	ok = symmetric_mix_dh(s, key, ephemeral_secret, remote->public);
	if (ok)
		symmetric_seal(s, key, msg->sealed_static, self->public,
			       sizeof(self->public));
	memzero_explicit(key, sizeof(key));
	return ok;
}

/* "ss" and the payload. */
static void write_timestamp(struct wire_initiation *msg, struct symmetric *s,
			    const struct ikpsk_remote *remote,
			    const u8 timestamp[WIRE_TAI64N_LEN])
{
	u8 key[WIRE_KEY_LEN];

	symmetric_mix_key(s, key, remote->shared);
	symmetric_seal(s, key, msg->sealed_timestamp, timestamp,
		       WIRE_TAI64N_LEN);
	memzero_explicit(key, sizeof(key));
}

bool ikpsk_write_initiation(struct wire_initiation *msg, struct ikpsk_half *half,
			    const struct ikpsk_self *self,
			    struct ikpsk_remote *remote, u32 sender,
			    const u8 ephemeral_secret[WIRE_KEY_LEN],
			    const u8 timestamp[WIRE_TAI64N_LEN])
{
	struct symmetric s;
	bool ok;

	memset(msg, 0, sizeof(*msg));
	memzero_explicit(half, sizeof(*half));
	if (!ikpsk_remote_prepare(remote, self))
		return false;

	symmetric_init(&s, remote->public);
	ok = write_static(msg, &s, self, remote, ephemeral_secret);
	if (ok) {
		write_timestamp(msg, &s, remote, timestamp);
		msg->type = cpu_to_le32(WIRE_INITIATION);
		msg->sender = cpu_to_le32(sender);
		half_store(half, &s, ephemeral_secret);
	} else {
		memset(msg, 0, sizeof(*msg));
	}
	symmetric_wipe(&s);
	return ok;
}

/* @es: DH(our static, their ephemeral). */
static bool claim_one(struct ikpsk_claim *claim, const struct wire_initiation *msg,
		      const struct ikpsk_self *self, const u8 es[WIRE_KEY_LEN])
{
	struct symmetric s;
	u8 key[WIRE_KEY_LEN];
	bool ok;

	symmetric_init(&s, self->public);
	symmetric_mix_ephemeral(&s, msg->ephemeral);
	symmetric_mix_key(&s, key, es);
	ok = symmetric_open(&s, key, claim->public, msg->sealed_static,
			    sizeof(msg->sealed_static));
	if (ok) {
		memcpy(claim->ephemeral, msg->ephemeral, WIRE_KEY_LEN);
		claim->sender = le32_to_cpu(msg->sender);
		claim_store(claim, &s);
	}
	memzero_explicit(key, sizeof(key));
	symmetric_wipe(&s);
	return ok;
}

u32 ikpsk_claim_vec(struct ikpsk_claim *const claim[],
		    const struct wire_initiation *const msg[],
		    const struct ikpsk_self *self, unsigned int n)
{
	struct x25519_job job[IKPSK_VEC_MAX] = {};
	u8 es[IKPSK_VEC_MAX][WIRE_KEY_LEN];
	u32 usable, claimed = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		memzero_explicit(claim[i], sizeof(*claim[i]));
		job[i] = (struct x25519_job) { es[i], self->secret,
					       msg[i]->ephemeral };
	}
	if (!self->set)
		return 0;
	usable = x25519_vec(job, n);
	for (i = 0; i < n; i++)
		if ((usable >> i & 1) && claim_one(claim[i], msg[i], self, es[i]))
			claimed |= 1U << i;
	memzero_explicit(es, sizeof(es));
	return claimed;
}

void ikpsk_share_vec(struct ikpsk_claim *const claim[],
		     const struct ikpsk_self *self, unsigned int n)
{
	struct x25519_job job[IKPSK_VEC_MAX] = {};
	unsigned int i;
	u32 usable;

	for (i = 0; i < n; i++)
		job[i] = (struct x25519_job) { claim[i]->shared, self->secret,
					       claim[i]->public };
	usable = x25519_vec(job, n);
	for (i = 0; i < n; i++) {
		claim[i]->has_shared = true;
		claim[i]->shared_usable = usable >> i & 1;
	}
}

/* Spare @remote the DH that has been computed for its claim. */
static void take_shared(struct ikpsk_remote *remote,
			const struct ikpsk_claim *claim)
{
	if (!claim->has_shared || remote->shared_state != IKPSK_SHARED_UNKNOWN)
		return;
	memcpy(remote->shared, claim->shared, sizeof(remote->shared));
	remote->shared_state = claim->shared_usable ? IKPSK_SHARED_READY :
						      IKPSK_SHARED_ZERO;
}

bool ikpsk_prove_initiation(struct ikpsk_claim *claim,
			    const struct wire_initiation *msg,
			    const struct ikpsk_self *self,
			    struct ikpsk_remote *remote)
{
	struct symmetric s;
	u8 key[WIRE_KEY_LEN];
	bool ok;

	take_shared(remote, claim);
	ok = ikpsk_remote_prepare(remote, self);
	if (ok) {
		claim_load(&s, claim);
		symmetric_mix_key(&s, key, remote->shared);
		ok = symmetric_open(&s, key, claim->timestamp,
				    msg->sealed_timestamp,
				    sizeof(msg->sealed_timestamp));
		claim_store(claim, &s);
		memzero_explicit(key, sizeof(key));
		symmetric_wipe(&s);
	}
	if (!ok)
		memzero_explicit(claim, sizeof(*claim));
	return ok;
}

/* "ee, se, psk" of message 2, the same on both sides. */
static void mix_response(struct symmetric *s, u8 key[WIRE_KEY_LEN],
			 const u8 ee[WIRE_KEY_LEN], const u8 se[WIRE_KEY_LEN],
			 const u8 psk[WIRE_KEY_LEN])
{
	symmetric_mix_key(s, NULL, ee);
	symmetric_mix_key(s, NULL, se);
	symmetric_mix_psk(s, key, psk);
}

void ikpsk_answer_vec(struct ikpsk_claim *const claim[],
		      const u8 *const ephemeral_secret[], unsigned int n)
{
	struct x25519_job job[3 * IKPSK_VEC_MAX] = {};
	unsigned int i;
	u32 usable;

	static_assert(ARRAY_SIZE(job) <= X25519_VEC_MAX, "jobs of one call");
	for (i = 0; i < n; i++) {
		const u8 *secret = ephemeral_secret[i];

		job[i] = (struct x25519_job) { claim[i]->ee, secret,
					       claim[i]->ephemeral };
		job[n + i] = (struct x25519_job) { claim[i]->se, secret,
						   claim[i]->public };
		/* Last: what is left over from the lanes is quicker alone. */
		job[2 * n + i] = (struct x25519_job) { claim[i]->answer, secret,
						       NULL };
	}
	usable = x25519_vec(job, 3 * n);
	for (i = 0; i < n; i++) {
		claim[i]->has_answer = true;
		claim[i]->answer_usable = (usable >> i) & (usable >> (n + i)) & 1;
	}
}

bool ikpsk_write_response(struct wire_response *msg, struct ikpsk_keys *keys,
			  struct ikpsk_claim *claim,
			  const struct ikpsk_remote *remote, u32 sender,
			  const u8 ephemeral_secret[WIRE_KEY_LEN])
{
	struct symmetric s;
	u8 key[WIRE_KEY_LEN];
	bool ok;

	memset(msg, 0, sizeof(*msg));
	memzero_explicit(keys, sizeof(*keys));
	if (!claim->has_answer)
		ikpsk_answer_vec(&claim, &ephemeral_secret, 1);
	ok = claim->answer_usable;
	if (ok) {
		claim_load(&s, claim);
		memcpy(msg->ephemeral, claim->answer, sizeof(msg->ephemeral));
		symmetric_mix_ephemeral(&s, msg->ephemeral);
		mix_response(&s, key, claim->ee, claim->se, remote->psk);
		symmetric_seal(&s, key, msg->sealed_nothing, NULL, 0);
		symmetric_split(&s, keys->recv, keys->send);
		msg->type = cpu_to_le32(WIRE_RESPONSE);
		msg->sender = cpu_to_le32(sender);
		msg->receiver = cpu_to_le32(claim->sender);
		memzero_explicit(key, sizeof(key));
		symmetric_wipe(&s);
	}
	memzero_explicit(claim, sizeof(*claim));
	return ok;
}

/* "ee" and "se" of the initiator, whose secrets they are; false: unusable. */
static bool answer_dh(u8 ee[WIRE_KEY_LEN], u8 se[WIRE_KEY_LEN],
		      const struct wire_response *msg,
		      const struct ikpsk_half *half, const struct ikpsk_self *self)
{
	const struct x25519_job job[] = {
		{ ee, half->ephemeral_secret, msg->ephemeral },
		{ se, self->secret, msg->ephemeral },
	};

	return x25519_vec(job, ARRAY_SIZE(job)) == 3;
}

bool ikpsk_read_response(const struct wire_response *msg, struct ikpsk_keys *keys,
			 const struct ikpsk_half *half,
			 const struct ikpsk_self *self,
			 const struct ikpsk_remote *remote)
{
	struct symmetric s;
	u8 key[WIRE_KEY_LEN], ee[WIRE_KEY_LEN], se[WIRE_KEY_LEN], nothing[1];
	bool ok;

	memzero_explicit(keys, sizeof(*keys));
	ok = answer_dh(ee, se, msg, half, self);
	if (ok) {
		half_load(&s, half);
		symmetric_mix_ephemeral(&s, msg->ephemeral);
		mix_response(&s, key, ee, se, remote->psk);
		ok = symmetric_open(&s, key, nothing, msg->sealed_nothing,
				    sizeof(msg->sealed_nothing));
		if (ok)
			symmetric_split(&s, keys->send, keys->recv);
		memzero_explicit(key, sizeof(key));
		symmetric_wipe(&s);
	}
	memzero_explicit(ee, sizeof(ee));
	memzero_explicit(se, sizeof(se));
	return ok;
}
