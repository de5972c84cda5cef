/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 [RFC 8439 2.5] as the AEAD needs it: whole 16-byte blocks, a last
 * one filled up with zeros. Portable C, with 64-bit limbs where the compiler
 * has 128-bit products and 26-bit limbs elsewhere; the specification which the
 * SIMD in x86/ must match.
 *
 * Any context, no lock, no allocation. Time depends on lengths only. The state
 * holds key material: its owner wipes it.
 */
#ifndef WG_CRYPTO_POLY1305_H
#define WG_CRYPTO_POLY1305_H

#include "crypto/port.h"

#define P1305_KEY_LEN	32
#define P1305_BLOCK_LEN	16
#define P1305_TAG_LEN	16

#ifdef __SIZEOF_INT128__
struct p1305_state {
	u64 h[3];	/* accumulator, radix 2^64, h[2] of a few bits */
	u64 r[2];	/* multiplier, clamped */
	u64 s1;		/* r[1] * 5 / 4: exact, for clamping clears two bits */
	u64 pad[2];	/* added at the end */
};
#else
struct p1305_state {
	u32 h[5];	/* accumulator, radix 2^26 */
	u32 r[5];	/* multiplier, clamped, radix 2^26 */
	u32 pad[4];	/* added at the end */
};
#endif

void p1305_init(struct p1305_state *state, const u8 key[P1305_KEY_LEN]);

/*
 * Absorb @block_n whole blocks. @high is 1, or 0 for a last block which has
 * its one bit written inside already.
 */
void p1305_blocks(struct p1305_state *state, const u8 *src, size_t block_n,
		  u32 high);

/* Absorb @len bytes and the zeros up to the next block border. */
void p1305_padded(struct p1305_state *state, const u8 *src, size_t len);

void p1305_final(const struct p1305_state *state, u8 tag[P1305_TAG_LEN]);

#endif /* WG_CRYPTO_POLY1305_H */
