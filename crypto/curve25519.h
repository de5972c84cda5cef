/* SPDX-License-Identifier: GPL-2.0 */
/*
 * X25519 [RFC 7748 5]: Diffie-Hellman on Curve25519.
 *
 * Called by the handshake workers and when a peer or a private key is set.
 * Process context or softirq, though at 30 to 100 us a call softirq is no place
 * for it. Stack: up to 5.5 KiB. Nothing is allocated; the caller owns all
 * buffers and wipes them. Time depends on no secret and on no point. Secrets are
 * clamped on the way in, stored clamped or not. Outputs may be the same buffer
 * as inputs.
 */
#ifndef WG_CRYPTO_CURVE25519_H
#define WG_CRYPTO_CURVE25519_H

#include "crypto/port.h"

#define X25519_LEN	32
#define X25519_VEC_MAX	32

/* Makes 32 random bytes a secret scalar, in place. */
void x25519_clamp(u8 secret[X25519_LEN]);

/*
 * @out = @secret * @point. False when the result is all zero, which only a
 * point of low order can cause: the caller must refuse it. The point's top bit
 * is ignored and its value taken modulo 2^255 - 19, as the RFC says.
 */
bool x25519(u8 out[X25519_LEN], const u8 secret[X25519_LEN],
	    const u8 point[X25519_LEN]);

/* The public key of @secret: its multiple of the base point. */
void x25519_base(u8 pub[X25519_LEN], const u8 secret[X25519_LEN]);

/* One of many; @point NULL means the base point. */
struct x25519_job {
	u8 *out;
	const u8 *secret;
	const u8 *point;
};

/*
 * Does @n <= X25519_VEC_MAX jobs, several at once where the CPU can. Bit i of
 * the result is set when output i is not zero. The jobs' outputs are distinct
 * and no job's input is another's output.
 */
u32 x25519_vec(const struct x25519_job *job, unsigned int n);

#endif /* WG_CRYPTO_CURVE25519_H */
