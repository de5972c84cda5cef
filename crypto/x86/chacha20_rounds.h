/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ChaCha20 rounds on vectors in which lane i belongs to block i ("vertical"):
 * rows a, b, c, d of four vectors each are words 0-3, 4-7, 8-11, 12-15. Written
 * with the compiler's vector arithmetic; ROL is the one instruction that
 * differs between instruction sets.
 *
 * A LINE takes four quarter rounds one step on, so that four independent chains
 * keep the ports busy. @sp, @sq and @sr rotate a row: 0 for columns, and 1, 2, 3
 * for the diagonals of rows b, c, d.
 */
#ifndef WG_CRYPTO_X86_CHACHA20_ROUNDS_H
#define WG_CRYPTO_X86_CHACHA20_ROUNDS_H

#define CC20_LINE(ROL, p, sp, q, sq, r, sr, n)			\
do {								\
	p[(0 + (sp)) % 4] += q[(0 + (sq)) % 4];			\
	p[(1 + (sp)) % 4] += q[(1 + (sq)) % 4];			\
	r[(0 + (sr)) % 4] ^= p[(0 + (sp)) % 4];			\
	r[(1 + (sr)) % 4] ^= p[(1 + (sp)) % 4];			\
	r[(0 + (sr)) % 4] = ROL(r[(0 + (sr)) % 4], n);		\
	r[(1 + (sr)) % 4] = ROL(r[(1 + (sr)) % 4], n);		\
	p[(2 + (sp)) % 4] += q[(2 + (sq)) % 4];			\
	p[(3 + (sp)) % 4] += q[(3 + (sq)) % 4];			\
	r[(2 + (sr)) % 4] ^= p[(2 + (sp)) % 4];			\
	r[(3 + (sr)) % 4] ^= p[(3 + (sp)) % 4];			\
	r[(2 + (sr)) % 4] = ROL(r[(2 + (sr)) % 4], n);		\
	r[(3 + (sr)) % 4] = ROL(r[(3 + (sr)) % 4], n);		\
} while (0)

/* @BESIDE: a statement for other ports, between the lines; four a double round. */
#define CC20_ROUND(ROL, a, b, sb, c, sc, d, sd, BESIDE)		\
do {								\
	CC20_LINE(ROL, a, 0, b, sb, d, sd, 16);			\
	CC20_LINE(ROL, c, sc, d, sd, b, sb, 12);		\
	BESIDE;							\
	CC20_LINE(ROL, a, 0, b, sb, d, sd, 8);			\
	CC20_LINE(ROL, c, sc, d, sd, b, sb, 7);			\
	BESIDE;							\
} while (0)

#define CC20_DOUBLE_ROUND(ROL, a, b, c, d, BESIDE)		\
do {								\
	CC20_ROUND(ROL, a, b, 0, c, 0, d, 0, BESIDE);		\
	CC20_ROUND(ROL, a, b, 1, c, 2, d, 3, BESIDE);		\
} while (0)

#endif /* WG_CRYPTO_X86_CHACHA20_ROUNDS_H */
