/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The choice of X25519 on x86-64. Each x25519_simd function says whether it did
 * the work; if not, nothing was done and portable C has to.
 */
#ifndef WG_CRYPTO_X86_CURVE25519_H
#define WG_CRYPTO_X86_CURVE25519_H

#include "crypto/curve25519.h"
#include "crypto/simd.h"

#define X25519_LANES	8

#ifdef __x86_64__

/* ADX and BMI2, nothing else; @secret is clamped here and below. */
void x25519_adx(u8 out[X25519_LEN], const u8 secret[X25519_LEN],
		const u8 point[X25519_LEN]);
void x25519_adx_base(u8 pub[X25519_LEN], const u8 secret[X25519_LEN]);

/* AVX-512 VL and IFMA, between simd_begin() and _end(). */
void x25519_ifma4(u8 out[X25519_LEN], const u8 secret[X25519_LEN],
		  const u8 point[X25519_LEN]);

/* Eight jobs in eight lanes; AVX-512 F and IFMA, likewise. */
void x25519_ifma8(const struct x25519_job job[X25519_LANES]);

static inline bool x25519_simd(u8 out[X25519_LEN], const u8 secret[X25519_LEN],
			       const u8 point[X25519_LEN])
{
	if (simd_has(SIMD_AVX512) && simd_begin()) {
		x25519_ifma4(out, secret, point);
		simd_end();
		return true;
	}
	if (!simd_has(SIMD_ADX))
		return false;
	x25519_adx(out, secret, point);
	return true;
}

static inline bool x25519_simd_base(u8 pub[X25519_LEN],
				    const u8 secret[X25519_LEN])
{
	if (!simd_has(SIMD_ADX))
		return false;
	x25519_adx_base(pub, secret);
	return true;
}

static inline bool x25519_simd8(const struct x25519_job job[X25519_LANES])
{
	if (!simd_has(SIMD_AVX512) || !simd_begin())
		return false;
	x25519_ifma8(job);
	simd_end();
	return true;
}

#else

static inline bool x25519_simd(u8 out[X25519_LEN], const u8 secret[X25519_LEN],
			       const u8 point[X25519_LEN])
{
	(void)out;
	(void)secret;
	(void)point;
	return false;
}

static inline bool x25519_simd_base(u8 pub[X25519_LEN],
				    const u8 secret[X25519_LEN])
{
	(void)pub;
	(void)secret;
	return false;
}

static inline bool x25519_simd8(const struct x25519_job job[X25519_LANES])
{
	(void)job;
	return false;
}

#endif
#endif /* WG_CRYPTO_X86_CURVE25519_H */
