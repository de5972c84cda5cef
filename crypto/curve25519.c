// SPDX-License-Identifier: GPL-2.0
#include "crypto/curve25519.h"

#ifdef __SIZEOF_INT128__
#include "crypto/fe51.h"
#else
#include "crypto/fe25.h"
#endif
#include "crypto/stack.h"
#include "crypto/x25519_comb.h"
#include "crypto/x25519_ladder.h"
#include "crypto/x86/curve25519.h"

#define X25519_LANES_WORTH	4

/* What one takes of the stack below, on any path, and what eight take. */
#define SPILL_LEN	2048
#define SPILL_LEN_8	4096

void x25519_clamp(u8 secret[X25519_LEN])
{
	secret[0] &= 248;
	secret[31] &= 127;
	secret[31] |= 64;
}

bool x25519(u8 out[X25519_LEN], const u8 secret[X25519_LEN],
	    const u8 point[X25519_LEN])
{
	u8 scalar[X25519_LEN];

	memcpy(scalar, secret, sizeof(scalar));
	x25519_clamp(scalar);
	if (!x25519_simd(out, scalar, point))
		x25519_climb(out, scalar, point);
	memzero_explicit(scalar, sizeof(scalar));
	stack_wipe(SPILL_LEN);
	return !ct_is_zero(out, X25519_LEN);
}

void x25519_base(u8 pub[X25519_LEN], const u8 secret[X25519_LEN])
{
	u8 scalar[X25519_LEN];

	memcpy(scalar, secret, sizeof(scalar));
	x25519_clamp(scalar);
	if (!x25519_simd_base(pub, scalar))
		x25519_comb(pub, scalar);
	memzero_explicit(scalar, sizeof(scalar));
	stack_wipe(SPILL_LEN);
}

static bool x25519_one(const struct x25519_job *job)
{
	if (job->point)
		return x25519(job->out, job->secret, job->point);
	x25519_base(job->out, job->secret);
	return true;
}

/*
 * Eight lanes cost what four single runs do (X25519_LANES_WORTH): a
 * smaller rest goes one by one, a larger one is filled up with its first job.
 */
static bool x25519_rest(const struct x25519_job *job, unsigned int n)
{
	struct x25519_job lane[X25519_LANES];
	u8 spare[X25519_LEN];
	unsigned int i;
	bool done;

	if (n < X25519_LANES_WORTH)
		return false;
	for (i = 0; i < X25519_LANES; i++) {
		lane[i] = job[i < n ? i : 0];
		if (i >= n)
			lane[i].out = spare;
	}
	done = x25519_simd8(lane);
	memzero_explicit(spare, sizeof(spare));
	return done;
}

u32 x25519_vec(const struct x25519_job *job, unsigned int n)
{
	unsigned int i = 0, j;
	u32 ok = 0;

	while (n - i >= X25519_LANES && x25519_simd8(job + i))
		i += X25519_LANES;
	if (n - i < X25519_LANES && x25519_rest(job + i, n - i))
		i = n;
	if (i)
		stack_wipe(SPILL_LEN_8);
	for (j = 0; j < i; j++)
		ok |= (u32)!ct_is_zero(job[j].out, X25519_LEN) << j;
	for (; i < n; i++)
		ok |= (u32)x25519_one(&job[i]) << i;
	return ok;
}
