/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Just enough kernel to compile lib/crypto of Linux 7.2, unchanged, into a user
 * space program: every <linux/...> and <asm/...> header its files ask for is
 * this one (kernel.sh). Static keys are plain flags, kept together so that the
 * bench can take them all back and choose another path; kernel_fpu_begin() and
 * kernel_fpu_end() cost nothing, which flatters the kernel.
 */
#ifndef BENCH_KERNEL_ENV_H
#define BENCH_KERNEL_ENV_H

#ifdef __ASSEMBLER__

#define SYM_FUNC_START(name)	.globl name; .balign 16; name:
#define SYM_FUNC_START_LOCAL(name) .balign 16; name:
#define SYM_FUNC_END(name)	.type name, @function; .size name, . - name
#define FRAME_BEGIN		push %rbp; mov %rsp, %rbp
#define FRAME_END		pop %rbp
#define RET			ret

#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
typedef unsigned __int128 u128;
typedef u32 __le32;
typedef u64 __le64;

#define at_least
#define asmlinkage
#define __init			__attribute__((unused))
#define __exit			__attribute__((unused))
#define __must_check
#define __ro_after_init
#define __maybe_unused		__attribute__((unused))
#define __packed		__attribute__((packed))
#define __aligned(n)		__attribute__((aligned(n)))
#undef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#define noinline		__attribute__((noinline))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define barrier()		__asm__ __volatile__("" : : : "memory")
#define unrolled_full		_Pragma("GCC unroll 65534")
#define fallthrough		__attribute__((fallthrough))

#define CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS 1
#define IS_ENABLED(option)	IS_ENABLED_##option
#define IS_ENABLED_CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS 1
#define IS_ENABLED_CONFIG_CRYPTO_LIB_CURVE25519_GENERIC 1
#define IS_ENABLED_DEBUG	0
#define WARN_ON(x)		((void)(x))
#define WARN_ON_ONCE(x)		((void)(x))
#define BUILD_BUG_ON(x)		_Static_assert(!(x), #x)

#define SZ_4K			4096
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define min_t(t, a, b)		((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define round_down(x, n)	((x) & ~((n) - 1))
#define round_up(x, n)		round_down((x) + (n) - 1, n)
#define DIV_ROUND_UP(x, n)	(((x) + (n) - 1) / (n))
#define container_of(p, t, m)	((t *)(void *)((u8 *)(p) - offsetof(t, m)))

static inline u32 rol32(u32 v, unsigned int n)
{
	return v << (n & 31) | v >> (-n & 31);
}

static inline u32 ror32(u32 v, unsigned int n)
{
	return v >> (n & 31) | v << (-n & 31);
}

/* The machine is little endian: only alignment is to be cared for. */
#define get_unaligned(p)						\
	({ __typeof__(*(p)) v_; memcpy(&v_, p, sizeof(v_)); v_; })
#define put_unaligned(v, p)						\
	({ __typeof__(*(p)) v_ = (v); memcpy(p, &v_, sizeof(v_)); })
#define get_unaligned_le32(p)	get_unaligned((const u32 *)(p))
#define get_unaligned_le64(p)	get_unaligned((const u64 *)(p))
#define put_unaligned_le32(v, p) put_unaligned(v, (u32 *)(p))
#define put_unaligned_le64(v, p) put_unaligned(v, (u64 *)(p))
#define cpu_to_le32(v)		(v)
#define cpu_to_le64(v)		(v)
#define le32_to_cpu(v)		(v)
#define le64_to_cpu(v)		(v)
#define le32_to_cpu_array(p, n)	((void)(p))
#define cpu_to_le32_array(p, n)	((void)(p))

static inline void memzero_explicit(void *p, size_t len)
{
	memset(p, 0, len);
	__asm__ __volatile__("" : : "r"(p) : "memory");
}

/* Static keys: in one section, see kernel_use(). */
#define DEFINE_STATIC_KEY_FALSE(name)					\
	bool name __attribute__((section("kernel_keys"), used))
#define static_branch_likely(key)	likely(*(key))
#define static_branch_unlikely(key)	unlikely(*(key))
#define static_branch_enable(key)	(*(key) = true)

/* Which features boot_cpu_has() admits: the bench's choice of path. */
enum kernel_feature {
	X86_FEATURE_SSSE3 = 1,
	X86_FEATURE_AVX = 2,
	X86_FEATURE_AVX2 = 4,
	X86_FEATURE_BMI2 = 8,
	X86_FEATURE_ADX = 16,
	X86_FEATURE_AVX512F = 32,
	X86_FEATURE_AVX512VL = 64,
	X86_FEATURE_AVX512BW = 128,
};
extern unsigned int kernel_features;

#define boot_cpu_has(bit)	(kernel_features & (bit))
#define cpu_has_xfeatures(mask, name)	true
#define XFEATURE_MASK_SSE	0
#define XFEATURE_MASK_YMM	0
#define XFEATURE_MASK_AVX512	0
#define INTEL_SKYLAKE_X		0
static const struct {
	u32 x86_vfm;
} boot_cpu_data __attribute__((unused)) = { 1 };

#define may_use_simd()		true
#define irq_fpu_usable()	true
#define kernel_fpu_begin()	barrier()
#define kernel_fpu_end()	barrier()

#define subsys_initcall(fn)						\
	int kernel_initcall_##fn(void);					\
	int kernel_initcall_##fn(void) { return fn(); }
#define module_exit(fn)
#define EXPORT_SYMBOL(name)
#define EXPORT_SYMBOL_GPL(name)
#define MODULE_LICENSE(text)
#define MODULE_DESCRIPTION(text)
#define MODULE_AUTHOR(text)

/* A page of zeros, which the AEAD takes its padding from. */
extern const u8 kernel_zero_page[SZ_4K];
#define ZERO_PAGE(address)	kernel_zero_page
#define page_address(page)	((void *)(page))

struct scatterlist;
void get_random_bytes_wait(void *p, size_t len);

#endif /* __ASSEMBLER__ */
#endif /* BENCH_KERNEL_ENV_H */
