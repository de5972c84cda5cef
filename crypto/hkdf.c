// SPDX-License-Identifier: GPL-2.0
#include "crypto/hkdf.h"

#include "crypto/blake2s.h"
#include "crypto/stack.h"

/* What hashing takes of the stack below. */
#define SPILL_LEN	768

/*
 * T(i) = HMAC(secret, T(i - 1) | i). The key is absorbed once for all T(i):
 * 12 compressions instead of 16 for three outputs.
 */
void hkdf(u8 out1[HKDF_LEN], u8 *out2, u8 *out3, const u8 key[HKDF_LEN],
	  const void *in, size_t len)
{
	u8 *const out[] = { out1, out2, out3 };
	struct b2s_hmac_key hmac;
	u8 block[HKDF_LEN + 1];
	u8 i;

	b2s_hmac(block, key, HKDF_LEN, in, len);
	b2s_hmac_key_load(&hmac, block, HKDF_LEN);
	block[0] = 1;
	b2s_hmac_with(&hmac, block, block, 1);
	memcpy(out1, block, HKDF_LEN);
	for (i = 1; i < ARRAY_SIZE(out) && out[i]; i++) {
		block[HKDF_LEN] = i + 1;
		b2s_hmac_with(&hmac, block, block, sizeof(block));
		memcpy(out[i], block, HKDF_LEN);
	}
	memzero_explicit(block, sizeof(block));
	memzero_explicit(&hmac, sizeof(hmac));
	stack_wipe(SPILL_LEN);
}
