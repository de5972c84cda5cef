// SPDX-License-Identifier: GPL-2.0
#include "bench.h"

#include <intel-ipsec-mb.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "crypto/blake2s.h"
#include "crypto/simd.h"
#include "kernel_shim.h"

/* A candidate that fails is a bug of the bench: nothing it says counts. */
static void need(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench-crypto: %s failed\n", what);
	exit(1);
}

/* Ours */

static void ours_seal(struct bench_work *w)
{
	aead_seal_vec(&w->loaded, w->msg, w->n);
}

static void ours_open(struct bench_work *w)
{
	w->authentic = aead_open_vec(&w->loaded, w->msg, w->n);
}

static void ours_x25519(struct bench_work *w)
{
	if (w->n == 1)
		x25519(w->job[0].out, w->job[0].secret, w->job[0].point);
	else
		x25519_vec(w->job, w->n);
}

static void ours_x25519_base(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		x25519_base(w->job[i].out, w->job[i].secret);
}

static void ours_blake2s(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		b2s_hash(w->msg[i].dst, w->msg[i].src, w->len);
}

static void ours_blake2s_mac(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		b2s_mac(w->msg[i].dst, w->msg[i].src, w->len, w->key, 32);
}

/* Linux 7.2 lib/crypto */

static void linux_seal(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		kernel_seal(w->msg[i].dst, w->msg[i].src, w->msg[i].len,
			    w->msg[i].nonce, w->key);
}

static void linux_open(struct bench_work *w)
{
	unsigned int i;

	w->authentic = 0;
	for (i = 0; i < w->n; i++)
		w->authentic |= (u64)kernel_open(w->msg[i].dst, w->msg[i].src,
						 w->msg[i].len, w->msg[i].nonce,
						 w->key) << i;
}

static void linux_x25519(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		kernel_x25519(w->job[i].out, w->job[i].secret, w->job[i].point);
}

static void linux_x25519_base(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		kernel_x25519_base(w->job[i].out, w->job[i].secret);
}

static void linux_blake2s(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		kernel_blake2s(w->msg[i].dst, 32, w->msg[i].src, w->len,
			       NULL, 0);
}

static void linux_blake2s_mac(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++)
		kernel_blake2s(w->msg[i].dst, 16, w->msg[i].src, w->len,
			       w->key, 32);
}

/* OpenSSL: contexts are made once; a message sets the nonce only. */

static EVP_CIPHER_CTX *openssl_cipher[2];

static bool openssl_use(const char *path)
{
	int enc;

	(void)path;
	for (enc = 0; enc < 2 && !openssl_cipher[enc]; enc++) {
		openssl_cipher[enc] = EVP_CIPHER_CTX_new();
		need(openssl_cipher[enc], "EVP_CIPHER_CTX_new");
	}
	return true;
}

/* The key is loaded for each batch, as ours loads its own. */
static void openssl_key(EVP_CIPHER_CTX *ctx, int enc, const u8 *key)
{
	need(EVP_CipherInit_ex(ctx, EVP_chacha20_poly1305(), NULL, key, NULL,
			       enc), "EVP_CipherInit_ex");
}

static void openssl_nonce(EVP_CIPHER_CTX *ctx, int enc, u64 nonce)
{
	u8 iv[12] = { 0 };

	put_unaligned_le64(nonce, iv + 4);
	EVP_CipherInit_ex(ctx, NULL, NULL, NULL, iv, enc);
}

static void openssl_seal(struct bench_work *w)
{
	EVP_CIPHER_CTX *ctx = openssl_cipher[1];
	unsigned int i;
	int len;

	openssl_key(ctx, 1, w->key);
	for (i = 0; i < w->n; i++) {
		const struct aead_msg *m = &w->msg[i];

		openssl_nonce(ctx, 1, m->nonce);
		EVP_EncryptUpdate(ctx, m->dst, &len, m->src, (int)m->len);
		EVP_EncryptFinal_ex(ctx, m->dst + len, &len);
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_LEN,
				    m->dst + m->len);
	}
}

static void openssl_open(struct bench_work *w)
{
	EVP_CIPHER_CTX *ctx = openssl_cipher[0];
	unsigned int i;
	int len;

	openssl_key(ctx, 0, w->key);
	w->authentic = 0;
	for (i = 0; i < w->n; i++) {
		const struct aead_msg *m = &w->msg[i];
		const u32 body = m->len - AEAD_TAG_LEN;

		openssl_nonce(ctx, 0, m->nonce);
		EVP_DecryptUpdate(ctx, m->dst, &len, m->src, (int)body);
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG_LEN,
				    (void *)(m->src + body));
		if (EVP_DecryptFinal_ex(ctx, m->dst + len, &len) == 1)
			w->authentic |= 1ULL << i;
	}
}

/* Making the key objects is OpenSSL's price of an X25519, and counted. */
static void openssl_x25519(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++) {
		const struct x25519_job *job = &w->job[i];
		EVP_PKEY *secret = EVP_PKEY_new_raw_private_key(
			EVP_PKEY_X25519, NULL, job->secret, 32);
		EVP_PKEY *point = EVP_PKEY_new_raw_public_key(
			EVP_PKEY_X25519, NULL, job->point, 32);
		EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(secret, NULL);
		size_t len = 32;

		need(EVP_PKEY_derive_init(ctx) == 1 &&
		     EVP_PKEY_derive_set_peer(ctx, point) == 1 &&
		     EVP_PKEY_derive(ctx, job->out, &len) == 1,
		     "EVP_PKEY_derive");
		EVP_PKEY_CTX_free(ctx);
		EVP_PKEY_free(point);
		EVP_PKEY_free(secret);
	}
}

static void openssl_x25519_base(struct bench_work *w)
{
	unsigned int i;

	for (i = 0; i < w->n; i++) {
		EVP_PKEY *secret = EVP_PKEY_new_raw_private_key(
			EVP_PKEY_X25519, NULL, w->job[i].secret, 32);
		size_t len = 32;

		need(EVP_PKEY_get_raw_public_key(secret, w->job[i].out, &len),
		     "EVP_PKEY_get_raw_public_key");
		EVP_PKEY_free(secret);
	}
}

static void openssl_blake2s(struct bench_work *w)
{
	static EVP_MD_CTX *ctx;
	unsigned int i;

	if (!ctx)
		ctx = EVP_MD_CTX_new();
	for (i = 0; i < w->n; i++) {
		EVP_DigestInit_ex(ctx, EVP_blake2s256(), NULL);
		EVP_DigestUpdate(ctx, w->msg[i].src, w->len);
		EVP_DigestFinal_ex(ctx, w->msg[i].dst, NULL);
	}
}

/* Intel's multi-buffer library, through its job interface */

static IMB_MGR *ipsec_mgr;

static bool ipsec_use(const char *path)
{
	(void)path;
	if (ipsec_mgr)
		return true;
	ipsec_mgr = alloc_mb_mgr(0);
	need(ipsec_mgr, "alloc_mb_mgr");
	init_mb_mgr_auto(ipsec_mgr, NULL);
	return true;
}

static void ipsec_job(IMB_JOB *job, const struct bench_work *w,
		      const struct aead_msg *m, bool seal, u8 iv[12], u8 *tag)
{
	const u32 body = seal ? m->len : m->len - AEAD_TAG_LEN;

	memset(iv, 0, 4);
	put_unaligned_le64(m->nonce, iv + 4);
	job->cipher_direction = seal ? IMB_DIR_ENCRYPT : IMB_DIR_DECRYPT;
	job->chain_order = seal ? IMB_ORDER_CIPHER_HASH : IMB_ORDER_HASH_CIPHER;
	job->cipher_mode = IMB_CIPHER_CHACHA20_POLY1305;
	job->hash_alg = IMB_AUTH_CHACHA20_POLY1305;
	job->enc_keys = job->dec_keys = w->key;
	job->key_len_in_bytes = 32;
	job->u.CHACHA20_POLY1305.aad = NULL;
	job->u.CHACHA20_POLY1305.aad_len_in_bytes = 0;
	job->src = m->src;
	job->dst = m->dst;
	job->iv = iv;
	job->iv_len_in_bytes = 12;
	job->msg_len_to_cipher_in_bytes = body;
	job->cipher_start_src_offset_in_bytes = 0;
	job->msg_len_to_hash_in_bytes = body;
	job->hash_start_src_offset_in_bytes = 0;
	job->auth_tag_output = tag;
	job->auth_tag_output_len_in_bytes = AEAD_TAG_LEN;
}

static void ipsec_run(struct bench_work *w, bool seal)
{
	u8 tag[AEAD_TAG_LEN], iv[12];
	unsigned int i;

	w->authentic = 0;
	for (i = 0; i < w->n; i++) {
		const struct aead_msg *m = &w->msg[i];
		IMB_JOB *job = IMB_GET_NEXT_JOB(ipsec_mgr);

		ipsec_job(job, w, m, seal, iv, seal ? m->dst + m->len : tag);
		job = IMB_SUBMIT_JOB_NOCHECK(ipsec_mgr);
		need(job && job->status == IMB_STATUS_COMPLETED, "ipsec-mb");
		if (!seal && !ct_differ(tag, m->src + m->len - AEAD_TAG_LEN,
					AEAD_TAG_LEN))
			w->authentic |= 1ULL << i;
	}
}

static void ipsec_seal(struct bench_work *w)
{
	ipsec_run(w, true);
}

static void ipsec_open(struct bench_work *w)
{
	ipsec_run(w, false);
}

#define OURS	{ ours_seal, ours_open, ours_x25519, ours_x25519_base,	\
		  ours_blake2s, ours_blake2s_mac }
#define LINUX	{ linux_seal, linux_open, linux_x25519,			\
		  linux_x25519_base, linux_blake2s, linux_blake2s_mac }

const struct bench_peer bench_peers[] = {
	{ "ours", "generic", crypto_force, OURS },
	{ "ours", "avx2", crypto_force, OURS },
	{ "ours", "avx512", crypto_force, OURS },
	{ "linux-7.2", "generic", kernel_use, LINUX },
	{ "linux-7.2", "avx2", kernel_use, LINUX },
	{ "linux-7.2", "avx512", kernel_use, LINUX },
	{ "openssl", "auto", openssl_use,
	  { openssl_seal, openssl_open, openssl_x25519, openssl_x25519_base,
	    openssl_blake2s, NULL } },
	{ "ipsec-mb", "auto", ipsec_use, { ipsec_seal, ipsec_open } },
};
const unsigned int bench_peer_n = ARRAY_SIZE(bench_peers);
