// SPDX-License-Identifier: GPL-2.0
#include "stack.h"
#include <stdlib.h>
#include <ucontext.h>

#define PAINT		0xa5
#define WIDTH_MAX	32

static u8 stack[STACK_LEN] __aligned(64);
static ucontext_t here, there;
static void (*work)(void);
static const u8 *top;

/*
 * What runs after the call, on the way back, must not fall on what the call
 * left: it has the room of @pad.
 */
static noinline void enter(void)
{
	volatile u8 pad[1024];

	pad[0] = 0;
	top = (const u8 *)pad;
	work();
	pad[0] = 1;
}

void stack_run(void (*call)(void))
{
	memset(stack, PAINT, sizeof(stack));
	work = call;
	if (getcontext(&there))
		abort();
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &here;
	makecontext(&there, enter, 0);
	if (swapcontext(&here, &there))
		abort();
}

size_t stack_used(void)
{
	const u8 *p = stack;

	while (p < top && *p == PAINT)
		p++;
	return (size_t)(top - p);
}

bool stack_holds(const void *what, size_t len, size_t width, u8 pad)
{
	u8 window[WIDTH_MAX];
	const u8 *byte = what;
	size_t i, j;

	for (i = 0; i + width <= len; i += 4) {
		for (j = 0; j < width; j++)
			window[j] = byte[i + j] ^ pad;
		if (memmem(stack, sizeof(stack), window, width))
			return true;
	}
	return false;
}

bool stack_is_real(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
	return false;
#endif
#endif
	return true;
}
