// SPDX-License-Identifier: GPL-2.0
#include "reference.h"
#include <stdlib.h>
#include <openssl/evp.h>

static void need(int ok)
{
	if (ok != 1)
		abort();
}

void reference_seal(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		    size_t ad_len, u64 nonce, const u8 key[32])
{
	static EVP_CIPHER_CTX *ctx;
	u8 iv[12] = { 0 };
	int n;

	put_unaligned_le64(nonce, iv + 4);
	if (!ctx) {
		ctx = EVP_CIPHER_CTX_new();
		need(EVP_EncryptInit_ex(ctx, EVP_chacha20_poly1305(), NULL,
					NULL, NULL));
	}
	need(EVP_EncryptInit_ex(ctx, NULL, NULL, key, iv));
	if (ad_len)
		need(EVP_EncryptUpdate(ctx, NULL, &n, ad, (int)ad_len));
	if (len)
		need(EVP_EncryptUpdate(ctx, dst, &n, src, (int)len));
	need(EVP_EncryptFinal_ex(ctx, dst + len, &n));
	need(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_LEN,
				 dst + len));
}
