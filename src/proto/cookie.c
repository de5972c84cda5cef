// SPDX-License-Identifier: GPL-2.0
#include "proto/cookie.h"

#include "crypto/aead.h"
#include "crypto/blake2s.h"

#define LABEL_LEN	8

static const u8 label_mac1[LABEL_LEN] = { 'm', 'a', 'c', '1', '-', '-', '-', '-' };
static const u8 label_cookie[LABEL_LEN] = { 'c', 'o', 'o', 'k', 'i', 'e', '-', '-' };

/* key = HASH(label || public) */
static void derive_key(u8 key[WIRE_KEY_LEN], const u8 label[LABEL_LEN],
		       const u8 public[WIRE_KEY_LEN])
{
	struct b2s_state b;

	b2s_init(&b, WIRE_KEY_LEN, NULL, 0);
	b2s_update(&b, label, LABEL_LEN);
	b2s_update(&b, public, WIRE_KEY_LEN);
	b2s_final(&b, key);
}

static const struct wire_macs *macs_of(const void *msg, size_t len)
{
	return (const void *)((const u8 *)msg + len - sizeof(struct wire_macs));
}

/* mac1 covers the message up to the MACs, mac2 covers mac1 as well. */
static void compute_mac2(u8 mac[WIRE_MAC_LEN], const void *msg, size_t len,
			 const u8 cookie[WIRE_COOKIE_LEN])
{
	b2s_mac(mac, msg, len - WIRE_MAC_LEN, cookie, WIRE_COOKIE_LEN);
}

static bool too_old(u64 born_ns, u64 now_ns, u64 age_ns)
{
	return now_ns >= born_ns && now_ns - born_ns >= age_ns;
}

void cookie_gate_set_identity(struct cookie_gate *gate,
			      const u8 public[WIRE_KEY_LEN])
{
	u8 key[WIRE_KEY_LEN];

	derive_key(key, label_mac1, public);
	b2s_mac_key_load(&gate->mac1_key, key, sizeof(key));
	derive_key(gate->reply_key, label_cookie, public);
}

bool cookie_gate_secret_due(const struct cookie_gate *gate, u64 now_ns)
{
	return !gate->secret_born_ns ||
	       too_old(gate->secret_born_ns, now_ns, COOKIE_SECRET_TIME_NS);
}

void cookie_gate_renew(struct cookie_gate *gate,
		       const u8 secret[COOKIE_SECRET_LEN], u64 now_ns)
{
	memcpy(gate->secret, secret, COOKIE_SECRET_LEN);
	gate->secret_born_ns = max(now_ns, (u64)1);
}

bool cookie_gate_check_mac1(const struct cookie_gate *gate, const void *msg,
			    size_t len)
{
	u8 mac[WIRE_MAC_LEN];

	b2s_mac_with(&gate->mac1_key, mac, msg, len - sizeof(struct wire_macs));
	return !ct_differ(mac, macs_of(msg, len)->mac1, sizeof(mac));
}

/* The cookie of a source is not stored anywhere: it is computed again. */
static void bake(u8 cookie[WIRE_COOKIE_LEN], const struct cookie_gate *gate,
		 const void *source, size_t source_len)
{
	b2s_mac(cookie, source, source_len, gate->secret, COOKIE_SECRET_LEN);
}

bool cookie_gate_check_mac2(const struct cookie_gate *gate, const void *msg,
			    size_t len, const void *source, size_t source_len,
			    u64 now_ns)
{
	u8 cookie[WIRE_COOKIE_LEN], mac[WIRE_MAC_LEN];

	/* Without this, zeros would be a secret that everybody knows. */
	if (cookie_gate_secret_due(gate, now_ns))
		return false;
	bake(cookie, gate, source, source_len);
	compute_mac2(mac, msg, len, cookie);
	memzero_explicit(cookie, sizeof(cookie));
	return !ct_differ(mac, macs_of(msg, len)->mac2, sizeof(mac));
}

void cookie_gate_write_reply(const struct cookie_gate *gate,
			     struct wire_cookie_reply *reply, const void *msg,
			     size_t len, __le32 receiver,
			     const u8 nonce[WIRE_COOKIE_NONCE_LEN],
			     const void *source, size_t source_len)
{
	u8 cookie[WIRE_COOKIE_LEN];

	bake(cookie, gate, source, source_len);
	reply->type = cpu_to_le32(WIRE_COOKIE_REPLY);
	reply->receiver = receiver;
	memcpy(reply->nonce, nonce, sizeof(reply->nonce));
	xaead_seal(reply->sealed_cookie, cookie, sizeof(cookie),
		   macs_of(msg, len)->mac1, WIRE_MAC_LEN, reply->nonce,
		   gate->reply_key);
	memzero_explicit(cookie, sizeof(cookie));
}

void cookie_jar_init(struct cookie_jar *jar, const u8 peer_public[WIRE_KEY_LEN])
{
	memzero_explicit(jar, sizeof(*jar));
	derive_key(jar->mac1_key, label_mac1, peer_public);
	derive_key(jar->reply_key, label_cookie, peer_public);
}

static void throw_old_cookie(struct cookie_jar *jar, u64 now_ns)
{
	if (!jar->has_cookie ||
	    !too_old(jar->cookie_born_ns, now_ns, COOKIE_USE_TIME_NS))
		return;
	memzero_explicit(jar->cookie, sizeof(jar->cookie));
	jar->has_cookie = false;
}

void cookie_jar_stamp(struct cookie_jar *jar, void *msg, size_t len, u64 now_ns)
{
	struct wire_macs *macs = (void *)macs_of(msg, len);

	b2s_mac(macs->mac1, msg, len - sizeof(*macs), jar->mac1_key, WIRE_KEY_LEN);
	memcpy(jar->last_mac1, macs->mac1, sizeof(jar->last_mac1));
	jar->has_mac1 = true;

	throw_old_cookie(jar, now_ns);
	if (jar->has_cookie)
		compute_mac2(macs->mac2, msg, len, jar->cookie);
	else
		memset(macs->mac2, 0, sizeof(macs->mac2));
}

bool cookie_jar_read_reply(struct cookie_jar *jar,
			   const struct wire_cookie_reply *reply, u64 now_ns)
{
	u8 cookie[WIRE_COOKIE_LEN];

	if (!jar->has_mac1)
		return false;
	if (!xaead_open(cookie, reply->sealed_cookie,
			sizeof(reply->sealed_cookie), jar->last_mac1,
			sizeof(jar->last_mac1), reply->nonce, jar->reply_key))
		return false;
	memcpy(jar->cookie, cookie, sizeof(jar->cookie));
	memzero_explicit(cookie, sizeof(cookie));
	jar->cookie_born_ns = now_ns;
	jar->has_cookie = true;
	/* One answer to one message: a copy of this reply is no news. */
	jar->has_mac1 = false;
	return true;
}
