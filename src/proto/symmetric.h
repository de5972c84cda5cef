/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The symmetric state of a Noise handshake [N 5.2]: a chaining key, into which
 * secrets are mixed, and a running hash of everything both sides have seen.
 *
 * Called by ikpsk.c only. Pure, any context; the caller owns all buffers, and
 * wipes chain, hash and key when it is done. Lengths are bytes.
 */
#ifndef WG_PROTO_SYMMETRIC_H
#define WG_PROTO_SYMMETRIC_H

#include "crypto/port.h"
#include "proto/wire.h"

struct symmetric {
	u8 chain[WIRE_HASH_LEN];
	u8 hash[WIRE_HASH_LEN];
};

/* Before the first message: both sides know who is going to answer it. */
void symmetric_init(struct symmetric *s, const u8 responder[WIRE_KEY_LEN]);
void symmetric_wipe(struct symmetric *s);

/* hash = HASH(hash || in) */
void symmetric_mix_hash(struct symmetric *s, const void *in, size_t len);

/* An ephemeral public key goes into both, because a PSK is in use [N 9.2]. */
void symmetric_mix_ephemeral(struct symmetric *s, const u8 public[WIRE_KEY_LEN]);

/* (chain, key) = KDF2(chain, in of 32 bytes); without @key, KDF1. */
void symmetric_mix_key(struct symmetric *s, u8 *key,
		       const u8 in[WIRE_KEY_LEN]);

/* The same with DH(secret, public). False when that is zero: abort. */
bool symmetric_mix_dh(struct symmetric *s, u8 *key,
		      const u8 secret[WIRE_KEY_LEN],
		      const u8 public[WIRE_KEY_LEN]);

/* (chain, t, key) = KDF3(chain, psk); t is mixed into the hash. */
void symmetric_mix_psk(struct symmetric *s, u8 key[WIRE_KEY_LEN],
		       const u8 psk[WIRE_KEY_LEN]);

/*
 * One field of a message, sealed under @key with counter 0 and the hash as
 * associated data; the ciphertext is mixed into the hash. @sealed_len of open
 * includes the tag. On false nothing is mixed and @dst holds zeros.
 */
void symmetric_seal(struct symmetric *s, const u8 key[WIRE_KEY_LEN],
		    u8 *dst, const u8 *src, size_t len);
bool symmetric_open(struct symmetric *s, const u8 key[WIRE_KEY_LEN],
		    u8 *dst, const u8 *sealed, size_t sealed_len);

/* The transport keys: (first, second) = KDF2(chain, ""). */
void symmetric_split(const struct symmetric *s, u8 first[WIRE_KEY_LEN],
		     u8 second[WIRE_KEY_LEN]);

#endif /* WG_PROTO_SYMMETRIC_H */
