// SPDX-License-Identifier: GPL-2.0
#include "proto/symmetric.h"

#include "crypto/aead.h"
#include "crypto/blake2s.h"
#include "crypto/curve25519.h"
#include "crypto/hkdf.h"

static const char construction[] = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s";
static const char identifier[] = "WireGuard v1 zx2c4 Jason@zx2c4.com";

void symmetric_init(struct symmetric *s, const u8 responder[WIRE_KEY_LEN])
{
	/* Longer than 32 bytes, so the name is hashed, not padded [N 5.2]. */
	b2s_hash(s->chain, construction, sizeof(construction) - 1);
	memcpy(s->hash, s->chain, sizeof(s->hash));
	symmetric_mix_hash(s, identifier, sizeof(identifier) - 1);
	symmetric_mix_hash(s, responder, WIRE_KEY_LEN);
}

void symmetric_wipe(struct symmetric *s)
{
	memzero_explicit(s, sizeof(*s));
}

void symmetric_mix_hash(struct symmetric *s, const void *in, size_t len)
{
	struct b2s_state b;

	b2s_init(&b, sizeof(s->hash), NULL, 0);
	b2s_update(&b, s->hash, sizeof(s->hash));
	b2s_update(&b, in, len);
	b2s_final(&b, s->hash);
}

void symmetric_mix_ephemeral(struct symmetric *s, const u8 public[WIRE_KEY_LEN])
{
	symmetric_mix_key(s, NULL, public);
	symmetric_mix_hash(s, public, WIRE_KEY_LEN);
}

void symmetric_mix_key(struct symmetric *s, u8 *key,
		       const u8 in[WIRE_KEY_LEN])
{
	hkdf(s->chain, key, NULL, s->chain, in, WIRE_KEY_LEN);
}

bool symmetric_mix_dh(struct symmetric *s, u8 *key,
		      const u8 secret[WIRE_KEY_LEN],
		      const u8 public[WIRE_KEY_LEN])
{
	u8 shared[WIRE_KEY_LEN];
	bool ok = x25519(shared, secret, public);

	if (ok)
		symmetric_mix_key(s, key, shared);
	memzero_explicit(shared, sizeof(shared));
	return ok;
}

void symmetric_mix_psk(struct symmetric *s, u8 key[WIRE_KEY_LEN],
		       const u8 psk[WIRE_KEY_LEN])
{
	u8 t[WIRE_HASH_LEN];

	hkdf(s->chain, t, key, s->chain, psk, WIRE_KEY_LEN);
	symmetric_mix_hash(s, t, sizeof(t));
	memzero_explicit(t, sizeof(t));
}

void symmetric_seal(struct symmetric *s, const u8 key[WIRE_KEY_LEN],
		    u8 *dst, const u8 *src, size_t len)
{
	aead_seal(dst, src, len, s->hash, sizeof(s->hash), 0, key);
	symmetric_mix_hash(s, dst, len + AEAD_TAG_LEN);
}

bool symmetric_open(struct symmetric *s, const u8 key[WIRE_KEY_LEN],
		    u8 *dst, const u8 *sealed, size_t sealed_len)
{
	if (!aead_open(dst, sealed, sealed_len, s->hash, sizeof(s->hash), 0,
		       key))
		return false;
	symmetric_mix_hash(s, sealed, sealed_len);
	return true;
}

void symmetric_split(const struct symmetric *s, u8 first[WIRE_KEY_LEN],
		     u8 second[WIRE_KEY_LEN])
{
	hkdf(first, second, NULL, s->chain, NULL, 0);
}
