// SPDX-License-Identifier: GPL-2.0
/*
 * What the handshake's primitives leave on the stack: each call gets a stack of
 * its own, which is searched for the secrets that went in and, where these are
 * secret too, for what came out by the way.
 */
#include "harness.h"
#include "stack.h"
#include "crypto/blake2s.h"
#include "crypto/curve25519.h"
#include "crypto/hkdf.h"

#define WINDOW		8
#define STACK_MAX	5632	/* as crypto/curve25519.h says */

/* In static memory: a call finds them there and leaves them there. */
static u8 secret[X25519_VEC_MAX][32], point[32], out[X25519_VEC_MAX][32];
static u8 key[32], input[100], prk[32];

static void run_dh(void)
{
	x25519(out[0], secret[0], point);
}

static void run_base(void)
{
	x25519_base(out[0], secret[0]);
}

static void run_vec(void)
{
	static struct x25519_job job[X25519_VEC_MAX];
	size_t i;

	for (i = 0; i < X25519_VEC_MAX; i++) {
		job[i].out = out[i];
		job[i].secret = secret[i];
		job[i].point = point;
	}
	x25519_vec(job, X25519_VEC_MAX - 1);
}

static void run_hkdf(void)
{
	hkdf(out[0], out[1], out[2], key, input, sizeof(input));
}

static void run_mac(void)
{
	b2s_mac(out[0], input, sizeof(input), key, sizeof(key));
}

static bool is_left(const u8 *what, size_t len, u8 pad)
{
	return stack_holds(what, len, WINDOW, pad);
}

static void fill_all(void)
{
	test_fill(secret, sizeof(secret));
	test_fill(point, sizeof(point));
	test_fill(out, sizeof(out));
	test_fill(key, sizeof(key));
	test_fill(input, sizeof(input));
}

PATH_TEST(wipe_x25519)
{
	void (*const call[])(void) = { run_dh, run_base, run_vec };
	size_t i, j;
	bool left;

	if (!stack_is_real())
		test_skip("the sanitizer lays out frames");
	fill_all();
	for (i = 0; i < ARRAY_SIZE(call); i++) {
		stack_run(call[i]);
		left = false;
		for (j = 0; j < X25519_VEC_MAX; j++)
			left |= is_left(secret[j], 32, 0) ||
				is_left(out[j], 32, 0);
		CHECK(!left, "call %zu left a secret", i);
		CHECK(stack_used() <= STACK_MAX, "call %zu: %zu bytes of stack",
		      i, stack_used());
	}
}

TEST(wipe_blake2s)
{
	bool left;

	if (!stack_is_real())
		test_skip("the sanitizer lays out frames");
	fill_all();
	b2s_hmac(prk, key, sizeof(key), input, sizeof(input));
	stack_run(run_hkdf);
	left = is_left(key, 32, 0) || is_left(key, 32, 0x36) ||
	       is_left(key, 32, 0x5c) || is_left(prk, 32, 0) ||
	       is_left(prk, 32, 0x36) || is_left(prk, 32, 0x5c) ||
	       is_left(out[0], 96, 0) || is_left(input, 96, 0);
	CHECK(!left, "hkdf left a secret");
	stack_run(run_mac);
	left = is_left(key, 32, 0);
	CHECK(!left, "the keyed hash left its key");
}
