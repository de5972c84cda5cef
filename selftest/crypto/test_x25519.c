// SPDX-License-Identifier: GPL-2.0
#include "harness.h"
#include <openssl/evp.h>
#include "crypto/curve25519.h"
#include "crypto/simd.h"

/* Against OpenSSL on each path; with the base point's, 10^5 and 10^6 in all. */
#define CASES_SHORT	20000
#define CASES_LONG	200000

static bool run(u8 out[32], const char *secret_hex, const char *point_hex)
{
	u8 secret[32], point[32];

	test_hex(secret, secret_hex);
	test_hex(point, point_hex);
	return x25519(out, secret, point);
}

static bool is_hex(const u8 got[32], const char *hex)
{
	u8 want[32];

	return test_hex(want, hex) == 32 && !memcmp(got, want, 32);
}

/* [RFC 7748 5.2] */
PATH_TEST(x25519_rfc7748_5_2)
{
	u8 out[32];

	CHECK(run(out,
		  "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
		  "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
	      "called zero");
	CHECK(is_hex(out, "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"),
	      "first vector");
	/* The point has bit 255 set. */
	CHECK(run(out,
		  "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
		  "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"),
	      "called zero");
	CHECK(is_hex(out, "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"),
	      "second vector");
}

static void iterate(u8 k[32], unsigned int n)
{
	u8 u[32] = { 9 }, out[32];

	memcpy(k, u, 32);
	for (; n; n--) {
		x25519(out, k, u);
		memcpy(u, k, 32);
		memcpy(k, out, 32);
	}
}

PATH_TEST(x25519_rfc7748_5_2_iterated)
{
	u8 k[32];

	iterate(k, 1);
	CHECK(is_hex(k, "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"),
	      "once");
	iterate(k, 1000);
	CHECK(is_hex(k, "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"),
	      "1,000 times");
	if (!test_long)
		return;
	iterate(k, 1000000);
	CHECK(is_hex(k, "7c3911e0ab2586fd864497297e575e6f3bc601c0883c30df5f4dd2d24f665424"),
	      "1,000,000 times");
}

/* [RFC 7748 6.1] */
PATH_TEST(x25519_rfc7748_6_1)
{
	static const char a_hex[] =
		"77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
	static const char b_hex[] =
		"5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
	u8 a[32], b[32], pub_a[32], pub_b[32], out[32];

	test_hex(a, a_hex);
	test_hex(b, b_hex);
	x25519_base(pub_a, a);
	x25519_base(pub_b, b);
	CHECK(is_hex(pub_a, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
	      "public key a");
	CHECK(is_hex(pub_b, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"),
	      "public key b");
	CHECK(x25519(out, a, pub_b), "called zero");
	CHECK(is_hex(out, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"),
	      "shared, a's way");
	CHECK(x25519(out, b, pub_a), "called zero");
	CHECK(is_hex(out, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"),
	      "shared, b's way");
}

/*
 * All points of low order of the curve and its twist, canonical and not. The
 * two long ones are of order 8.
 */
static const char *const low_order[] = {
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"0000000000000000000000000000000000000000000000000000000000000080",
	"0100000000000000000000000000000000000000000000000000000000000080",
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

PATH_TEST(x25519_low_order_is_reported)
{
	static const u8 zero[32];
	u8 secret[32], point[32], out[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(low_order); i++) {
		test_fill(secret, 32);
		test_hex(point, low_order[i]);
		memset(out, 0xaa, 32);
		CHECK(!x25519(out, secret, point), "point %zu passed", i);
		CHECK(!memcmp(out, zero, 32), "point %zu: output", i);
	}
}

/* OpenSSL refuses what is zero; then @out is zeroed here. */
static void openssl_x25519(u8 out[32], const u8 secret[32], const u8 point[32])
{
	EVP_PKEY *mine = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL,
						      secret, 32);
	EVP_PKEY *peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL,
						     point, 32);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(mine, NULL);
	size_t len = 32;

	if (!ctx || EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer(ctx, peer) != 1)
		abort();
	if (EVP_PKEY_derive(ctx, out, &len) != 1)
		memset(out, 0, 32);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	EVP_PKEY_free(mine);
}

/*
 * A point, now and then one that is awkward: near 0, p and 2^255, of long runs
 * of equal bits, small, or of low order. Half of all are on the twist.
 */
static void pick_point(u8 point[32])
{
	u32 i;

	test_fill(point, 32);
	switch (test_below(8)) {
	case 0:
		memset(point, 0, 32);
		point[0] = (u8)test_random();
		break;
	case 1:
		memset(point, 0xff, 32);
		point[0] = (u8)test_random();
		point[31] = test_below(2) ? 0x7f : 0xff;
		break;
	case 2:
		for (i = 0; i < 32; i++)
			point[i] = point[i] & 1 ? 0xff : 0;
		break;
	case 3:
		test_hex(point, low_order[test_below(ARRAY_SIZE(low_order))]);
		break;
	}
}

/* Likewise: bits that clamping takes away, all ones, one bit. */
static void pick_secret(u8 secret[32])
{
	test_fill(secret, 32);
	switch (test_below(8)) {
	case 0:
		memset(secret, 0, 32);
		secret[test_below(32)] = (u8)(1 << test_below(8));
		break;
	case 1:
		memset(secret, 0xff, 32);
		secret[test_below(32)] = (u8)test_random();
		break;
	}
}

PATH_TEST(x25519_openssl)
{
	const u32 n = test_long ? CASES_LONG : CASES_SHORT;
	static const u8 zero[32];
	u8 secret[32], point[32], got[32], want[32];
	bool ok;
	u32 i;

	for (i = 0; i < n; i++) {
		pick_secret(secret);
		pick_point(point);
		openssl_x25519(want, secret, point);
		ok = x25519(got, secret, point);
		CHECK(!memcmp(got, want, 32), "case %u differs", i);
		CHECK(ok == !!memcmp(want, zero, 32), "case %u: zero", i);
	}
}

struct vec {
	u8 out[X25519_VEC_MAX][32];
	u8 secret[X25519_VEC_MAX][32];
	u8 point[X25519_VEC_MAX][32];
	struct x25519_job job[X25519_VEC_MAX];
};

static void vec_fill(struct vec *v, u32 n)
{
	u32 i;

	test_fill(v->out, sizeof(v->out));
	for (i = 0; i < n; i++) {
		pick_secret(v->secret[i]);
		pick_point(v->point[i]);
		v->job[i].out = v->out[i];
		v->job[i].secret = v->secret[i];
		v->job[i].point = test_below(6) ? v->point[i] : NULL;
	}
}

/* Every number of jobs, against the same jobs alone on portable C. */
static void vec_check(const struct vec *v, u32 n, u32 mask, const char *path)
{
	u8 want[32];
	bool ok;
	u32 i;

	crypto_force("generic");
	for (i = 0; i < n; i++) {
		ok = true;
		if (v->job[i].point)
			ok = x25519(want, v->secret[i], v->point[i]);
		else
			x25519_base(want, v->secret[i]);
		CHECK(!memcmp(v->out[i], want, 32), "job %u of %u", i, n);
		CHECK((mask >> i & 1) == ok, "job %u of %u: zero", i, n);
	}
	CHECK(n == 32 || !(mask >> n), "bits past the jobs");
	crypto_force(path);
}

PATH_TEST(x25519_vec)
{
	u32 round, n, rounds = test_long ? 300 : 12;
	static u8 after[32];
	static struct vec v;

	for (round = 0; round < rounds; round++)
		for (n = 0; n <= X25519_VEC_MAX; n++) {
			u32 mask;

			vec_fill(&v, n);
			if (n < X25519_VEC_MAX)
				memcpy(after, v.out[n], 32);
			mask = x25519_vec(v.job, n);
			CHECK(n == X25519_VEC_MAX ||
			      !memcmp(after, v.out[n], 32), "wrote past");
			vec_check(&v, n, mask, test_path);
		}
}

/* The base point's short cut against the ladder, and against OpenSSL. */
PATH_TEST(x25519_base)
{
	const u32 n = test_long ? CASES_LONG : CASES_SHORT;
	static const u8 base[32] = { 9 };
	u8 secret[32], got[32], want[32];
	u32 i;

	for (i = 0; i < n; i++) {
		pick_secret(secret);
		x25519_base(got, secret);
		if (i % 4)
			x25519(want, secret, base);
		else
			openssl_x25519(want, secret, base);
		CHECK(!memcmp(got, want, 32), "case %u differs", i);
	}
}

/* Every single bit of the secret, and every pair of extremes. */
PATH_TEST(x25519_base_bits)
{
	static const u8 base[32] = { 9 };
	u8 secret[32], got[32], want[32];
	u32 i, fill;

	for (i = 0; i < 256; i++)
		for (fill = 0; fill < 2; fill++) {
			memset(secret, fill ? 0xff : 0, 32);
			secret[i / 8] ^= (u8)(1 << i % 8);
			x25519_base(got, secret);
			x25519(want, secret, base);
			CHECK(!memcmp(got, want, 32), "bit %u in %u", i, fill);
		}
}

PATH_TEST(x25519_in_place)
{
	u8 secret[32], point[32], want[32], both[32];

	test_fill(secret, 32);
	test_fill(point, 32);
	x25519(want, secret, point);
	memcpy(both, point, 32);
	x25519(both, secret, both);
	CHECK(!memcmp(both, want, 32), "over the point");
	memcpy(both, secret, 32);
	x25519(both, both, point);
	CHECK(!memcmp(both, want, 32), "over the secret");
	x25519_base(want, secret);
	x25519_base(secret, secret);
	CHECK(!memcmp(secret, want, 32), "public key over the secret");
}

TEST(x25519_clamp)
{
	u8 secret[32], want[32];

	memset(secret, 0xff, 32);
	memset(want, 0xff, 32);
	want[0] = 0xf8;
	want[31] = 0x7f;
	x25519_clamp(secret);
	CHECK(!memcmp(secret, want, 32), "from ones");
	memset(secret, 0, 32);
	memset(want, 0, 32);
	want[31] = 0x40;
	x25519_clamp(secret);
	CHECK(!memcmp(secret, want, 32), "from zeros");
}

/* Run under valgrind: secret and point decide neither branch nor address. */
PATH_TEST(secret_x25519)
{
	u8 secret[32], point[32], out[32];

	test_fill(secret, 32);
	test_fill(point, 32);
	test_secret(secret, 32);
	test_secret(point, 32);
	(void)x25519(out, secret, point);
	x25519_base(point, secret);
	x25519_clamp(secret);
}
