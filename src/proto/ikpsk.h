/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Noise_IKpsk2 as four messages-worth of pure functions [WP 5.4.2, 5.4.3]
 * [N 5.3, 9]. No allocation, no locks, no clock, no randomness: ephemeral
 * secrets and time stamps are arguments.
 *
 *   initiator                          responder
 *   ikpsk_write_initiation  -------->  ikpsk_claim_initiation  (who says so?)
 *                                      ikpsk_prove_initiation  (is it true?)
 *   ikpsk_read_response     <--------  ikpsk_write_response
 *
 * Context: process (X25519 takes tens of microseconds). The caller serialises
 * access to the structures it passes. On failure outputs hold zeros.
 */
#ifndef WG_PROTO_IKPSK_H
#define WG_PROTO_IKPSK_H

#include "crypto/port.h"
#include "proto/wire.h"

/* This side's long-term identity. @set is false until a private key is given. */
struct ikpsk_self {
	u8 secret[WIRE_KEY_LEN];
	u8 public[WIRE_KEY_LEN];
	bool set;
};

enum ikpsk_shared_state {
	IKPSK_SHARED_UNKNOWN = 0,	/* not computed since either key changed */
	IKPSK_SHARED_READY,
	IKPSK_SHARED_ZERO,		/* low-order public key: never usable */
};

/* What we know of the other side. */
struct ikpsk_remote {
	u8 public[WIRE_KEY_LEN];
	u8 psk[WIRE_KEY_LEN];		/* zeros when there is none */
	u8 shared[WIRE_KEY_LEN];	/* DH(static, static), on first use */
	u8 shared_state;		/* enum ikpsk_shared_state */
};

/* What an initiator keeps between its message and the answer. */
struct ikpsk_half {
	u8 ephemeral_secret[WIRE_KEY_LEN];
	u8 chain[WIRE_HASH_LEN];
	u8 hash[WIRE_HASH_LEN];
};

/* Handshakes that are worked on together, so that DHs fill vector lanes. */
#define IKPSK_VEC_MAX	8

/* What a responder has learnt from an initiation. */
struct ikpsk_claim {
	u8 public[WIRE_KEY_LEN];	/* the initiator's static public key */
	u8 ephemeral[WIRE_KEY_LEN];	/* its ephemeral public key */
	u8 chain[WIRE_HASH_LEN];
	u8 hash[WIRE_HASH_LEN];
	u8 timestamp[WIRE_TAI64N_LEN];	/* valid after _prove */
	u32 sender;
	/* What may have been computed beforehand, by the _vec functions. */
	bool has_shared, has_answer;
	bool shared_usable, answer_usable;
	u8 shared[WIRE_KEY_LEN];	/* DH(static, static) */
	u8 answer[WIRE_KEY_LEN];	/* our ephemeral public key, */
	u8 ee[WIRE_KEY_LEN];		/* and its two DHs */
	u8 se[WIRE_KEY_LEN];
};

/* Transport keys, from the point of view of the side that derived them. */
struct ikpsk_keys {
	u8 send[WIRE_KEY_LEN];
	u8 recv[WIRE_KEY_LEN];
};

/* Take @secret (clamped here); all zeros means no identity. */
void ikpsk_self_set(struct ikpsk_self *self, const u8 secret[WIRE_KEY_LEN]);
void ikpsk_self_wipe(struct ikpsk_self *self);

/* Start @remote: no PSK, shared secret not yet known. */
void ikpsk_remote_init(struct ikpsk_remote *remote, const u8 public[WIRE_KEY_LEN]);

/* Forget the static-static secret: this side's key has changed. */
void ikpsk_remote_forget(struct ikpsk_remote *remote);

/* Compute DH(static, static) unless known. False: the key is unusable. */
bool ikpsk_remote_prepare(struct ikpsk_remote *remote,
			  const struct ikpsk_self *self);

/*
 * Message 1 without its MACs: fills type, sender, ephemeral, static and
 * timestamp. False when there is no identity or the remote key is unusable.
 */
bool ikpsk_write_initiation(struct wire_initiation *msg, struct ikpsk_half *half,
			    const struct ikpsk_self *self,
			    struct ikpsk_remote *remote, u32 sender,
			    const u8 ephemeral_secret[WIRE_KEY_LEN],
			    const u8 timestamp[WIRE_TAI64N_LEN]);

/*
 * Up to the static key: one DH each, of @n <= IKPSK_VEC_MAX messages. Bit i: not
 * set when message i is not for us, or forged.
 */
u32 ikpsk_claim_vec(struct ikpsk_claim *const claim[],
		    const struct wire_initiation *const msg[],
		    const struct ikpsk_self *self, unsigned int n);

static inline bool ikpsk_claim_initiation(struct ikpsk_claim *claim,
					  const struct wire_initiation *msg,
					  const struct ikpsk_self *self)
{
	return ikpsk_claim_vec(&claim, &msg, self, 1);
}

/*
 * Static-static secrets of claims whose remotes do not have theirs yet. Optional:
 * ikpsk_prove_initiation() computes what is missing.
 */
void ikpsk_share_vec(struct ikpsk_claim *const claim[],
		     const struct ikpsk_self *self, unsigned int n);

/*
 * The rest of message 1 with the static-static secret. On true the owner of
 * @claim->public wrote this message, and @claim->timestamp is theirs.
 */
bool ikpsk_prove_initiation(struct ikpsk_claim *claim,
			    const struct wire_initiation *msg,
			    const struct ikpsk_self *self,
			    struct ikpsk_remote *remote);

/*
 * Our ephemeral keys, from @ephemeral_secret[i], and their DHs for the answers to
 * proven claims. Optional: ikpsk_write_response() computes what is missing.
 */
void ikpsk_answer_vec(struct ikpsk_claim *const claim[],
		      const u8 *const ephemeral_secret[], unsigned int n);

/*
 * Message 2 without its MACs, and the keys. @ephemeral_secret: as it was given to
 * ikpsk_answer_vec(), if that has been called. Wipes @claim whatever happens.
 */
bool ikpsk_write_response(struct wire_response *msg, struct ikpsk_keys *keys,
			  struct ikpsk_claim *claim,
			  const struct ikpsk_remote *remote, u32 sender,
			  const u8 ephemeral_secret[WIRE_KEY_LEN]);

/*
 * Authenticate message 2 and derive the keys. @half is not changed: the caller
 * wipes it after a true result, and keeps it after a false one (anybody may
 * send garbage).
 */
bool ikpsk_read_response(const struct wire_response *msg, struct ikpsk_keys *keys,
			 const struct ikpsk_half *half,
			 const struct ikpsk_self *self,
			 const struct ikpsk_remote *remote);

#endif /* WG_PROTO_IKPSK_H */
