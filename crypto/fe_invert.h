/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inversion in the field of 2^255 - 19, over whichever field was included
 * before this header: struct fe with fe_read, fe_write, fe_mul and fe_sqr.
 */
#ifndef WG_CRYPTO_FE_INVERT_H
#define WG_CRYPTO_FE_INVERT_H

#include "crypto/x25519_invert.h"

/* Multiplication where a call costs less than another copy of it. */
static noinline void fe_mul_call(struct fe *r, const struct fe *a,
				 const struct fe *b)
{
	fe_mul(r, a, b);
}

#ifdef __SIZEOF_INT128__

/* r = 1 / a, or 0 for 0. */
static void fe_invert(struct fe *r, const struct fe *a)
{
	u8 byte[32];

	fe_write(byte, a);
	x25519_invert(byte, byte);
	fe_read(r, byte);
	memzero_explicit(byte, sizeof(byte));
}

#else

/* Squares @n times. */
static void fe_sqr_n(struct fe *r, const struct fe *a, unsigned int n)
{
	struct fe t = *a;

	while (n--)
		fe_sqr(&t, &t);
	*r = t;
}

/*
 * r = a^(p - 2) = 1 / a [Fermat], or 0 for 0. p - 2 = 2^255 - 21 has 250 ones,
 * then 01011. Variables are named after the run of ones in their exponent.
 */
static void fe_invert(struct fe *r, const struct fe *a)
{
	struct fe e2, e9, e11, e5, e10, e20, e40, e50, e100, t;

	fe_sqr_n(&e2, a, 1);			/* a^2 */
	fe_sqr_n(&t, &e2, 2);
	fe_mul_call(&e9, &t, a);		/* a^9 */
	fe_mul_call(&e11, &e9, &e2);		/* a^11 */
	fe_sqr_n(&t, &e11, 1);
	fe_mul_call(&e5, &t, &e9);		/* a^31: five ones */
	fe_sqr_n(&t, &e5, 5);
	fe_mul_call(&e10, &t, &e5);
	fe_sqr_n(&t, &e10, 10);
	fe_mul_call(&e20, &t, &e10);
	fe_sqr_n(&t, &e20, 20);
	fe_mul_call(&e40, &t, &e20);
	fe_sqr_n(&t, &e40, 10);
	fe_mul_call(&e50, &t, &e10);
	fe_sqr_n(&t, &e50, 50);
	fe_mul_call(&e100, &t, &e50);
	fe_sqr_n(&t, &e100, 100);
	fe_mul_call(&t, &t, &e100);		/* 200 ones */
	fe_sqr_n(&t, &t, 50);
	fe_mul_call(&t, &t, &e50);		/* 250 ones */
	fe_sqr_n(&t, &t, 5);
	fe_mul_call(r, &t, &e11);
}

#endif
#endif /* WG_CRYPTO_FE_INVERT_H */
