// SPDX-License-Identifier: GPL-2.0
#include "crypto/selftest.h"
#include "crypto/aead.h"
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
		msg[i].src = msg[i].dst = text + at;
		msg[i].len = answer->base + i * answer->step % answer->modulus;
		msg[i].nonce = ((u64)i << 36) + i;
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

static const struct {
	const char *name;
	bool (*check)(void);
	bool paths;	/* has more than one */
} check_table[] = {
	{ "aead fields", check_fields, false },
	{ "aead", check_vectors, true },
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

const char *crypto_selftest(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(check_table); i++)
		if (!check_table[i].check())
			return describe(check_table[i].name,
					check_table[i].paths);
	return NULL;
}
