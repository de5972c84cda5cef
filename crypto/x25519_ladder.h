/* SPDX-License-Identifier: GPL-2.0 */
/*
 * X25519 written once, over whichever field was included before this header:
 * struct fe with fe_read, fe_write, fe_add, fe_sub, fe_mul, fe_sqr,
 * fe_mul_small and fe_cswap. A header because each field inlines into its own
 * copy (curve25519.c portable, x86/curve25519_adx.c); included nowhere else.
 */
#ifndef WG_CRYPTO_X25519_LADDER_H
#define WG_CRYPTO_X25519_LADDER_H

#include "crypto/curve25519.h"

/* Squares @n times. */
static void fe_sqr_n(struct fe *r, const struct fe *a, unsigned int n)
{
	fe_sqr(r, a);
	while (--n)
		fe_sqr(r, r);
}

static noinline void fe_mul_call(struct fe *r, const struct fe *a,
				 const struct fe *b)
{
	fe_mul(r, a, b);
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

/* Everything the ladder keeps, in one place to wipe. */
struct x25519_ladder {
	struct fe x1, x2, z2, x3, z3;
	struct fe a, b, c, d, e;
};

/* One bit: (x2 : z2) doubled, (x3 : z3) added to it [RFC 7748 5]. */
static __always_inline void x25519_step(struct x25519_ladder *l)
{
	fe_add(&l->a, &l->x2, &l->z2);
	fe_sub(&l->b, &l->x2, &l->z2);
	fe_add(&l->c, &l->x3, &l->z3);
	fe_sub(&l->d, &l->x3, &l->z3);
	fe_mul(&l->d, &l->d, &l->a);
	fe_mul(&l->c, &l->c, &l->b);
	fe_sqr(&l->a, &l->a);
	fe_sqr(&l->b, &l->b);
	fe_add(&l->x3, &l->d, &l->c);
	fe_sub(&l->z3, &l->d, &l->c);
	fe_sqr(&l->x3, &l->x3);
	fe_sqr(&l->z3, &l->z3);
	fe_mul(&l->z3, &l->z3, &l->x1);
	fe_mul(&l->x2, &l->a, &l->b);
	fe_sub(&l->e, &l->a, &l->b);
	fe_mul_small(&l->c, &l->e, 121665);
	fe_add(&l->c, &l->c, &l->a);
	fe_mul(&l->z2, &l->e, &l->c);
}

/* out = secret * point for a clamped @secret; all zero for low order. */
static void x25519_climb(u8 out[32], const u8 secret[32], const u8 point[32])
{
	static const u8 one[32] = { 1 }, zero[32] = { 0 };
	struct x25519_ladder l;
	u64 bit, swap = 0;
	int i;

	fe_read(&l.x1, point);
	fe_read(&l.x2, one);
	fe_read(&l.z2, zero);
	l.x3 = l.x1;
	l.z3 = l.x2;
	for (i = 254; i >= 0; i--) {
		bit = secret[i / 8] >> (i % 8) & 1;
		fe_cswap(&l.x2, &l.x3, swap ^ bit);
		fe_cswap(&l.z2, &l.z3, swap ^ bit);
		swap = bit;
		x25519_step(&l);
	}
	/* Bit 0 of a clamped secret is 0: nothing is left to swap. */
	fe_invert(&l.a, &l.z2);
	fe_mul_call(&l.a, &l.a, &l.x2);
	fe_write(out, &l.a);
	memzero_explicit(&l, sizeof(l));
}

#endif /* WG_CRYPTO_X25519_LADDER_H */
