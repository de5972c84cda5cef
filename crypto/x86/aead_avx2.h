/* SPDX-License-Identifier: GPL-2.0 */
/* One FPU section of at most 32 messages with AVX2; see crypto/x86/aead.h. */
#ifndef WG_CRYPTO_X86_AEAD_AVX2_H
#define WG_CRYPTO_X86_AEAD_AVX2_H

#include "crypto/aead.h"

void aead_avx2_seal(const struct aead_key *key, const struct aead_msg *msg,
		    unsigned int n);
u32 aead_avx2_open(const struct aead_key *key, const struct aead_msg *msg,
		   unsigned int n);

#endif /* WG_CRYPTO_X86_AEAD_AVX2_H */
