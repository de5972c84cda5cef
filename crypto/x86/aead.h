/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The choice of SIMD path for one FPU section: at most 32 messages, each at
 * least as long as its tag if it is to be opened. False: there is no path, or
 * the FPU may not be used now; nothing was done.
 */
#ifndef WG_CRYPTO_X86_AEAD_H
#define WG_CRYPTO_X86_AEAD_H

#include "crypto/aead.h"
#include "crypto/simd.h"

#ifdef __x86_64__

#include "crypto/x86/aead_avx2.h"
#include "crypto/x86/aead_avx512.h"

static inline bool aead_simd_seal(const struct aead_key *key,
				  const struct aead_msg *msg, unsigned int n)
{
	if (!simd_has(SIMD_AVX2) || !simd_begin())
		return false;
	if (simd_has(SIMD_AVX512))
		aead_avx512_seal(key, msg, n);
	else
		aead_avx2_seal(key, msg, n);
	simd_end();
	return true;
}

static inline bool aead_simd_open(const struct aead_key *key,
				  const struct aead_msg *msg, unsigned int n,
				  u32 *authentic)
{
	if (!simd_has(SIMD_AVX2) || !simd_begin())
		return false;
	*authentic = simd_has(SIMD_AVX512) ? aead_avx512_open(key, msg, n) :
					     aead_avx2_open(key, msg, n);
	simd_end();
	return true;
}

#else

static inline bool aead_simd_seal(const struct aead_key *key,
				  const struct aead_msg *msg, unsigned int n)
{
	(void)key;
	(void)msg;
	(void)n;
	return false;
}

static inline bool aead_simd_open(const struct aead_key *key,
				  const struct aead_msg *msg, unsigned int n,
				  u32 *authentic)
{
	(void)key;
	(void)msg;
	(void)n;
	(void)authentic;
	return false;
}

#endif
#endif /* WG_CRYPTO_X86_AEAD_H */
