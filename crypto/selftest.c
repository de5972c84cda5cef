// SPDX-License-Identifier: GPL-2.0
#include "crypto/selftest.h"
#include "crypto/aead.h"
#include "crypto/blake2s.h"
#include "crypto/curve25519.h"
#include "crypto/hkdf.h"
#include "crypto/simd.h"

/*
 * Batches which together take every branch of the SIMD paths: alone or many,
 * short or long, first vector full or not. Message i of a batch has @base +
 * i * @step % @modulus bytes of counting text. @want: the xor of all tags, each
 * rotated by its number; a tag vouches for its ciphertext.
 */
static const struct aead_answer {
	unsigned int n;
	u32 base, step, modulus;
	u64 want[2];
} answer_table[] = {
	{ 1, 80, 0, 1, { 0x46b4bf44c744e35a, 0xa157c3a453eac109 } },
	{ 1, 1424, 0, 1, { 0xb43723468ea8270a, 0xe37cb49c3d1f80e7 } },
	{ 2, 577, 0, 1, { 0x2e46ecc2d6e4a3cd, 0xb8c4f9bbcbb5f92c } },
	{ 20, 0, 17, 129, { 0xa95fd63fb2120b66, 0xc90b4c88b13727ae } },
	{ 11, 100, 91, 512, { 0x9b833be81be288ce, 0xcb8ca360b580dcfd } },
};

#define TEXT_MAX	5120

static u8 text[TEXT_MAX];	/* crypto_selftest() runs once at a time */

static void fill(void)
{
	u32 i;

	for (i = 0; i < TEXT_MAX; i++)
		text[i] = (u8)(i * 7 + (i >> 8));
}

static bool is_filled(const u8 *p, u32 len)
{
	u32 at = (u32)(p - text), i;

	for (i = at; i < at + len; i++)
		if (text[i] != (u8)(i * 7 + (i >> 8)))
			return false;
	return true;
}

/* Lay the messages of @answer out in text[]; returns false if they overflow. */
static bool lay_out(const struct aead_answer *answer, struct aead_msg *msg)
{
	u32 at = 1;
	unsigned int i;

	for (i = 0; i < answer->n; i++) {
		msg[i] = (struct aead_msg) {
			.dst = text + at, .src = text + at,
			.len = answer->base +
			       i * answer->step % answer->modulus,
			.nonce = ((u64)i << 36) + i,
		};
		at += msg[i].len + AEAD_TAG_LEN;
	}
	return at <= TEXT_MAX;
}

static u64 rotate(u64 word, unsigned int n)
{
	return n % 64 ? word << n % 64 | word >> (64 - n % 64) : word;
}

static bool tags_right(const struct aead_answer *answer,
		       const struct aead_msg *msg)
{
	u64 low = 0, high = 0;
	unsigned int i;

	for (i = 0; i < answer->n; i++) {
		low ^= rotate(get_unaligned_le64(msg[i].dst + msg[i].len), i);
		high ^= rotate(get_unaligned_le64(msg[i].dst + msg[i].len + 8),
			       i);
	}
	return low == answer->want[0] && high == answer->want[1];
}

/* Open the batch with its last message forged. */
static bool opens_right(const struct aead_answer *answer, struct aead_msg *msg,
			const struct aead_key *key)
{
	const unsigned int last = answer->n - 1;
	unsigned int i;

	for (i = 0; i <= last; i++)
		msg[i].len += AEAD_TAG_LEN;
	msg[last].dst[msg[last].len / 2] ^= 0x10;
	if (aead_open_vec(key, msg, answer->n) != (1ULL << last) - 1)
		return false;
	for (i = 0; i < last; i++)
		if (!is_filled(msg[i].dst, msg[i].len - AEAD_TAG_LEN))
			return false;
	return ct_is_zero(msg[last].dst, msg[last].len - AEAD_TAG_LEN);
}

static bool check_vectors(void)
{
	struct aead_key key;
	struct aead_msg msg[20];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(key.word); i++)
		key.word[i] = 0x9e3779b9U * (i + 1);
	for (i = 0; i < ARRAY_SIZE(answer_table); i++) {
		fill();
		if (!lay_out(&answer_table[i], msg))
			return false;
		aead_seal_vec(&key, msg, answer_table[i].n);
		if (!tags_right(&answer_table[i], msg) ||
		    !opens_right(&answer_table[i], msg, &key))
			return false;
	}
	return true;
}

/* A field and a cookie, with associated data. */
static bool check_fields(void)
{
	static const u64 want[2] = { 0x623717f6b16cb21a,
				     0x6746c152d5e4f417 };
	u8 *sealed = text + 256;

	fill();
	aead_seal(sealed, text, 48, text + 64, 32, 0, text + 96);
	xaead_seal(sealed, sealed, 64, text + 64, 16, text + 128, text + 160);
	if (get_unaligned_le64(sealed + 64) != want[0] ||
	    get_unaligned_le64(sealed + 72) != want[1])
		return false;
	return xaead_open(sealed, sealed, 80, text + 64, 16, text + 128,
			  text + 160) &&
	       aead_open(sealed, sealed, 64, text + 64, 32, 0, text + 96) &&
	       !memcmp(sealed, text, 48);
}

/* [RFC 7693 B], and a key, a message of three blocks and a short tag. */
static bool check_blake2s(void)
{
	static const u8 want[B2S_HASH_LEN] = {
		0x50, 0x8c, 0x5e, 0x8c, 0x32, 0x7c, 0x14, 0xe2, 0xe1, 0xa7,
		0x2b, 0xa3, 0x4e, 0xeb, 0x45, 0x2f, 0x37, 0x45, 0x8b, 0x20,
		0x9e, 0xd6, 0x3a, 0x29, 0x4d, 0x99, 0x9b, 0x4c, 0x86, 0x67,
		0x59, 0x82,
	};
	u8 out[B2S_HASH_LEN];

	b2s_hash(out, "abc", 3);
	if (ct_differ(out, want, sizeof(want)))
		return false;
	fill();
	b2s_mac(out, text, 150, text + 200, 32);
	return get_unaligned_le64(out) == 0xa91196bb2ebf41dcULL &&
	       get_unaligned_le64(out + 8) == 0xe843f1eb02cc7dd5ULL;
}

static bool check_hkdf(void)
{
	u8 out[3][HKDF_LEN];

	fill();
	hkdf(out[0], out[1], out[2], text, text + 64, 32);
	return get_unaligned_le64(out[0]) == 0x48e3d7812cf9a98fULL &&
	       get_unaligned_le64(out[1] + 8) == 0x65b05ea3f08e34c9ULL &&
	       get_unaligned_le64(out[2] + 24) == 0xf8968af756d23a1cULL;
}

/* [RFC 7748 6.1]: two secrets, and what they share. */
static const u8 x25519_answer[3][X25519_LEN] = {
	{ 0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1,
	  0x72, 0x51, 0xb2, 0x66, 0x45, 0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0,
	  0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x2a },
	{ 0x5d, 0xab, 0x08, 0x7e, 0x62, 0x4a, 0x8a, 0x4b, 0x79, 0xe1, 0x7f,
	  0x8b, 0x83, 0x80, 0x0e, 0xe6, 0x6f, 0x3b, 0xb1, 0x29, 0x26, 0x18,
	  0xb6, 0xfd, 0x1c, 0x2f, 0x8b, 0x27, 0xff, 0x88, 0xe0, 0xeb },
	{ 0x4a, 0x5d, 0x9d, 0x5b, 0xa4, 0xce, 0x2d, 0xe1, 0x72, 0x8e, 0x3b,
	  0xf4, 0x80, 0x35, 0x0f, 0x25, 0xe0, 0x7e, 0x21, 0xc9, 0x47, 0xd1,
	  0x9e, 0x33, 0x76, 0xf0, 0x9b, 0x3c, 0x1e, 0x16, 0x17, 0x42 },
};

/* Alone, then four at once: base points, a point, and one of low order. */
static bool check_x25519(void)
{
	static const u8 low[X25519_LEN];
	const u8 *secret = x25519_answer[0], *other = x25519_answer[1];
	const u8 *want = x25519_answer[2];
	u8 pub[X25519_LEN], out[4][X25519_LEN];
	const struct x25519_job job[4] = {
		{ out[0], secret, NULL }, { out[1], other, pub },
		{ out[2], other, low }, { out[3], other, NULL },
	};

	x25519_base(pub, secret);
	if (!x25519(out[0], other, pub) ||
	    ct_differ(out[0], want, X25519_LEN))
		return false;
	return x25519_vec(job, 4) == 0xb &&
	       !ct_differ(out[0], pub, X25519_LEN) &&
	       !ct_differ(out[1], want, X25519_LEN) &&
	       ct_is_zero(out[2], X25519_LEN);
}

static const struct {
	const char *name;
	bool (*check)(void);
	bool paths;	/* has more than one */
} check_table[] = {
	{ "blake2s", check_blake2s, false },
	{ "hkdf", check_hkdf, false },
	{ "aead fields", check_fields, false },
	{ "aead", check_vectors, true },
	{ "x25519", check_x25519, true },
};

static const char *describe(const char *name, bool paths)
{
	static char failed[32];
	const char *path = paths ? crypto_path() : "generic";
	size_t name_len = strlen(name), path_len = strlen(path);

	if (name_len + 1 + path_len >= sizeof(failed))
		return name;
	memcpy(failed, name, name_len);
	failed[name_len] = '/';
	memcpy(failed + name_len + 1, path, path_len + 1);
	return failed;
}

/* All checks of the path in use; those with one path only @once. */
static const char *check_path(bool once)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(check_table); i++)
		if ((once || check_table[i].paths) && !check_table[i].check())
			return describe(check_table[i].name,
					check_table[i].paths);
	return NULL;
}

/* Portable C is no spare part: it runs where the FPU must not be used. */
const char *crypto_selftest(void)
{
	static const char *const path[] = { "generic", "avx2", "avx512" };
	const unsigned int allowed = crypto_features;
	const char *failed = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(path) && !failed; i++)
		if (crypto_force(path[i]) && !(crypto_features & ~allowed))
			failed = check_path(!i);
	crypto_features = allowed;
	return failed;
}
