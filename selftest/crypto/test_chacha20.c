// SPDX-License-Identifier: GPL-2.0
#include "harness.h"
#include "crypto/chacha20.h"

#define SUNSCREEN							\
	"Ladies and Gentlemen of the class of '99: If I could offer "	\
	"you only one tip for the future, sunscreen would be it."

static void key_count(u32 key[8])
{
	u8 bytes[32];
	u8 i;

	for (i = 0; i < 32; i++)
		bytes[i] = i;
	cc20_key_load(key, bytes);
}

TEST(chacha20_rfc8439_2_4_2)
{
	u8 want[128], got[128];
	u32 key[8];
	size_t len;

	len = test_hex(want,
		       "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afcc"
		       "fd9fae0bf91b65c5524733ab8f593dabcd62b3571639d624e65152ab"
		       "8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d"
		       "16ccf806818ce91ab77937365af90bbf74a35be6b40b8eedf2785e42"
		       "874d");
	key_count(key);
	CHECK(len == strlen(SUNSCREEN), "length of the vector");
	cc20_xor(got, (const u8 *)SUNSCREEN, len, key, 0x4a000000, 1);
	CHECK(!memcmp(got, want, len), "ciphertext");
}

/* [RFC 8439 A.1] 1 and 2, with the zero key. */
TEST(chacha20_rfc8439_a_1)
{
	static const u8 zero[64];
	const u32 key[8] = { 0 };
	u8 want[64], got[64];

	test_hex(want,
		 "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b77"
		 "0dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669"
		 "b2ee6586");
	cc20_xor(got, zero, 64, key, 0, 0);
	CHECK(!memcmp(got, want, 64), "block 0");
	cc20_first(got, key, 0);
	CHECK(!memcmp(got, want, 32), "first half of block 0");
	test_hex(want,
		 "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee"
		 "7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f"
		 "4b794d6f");
	cc20_xor(got, zero, 64, key, 0, 1);
	CHECK(!memcmp(got, want, 64), "block 1");
}

/* [draft-irtf-cfrg-xchacha-03 2.2.1] */
TEST(hchacha20_draft_2_2_1)
{
	u8 nonce[16], want[32], got[32];
	u32 key[8], out[8];
	int i;

	test_hex(nonce, "000000090000004a0000000031415927");
	test_hex(want, "82413b4227b27bfed30e42508a877d73"
		       "a0f9e4d58a74a853c12ec41326d3ecdc");
	key_count(key);
	cc20_hchacha(out, key, nonce);
	for (i = 0; i < 8; i++)
		put_unaligned_le32(out[i], got + 4 * i);
	CHECK(!memcmp(got, want, 32), "subkey");
}
