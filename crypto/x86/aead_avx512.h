/* SPDX-License-Identifier: GPL-2.0 */
/* One FPU section of at most 32 messages with AVX-512; see crypto/x86/aead.h. */
#ifndef WG_CRYPTO_X86_AEAD_AVX512_H
#define WG_CRYPTO_X86_AEAD_AVX512_H

#include "crypto/aead.h"

void aead_avx512_seal(const struct aead_key *key, const struct aead_msg *msg,
		      unsigned int n);
u32 aead_avx512_open(const struct aead_key *key, const struct aead_msg *msg,
		     unsigned int n);

#endif /* WG_CRYPTO_X86_AEAD_AVX512_H */
