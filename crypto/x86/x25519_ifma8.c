// SPDX-License-Identifier: GPL-2.0
/*
 * Eight X25519 at once: each lane of AVX-512 IFMA climbs its own ladder.
 *
 * A field element here takes 384 bytes of stack. Functions work in place on
 * the two structs below, which live in two frames for no frame is to be larger
 * than 2 KiB, and are not inlined, lest each copy gets its own.
 */
#include "crypto/stack.h"
#include "crypto/x86/curve25519.h"

#define FE_LANES 8
#include "crypto/x86/fe43.h"
#include "crypto/x25519_invert.h"

/* What is given, and room on the way. */
struct x25519_given {
	struct fe x1;
	struct fe s, t;
	fe_v scalar[4];
	__mmask8 bit;			/* of the step before */
};

struct x25519_points {
	struct fe x2, z2, x3, z3;
};

/* r = a where the lane's bit is 0, b where it is 1. */
static __always_inline void fe_pick(struct fe *r, __mmask8 bit,
				    const struct fe *a, const struct fe *b)
{
	int i;

#pragma GCC unroll 6
	for (i = 0; i < 6; i++)
		r->v[i] = (fe_v)_mm512_mask_blend_epi64(bit, FE_VEC(a->v[i]),
							FE_VEC(b->v[i]));
}

/* r = 121665 a + c, tight, from loose @a and tight @c. */
static __always_inline void fe_mul_a24(struct fe *r, const struct fe *a,
				       const struct fe *c)
{
	const fe_v zero = FE_ALL(0), k = FE_ALL(121665);
	struct fe_sums s;
	int i;

#pragma GCC unroll 6
	for (i = 0; i < 6; i++) {
		s.lo[i] = fe_madd_lo(c->v[i], a->v[i], k);
		s.hi[i] = fe_madd_hi(zero, a->v[i], k);
	}
	fe_reduce(r, &s);
}

/* a, b = a + b, a - b from tight to loose. */
static __always_inline void fe_butterfly(struct fe *a, struct fe *b)
{
	int i;

#pragma GCC unroll 6
	for (i = 0; i < 6; i++) {
		const fe_v x = a->v[i], y = b->v[i];

		a->v[i] = x + y;
		b->v[i] = x + (FE_ALL(i ? FE_BIAS : FE_BIAS_0) - y);
	}
}

/*
 * One bit [RFC 7748 5], in place: first x2, z2, x3, z3 become the sums and
 * differences A, B, C, D. Not the points are swapped but A with C and B with D,
 * and only before the squares: of the products DA and CB a swap exchanges the
 * names, and what follows is symmetric in them.
 */
static noinline void x25519_step8(struct x25519_points *l,
				  struct x25519_given *g, __mmask8 bit)
{
	fe_butterfly(&l->x2, &l->z2);
	fe_butterfly(&l->x3, &l->z3);
	fe_mul(&g->s, &l->z3, &l->x2);
	fe_mul(&g->t, &l->x3, &l->z2);
	fe_pick(&l->x2, bit ^ g->bit, &l->x2, &l->x3);
	fe_pick(&l->z2, bit ^ g->bit, &l->z2, &l->z3);
	g->bit = bit;
	fe_sqr(&l->x2, &l->x2);
	fe_sqr(&l->z2, &l->z2);
	fe_add(&l->x3, &g->s, &g->t);
	fe_sub(&l->z3, &g->s, &g->t);
	fe_sqr(&l->x3, &l->x3);
	fe_sqr(&l->z3, &l->z3);
	fe_sub(&g->s, &l->x2, &l->z2);
	fe_mul_a24(&g->t, &g->s, &l->x2);
	fe_mul(&l->z3, &l->z3, &g->x1);
	fe_mul(&l->x2, &l->x2, &l->z2);
	fe_mul(&l->z2, &g->s, &g->t);
}

/* Words of eight jobs into lanes: secrets, clamped, and points. */
static noinline void x25519_load8(struct x25519_given *g,
				  const struct x25519_job *job)
{
	static const u8 base[X25519_LEN] = { 9 };
	u64 scalar[4][8] __aligned(64), point[4][8] __aligned(64);
	fe_v w[4];
	int i, j;

	for (i = 0; i < 8; i++)
		for (j = 0; j < 4; j++) {
			const u8 *u = job[i].point ? job[i].point : base;

			scalar[j][i] = get_unaligned_le64(job[i].secret + 8 * j);
			point[j][i] = get_unaligned_le64(u + 8 * j);
		}
	for (j = 0; j < 4; j++) {
		g->scalar[j] = *(fe_v *)scalar[j];
		w[j] = *(fe_v *)point[j];
	}
	g->scalar[0] &= FE_ALL(~7ULL);
	g->scalar[3] &= FE_ALL(~0ULL >> 1);
	g->scalar[3] |= FE_ALL(1ULL << 62);
	fe_unpack(&g->x1, w);
	memzero_explicit(scalar, sizeof(scalar));
}

/* Lanes that are 0 become 1. Returns which. */
static __mmask8 fe_fill_zero(struct fe *a)
{
	const fe_v zero = FE_ALL(0);
	struct fe one = { { FE_ALL(1), zero, zero, zero, zero, zero } };
	__mmask8 filled;
	fe_v w[4];

	fe_pack(w, a);
	w[0] |= w[1] | w[2] | w[3];
	filled = _mm512_testn_epi64_mask(FE_VEC(w[0]), FE_VEC(w[0]));
	fe_pick(a, filled, a, &one);
	memzero_explicit(w, sizeof(w));
	return filled;
}

/* r's lane i = a's lane i ^ @with, which is 1, 2 or 4. */
static __always_inline void fe_cross(struct fe *r, const struct fe *a, int with)
{
	int i;

#pragma GCC unroll 6
	for (i = 0; i < 6; i++) {
		const __m512i v = FE_VEC(a->v[i]);

		r->v[i] = (fe_v)(with == 4 ? _mm512_shuffle_i64x2(v, v, 0x4e) :
				 with == 2 ? _mm512_shuffle_i64x2(v, v, 0xb1) :
				 _mm512_permutex_epi64(v, 0xb1));
	}
}

/*
 * r = 1 / a in every lane from one inversion, of the product of all lanes, times
 * the lanes but one [Montgomery]. A lane of 0 stays out of it and gets 0. @a is
 * spoilt, and so are @s and @t.
 */
static noinline void fe_invert8(struct fe *r, struct fe *a, struct fe *s, struct fe *t)
{
	const struct fe zero = { { FE_ALL(0) } };
	__mmask8 filled;
	u8 byte[32];
	fe_v w[4];
	int i;

	filled = fe_fill_zero(a);
	fe_cross(r, a, 4);
	fe_mul(s, a, r);		/* pairs */
	fe_cross(t, s, 2);
	fe_mul(r, r, t);
	fe_mul(s, s, t);		/* fours */
	fe_cross(t, s, 1);
	fe_mul(r, r, t);
	fe_mul(s, s, t);		/* all eight */
	fe_pack(w, s);
	for (i = 0; i < 4; i++)
		put_unaligned_le64(w[i][0], byte + 8 * i);
	x25519_invert(byte, byte);
	for (i = 0; i < 4; i++)
		w[i] = FE_ALL((s64)get_unaligned_le64(byte + 8 * i));
	fe_unpack(t, w);
	fe_mul(r, r, t);
	fe_pick(r, filled, r, &zero);
	memzero_explicit(byte, sizeof(byte));
	memzero_explicit(w, sizeof(w));
}

static noinline void x25519_store8(const struct x25519_job *job, const struct fe *x)
{
	u64 word[4][8] __aligned(64);
	fe_v w[4];
	int i, j;

	fe_pack(w, x);
	for (j = 0; j < 4; j++)
		*(fe_v *)word[j] = w[j];
	for (i = 0; i < 8; i++)
		for (j = 0; j < 4; j++)
			put_unaligned_le64(word[j][i], job[i].out + 8 * j);
	memzero_explicit(word, sizeof(word));
	memzero_explicit(w, sizeof(w));
}

static noinline void x25519_climb8(const struct x25519_job *job,
				   struct x25519_given *g)
{
	struct x25519_points l STACK_UNSET;
	int i;

	memset(&l.x2, 0, sizeof(l.x2));
	l.z2 = l.x2;
	l.x2.v[0] = FE_ALL(1);
	l.x3 = g->x1;
	l.z3 = l.x2;
	g->bit = 0;
	for (i = 254; i >= 0; i--) {
		const fe_v bit = FE_ALL(1ULL << (i & 63));

		x25519_step8(&l, g, _mm512_test_epi64_mask(
			FE_VEC(g->scalar[i / 64]), FE_VEC(bit)));
	}
	fe_invert8(&l.x3, &l.z2, &g->s, &g->t);
	fe_mul(&l.x2, &l.x2, &l.x3);
	x25519_store8(job, &l.x2);
	memzero_explicit(&l, sizeof(l));
}

void x25519_ifma8(const struct x25519_job job[8])
{
	struct x25519_given g STACK_UNSET;

	x25519_load8(&g, job);
	x25519_climb8(job, &g);
	memzero_explicit(&g, sizeof(g));
}
