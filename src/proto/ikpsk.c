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

bool ikpsk_claim_initiation(struct ikpsk_claim *claim,
			    const struct wire_initiation *msg,
			    const struct ikpsk_self *self)
{
	struct symmetric s;
	u8 key[WIRE_KEY_LEN];
	bool ok;

	memzero_explicit(claim, sizeof(*claim));
	if (!self->set)
		return false;

	symmetric_init(&s, self->public);
	symmetric_mix_ephemeral(&s, msg->ephemeral);
	ok = symmetric_mix_dh(&s, key, self->secret, msg->ephemeral) &&
	     symmetric_open(&s, key, claim->public, msg->sealed_static,
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

bool ikpsk_prove_initiation(struct ikpsk_claim *claim,
			    const struct wire_initiation *msg,
			    const struct ikpsk_self *self,
			    struct ikpsk_remote *remote)
{
	struct symmetric s;
	u8 key[WIRE_KEY_LEN];
	bool ok;

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

/*
 * "ee, se, psk" of message 2, the same on both sides but for whose halves are
 * secret: @ee and @se are the secrets for the first and the second DH.
 */
static bool mix_response(struct symmetric *s, u8 key[WIRE_KEY_LEN],
			 const u8 ee[WIRE_KEY_LEN], const u8 ee_public[WIRE_KEY_LEN],
			 const u8 se[WIRE_KEY_LEN], const u8 se_public[WIRE_KEY_LEN],
			 const u8 psk[WIRE_KEY_LEN])
{
	if (!symmetric_mix_dh(s, NULL, ee, ee_public) ||
	    !symmetric_mix_dh(s, NULL, se, se_public))
		return false;
	symmetric_mix_psk(s, key, psk);
	return true;
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
	claim_load(&s, claim);
	x25519_base(msg->ephemeral, ephemeral_secret);
	symmetric_mix_ephemeral(&s, msg->ephemeral);
	ok = mix_response(&s, key, ephemeral_secret, claim->ephemeral,
			  ephemeral_secret, claim->public, remote->psk);
	if (ok) {
		symmetric_seal(&s, key, msg->sealed_nothing, NULL, 0);
		symmetric_split(&s, keys->recv, keys->send);
		msg->type = cpu_to_le32(WIRE_RESPONSE);
		msg->sender = cpu_to_le32(sender);
		msg->receiver = cpu_to_le32(claim->sender);
	} else {
		memset(msg, 0, sizeof(*msg));
	}
	memzero_explicit(key, sizeof(key));
	memzero_explicit(claim, sizeof(*claim));
	symmetric_wipe(&s);
	return ok;
}

bool ikpsk_read_response(const struct wire_response *msg, struct ikpsk_keys *keys,
			 const struct ikpsk_half *half,
			 const struct ikpsk_self *self,
			 const struct ikpsk_remote *remote)
{
	struct symmetric s;
	u8 key[WIRE_KEY_LEN], nothing[1];
	bool ok;

	memzero_explicit(keys, sizeof(*keys));
	half_load(&s, half);
	symmetric_mix_ephemeral(&s, msg->ephemeral);
	ok = mix_response(&s, key, half->ephemeral_secret, msg->ephemeral,
			  self->secret, msg->ephemeral, remote->psk) &&
	     symmetric_open(&s, key, nothing, msg->sealed_nothing,
			    sizeof(msg->sealed_nothing));
	if (ok)
		symmetric_split(&s, keys->send, keys->recv);
	memzero_explicit(key, sizeof(key));
	symmetric_wipe(&s);
	return ok;
}
