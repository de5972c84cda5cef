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
#include "crypto/fe_invert.h"

/* Everything the ladder keeps, in one place to wipe. */
struct x25519_ladder {
	struct fe x1, x2, z2, x3, z3;
	struct fe a, b, c, d, e, da, cb;
};

/*
 * One bit: (x2 : z2) doubled, (x3 : z3) added to it [RFC 7748 5]; if @swap, the
 * other way round. Swapped are not the points but their sums a, c and
 * differences b, d, and only before the squares: of the products da and cb a
 * swap would exchange the names, and what follows is symmetric in them. The
 * order is the one in which a CPU finds the most to do at a time.
 */
static __always_inline void x25519_step(struct x25519_ladder *l, u64 swap)
{
	fe_sub(&l->b, &l->x2, &l->z2);
	fe_add(&l->c, &l->x3, &l->z3);
	fe_add(&l->a, &l->x2, &l->z2);
	fe_sub(&l->d, &l->x3, &l->z3);
	fe_mul(&l->cb, &l->c, &l->b);
	fe_mul(&l->da, &l->d, &l->a);
	fe_cswap(&l->b, &l->d, swap);
	fe_cswap(&l->a, &l->c, swap);
	fe_sqr(&l->b, &l->b);
	fe_sqr(&l->a, &l->a);
	fe_sub(&l->z3, &l->da, &l->cb);
	fe_sub(&l->e, &l->a, &l->b);
	fe_sqr(&l->z3, &l->z3);
	fe_add(&l->x3, &l->da, &l->cb);
	fe_mul_small(&l->c, &l->e, 121665);
	fe_mul(&l->x2, &l->a, &l->b);
	fe_add(&l->c, &l->c, &l->a);
	fe_mul(&l->z3, &l->z3, &l->x1);
	fe_sqr(&l->x3, &l->x3);
	fe_mul(&l->z2, &l->e, &l->c);
}

/* out = secret * point for a clamped @secret; all zero for low order. */
static void x25519_climb(u8 out[32], const u8 secret[32], const u8 point[32])
{
	static const u8 one[32] = { 1 }, zero[32] = { 0 };
	struct x25519_ladder l;
	u64 bit, before = 0;
	int i;

	fe_read(&l.x1, point);
	fe_read(&l.x2, one);
	fe_read(&l.z2, zero);
	l.x3 = l.x1;
	l.z3 = l.x2;
	for (i = 254; i >= 0; i--) {
		bit = secret[i / 8] >> (i % 8) & 1;
		x25519_step(&l, bit ^ before);
		before = bit;
	}
	/* Bit 0 of a clamped secret is 0: nothing is left to swap. */
	fe_invert(&l.a, &l.z2);
	fe_mul_call(&l.a, &l.a, &l.x2);
	fe_write(out, &l.a);
	memzero_explicit(&l, sizeof(l));
}

#endif /* WG_CRYPTO_X25519_LADDER_H */
