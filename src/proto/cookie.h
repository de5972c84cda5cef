/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two MACs of a handshake message, and cookies [WP 5.3, 5.4.4, 5.4.7].
 * Pure: time and randomness are arguments.
 *
 * struct cookie_gate is the receiving side (one a device), struct cookie_jar
 * the sending side (one a peer). The caller serialises writers; the two
 * cookie_gate_check_* may run in softirq on a gate that is read under RCU or a
 * lock. A source is given as opaque bytes: address followed by UDP port.
 */
#ifndef WG_PROTO_COOKIE_H
#define WG_PROTO_COOKIE_H

#include "crypto/blake2s.h"
#include "proto/wire.h"

#define COOKIE_SECRET_LEN	32
#define COOKIE_SECRET_TIME_NS	(120ULL * 1000000000ULL)
/* A cookie is used a little shorter than it is accepted: it travelled. */
#define COOKIE_USE_TIME_NS	(115ULL * 1000000000ULL)
#define COOKIE_SOURCE_MAX_LEN	18

struct cookie_gate {
	struct b2s_mac_key mac1_key;	/* HASH("mac1----" || own public) */
	u8 reply_key[WIRE_KEY_LEN];	/* HASH("cookie--" || own public) */
	u8 secret[COOKIE_SECRET_LEN];
	u64 secret_born_ns;		/* 0: no secret yet */
};

struct cookie_jar {
	u8 mac1_key[WIRE_KEY_LEN];	/* of the peer's public key */
	u8 reply_key[WIRE_KEY_LEN];
	u8 cookie[WIRE_COOKIE_LEN];
	u8 last_mac1[WIRE_MAC_LEN];	/* of the message we last sent */
	u64 cookie_born_ns;
	bool has_cookie;
	bool has_mac1;
};

/* For our own public key; call again when it changes. Keeps the secret. */
void cookie_gate_set_identity(struct cookie_gate *gate, const u8 public[WIRE_KEY_LEN]);

/* Whether the secret has served its time; then call _renew with fresh bytes. */
bool cookie_gate_secret_due(const struct cookie_gate *gate, u64 now_ns);
void cookie_gate_renew(struct cookie_gate *gate, const u8 secret[COOKIE_SECRET_LEN],
		       u64 now_ns);

/* @msg is a whole message 1 or 2 of @len bytes, MACs at its end. */
bool cookie_gate_check_mac1(const struct cookie_gate *gate, const void *msg,
			    size_t len);
bool cookie_gate_check_mac2(const struct cookie_gate *gate, const void *msg,
			    size_t len, const void *source, size_t source_len,
			    u64 now_ns);

/* Answer @msg (sent by index @receiver): message 3, complete. */
void cookie_gate_write_reply(const struct cookie_gate *gate,
			     struct wire_cookie_reply *reply, const void *msg,
			     size_t len, __le32 receiver,
			     const u8 nonce[WIRE_COOKIE_NONCE_LEN],
			     const void *source, size_t source_len);

void cookie_jar_init(struct cookie_jar *jar, const u8 peer_public[WIRE_KEY_LEN]);

/* Write both MACs at the end of @msg; remembers mac1 for the reply to it. */
void cookie_jar_stamp(struct cookie_jar *jar, void *msg, size_t len, u64 now_ns);

/* Believe @reply if it answers the mac1 last sent. False: dropped. */
bool cookie_jar_read_reply(struct cookie_jar *jar,
			   const struct wire_cookie_reply *reply, u64 now_ns);

#endif /* WG_PROTO_COOKIE_H */
