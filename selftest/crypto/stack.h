/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A stack of its own for a call, to see afterwards how deep it went and what it
 * left there.
 */
#ifndef WG_SELFTEST_CRYPTO_STACK_H
#define WG_SELFTEST_CRYPTO_STACK_H

#include "crypto/port.h"

#define STACK_LEN	(64 * 1024)

/* Run @call on a fresh stack, there to be looked at until the next run. */
void stack_run(void (*call)(void));

/* Bytes which the last call took, callees included. */
size_t stack_used(void);

/*
 * Whether @width bytes in a row of @what, from any multiple of four on, lie
 * anywhere on the stack, each xored with @pad.
 */
bool stack_holds(const void *what, size_t len, size_t width, u8 pad);

/* False under the address sanitizer, which lays out frames in its own way. */
bool stack_is_real(void);

#endif /* WG_SELFTEST_CRYPTO_STACK_H */
