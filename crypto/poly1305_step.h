/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One Poly1305 block with 64-bit limbs: h = (h + block) * r mod 2^130 - 5, not
 * fully reduced. Inline, for poly1305.c and for the SIMD files, which run it on
 * the integer multiplier while ChaCha20 occupies the vector ports.
 *
 * With r1 a multiple of 4, 2^128 r1 = 2^130 (r1 / 4) = 5 r1 / 4 = s1: the
 * wrapped products need no shifting. h[2] stays below 8, so that h[2] * s1 and
 * h[2] * r0 fit into 64 bits.
 */
#ifndef WG_CRYPTO_POLY1305_STEP_H
#define WG_CRYPTO_POLY1305_STEP_H

#include "crypto/poly1305.h"

#ifdef __SIZEOF_INT128__

typedef unsigned __int128 p1305_wide;

static __always_inline void p1305_step(u64 h[3], u64 r0, u64 r1, u64 s1,
				       u64 m0, u64 m1, u64 high)
{
	p1305_wide d0, d1;
	u64 d2;

	d0 = (p1305_wide)h[0] + m0;
	d1 = (p1305_wide)h[1] + m1 + (u64)(d0 >> 64);
	h[0] = (u64)d0;
	h[1] = (u64)d1;
	h[2] += (u64)(d1 >> 64) + high;

	d0 = (p1305_wide)h[0] * r0 + (p1305_wide)h[1] * s1;
	d1 = (p1305_wide)h[0] * r1 + (p1305_wide)h[1] * r0 + h[2] * s1;
	d2 = h[2] * r0;

	d1 += (u64)(d0 >> 64);
	d2 += (u64)(d1 >> 64);
	d0 = (p1305_wide)(u64)d0 + (d2 & ~(u64)3) + (d2 >> 2);
	d1 = (p1305_wide)(u64)d1 + (u64)(d0 >> 64);
	h[0] = (u64)d0;
	h[1] = (u64)d1;
	h[2] = (d2 & 3) + (u64)(d1 >> 64);
}

#endif
#endif /* WG_CRYPTO_POLY1305_STEP_H */
