// SPDX-License-Identifier: GPL-2.0
#include "kernel_env.h"
#include "kernel_shim.h"

#include <crypto/blake2s.h>
#include <crypto/chacha20poly1305.h>
#include <crypto/curve25519.h>

unsigned int kernel_features;
const u8 kernel_zero_page[SZ_4K];

extern u8 __start_kernel_keys[], __stop_kernel_keys[];
int kernel_initcall_chacha_mod_init(void);
int kernel_initcall_poly1305_mod_init(void);
int kernel_initcall_curve25519_mod_init(void);
int kernel_initcall_blake2s_mod_init(void);

#define GENERIC	0
#define AVX2	(X86_FEATURE_SSSE3 | X86_FEATURE_AVX | X86_FEATURE_AVX2 | \
		 X86_FEATURE_BMI2 | X86_FEATURE_ADX)
#define AVX512	(AVX2 | X86_FEATURE_AVX512F | X86_FEATURE_AVX512VL | \
		 X86_FEATURE_AVX512BW)

static const struct {
	const char *path;
	unsigned int features;
} kernel_paths[] = {
	{ "generic", GENERIC },
	{ "avx2", AVX2 },
	{ "avx512", AVX512 },
};

static unsigned int kernel_cpu(void)
{
	unsigned int have = 0;

	__builtin_cpu_init();
	if (__builtin_cpu_supports("ssse3"))
		have |= X86_FEATURE_SSSE3;
	if (__builtin_cpu_supports("avx2"))
		have |= X86_FEATURE_AVX | X86_FEATURE_AVX2;
	if (__builtin_cpu_supports("bmi2"))
		have |= X86_FEATURE_BMI2 | X86_FEATURE_ADX;
	if (__builtin_cpu_supports("avx512f"))
		have |= X86_FEATURE_AVX512F;
	if (__builtin_cpu_supports("avx512vl"))
		have |= X86_FEATURE_AVX512VL;
	if (__builtin_cpu_supports("avx512bw"))
		have |= X86_FEATURE_AVX512BW;
	return have;
}

bool kernel_use(const char *path)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kernel_paths); i++)
		if (!strcmp(kernel_paths[i].path, path))
			break;
	if (i == ARRAY_SIZE(kernel_paths) ||
	    kernel_paths[i].features & ~kernel_cpu())
		return false;
	kernel_features = kernel_paths[i].features;
	memset(__start_kernel_keys, 0, __stop_kernel_keys - __start_kernel_keys);
	kernel_initcall_chacha_mod_init();
	kernel_initcall_poly1305_mod_init();
	kernel_initcall_curve25519_mod_init();
	kernel_initcall_blake2s_mod_init();
	return true;
}

void kernel_seal(u8 *dst, const u8 *src, size_t len, u64 nonce,
		 const u8 key[32])
{
	chacha20poly1305_encrypt(dst, src, len, NULL, 0, nonce, key);
}

bool kernel_open(u8 *dst, const u8 *src, size_t len, u64 nonce,
		 const u8 key[32])
{
	return chacha20poly1305_decrypt(dst, src, len, NULL, 0, nonce, key);
}

bool kernel_x25519(u8 out[32], const u8 secret[32], const u8 point[32])
{
	return curve25519(out, secret, point);
}

void kernel_x25519_base(u8 pub[32], const u8 secret[32])
{
	(void)curve25519_generate_public(pub, secret);
}

void kernel_blake2s(u8 *out, size_t out_len, const u8 *in, size_t len,
		    const u8 *key, size_t key_len)
{
	blake2s(key, key_len, in, len, out, out_len);
}

/* lib/crypto/utils.c stands behind these two: a word at a time, then bytes. */
void __crypto_xor(u8 *dst, const u8 *a, const u8 *b, unsigned int size)
{
	for (; size >= 8; size -= 8, dst += 8, a += 8, b += 8)
		put_unaligned(get_unaligned((const u64 *)a) ^
			      get_unaligned((const u64 *)b), (u64 *)dst);
	for (; size; size--)
		*dst++ = *a++ ^ *b++;
}

noinline unsigned long __crypto_memneq(const void *a, const void *b,
				       size_t size)
{
	const volatile u8 *x = a, *y = b;
	unsigned long acc = 0;

	for (; size; size--)
		acc |= *x++ ^ *y++;
	return acc;
}
