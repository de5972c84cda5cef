// SPDX-License-Identifier: GPL-2.0
#include "harness.h"
#include <openssl/evp.h>
#include "crypto/blake2s.h"

#define LEN_MAX	4096

static bool is_hex(const u8 *got, const char *hex)
{
	u8 want[64];
	const size_t len = test_hex(want, hex);

	return !memcmp(got, want, len);
}

/* [RFC 7693 B] */
TEST(blake2s_rfc7693_b)
{
	u8 out[32];

	b2s_hash(out, "abc", 3);
	CHECK(is_hex(out, "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"),
	      "abc");
}

/* The deterministic bytes of [RFC 7693 E]. */
static void rfc_sequence(u8 *out, size_t len, u32 seed)
{
	u32 a = 0xdead4bad * seed, b = 1, t;
	size_t i;

	for (i = 0; i < len; i++) {
		t = a + b;
		a = b;
		b = t;
		out[i] = (u8)(t >> 24);
	}
}

/* The hash over all output, input and key lengths of [RFC 7693 E]. */
TEST(blake2s_rfc7693_e)
{
	static const size_t out_len[] = { 16, 20, 28, 32 };
	static const size_t in_len[] = { 0, 3, 64, 65, 255, 1024 };
	struct b2s_state all, one;
	u8 in[1024], md[32], key[32];
	size_t i, j;

	b2s_init(&all, 32, NULL, 0);
	for (i = 0; i < ARRAY_SIZE(out_len); i++)
		for (j = 0; j < ARRAY_SIZE(in_len); j++) {
			rfc_sequence(in, in_len[j], (u32)in_len[j]);
			b2s_init(&one, out_len[i], NULL, 0);
			b2s_update(&one, in, in_len[j]);
			b2s_final(&one, md);
			b2s_update(&all, md, out_len[i]);
			rfc_sequence(key, out_len[i], (u32)out_len[i]);
			b2s_init(&one, out_len[i], key, out_len[i]);
			b2s_update(&one, in, in_len[j]);
			b2s_final(&one, md);
			b2s_update(&all, md, out_len[i]);
		}
	b2s_final(&all, md);
	CHECK(is_hex(md, "6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe"),
	      "hash of all");
}

static void openssl_blake2s(u8 out[32], const u8 *in, size_t len)
{
	if (EVP_Digest(in, len, out, NULL, EVP_blake2s256(), NULL) != 1)
		abort();
}

/* Every length, at an odd address, up to the end of a page. */
TEST(blake2s_every_length)
{
	struct test_guard guard;
	u8 *end = test_guard_end(&guard, LEN_MAX) + LEN_MAX;
	u8 got[32], want[32];
	size_t len;

	test_fill(end - LEN_MAX, LEN_MAX);
	for (len = 0; len <= LEN_MAX; len++) {
		b2s_hash(got, end - len, len);
		openssl_blake2s(want, end - len, len);
		CHECK(!memcmp(got, want, 32), "%zu bytes", len);
	}
	test_guard_free(&guard);
}

/* Any way to cut the input makes the same hash. */
TEST(blake2s_every_split)
{
	struct b2s_state state;
	u8 in[260], got[32], want[32];
	size_t a, b;

	test_fill(in, sizeof(in));
	b2s_hash(want, in, sizeof(in));
	for (a = 0; a <= sizeof(in); a++)
		for (b = a; b <= sizeof(in); b += 1 + a % 3) {
			b2s_init(&state, 32, NULL, 0);
			b2s_update(&state, in, a);
			b2s_update(&state, in + a, b - a);
			b2s_update(&state, in + b, sizeof(in) - b);
			b2s_final(&state, got);
			CHECK(!memcmp(got, want, 32), "cut at %zu, %zu", a, b);
		}
}

static void openssl_mac(u8 *out, size_t out_len, const u8 *in, size_t len,
			const u8 *key, size_t key_len)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "BLAKE2SMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
	OSSL_PARAM size[] = {
		OSSL_PARAM_size_t("size", &out_len),
		OSSL_PARAM_END,
	};

	if (!ctx || !EVP_MAC_init(ctx, key, key_len, size) ||
	    !EVP_MAC_update(ctx, in, len) ||
	    !EVP_MAC_final(ctx, out, NULL, out_len))
		abort();
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
}

/* The key absorbed before gives the same. */
static void check_key_kept(const u8 want[16], const u8 *in, size_t len,
			   const u8 *key, size_t key_len)
{
	struct b2s_mac_key mac;
	u8 got[16];

	if (!len)
		return;
	b2s_mac_key_load(&mac, key, key_len);
	b2s_mac_with(&mac, got, in, len);
	CHECK(!memcmp(got, want, 16), "%zu bytes, key %zu kept", len, key_len);
}

TEST(blake2s_mac)
{
	u8 in[300], key[32], got[16], want[16];
	size_t len, key_len;

	for (len = 0; len <= sizeof(in); len++)
		for (key_len = 1; key_len <= 32; key_len += 1 + len % 5) {
			test_fill(in, len);
			test_fill(key, key_len);
			b2s_mac(got, in, len, key, key_len);
			check_key_kept(got, in, len, key, key_len);
			openssl_mac(want, 16, in, len, key, key_len);
			CHECK(!memcmp(got, want, 16), "%zu bytes, key %zu",
			      len, key_len);
		}
}

static void openssl_hmac(u8 out[32], const u8 *in, size_t len, const u8 *key,
			 size_t key_len)
{
	OSSL_PARAM digest[] = {
		OSSL_PARAM_utf8_string("digest", "BLAKE2S-256", 0),
		OSSL_PARAM_END,
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);

	if (!ctx || !EVP_MAC_init(ctx, key, key_len, digest) ||
	    !EVP_MAC_update(ctx, in, len) || !EVP_MAC_final(ctx, out, NULL, 32))
		abort();
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
}

/* Keys shorter than a block, of a block and longer; no message at all. */
TEST(blake2s_hmac)
{
	static const size_t key_len[] = { 1, 31, 32, 33, 63, 64, 65, 128, 200 };
	u8 in[200], key[200], got[32], want[32];
	size_t len, i;

	for (len = 0; len <= sizeof(in); len++)
		for (i = 0; i < ARRAY_SIZE(key_len); i++) {
			test_fill(in, len);
			test_fill(key, key_len[i]);
			b2s_hmac(got, key, key_len[i], in, len);
			openssl_hmac(want, in, len, key, key_len[i]);
			CHECK(!memcmp(got, want, 32), "%zu bytes, key %zu",
			      len, key_len[i]);
		}
}

TEST(blake2s_in_place)
{
	u8 in[100], want[32];

	test_fill(in, sizeof(in));
	b2s_hash(want, in, sizeof(in));
	b2s_hash(in, in, sizeof(in));
	CHECK(!memcmp(in, want, 32), "hash over its input");
	test_fill(in, sizeof(in));
	b2s_hmac(want, in, 32, in, sizeof(in));
	b2s_hmac(in, in, 32, in, sizeof(in));
	CHECK(!memcmp(in, want, 32), "HMAC over key and input");
}

/* b2s_final() leaves nothing of the input behind in the state. */
TEST(blake2s_final_wipes)
{
	static const struct b2s_state zero;
	struct b2s_state state;
	u8 out[32];

	memset(&state, 0xa5, sizeof(state));
	b2s_init(&state, 32, (const u8 *)"key", 3);
	b2s_update(&state, "secret", 6);
	b2s_final(&state, out);
	CHECK(!memcmp(&state, &zero, sizeof(state)), "state is not zero");
}

TEST(secret_blake2s)
{
	u8 in[150], key[32], out[32];

	test_fill(in, sizeof(in));
	test_fill(key, sizeof(key));
	test_secret(in, sizeof(in));
	test_secret(key, sizeof(key));
	b2s_hash(out, in, sizeof(in));
	b2s_mac(out, in, sizeof(in), key, sizeof(key));
	b2s_hmac(out, key, sizeof(key), in, sizeof(in));
}
