/* SPDX-License-Identifier: GPL-2.0 */
/* The AEAD as OpenSSL computes it: what ours is compared with. */
#ifndef WG_SELFTEST_CRYPTO_REFERENCE_H
#define WG_SELFTEST_CRYPTO_REFERENCE_H

#include "crypto/aead.h"

/* Ciphertext and tag, @len + 16 bytes, to @dst. */
void reference_seal(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		    size_t ad_len, u64 nonce, const u8 key[32]);

#endif /* WG_SELFTEST_CRYPTO_REFERENCE_H */
