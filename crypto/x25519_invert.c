// SPDX-License-Identifier: GPL-2.0
#include "crypto/x25519_invert.h"

#ifdef __SIZEOF_INT128__

/* Steps at a time, and bits of a limb: low limbs alone decide that many. */
#define STEPS		59
#define LIMB_MASK	((s64)((1ULL << STEPS) - 1))

/* 590 steps are enough for numbers below 2^256. */
#define ROUNDS		10

/* p is -19 in limb 0 and 2^255 in limb 4; 1 / p modulo 2^59. */
#define P_LIMB_0	(-19LL)
#define P_LIMB_4	(1LL << (255 - 4 * STEPS))
#define P_INVERSE	0x1435e50d79435e5LL

/* The sum of limb i times 2^(59 i). Limb 4 has the sign, the others none. */
struct limbs {
	s64 v[5];
};

/* What some steps make of f and g, times 2^59: rows u v and q r. */
struct matrix {
	s64 u, v, q, r;
};

typedef __int128 s128;

static void limbs_read(struct limbs *a, const u8 in[32])
{
	u64 w[4];
	int i;

	for (i = 0; i < 4; i++)
		w[i] = get_unaligned_le64(in + 8 * i);
	a->v[0] = (s64)w[0] & LIMB_MASK;
	a->v[1] = (s64)(w[0] >> 59 | w[1] << 5) & LIMB_MASK;
	a->v[2] = (s64)(w[1] >> 54 | w[2] << 10) & LIMB_MASK;
	a->v[3] = (s64)(w[2] >> 49 | w[3] << 15) & LIMB_MASK;
	a->v[4] = (s64)(w[3] >> 44);
	memzero_explicit(w, sizeof(w));
}

static void limbs_write(u8 out[32], const struct limbs *a)
{
	const u64 v0 = (u64)a->v[0], v1 = (u64)a->v[1], v2 = (u64)a->v[2];
	const u64 v3 = (u64)a->v[3], v4 = (u64)a->v[4];

	put_unaligned_le64(v0 | v1 << 59, out);
	put_unaligned_le64(v1 >> 5 | v2 << 54, out + 8);
	put_unaligned_le64(v2 >> 10 | v3 << 49, out + 16);
	put_unaligned_le64(v3 >> 15 | v4 << 44, out + 24);
}

/*
 * 59 steps on the low bits of f and g. A step: g, if odd, becomes g + f, or
 * when delta > 0 (zeta, which is -delta - 1/2, below 0) g - f, and f what g
 * was; then g is halved. Masks are all ones or zero. Returns the new zeta.
 */
static s64 divsteps(struct matrix *m, s64 zeta, u64 f, u64 g)
{
	u64 u = 1, v = 0, q = 0, r = 1, odd, down;
	int i;

	for (i = 0; i < STEPS; i++) {
		down = ct_mask((u64)(zeta >> 63));
		odd = ct_mask(-(g & 1));
		g += ((f ^ down) - down) & odd;
		q += ((u ^ down) - down) & odd;
		r += ((v ^ down) - down) & odd;
		down &= odd;
		zeta = (zeta ^ (s64)down) - 1;
		f += g & down;
		u += q & down;
		v += r & down;
		g >>= 1;
		u <<= 1;
		v <<= 1;
	}
	*m = (struct matrix){ (s64)u, (s64)v, (s64)q, (s64)r };
	return zeta;
}

/* f, g = (u f + v g, q f + r g) / 2^59: exact, by what divsteps() does. */
static void apply_fg(struct limbs *f, struct limbs *g, const struct matrix *m)
{
	s128 a = (s128)m->u * f->v[0] + (s128)m->v * g->v[0];
	s128 b = (s128)m->q * f->v[0] + (s128)m->r * g->v[0];
	int i;

	for (i = 1; i < 5; i++) {
		a >>= STEPS;
		b >>= STEPS;
		a += (s128)m->u * f->v[i] + (s128)m->v * g->v[i];
		b += (s128)m->q * f->v[i] + (s128)m->r * g->v[i];
		f->v[i - 1] = (s64)a & LIMB_MASK;
		g->v[i - 1] = (s64)b & LIMB_MASK;
	}
	f->v[4] = (s64)(a >> STEPS);
	g->v[4] = (s64)(b >> STEPS);
}

/* How often to add p to @low, besides @times, to make it divide by 2^59. */
static s64 times_p(s64 times, s64 low)
{
	return times - (s64)(((u64)low * P_INVERSE + (u64)times) & LIMB_MASK);
}

/*
 * The same for d and e modulo p, d = f / in and e = g / in: both stay between
 * -2p and p. Multiples of p make the division exact.
 */
static void apply_de(struct limbs *d, struct limbs *e, const struct matrix *m)
{
	const s64 d_sign = (s64)ct_mask((u64)(d->v[4] >> 63));
	const s64 e_sign = (s64)ct_mask((u64)(e->v[4] >> 63));
	s128 a = (s128)m->u * d->v[0] + (s128)m->v * e->v[0];
	s128 b = (s128)m->q * d->v[0] + (s128)m->r * e->v[0];
	const s64 pa = times_p((m->u & d_sign) + (m->v & e_sign), (s64)a);
	const s64 pb = times_p((m->q & d_sign) + (m->r & e_sign), (s64)b);
	int i;

	a += (s128)pa * P_LIMB_0;
	b += (s128)pb * P_LIMB_0;
	for (i = 1; i < 5; i++) {
		a >>= STEPS;
		b >>= STEPS;
		a += (s128)m->u * d->v[i] + (s128)m->v * e->v[i];
		b += (s128)m->q * d->v[i] + (s128)m->r * e->v[i];
		if (i == 4) {
			a += (s128)pa * P_LIMB_4;
			b += (s128)pb * P_LIMB_4;
		}
		d->v[i - 1] = (s64)a & LIMB_MASK;
		e->v[i - 1] = (s64)b & LIMB_MASK;
	}
	d->v[4] = (s64)(a >> STEPS);
	e->v[4] = (s64)(b >> STEPS);
}

/* Adds p if @a is negative; limbs 0 to 3 come out without sign. */
static void add_p_if_negative(struct limbs *a)
{
	const s64 negative = (s64)ct_mask((u64)(a->v[4] >> 63));
	int i;

	a->v[0] += P_LIMB_0 & negative;
	a->v[4] += P_LIMB_4 & negative;
	for (i = 0; i < 4; i++) {
		a->v[i + 1] += a->v[i] >> STEPS;
		a->v[i] &= LIMB_MASK;
	}
}

void x25519_invert(u8 out[32], const u8 in[32])
{
	struct limbs f = { { P_LIMB_0, 0, 0, 0, P_LIMB_4 } }, g;
	struct limbs d = { { 0 } }, e = { { 1 } };
	struct matrix m;
	s64 zeta = -1, negative;
	int i;

	limbs_read(&g, in);
	for (i = 0; i < ROUNDS; i++) {
		zeta = divsteps(&m, zeta, (u64)f.v[0], (u64)g.v[0]);
		apply_fg(&f, &g, &m);
		apply_de(&d, &e, &m);
	}
	/* Now g is 0 and f is 1 or -1, the sign of the result. */
	add_p_if_negative(&d);
	negative = (s64)ct_mask((u64)(f.v[4] >> 63));
	for (i = 0; i < 5; i++)
		d.v[i] = (d.v[i] ^ negative) - negative;
	for (i = 0; i < 4; i++) {
		d.v[i + 1] += d.v[i] >> STEPS;
		d.v[i] &= LIMB_MASK;
	}
	add_p_if_negative(&d);
	limbs_write(out, &d);
	memzero_explicit(&f, sizeof(f));
	memzero_explicit(&g, sizeof(g));
	memzero_explicit(&d, sizeof(d));
	memzero_explicit(&e, sizeof(e));
	memzero_explicit(&m, sizeof(m));
}

#endif
