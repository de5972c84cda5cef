/* SPDX-License-Identifier: GPL-2.0 */
/* What kernel_shim.c offers the bench of Linux 7.2's lib/crypto. */
#ifndef BENCH_KERNEL_SHIM_H
#define BENCH_KERNEL_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Chooses the path, "generic", "avx2" or "avx512", as the kernel's own start-up
 * code does on a CPU with these features. False when this CPU lacks them.
 */
bool kernel_use(const char *path);

void kernel_seal(uint8_t *dst, const uint8_t *src, size_t len, uint64_t nonce,
		 const uint8_t key[32]);
bool kernel_open(uint8_t *dst, const uint8_t *src, size_t len, uint64_t nonce,
		 const uint8_t key[32]);
bool kernel_x25519(uint8_t out[32], const uint8_t secret[32],
		   const uint8_t point[32]);
void kernel_x25519_base(uint8_t pub[32], const uint8_t secret[32]);
void kernel_blake2s(uint8_t *out, size_t out_len, const uint8_t *in, size_t len,
		    const uint8_t *key, size_t key_len);

#endif /* BENCH_KERNEL_SHIM_H */
