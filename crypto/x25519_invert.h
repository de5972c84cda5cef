/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inversion modulo 2^255 - 19 by division steps [Bernstein, Yang: Fast
 * constant-time gcd computation and modular inversion, 2019; the variant that
 * starts with delta = 1/2]. Half the time of raising to the power p - 2.
 *
 * For machines that multiply 64 by 64 bits; see fe_invert.h for the others.
 */
#ifndef WG_CRYPTO_X25519_INVERT_H
#define WG_CRYPTO_X25519_INVERT_H

#include "crypto/port.h"

#ifdef __SIZEOF_INT128__

/*
 * @out = 1 / @in, or 0 for 0; @in below p, 32 bytes, little endian; they may be
 * the same. Any context; takes the same time whatever the number.
 */
void x25519_invert(u8 out[32], const u8 in[32]);

#endif
#endif /* WG_CRYPTO_X25519_INVERT_H */
