/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this CPU has, as bits of enum simd_feature. A kernel asks its own
 * feature bits, which honour the command line and errata; user space and
 * user-mode Linux ask the CPU, and XCR0 for what the system below saves.
 */
#ifndef WG_CRYPTO_X86_CPU_H
#define WG_CRYPTO_X86_CPU_H

#include "crypto/simd.h"

#if defined(SIMD_KERNEL_FPU)

#include <asm/cpufeature.h>
#include <asm/fpu/types.h>

static inline unsigned int cpu_features(void)
{
	unsigned int has = 0;
	bool avx2, avx512;

	avx2 = boot_cpu_has(X86_FEATURE_AVX2) &&
	       boot_cpu_has(X86_FEATURE_BMI2) &&
	       cpu_has_xfeatures(XFEATURE_MASK_SSE | XFEATURE_MASK_YMM, NULL);
	avx512 = avx2 && boot_cpu_has(X86_FEATURE_AVX512F) &&
		 boot_cpu_has(X86_FEATURE_AVX512VL) &&
		 boot_cpu_has(X86_FEATURE_AVX512BW) &&
		 boot_cpu_has(X86_FEATURE_AVX512DQ) &&
		 boot_cpu_has(X86_FEATURE_AVX512IFMA) &&
		 boot_cpu_has(X86_FEATURE_AVX512_VBMI2) &&
		 cpu_has_xfeatures(XFEATURE_MASK_AVX512, NULL);
	if (boot_cpu_has(X86_FEATURE_ADX) && boot_cpu_has(X86_FEATURE_BMI2))
		has |= SIMD_ADX;
	if (avx2)
		has |= SIMD_AVX2;
	if (avx512)
		has |= SIMD_AVX512;
	return has;
}

#elif defined(__x86_64__)

#define CPU_LEAF1_OSXSAVE	(1U << 27)	/* ecx */
#define CPU_LEAF7_AVX2		(1U << 5)	/* ebx from here on */
#define CPU_LEAF7_BMI2		(1U << 8)
#define CPU_LEAF7_AVX512F	(1U << 16)
#define CPU_LEAF7_AVX512DQ	(1U << 17)
#define CPU_LEAF7_ADX		(1U << 19)
#define CPU_LEAF7_IFMA		(1U << 21)
#define CPU_LEAF7_AVX512BW	(1U << 30)
#define CPU_LEAF7_AVX512VL	(1U << 31)
#define CPU_LEAF7_VBMI2		(1U << 6)	/* ecx */
#define CPU_XCR0_YMM		0x06U
#define CPU_XCR0_ZMM		0xe6U

static inline void cpu_leaf(u32 leaf, u32 *ebx, u32 *ecx)
{
	u32 eax = leaf, edx;

	*ecx = 0;
	__asm__ __volatile__("cpuid"
			     : "+a"(eax), "=b"(*ebx), "+c"(*ecx), "=d"(edx));
}

static inline u32 cpu_saved_state(void)
{
	u32 eax, edx;

	__asm__ __volatile__("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
	return eax;
}

static inline unsigned int cpu_features(void)
{
	const u32 adx = CPU_LEAF7_ADX | CPU_LEAF7_BMI2;
	const u32 avx2 = CPU_LEAF7_AVX2 | CPU_LEAF7_BMI2;
	const u32 avx512 = avx2 | CPU_LEAF7_AVX512F | CPU_LEAF7_AVX512DQ |
			   CPU_LEAF7_IFMA | CPU_LEAF7_AVX512BW |
			   CPU_LEAF7_AVX512VL;
	u32 ebx, ecx, ecx7, saved = 0, unused;
	unsigned int has = 0;

	cpu_leaf(1, &unused, &ecx);
	if (ecx & CPU_LEAF1_OSXSAVE)
		saved = cpu_saved_state();
	cpu_leaf(7, &ebx, &ecx7);
	if ((ebx & adx) == adx)
		has |= SIMD_ADX;
	if ((ebx & avx2) == avx2 && (saved & CPU_XCR0_YMM) == CPU_XCR0_YMM)
		has |= SIMD_AVX2;
	if ((ebx & avx512) == avx512 && ecx7 & CPU_LEAF7_VBMI2 &&
	    (saved & CPU_XCR0_ZMM) == CPU_XCR0_ZMM)
		has |= SIMD_AVX512;
	return has;
}

#else

static inline unsigned int cpu_features(void)
{
	return 0;
}

#endif
#endif /* WG_CRYPTO_X86_CPU_H */
