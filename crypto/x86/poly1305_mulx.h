/* SPDX-License-Identifier: GPL-2.0 */
/*
 * p1305_step() of crypto/poly1305_step.h on a whole block, with MULX, for code
 * that has it: fourteen cycles from one h to the next where a compiler, which
 * keeps wide sums in memory, needs twenty.
 */
#ifndef WG_CRYPTO_X86_POLY1305_MULX_H
#define WG_CRYPTO_X86_POLY1305_MULX_H

#include "crypto/poly1305.h"

/* h = (h + block at @p + 2^128) r, words r0 and r1 of r and s1 = r1 * 5 / 4. */
static __always_inline void p1305_step_mulx(u64 h[3], const u64 r[2], u64 s1,
					    const u8 *p)
{
	u64 t0, t1, t2, t3, t4;

	__asm__("addq %[m0], %[h0]\n\t"
		"adcq %[m1], %[h1]\n\t"
		"adcq $1, %[h2]\n\t"
		"movq %[h1], %%rdx\n\t"
		"mulxq %[s1], %[t0], %[t1]\n\t"
		"mulxq %[r0], %[h1], %[t2]\n\t"
		"movq %[h0], %%rdx\n\t"
		"mulxq %[r0], %[t3], %[t4]\n\t"
		"mulxq %[r1], %[h0], %%rdx\n\t"
		"addq %[t3], %[t0]\n\t"		/* word 0 */
		"adcq %[t4], %[t1]\n\t"
		"movq %[h2], %[t3]\n\t"
		"imulq %[s1], %[t3]\n\t"
		"imulq %[r0], %[h2]\n\t"
		"addq %[h0], %[h1]\n\t"		/* word 1 */
		"adcq %%rdx, %[t2]\n\t"
		"addq %[t3], %[h1]\n\t"
		"adcq %[t2], %[h2]\n\t"
		"addq %[t1], %[h1]\n\t"
		"adcq $0, %[h2]\n\t"			/* from 2^128 on */
		"movq %[h2], %[t3]\n\t"
		"movq %[h2], %[h0]\n\t"
		"andq $-4, %[t3]\n\t"
		"shrq $2, %[h0]\n\t"
		"addq %[t3], %[h0]\n\t"
		"andl $3, %k[h2]\n\t"
		"addq %[t0], %[h0]\n\t"
		"adcq $0, %[h1]\n\t"
		"adcq $0, %[h2]"
		: [h0] "+&r"(h[0]), [h1] "+&r"(h[1]), [h2] "+&r"(h[2]),
		  [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2),
		  [t3] "=&r"(t3), [t4] "=&r"(t4)
		: [m0] "m"(*(const u8 (*)[8])p), [m1] "m"(*(const u8 (*)[8])(p + 8)),
		  [r0] "rm"(r[0]), [r1] "rm"(r[1]), [s1] "rm"(s1)
		: "rdx", "cc");
}

#endif /* WG_CRYPTO_X86_POLY1305_MULX_H */
