/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BLAKE2s [RFC 7693]: hash, keyed hash and HMAC.
 *
 * Called by the handshake (hash chain, HMAC for HKDF) and for the two MACs of a
 * handshake message. Any context, any alignment; nothing is allocated, nothing
 * sleeps, no vector unit is needed. The caller owns every buffer. Lengths are
 * bytes. Time depends on lengths only.
 */
#ifndef WG_CRYPTO_BLAKE2S_H
#define WG_CRYPTO_BLAKE2S_H

#include "crypto/port.h"

#define B2S_HASH_LEN	32
#define B2S_BLOCK_LEN	64
#define B2S_KEY_LEN	32
#define B2S_MAC_LEN	16

/* A hash in progress. Holds secrets when the input does: b2s_final() wipes. */
struct b2s_state {
	u32 h[8];
	u64 count;			/* bytes compressed so far */
	u8 buf[B2S_BLOCK_LEN];
	u32 buf_len;			/* a full buffer waits: it may be last */
	u32 out_len;
};

/* @out_len 1..32; @key_len 0..32, @key may be NULL when that is 0. */
void b2s_init(struct b2s_state *state, size_t out_len,
	      const u8 *key, size_t key_len);
void b2s_update(struct b2s_state *state, const void *in, size_t len);

/* Writes the out_len bytes b2s_init() was told and wipes @state. */
void b2s_final(struct b2s_state *state, u8 *out);

/* @out may overlap @in here and below: it is written last. */
void b2s_hash(u8 out[B2S_HASH_LEN], const void *in, size_t len);

/* Keyed BLAKE2s with 16 bytes of output: MAC1 and MAC2. @key_len 1..32. */
void b2s_mac(u8 out[B2S_MAC_LEN], const void *in, size_t len,
	     const u8 *key, size_t key_len);

/*
 * The same with a key that is absorbed once and used for several messages: one
 * block less for each, of the three that MAC1 of an initiation takes. @len at
 * least 1. Wipe after use where the key is secret.
 */
struct b2s_mac_key {
	struct b2s_state begun;
};

void b2s_mac_key_load(struct b2s_mac_key *mac, const u8 *key, size_t key_len);
void b2s_mac_with(const struct b2s_mac_key *mac, u8 out[B2S_MAC_LEN],
		  const void *in, size_t len);

/* An HMAC key, absorbed once and used for several messages. Wipe after use. */
struct b2s_hmac_key {
	struct b2s_state inner;
	struct b2s_state outer;
};

/* HMAC-BLAKE2s with 32 bytes of output [RFC 2104]. @key_len is any. */
void b2s_hmac_key_load(struct b2s_hmac_key *hmac, const u8 *key, size_t key_len);
void b2s_hmac_with(const struct b2s_hmac_key *hmac, u8 out[B2S_HASH_LEN],
		   const void *in, size_t len);
void b2s_hmac(u8 out[B2S_HASH_LEN], const u8 *key, size_t key_len,
	      const void *in, size_t len);

#endif /* WG_CRYPTO_BLAKE2S_H */
