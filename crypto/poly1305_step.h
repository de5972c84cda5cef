/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One Poly1305 block with 64-bit limbs: h = (h + block) * r mod 2^130 - 5, not
 * fully reduced. Inline, for poly1305.c and for the SIMD files, which run it on
 * the integer multiplier while ChaCha20 occupies the vector ports.
 *
 * With r1 a multiple of 4, 2^128 r1 = 2^130 (r1 / 4) = 5 r1 / 4 = s1: the
 * wrapped products need no shifting. h[2] stays below 6, and d2 below 2^63:
 * they and 5 / 4 of d2 fit into 64 bits.
 */
#ifndef WG_CRYPTO_POLY1305_STEP_H
#define WG_CRYPTO_POLY1305_STEP_H

#include "crypto/poly1305.h"

#ifdef __SIZEOF_INT128__

typedef unsigned __int128 p1305_wide;

/* h += a, of three words. Compilers lose themselves in carries of wide sums. */
static __always_inline void p1305_add_words(u64 h[3], u64 a0, u64 a1, u64 a2)
{
#ifdef __x86_64__
	__asm__("addq %[a0], %[h0]\n\t"
		"adcq %[a1], %[h1]\n\t"
		"adcq %[a2], %[h2]"
		: [h0] "+&r"(h[0]), [h1] "+&r"(h[1]), [h2] "+r"(h[2])
		: [a0] "rme"(a0), [a1] "rme"(a1), [a2] "rme"(a2) : "cc");
#else
	p1305_wide d0 = (p1305_wide)h[0] + a0;
	p1305_wide d1 = (p1305_wide)h[1] + a1 + (u64)(d0 >> 64);

	h[0] = (u64)d0;
	h[1] = (u64)d1;
	h[2] += (u64)(d1 >> 64) + a2;
#endif
}

/* @s1 is r1 * 5 / 4; @high is the bit above m. */
static __always_inline void p1305_step(u64 h[3], u64 r0, u64 r1, u64 s1,
				       u64 m0, u64 m1, u64 high)
{
	p1305_wide d0, d1;
	u64 d2;

	p1305_add_words(h, m0, m1, high);
	d0 = (p1305_wide)h[0] * r0 + (p1305_wide)h[1] * s1;
	d1 = (p1305_wide)h[0] * r1 + (p1305_wide)h[1] * r0 + h[2] * s1;
	d1 += (u64)(d0 >> 64);
	d2 = h[2] * r0 + (u64)(d1 >> 64);
	h[0] = (u64)d0;
	h[1] = (u64)d1;
	h[2] = d2 & 3;
	p1305_add_words(h, (d2 & ~(u64)3) + (d2 >> 2), 0, 0);
}

#endif
#endif /* WG_CRYPTO_POLY1305_STEP_H */
