/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a compiler spills is in no variable that could be wiped: functions of
 * crypto/ wipe the stack below them, where what they called has been.
 * selftest/crypto/test_wipe.c looks whether that was deep enough.
 */
#ifndef WG_CRYPTO_STACK_H
#define WG_CRYPTO_STACK_H

#include "crypto/port.h"

/*
 * Kernels fill automatic variables with zeros; what is big, and written before
 * it is read, need not pay for that.
 */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define STACK_UNSET	__attribute__((uninitialized))
#endif
#endif
#ifndef STACK_UNSET
#define STACK_UNSET
#endif

/* Zero at least @len bytes of the stack below the caller's frame. */
void stack_wipe(size_t len);

#endif /* WG_CRYPTO_STACK_H */
