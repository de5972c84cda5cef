/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one door between portable code and the world it is compiled in.
 *
 * crypto/ and src/proto/ include this header and nothing of the kernel. In the
 * kernel it forwards to the kernel's own types and helpers; in user space
 * (unit tests, simulator, fuzzers, benches) it defines the same few names.
 *
 * Names kept to what both sides need: fixed-width and endian types, unaligned
 * access, rotation, wiping, constant-time comparison, single-copy access.
 */
#ifndef WG_CRYPTO_PORT_H
#define WG_CRYPTO_PORT_H

#ifdef __KERNEL__

#include <linux/types.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/minmax.h>
#include <linux/bitops.h>
#include <linux/unaligned.h>

#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <endian.h>
#include <assert.h>
#include <linux/types.h>	/* __le16 to __be64, as libmnl sees them */

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#define __force
#define __rcu
#define __aligned(n)		__attribute__((aligned(n)))
#define __packed		__attribute__((packed))
#define __maybe_unused		__attribute__((unused))
#undef __always_inline				/* the C library has one */
#define __always_inline		inline __attribute__((always_inline))
#define noinline		__attribute__((noinline))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v)	(*(volatile __typeof__(x) *)&(x) = (v))
#define barrier()		__asm__ __volatile__("" : : : "memory")
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#ifndef static_assert
#define static_assert		_Static_assert
#endif
#ifndef fallthrough
#define fallthrough		__attribute__((fallthrough))
#endif

#define cpu_to_le16(x)		htole16(x)
#define cpu_to_le32(x)		htole32(x)
#define cpu_to_le64(x)		htole64(x)
#define le16_to_cpu(x)		le16toh(x)
#define le32_to_cpu(x)		le32toh(x)
#define le64_to_cpu(x)		le64toh(x)
#define cpu_to_be16(x)		htobe16(x)
#define cpu_to_be32(x)		htobe32(x)
#define cpu_to_be64(x)		htobe64(x)
#define be16_to_cpu(x)		be16toh(x)
#define be32_to_cpu(x)		be32toh(x)
#define be64_to_cpu(x)		be64toh(x)

#define PORT_UNALIGNED(bits, order, conv_in, conv_out)			\
static inline u##bits get_unaligned_##order##bits(const void *p)	\
{									\
	u##bits v;							\
									\
	memcpy(&v, p, sizeof(v));					\
	return conv_in(v);						\
}									\
static inline void put_unaligned_##order##bits(u##bits v, void *p)	\
{									\
	v = conv_out(v);						\
	memcpy(p, &v, sizeof(v));					\
}
PORT_UNALIGNED(16, le, le16toh, htole16)
PORT_UNALIGNED(32, le, le32toh, htole32)
PORT_UNALIGNED(64, le, le64toh, htole64)
PORT_UNALIGNED(16, be, be16toh, htobe16)
PORT_UNALIGNED(32, be, be32toh, htobe32)
PORT_UNALIGNED(64, be, be64toh, htobe64)
#undef PORT_UNALIGNED

static inline u32 rol32(u32 v, unsigned int n)
{
	return (v << (n & 31)) | (v >> (-n & 31));
}

static inline u32 ror32(u32 v, unsigned int n)
{
	return (v >> (n & 31)) | (v << (-n & 31));
}

/* memset() that the compiler may not remove: for secrets. */
static inline void memzero_explicit(void *p, size_t len)
{
	memset(p, 0, len);
	__asm__ __volatile__("" : : "r"(p) : "memory");
}

#endif /* __KERNEL__ */

/*
 * @mask, of which the compiler from here on knows nothing: of a mask that is
 * all ones or zero it may otherwise make a branch (Clang 14 did).
 */
static __always_inline u64 ct_mask(u64 mask)
{
	__asm__("" : "+r"(mask));
	return mask;
}

/*
 * Whether two strings of @len bytes differ, in time that depends on @len only.
 * For tags, MACs and keys; memcmp() is for what an attacker may know.
 */
static inline bool ct_differ(const void *a, const void *b, size_t len)
{
	const volatile u8 *x = a, *y = b;
	u8 acc = 0;
	size_t i;

	for (i = 0; i < len; i++)
		acc |= x[i] ^ y[i];
	return acc;
}

/* Whether @len bytes are all zero, in time that depends on @len only. */
static inline bool ct_is_zero(const void *a, size_t len)
{
	const volatile u8 *x = a;
	u8 acc = 0;
	size_t i;

	for (i = 0; i < len; i++)
		acc |= x[i];
	return !acc;
}

/*
 * Before a loop of few, constant turns over an array: without the loop the array
 * lives in registers.
 */
#ifdef __clang__
#define UNROLLED	_Pragma("clang loop unroll(full)")
#else
#define UNROLLED	_Pragma("GCC unroll 16")
#endif

#endif /* WG_CRYPTO_PORT_H */
