// SPDX-License-Identifier: GPL-2.0
#include "crypto/aead.h"
#include "crypto/aead_check.h"
#include "crypto/chacha20.h"
#include "crypto/poly1305.h"
#include "crypto/stack.h"
#include "crypto/x86/aead.h"

void aead_key_load(struct aead_key *key, const u8 bytes[AEAD_KEY_LEN])
{
	cc20_key_load(key->word, bytes);
}

/* What portable C takes of the stack, below the functions that are called. */
#define SPILL_LEN	1024

/* The tag over associated data and ciphertext [RFC 8439 2.8]. */
static void compute_tag(u8 tag[AEAD_TAG_LEN], const u32 key[8], u64 nonce,
			const u8 *ad, size_t ad_len, const u8 *text,
			size_t text_len)
{
	struct p1305_state state;
	u8 first[P1305_KEY_LEN], lengths[P1305_BLOCK_LEN];

	cc20_first(first, key, nonce);
	p1305_init(&state, first);
	p1305_padded(&state, ad, ad_len);
	p1305_padded(&state, text, text_len);
	put_unaligned_le64(ad_len, lengths);
	put_unaligned_le64(text_len, lengths + 8);
	p1305_blocks(&state, lengths, 1, 1);
	p1305_final(&state, tag);
	memzero_explicit(&state, sizeof(state));
	memzero_explicit(first, sizeof(first));
}

static void seal_words(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		       size_t ad_len, u64 nonce, const u32 key[8])
{
	cc20_xor(dst, src, len, key, nonce, 1);
	compute_tag(dst + len, key, nonce, ad, ad_len, dst, len);
}

static bool open_words(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		       size_t ad_len, u64 nonce, const u32 key[8])
{
	u8 tag[AEAD_TAG_LEN];
	bool differ;

	if (len < AEAD_TAG_LEN)
		return false;
	len -= AEAD_TAG_LEN;
	compute_tag(tag, key, nonce, ad, ad_len, src, len);
	differ = ct_differ(tag, src + len, AEAD_TAG_LEN);
	memzero_explicit(tag, sizeof(tag));
	if (differ)
		memset(dst, 0, len);
	else
		cc20_xor(dst, src, len, key, nonce, 1);
	return !differ;
}

void aead_seal(u8 *dst, const u8 *src, size_t len, const u8 *ad, size_t ad_len,
	       u64 nonce, const u8 key[AEAD_KEY_LEN])
{
	struct aead_key words;

	aead_key_load(&words, key);
	seal_words(dst, src, len, ad, ad_len, nonce, words.word);
	memzero_explicit(&words, sizeof(words));
	stack_wipe(SPILL_LEN);
}

bool aead_open(u8 *dst, const u8 *src, size_t len, const u8 *ad, size_t ad_len,
	       u64 nonce, const u8 key[AEAD_KEY_LEN])
{
	struct aead_key words;
	bool authentic;

	aead_key_load(&words, key);
	authentic = open_words(dst, src, len, ad, ad_len, nonce, words.word);
	memzero_explicit(&words, sizeof(words));
	stack_wipe(SPILL_LEN);
	return authentic;
}

/* The key under which the last eight bytes of the long nonce are the nonce. */
static void subkey(struct aead_key *sub, const u8 nonce[XAEAD_NONCE_LEN],
		   const u8 key[AEAD_KEY_LEN])
{
	struct aead_key words;

	aead_key_load(&words, key);
	cc20_hchacha(sub->word, words.word, nonce);
	memzero_explicit(&words, sizeof(words));
}

void xaead_seal(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		size_t ad_len, const u8 nonce[XAEAD_NONCE_LEN],
		const u8 key[AEAD_KEY_LEN])
{
	struct aead_key sub;

	subkey(&sub, nonce, key);
	seal_words(dst, src, len, ad, ad_len,
		   get_unaligned_le64(nonce + HCC20_NONCE_LEN), sub.word);
	memzero_explicit(&sub, sizeof(sub));
	stack_wipe(SPILL_LEN);
}

bool xaead_open(u8 *dst, const u8 *src, size_t len, const u8 *ad,
		size_t ad_len, const u8 nonce[XAEAD_NONCE_LEN],
		const u8 key[AEAD_KEY_LEN])
{
	struct aead_key sub;
	bool authentic;

	subkey(&sub, nonce, key);
	authentic = open_words(dst, src, len, ad, ad_len,
			       get_unaligned_le64(nonce + HCC20_NONCE_LEN),
			       sub.word);
	memzero_explicit(&sub, sizeof(sub));
	stack_wipe(SPILL_LEN);
	return authentic;
}

/*
 * How many of the next messages one FPU section takes: up to 32 packets, and
 * up to so many bytes that the slowest SIMD path needs about 30 us. The longest
 * message alone stays near that, too.
 */
static unsigned int section_n(const struct aead_msg *msg, unsigned int n)
{
	const unsigned int msg_n_max = 32, byte_n_max = 48 * 1024;
	unsigned int i, byte_n = 0;

	for (i = 0; i < n && i < msg_n_max; i++) {
		byte_n += msg[i].len;
		if (i && byte_n > byte_n_max)
			break;
	}
	return i;
}

static u64 text_sum(const u8 *p, u32 len)
{
	return sum_words(p, len);
}

/*
 * The three parts of a plaintext, of which the middle one is elsewhere. Not
 * inline: the stack of its caller is under that of every path.
 */
static noinline void seal_parts(const struct aead_msg *msg, const u32 key[8])
{
	const u32 from = msg->head, to = msg->len - msg->tail;
	u8 *dst = msg->dst;

	check_write(msg);
	cc20_xor(dst, dst, from, key, msg->nonce, 1);
	if (from < to)	/* otherwise there may be no source */
		cc20_xor(dst + from, msg->src + from, to - from, key,
			 msg->nonce, 1 + from / AEAD_STEP);
	cc20_xor(dst + to, dst + to, msg->tail, key, msg->nonce,
		 1 + to / AEAD_STEP);
	compute_tag(dst + msg->len, key, msg->nonce, NULL, 0, dst, msg->len);
}

void aead_seal_vec(const struct aead_key *key, const struct aead_msg *msg,
		   unsigned int n)
{
	unsigned int part_n, i;

	for (; n; n -= part_n, msg += part_n) {
		part_n = section_n(msg, n);
		if (aead_simd_seal(key, msg, part_n))
			continue;
		for (i = 0; i < part_n; i++)
			seal_parts(&msg[i], key->word);
		stack_wipe(SPILL_LEN);
	}
}

/* Whether every message has a tag, as the SIMD paths require. */
static bool tags_there(const struct aead_msg *msg, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n && msg[i].len >= AEAD_TAG_LEN; i++)
		;
	return i == n;
}

u64 aead_open_vec(const struct aead_key *key, const struct aead_msg *msg,
		  unsigned int n)
{
	unsigned int part_n, done_n, i;
	u64 authentic = 0;
	u32 mask;

	for (done_n = 0; done_n < n; done_n += part_n, msg += part_n) {
		part_n = section_n(msg, n - done_n);
		if (tags_there(msg, part_n) &&
		    aead_simd_open(key, msg, part_n, &mask)) {
			authentic |= (u64)mask << done_n;
			continue;
		}
		for (i = 0; i < part_n; i++)
			authentic |= (u64)open_words(msg[i].dst, msg[i].src,
						     msg[i].len, NULL, 0,
						     msg[i].nonce, key->word)
				     << (done_n + i);
		stack_wipe(SPILL_LEN);
	}
	return authentic;
}

/*
 * Gather, then seal in place: the copy stays in the first cache level and costs
 * a few per cent of the cipher, while every SIMD path stays one loop.
 */
void aead_seal_pieces(const struct aead_key *key, u8 *dst,
		      const struct aead_piece *piece, unsigned int piece_n,
		      u64 nonce)
{
	struct aead_msg msg = { .dst = dst, .src = dst, .nonce = nonce };
	unsigned int i;

	for (i = 0; i < piece_n; i++) {
		memcpy(dst + msg.len, piece[i].data, piece[i].len);
		msg.len += piece[i].len;
	}
	aead_seal_vec(key, &msg, 1);
}
