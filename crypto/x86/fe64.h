/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The field of 2^255 - 19 in four limbs of 64 bits, with MULX, ADCX and ADOX:
 * two carry chains at once. Included by x25519_adx.c only.
 *
 * Numbers are any below 2^256, whatever they are modulo p; 2^256 counts 38.
 */
#ifndef WG_CRYPTO_X86_FE64_H
#define WG_CRYPTO_X86_FE64_H

#include "crypto/port.h"

struct fe {
	u64 v[4];
};

/* The point's top bit does not count [RFC 7748 5]. */
static inline void fe_read(struct fe *r, const u8 in[32])
{
	int i;

	for (i = 0; i < 4; i++)
		r->v[i] = get_unaligned_le64(in + 8 * i);
	r->v[3] &= ~0ULL >> 1;
}

/* Adds k to the low limb of @a and carries. */
static inline void fe_carry(u64 a[4], u64 k)
{
	int i;

	for (i = 0; i < 4; i++) {
		a[i] += k;
		k = a[i] < k;
	}
}

/* Writes the one representative below p. */
static inline void fe_write(u8 out[32], const struct fe *a)
{
	u64 t[4], sum[4];
	int i;

	memcpy(t, a->v, sizeof(t));
	/* Below 2^255 + 19, then p off if that leaves bit 255: t >= p. */
	sum[0] = t[3] >> 63;
	t[3] &= ~0ULL >> 1;
	fe_carry(t, 19 * sum[0]);
	memcpy(sum, t, sizeof(sum));
	fe_carry(sum, 19);
	fe_carry(t, 19 * (sum[3] >> 63));
	t[3] &= ~0ULL >> 1;
	for (i = 0; i < 4; i++)
		put_unaligned_le64(t[i], out + 8 * i);
	memzero_explicit(t, sizeof(t));
	memzero_explicit(sum, sizeof(sum));
}

/*
 * A carry out of 2^256 is 38 more, and so is a second one; after that the low
 * limb is small and takes 38 without a carry.
 */
static __always_inline void fe_add(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	u64 v0 = a->v[0], v1 = a->v[1], v2 = a->v[2], v3 = a->v[3], t;

	__asm__("addq %[b0], %[v0]\n\t"
		"adcq %[b1], %[v1]\n\t"
		"adcq %[b2], %[v2]\n\t"
		"adcq %[b3], %[v3]\n\t"
		"sbbq %[t], %[t]\n\t"
		"andl $38, %k[t]\n\t"
		"addq %[t], %[v0]\n\t"
		"adcq $0, %[v1]\n\t"
		"adcq $0, %[v2]\n\t"
		"adcq $0, %[v3]\n\t"
		"sbbq %[t], %[t]\n\t"
		"andl $38, %k[t]\n\t"
		"addq %[t], %[v0]"
		: [v0] "+r"(v0), [v1] "+r"(v1), [v2] "+r"(v2), [v3] "+r"(v3),
		  [t] "=&r"(t)
		: [b0] "m"(b->v[0]), [b1] "m"(b->v[1]), [b2] "m"(b->v[2]),
		  [b3] "m"(b->v[3])
		: "cc");
	r->v[0] = v0;
	r->v[1] = v1;
	r->v[2] = v2;
	r->v[3] = v3;
}

/* Likewise a borrow. */
static __always_inline void fe_sub(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	u64 v0 = a->v[0], v1 = a->v[1], v2 = a->v[2], v3 = a->v[3], t;

	__asm__("subq %[b0], %[v0]\n\t"
		"sbbq %[b1], %[v1]\n\t"
		"sbbq %[b2], %[v2]\n\t"
		"sbbq %[b3], %[v3]\n\t"
		"sbbq %[t], %[t]\n\t"
		"andl $38, %k[t]\n\t"
		"subq %[t], %[v0]\n\t"
		"sbbq $0, %[v1]\n\t"
		"sbbq $0, %[v2]\n\t"
		"sbbq $0, %[v3]\n\t"
		"sbbq %[t], %[t]\n\t"
		"andl $38, %k[t]\n\t"
		"subq %[t], %[v0]"
		: [v0] "+r"(v0), [v1] "+r"(v1), [v2] "+r"(v2), [v3] "+r"(v3),
		  [t] "=&r"(t)
		: [b0] "m"(b->v[0]), [b1] "m"(b->v[1]), [b2] "m"(b->v[2]),
		  [b3] "m"(b->v[3])
		: "cc");
	r->v[0] = v0;
	r->v[1] = v1;
	r->v[2] = v2;
	r->v[3] = v3;
}

/* Limbs 4 to 7 (r12 to r15) times 38 into limbs 0 to 3 (r8 to r11), stored. */
#define FE_FOLD_AND_STORE						\
	"movl $38, %%edx\n\t"						\
	"xorl %%eax, %%eax\n\t"		/* no carry */		\
	"mulx %%r12, %%rax, %%rcx\n\t"					\
	"adcx %%rax, %%r8\n\t"						\
	"adox %%rcx, %%r9\n\t"						\
	"mulx %%r13, %%rax, %%rcx\n\t"					\
	"adcx %%rax, %%r9\n\t"						\
	"adox %%rcx, %%r10\n\t"						\
	"mulx %%r14, %%rax, %%rcx\n\t"					\
	"adcx %%rax, %%r10\n\t"						\
	"adox %%rcx, %%r11\n\t"						\
	"mulx %%r15, %%rax, %%rcx\n\t"					\
	"adcx %%rax, %%r11\n\t"						\
	"movl $0, %%eax\n\t"						\
	"adox %%rax, %%rcx\n\t"						\
	"adcq $0, %%rcx\n\t"						\
	"imulq %%rdx, %%rcx\n\t"					\
	"addq %%rcx, %%r8\n\t"						\
	"adcq $0, %%r9\n\t"						\
	"movq %%r9, 8(%[r])\n\t"					\
	"adcq $0, %%r10\n\t"						\
	"movq %%r10, 16(%[r])\n\t"					\
	"adcq $0, %%r11\n\t"						\
	"movq %%r11, 24(%[r])\n\t"					\
	"sbbq %%rax, %%rax\n\t"						\
	"andl %%edx, %%eax\n\t"						\
	"addq %%rax, %%r8\n\t"						\
	"movq %%r8, (%[r])"

/* Eleven registers and three operands: a frame pointer can be afforded. */
#define FE_CLOBBERS "rax", "rcx", "rdx", "r8", "r9", "r10", "r11",	\
	"r12", "r13", "r14", "r15", "cc", "memory"

/* A limb of a times b, added to limbs l0 to l3; l4 is new. */
#define FE_ROW(offset, l0, l1, l2, l3, l4)				\
	"movq " offset "(%[a]), %%rdx\n\t"				\
	"xorl %%" l4 "d, %%" l4 "d\n\t"					\
	"mulx (%[b]), %%rax, %%rcx\n\t"					\
	"adcx %%rax, %%" l0 "\n\t"					\
	"adox %%rcx, %%" l1 "\n\t"					\
	"mulx 8(%[b]), %%rax, %%rcx\n\t"				\
	"adcx %%rax, %%" l1 "\n\t"					\
	"adox %%rcx, %%" l2 "\n\t"					\
	"mulx 16(%[b]), %%rax, %%rcx\n\t"				\
	"adcx %%rax, %%" l2 "\n\t"					\
	"adox %%rcx, %%" l3 "\n\t"					\
	"mulx 24(%[b]), %%rax, %%rcx\n\t"				\
	"adcx %%rax, %%" l3 "\n\t"					\
	"adox %%rcx, %%" l4 "\n\t"					\
	"adcq $0, %%" l4 "\n\t"

static __always_inline void fe_mul(struct fe *r, const struct fe *a,
				   const struct fe *b)
{
	__asm__ __volatile__(
		"movq (%[a]), %%rdx\n\t"
		"mulx (%[b]), %%r8, %%r9\n\t"
		"mulx 8(%[b]), %%rax, %%r10\n\t"
		"addq %%rax, %%r9\n\t"
		"mulx 16(%[b]), %%rax, %%r11\n\t"
		"adcq %%rax, %%r10\n\t"
		"mulx 24(%[b]), %%rax, %%r12\n\t"
		"adcq %%rax, %%r11\n\t"
		"adcq $0, %%r12\n\t"
		FE_ROW("8", "r9", "r10", "r11", "r12", "r13")
		FE_ROW("16", "r10", "r11", "r12", "r13", "r14")
		FE_ROW("24", "r11", "r12", "r13", "r14", "r15")
		FE_FOLD_AND_STORE
		: : [r] "r"(r), [a] "r"(a), [b] "r"(b) : FE_CLOBBERS);
}

/* What occurs twice is multiplied once: six products doubled, four squares. */
static __always_inline void fe_sqr(struct fe *r, const struct fe *a)
{
	__asm__ __volatile__(
		"movq (%[a]), %%rdx\n\t"
		"mulx 8(%[a]), %%r9, %%r10\n\t"
		"mulx 16(%[a]), %%rax, %%r11\n\t"
		"addq %%rax, %%r10\n\t"
		"mulx 24(%[a]), %%rax, %%r12\n\t"
		"adcq %%rax, %%r11\n\t"
		"adcq $0, %%r12\n\t"
		"movq 8(%[a]), %%rdx\n\t"
		"xorl %%eax, %%eax\n\t"
		"mulx 16(%[a]), %%rax, %%rcx\n\t"
		"adcx %%rax, %%r11\n\t"
		"adox %%rcx, %%r12\n\t"
		"mulx 24(%[a]), %%rax, %%r13\n\t"
		"adcx %%rax, %%r12\n\t"
		"movl $0, %%eax\n\t"
		"adox %%rax, %%r13\n\t"
		"adcq $0, %%r13\n\t"
		"movq 16(%[a]), %%rdx\n\t"
		"mulx 24(%[a]), %%rax, %%r14\n\t"
		"addq %%rax, %%r13\n\t"
		"adcq $0, %%r14\n\t"
		"movq (%[a]), %%rdx\n\t"
		"xorl %%r15d, %%r15d\n\t"
		"mulx %%rdx, %%r8, %%rax\n\t"
		"adcx %%r9, %%r9\n\t"
		"adox %%rax, %%r9\n\t"
		"movq 8(%[a]), %%rdx\n\t"
		"mulx %%rdx, %%rax, %%rcx\n\t"
		"adcx %%r10, %%r10\n\t"
		"adox %%rax, %%r10\n\t"
		"adcx %%r11, %%r11\n\t"
		"adox %%rcx, %%r11\n\t"
		"movq 16(%[a]), %%rdx\n\t"
		"mulx %%rdx, %%rax, %%rcx\n\t"
		"adcx %%r12, %%r12\n\t"
		"adox %%rax, %%r12\n\t"
		"adcx %%r13, %%r13\n\t"
		"adox %%rcx, %%r13\n\t"
		"movq 24(%[a]), %%rdx\n\t"
		"mulx %%rdx, %%rax, %%rcx\n\t"
		"adcx %%r14, %%r14\n\t"
		"adox %%rax, %%r14\n\t"
		"adcx %%r15, %%r15\n\t"
		"adox %%rcx, %%r15\n\t"
		FE_FOLD_AND_STORE
		: : [r] "r"(r), [a] "r"(a) : FE_CLOBBERS);
}

/* r = k * a for a small constant. */
static __always_inline void fe_mul_small(struct fe *r, const struct fe *a, u32 k)
{
	__asm__ __volatile__(
		"mulx (%[a]), %%r8, %%r9\n\t"
		"mulx 8(%[a]), %%rax, %%r10\n\t"
		"addq %%rax, %%r9\n\t"
		"mulx 16(%[a]), %%rax, %%r11\n\t"
		"adcq %%rax, %%r10\n\t"
		"mulx 24(%[a]), %%rax, %%rcx\n\t"
		"adcq %%rax, %%r11\n\t"
		"adcq $0, %%rcx\n\t"
		"imulq $38, %%rcx, %%rcx\n\t"
		"addq %%rcx, %%r8\n\t"
		"adcq $0, %%r9\n\t"
		"movq %%r9, 8(%[r])\n\t"
		"adcq $0, %%r10\n\t"
		"movq %%r10, 16(%[r])\n\t"
		"adcq $0, %%r11\n\t"
		"movq %%r11, 24(%[r])\n\t"
		"sbbq %%rax, %%rax\n\t"
		"andl $38, %%eax\n\t"
		"addq %%rax, %%r8\n\t"
		"movq %%r8, (%[r])"
		: : [r] "r"(r), [a] "r"(a), "d"((u64)k)
		: "rax", "rcx", "r8", "r9", "r10", "r11", "cc", "memory");
}

/* Exchanges a and b when @bit is 1. */
static __always_inline void fe_cswap(struct fe *a, struct fe *b, u64 bit)
{
	const u64 mask = ct_mask(-bit);
	int i;

	for (i = 0; i < 4; i++) {
		const u64 t = mask & (a->v[i] ^ b->v[i]);

		a->v[i] ^= t;
		b->v[i] ^= t;
	}
}

#endif /* WG_CRYPTO_X86_FE64_H */
