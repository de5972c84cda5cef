/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ChaCha20-Poly1305 [RFC 8439 2.8] with the nonce of [WP 5.4.6] (four zero
 * bytes, then a 64-bit counter), one message or many in one call, and
 * XChaCha20-Poly1305 for cookies [WP 5.4.7].
 *
 * The vector functions are the data path: all messages under one key share
 * SIMD lanes, so that a short packet in a batch costs a fraction of one alone.
 * They choose the fastest path the CPU has (crypto/simd.h), hold the FPU for at
 * most about 30 us at a time, and fall back to portable C where it may not be
 * used, with the same result. The one-message functions with byte keys are for
 * handshake fields and always run in portable C.
 *
 * Any context but hard interrupts and NMI; nothing sleeps, locks or allocates.
 * Stack: up to 5.25 KiB in the SIMD paths. Time depends on lengths only (and on
 * whether a message was authentic). Keys, keystream and authenticator state are
 * wiped from the stack before return.
 *
 * Buffers have no alignment. A destination is its own source (in place) or
 * disjoint from every source and every other destination.
 */
#ifndef WG_CRYPTO_AEAD_H
#define WG_CRYPTO_AEAD_H

#include "crypto/port.h"

#define AEAD_KEY_LEN	32
#define AEAD_TAG_LEN	16
#define AEAD_NONCE_LEN	8
#define AEAD_VEC_MAX	64
#define AEAD_STEP	64	/* a block of ChaCha20 */
#define XAEAD_NONCE_LEN	24

/* A key as eight little-endian words in native order. The owner wipes it. */
struct aead_key {
	u32 word[8];
};

void aead_key_load(struct aead_key *key, const u8 bytes[AEAD_KEY_LEN]);

/*
 * One data message; data messages have no associated data.
 * Seal: @len plaintext bytes at @src, @len + AEAD_TAG_LEN bytes at @dst. The
 * first @head and the last @tail of them are at @dst already, and not read at
 * @src: so headers are written once, where they are sealed, and the payload is
 * read once, where it lies. @head, and @len - @tail unless @tail is 0, are
 * multiples of AEAD_STEP, and both together at most @len.
 * @check, if not 0, is where an Internet checksum [RFC 1071] is missing, an even
 * offset of what is at @dst already; two zeros are there. It becomes the complement
 * of the sum of all 16-bit words and @sum, and 0xffff if that were 0.
 * Open: @len bytes of ciphertext and tag at @src, @len - AEAD_TAG_LEN at @dst;
 * no @head, no @tail, no @check.
 */
struct aead_msg {
	u8 *dst;
	const u8 *src;
	u32 len;
	u16 head, tail;
	u16 check;
	u16 sum;		/* in the order of the text's bytes */
	u64 nonce;
};

/* Seal @n messages, 0 <= @n <= AEAD_VEC_MAX. Nonces must never repeat. */
void aead_seal_vec(const struct aead_key *key, const struct aead_msg *msg,
		   unsigned int n);

/*
 * Open @n messages, 0 <= @n <= AEAD_VEC_MAX. Bit i of the result: message i is
 * authentic. The destination of any other message holds zeros; a message
 * shorter than a tag has no destination and is not authentic.
 */
u64 aead_open_vec(const struct aead_key *key, const struct aead_msg *msg,
		  unsigned int n);

/* A part of a plaintext which lies scattered. */
struct aead_piece {
	const u8 *data;
	u32 len;
};

/*
 * Seal the concatenation of @piece_n pieces into @dst, which is disjoint from
 * all of them and has room for their lengths and AEAD_TAG_LEN.
 */
void aead_seal_pieces(const struct aead_key *key, u8 *dst,
		      const struct aead_piece *piece, unsigned int piece_n,
		      u64 nonce);

/* Seal @len bytes with associated data: @len + AEAD_TAG_LEN bytes at @dst. */
void aead_seal(u8 *dst, const u8 *src, size_t len, const u8 *ad, size_t ad_len,
	       u64 nonce, const u8 key[AEAD_KEY_LEN]);

/*
 * Open @len bytes of ciphertext and tag. True: authentic, and @dst holds
 * @len - AEAD_TAG_LEN bytes. False: it holds as many zeros (none if @len is
 * shorter than a tag).
 */
bool aead_open(u8 *dst, const u8 *src, size_t len, const u8 *ad, size_t ad_len,
	       u64 nonce, const u8 key[AEAD_KEY_LEN]);

/* The same with the long nonce of XChaCha20 [draft-irtf-cfrg-xchacha 2.3]. */
void xaead_seal(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		size_t ad_len, const u8 nonce[XAEAD_NONCE_LEN],
		const u8 key[AEAD_KEY_LEN]);
bool xaead_open(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		size_t ad_len, const u8 nonce[XAEAD_NONCE_LEN],
		const u8 key[AEAD_KEY_LEN]);

#endif /* WG_CRYPTO_AEAD_H */
