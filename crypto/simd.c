// SPDX-License-Identifier: GPL-2.0
#include "crypto/simd.h"
#include "crypto/x86/cpu.h"

static const struct {
	const char *name;
	const char *all;	/* it, and what else there is where it is */
	unsigned int feature;	/* must be there */
	unsigned int allow;	/* may be used then */
} path_table[] = {	/* best first */
	{ "avx512", "avx512, avx2 and generic", SIMD_AVX512,
	  SIMD_AVX512 | SIMD_AVX2 | SIMD_ADX },
	{ "avx2", "avx2 and generic", SIMD_AVX2, SIMD_AVX2 | SIMD_ADX },
	{ "generic", "generic alone", 0, 0 },
};

unsigned int crypto_features;

void crypto_init(void)
{
	crypto_features = cpu_features();
}

bool crypto_force(const char *path)
{
	unsigned int has = cpu_features();
	size_t i;

	if (!path) {
		crypto_features = has;
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(path_table); i++) {
		if (strcmp(path, path_table[i].name))
			continue;
		if (path_table[i].feature & ~has)
			return false;
		crypto_features = has & path_table[i].allow;
		return true;
	}
	return false;
}

/* Index of the best path with @features. */
static size_t best_path(unsigned int features)
{
	size_t i;

	for (i = 0; path_table[i].feature & ~features; i++)
		;
	return i;
}

const char *crypto_path(void)
{
	return path_table[best_path(crypto_features)].name;
}

const char *crypto_paths(void)
{
	return path_table[best_path(cpu_features())].all;
}
