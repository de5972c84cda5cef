/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The four messages as they lie on the wire, and the only parser of outer
 * bytes [WP 5.4]. Integers are little-endian. Pure: any context, no locks.
 */
#ifndef WG_PROTO_WIRE_H
#define WG_PROTO_WIRE_H

#include "crypto/port.h"
#include "crypto/aead.h"

#define WIRE_KEY_LEN		32
#define WIRE_MAC_LEN		16
#define WIRE_HASH_LEN		32
#define WIRE_COOKIE_LEN		16
#define WIRE_COOKIE_NONCE_LEN	24
#define WIRE_TAI64N_LEN		12

enum wire_type {
	WIRE_BAD = 0,
	WIRE_INITIATION = 1,
	WIRE_RESPONSE = 2,
	WIRE_COOKIE_REPLY = 3,
	WIRE_DATA = 4,
};

/* The last 32 bytes of messages 1 and 2 [WP 5.4.4]. */
struct wire_macs {
	u8 mac1[WIRE_MAC_LEN];
	u8 mac2[WIRE_MAC_LEN];
};

struct wire_initiation {
	__le32 type;
	__le32 sender;
	u8 ephemeral[WIRE_KEY_LEN];
	u8 sealed_static[WIRE_KEY_LEN + AEAD_TAG_LEN];
	u8 sealed_timestamp[WIRE_TAI64N_LEN + AEAD_TAG_LEN];
	struct wire_macs macs;
};

struct wire_response {
	__le32 type;
	__le32 sender;
	__le32 receiver;
	u8 ephemeral[WIRE_KEY_LEN];
	u8 sealed_nothing[AEAD_TAG_LEN];
	struct wire_macs macs;
};

struct wire_cookie_reply {
	__le32 type;
	__le32 receiver;
	u8 nonce[WIRE_COOKIE_NONCE_LEN];
	u8 sealed_cookie[WIRE_COOKIE_LEN + AEAD_TAG_LEN];
};

/*
 * Header of a data message; ciphertext and tag follow. A UDP payload is aligned
 * to four bytes, no more, and the compiler has to know.
 */
struct wire_data {
	__le32 type;
	__le32 receiver;
	__le64 counter;
} __packed __aligned(4);

#define WIRE_INITIATION_LEN	148
#define WIRE_RESPONSE_LEN	92
#define WIRE_COOKIE_REPLY_LEN	64
#define WIRE_DATA_HEAD_LEN	16
#define WIRE_DATA_MIN_LEN	(WIRE_DATA_HEAD_LEN + AEAD_TAG_LEN)
#define WIRE_DATA_OVERHEAD	(WIRE_DATA_HEAD_LEN + AEAD_TAG_LEN)
#define WIRE_HANDSHAKE_MAX_LEN	WIRE_INITIATION_LEN

static_assert(sizeof(struct wire_initiation) == WIRE_INITIATION_LEN, "[WP 5.4.2]");
static_assert(sizeof(struct wire_response) == WIRE_RESPONSE_LEN, "[WP 5.4.3]");
static_assert(sizeof(struct wire_cookie_reply) == WIRE_COOKIE_REPLY_LEN, "[WP 5.4.7]");
static_assert(sizeof(struct wire_data) == WIRE_DATA_HEAD_LEN, "[WP 5.4.6]");
static_assert(offsetof(struct wire_initiation, macs) == 116, "[WP 5.4.4]");
static_assert(offsetof(struct wire_response, macs) == 60, "[WP 5.4.4]");

/*
 * What a datagram of @len bytes is, from its first four bytes (@type, as they
 * came) and its length alone: messages 1 to 3 have exact lengths, a data
 * message at least 32 bytes. The three reserved bytes must be zero.
 */
enum wire_type wire_classify(__le32 type, size_t len);

/*
 * TAI64N label of a wall-clock time [WP 5.1]: BE64 of 2^62 + 10 + @sec, BE32
 * nanoseconds rounded down to a multiple of 2^24, so that it is no fine clock.
 * memcmp() orders two labels in time.
 */
void wire_tai64n(u8 out[WIRE_TAI64N_LEN], u64 sec, u32 nsec);

#endif /* WG_PROTO_WIRE_H */
