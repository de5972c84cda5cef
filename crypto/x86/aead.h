/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The choice of SIMD path for one FPU section of at most 32 messages. False:
 * there is none, or the FPU may not be used now; nothing was done.
 */
#ifndef WG_CRYPTO_X86_AEAD_H
#define WG_CRYPTO_X86_AEAD_H

#include "crypto/aead.h"
#include "crypto/simd.h"

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

#endif /* WG_CRYPTO_X86_AEAD_H */
