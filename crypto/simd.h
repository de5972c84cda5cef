/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which code paths the CPU has, which are in use, and when vector registers
 * may be touched.
 *
 * crypto_init() runs once, at module load or at program start, before anything
 * else of crypto/; until then every primitive runs in portable C. After it the
 * choice is only read, from any context.
 */
#ifndef WG_CRYPTO_SIMD_H
#define WG_CRYPTO_SIMD_H

#include "crypto/port.h"

#if defined(__KERNEL__) && defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#include <asm/fpu/api.h>
#define SIMD_KERNEL_FPU
#endif

/* Sets of CPU features, each with what the system must save for it. */
enum simd_feature {
	SIMD_ADX	= 1 << 0,	/* ADX, BMI2: integer registers only */
	SIMD_AVX2	= 1 << 1,	/* AVX2, BMI2 */
	SIMD_AVX512	= 1 << 2,	/* AVX2 and AVX-512 F, VL, BW, DQ, IFMA, VBMI2 */
};

/* Bits of enum simd_feature in use. Written by the two functions below, and
 * during crypto_selftest().
 */
extern unsigned int crypto_features;

/* Take everything this CPU has. */
void crypto_init(void);

/*
 * For diagnosis, tests and benches: restrict to "generic", "avx2" or "avx512", or lift
 * the restriction with NULL. False, and no change, when the CPU has no such
 * path. Not to be called while another thread uses crypto/.
 */
bool crypto_force(const char *path);

/* The best path in use, by the names of crypto_force(). For a log line. */
const char *crypto_path(void);

/* Those the CPU has: "avx2 and generic". For a line that refuses others. */
const char *crypto_paths(void);

static inline bool simd_has(enum simd_feature feature)
{
	return crypto_features & feature;
}

/*
 * Enter a section which may use vector registers; false where that is not
 * possible (an interrupt within such a section, before Linux 7): take portable
 * C then. Sections do not nest and do not sleep. They hold off preemption and
 * softirqs: about 30 us at most for packets, twice that for eight X25519.
 */
static inline bool simd_begin(void)
{
#ifdef SIMD_KERNEL_FPU
	if (!irq_fpu_usable())
		return false;
	kernel_fpu_begin();
#endif
	return true;
}

static inline void simd_end(void)
{
#ifdef SIMD_KERNEL_FPU
	kernel_fpu_end();
#endif
}

#endif /* WG_CRYPTO_SIMD_H */
