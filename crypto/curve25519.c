// SPDX-License-Identifier: GPL-2.0
#include "crypto/curve25519.h"

#ifdef __SIZEOF_INT128__
#include "crypto/fe51.h"
#else
#include "crypto/fe25.h"
#endif
#include "crypto/x25519_ladder.h"

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
	x25519_climb(out, scalar, point);
	memzero_explicit(scalar, sizeof(scalar));
	return !ct_is_zero(out, X25519_LEN);
}

void x25519_base(u8 pub[X25519_LEN], const u8 secret[X25519_LEN])
{
	static const u8 base[X25519_LEN] = { 9 };

	x25519(pub, secret, base);
}

u32 x25519_vec(const struct x25519_job *job, unsigned int n)
{
	static const u8 base[X25519_LEN] = { 9 };
	u32 ok = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		ok |= (u32)x25519(job[i].out, job[i].secret,
				  job[i].point ? job[i].point : base) << i;
	return ok;
}
