/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ChaCha20 [RFC 8439 2.3, 2.4] and HChaCha20 [draft-irtf-cfrg-xchacha 2.2],
 * portable C. This is the specification which the SIMD in x86/ must match.
 *
 * Pure functions of their arguments: any context, no lock, no allocation.
 * Time depends on lengths only. Key and keystream stay on the stack below the
 * caller, who wipes that (stack.h): a state that could be wiped by its address would not
 * live in registers, and take a quarter more time.
 *
 * A key is eight little-endian words, loaded once into native order. A nonce
 * is the 64-bit message counter in words 14 and 15; word 13 is always zero
 * here [WP 5.4.6].
 */
#ifndef WG_CRYPTO_CHACHA20_H
#define WG_CRYPTO_CHACHA20_H

#include "crypto/port.h"

#define CC20_KEY_WORD_N		8
#define CC20_BLOCK_LEN		64
#define CC20_ROUND_N		20
#define HCC20_NONCE_LEN		16

/* "expand 32-byte k": words 0 to 3 of every state. */
#define CC20_SIGMA_0		0x61707865U
#define CC20_SIGMA_1		0x3320646eU
#define CC20_SIGMA_2		0x79622d32U
#define CC20_SIGMA_3		0x6b206574U

/* Turn 32 key bytes into words in native order. */
void cc20_key_load(u32 key[CC20_KEY_WORD_N], const u8 bytes[32]);

/*
 * dst = src xor keystream from block @counter on, for @len bytes. @dst and
 * @src are the same or disjoint.
 */
void cc20_xor(u8 *dst, const u8 *src, size_t len,
	      const u32 key[CC20_KEY_WORD_N], u64 nonce, u32 counter);

/* The first 32 bytes of keystream block 0: the Poly1305 key of a message. */
void cc20_first(u8 out[32], const u32 key[CC20_KEY_WORD_N], u64 nonce);

/* @out: the subkey for XChaCha20, in native order. */
void cc20_hchacha(u32 out[CC20_KEY_WORD_N], const u32 key[CC20_KEY_WORD_N],
		  const u8 nonce[HCC20_NONCE_LEN]);

#endif /* WG_CRYPTO_CHACHA20_H */
