// SPDX-License-Identifier: GPL-2.0
#include "harness.h"
#include "crypto/poly1305.h"

/* [RFC 8439 2.5.2, A.3]: key r, key s, message, tag. */
static const struct {
	const char *r, *s, *text, *tag;
} vector[] = {
	{ "85d6be7857556d337f4452fe42d506a8", "0103808afb0db2fd4abff6af4149f51b",
	  "43727970746f6772617068696320466f72756d2052657365617263682047726f7570",
	  "a8061dc1305136c6c22b8baf0c0127a9" },
	{ "02000000000000000000000000000000", "00000000000000000000000000000000",
	  "ffffffffffffffffffffffffffffffff",
	  "03000000000000000000000000000000" },
	{ "02000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
	  "02000000000000000000000000000000",
	  "03000000000000000000000000000000" },
	{ "01000000000000000000000000000000", "00000000000000000000000000000000",
	  "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff"
	  "11000000000000000000000000000000",
	  "05000000000000000000000000000000" },
	{ "01000000000000000000000000000000", "00000000000000000000000000000000",
	  "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe"
	  "01010101010101010101010101010101",
	  "00000000000000000000000000000000" },
	{ "02000000000000000000000000000000", "00000000000000000000000000000000",
	  "fdffffffffffffffffffffffffffffff",
	  "faffffffffffffffffffffffffffffff" },
	{ "01000000000000000400000000000000", "00000000000000000000000000000000",
	  "e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000"
	  "0000000000000000000000000000000001000000000000000000000000000000",
	  "14000000000000005500000000000000" },
	{ "01000000000000000400000000000000", "00000000000000000000000000000000",
	  "e33594d7505e43b900000000000000003394d7505e4379cd0100000000000000"
	  "00000000000000000000000000000000",
	  "13000000000000000000000000000000" },
};

/* A whole Poly1305, with the last block that the AEAD never has. */
static void mac(u8 tag[16], const u8 *text, size_t len, const u8 key[32])
{
	u8 last[P1305_BLOCK_LEN] = { 0 };
	struct p1305_state state;

	p1305_init(&state, key);
	p1305_blocks(&state, text, len / 16, 1);
	if (len % 16) {
		memcpy(last, text + len / 16 * 16, len % 16);
		last[len % 16] = 1;
		p1305_blocks(&state, last, 1, 0);
	}
	p1305_final(&state, tag);
}

TEST(poly1305_rfc8439)
{
	u8 key[32], text[128], want[16], got[16];
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(vector); i++) {
		test_hex(key, vector[i].r);
		test_hex(key + 16, vector[i].s);
		len = test_hex(text, vector[i].text);
		test_hex(want, vector[i].tag);
		mac(got, text, len, key);
		CHECK(!memcmp(got, want, 16), "tag of vector %zu", i);
	}
}

TEST(poly1305_padded_is_zero_filled)
{
	u8 key[32], text[80] = { 0 }, want[16], got[16];
	struct p1305_state state;
	size_t len;

	test_fill(key, sizeof(key));
	for (len = 0; len <= 64; len++) {
		memset(text, 0, sizeof(text));
		test_fill(text, len);
		p1305_init(&state, key);
		p1305_padded(&state, text, len);
		p1305_final(&state, got);
		mac(want, text, (len + 15) / 16 * 16, key);
		CHECK(!memcmp(got, want, 16), "%zu bytes", len);
	}
}
