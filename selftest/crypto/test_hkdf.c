// SPDX-License-Identifier: GPL-2.0
#include "harness.h"
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include "crypto/hkdf.h"

/* RFC 5869 has no vector for BLAKE2s: these are OpenSSL's, salt = our key. */
static void openssl_hkdf(u8 *out, size_t out_len, const u8 key[32],
			 const u8 *in, size_t len)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	OSSL_PARAM param[] = {
		OSSL_PARAM_utf8_string("digest", "BLAKE2S-256", 0),
		OSSL_PARAM_octet_string("key", (void *)in, len),
		OSSL_PARAM_octet_string("salt", (void *)key, 32),
		OSSL_PARAM_END,
	};

	if (!ctx || EVP_KDF_derive(ctx, out, out_len, param) != 1)
		abort();
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

TEST(hkdf_openssl)
{
	u8 key[32], in[150], out[3][32], want[96];
	size_t len;

	for (len = 1; len <= sizeof(in); len++) {
		test_fill(key, sizeof(key));
		test_fill(in, len);
		openssl_hkdf(want, sizeof(want), key, in, len);
		hkdf(out[0], out[1], out[2], key, in, len);
		CHECK(!memcmp(out, want, 96), "three outputs, %zu bytes", len);
		memset(out, 0, sizeof(out));
		hkdf(out[0], out[1], NULL, key, in, len);
		CHECK(!memcmp(out, want, 64), "two outputs, %zu bytes", len);
		memset(out, 0, sizeof(out));
		hkdf(out[0], NULL, NULL, key, in, len);
		CHECK(!memcmp(out, want, 32), "one output, %zu bytes", len);
	}
}

/*
 * The keys of a session are derived from no input. OpenSSL refuses that:
 * the outputs are those of Python's hmac module.
 */
TEST(hkdf_no_input)
{
	u8 key[32], out[2][32], want[64];
	size_t i;

	for (i = 0; i < 32; i++)
		key[i] = (u8)i;
	test_hex(want,
		 "7a38c34bf2b8738d7374ca77c44ecb309a11d2b2528304fa86052c365e722624"
		 "1a17621f346abdc520746a9fb64d8eb03231d674fc15687537b0780fd9c060fd");
	hkdf(out[0], out[1], NULL, key, NULL, 0);
	CHECK(!memcmp(out, want, 64), "outputs");
}

/* The chaining key is replaced by the first output, where it stands. */
TEST(hkdf_in_place)
{
	u8 key[32], in[32], want[3][32], second[32], third[32];

	test_fill(key, 32);
	test_fill(in, 32);
	hkdf(want[0], want[1], want[2], key, in, 32);
	hkdf(key, second, third, key, in, 32);
	CHECK(!memcmp(key, want[0], 32), "over the key");
	CHECK(!memcmp(second, want[1], 32), "second output");
	CHECK(!memcmp(third, want[2], 32), "third output");
	hkdf(want[0], want[1], NULL, key, in, 32);
	hkdf(second, in, NULL, key, in, 32);
	CHECK(!memcmp(in, want[1], 32), "over the input");
}

TEST(secret_hkdf)
{
	u8 key[32], in[32], out[3][32];

	test_fill(key, 32);
	test_fill(in, 32);
	test_secret(key, 32);
	test_secret(in, 32);
	hkdf(out[0], out[1], out[2], key, in, 32);
}
