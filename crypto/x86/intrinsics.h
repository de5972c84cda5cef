/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The compiler's vector intrinsics, also without a C library: its headers pull
 * in <stdlib.h> only for an aligned malloc(), which is kept out by its guards
 * (GCC's and Clang's).
 */
#ifndef WG_CRYPTO_X86_INTRINSICS_H
#define WG_CRYPTO_X86_INTRINSICS_H

#ifdef __KERNEL__
#define _MM_MALLOC_H_INCLUDED
#define __MM_MALLOC_H
#endif
#include <immintrin.h>

#endif /* WG_CRYPTO_X86_INTRINSICS_H */
