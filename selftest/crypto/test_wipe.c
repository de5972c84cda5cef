// SPDX-License-Identifier: GPL-2.0
/*
 * What sealing and opening leave on the stack: each call runs on a stack of its
 * own, which is searched afterwards for the key, for keystream and for the
 * Poly1305 key; and how much of it they take.
 */
#include "harness.h"
#include "stack.h"
#include "crypto/aead.h"
#include "crypto/chacha20.h"

#define MSG_N		20
#define STACK_MAX	5376	/* as aead.h says */
#define LEN_MAX		1424

static u8 key_bytes[32];
static struct aead_key key;
static u8 plain[LEN_MAX], sealed[MSG_N][LEN_MAX + 16], opened[MSG_N][LEN_MAX];
static struct aead_msg msg[MSG_N];
static unsigned int msg_n;

static void run_seal(void)
{
	aead_seal_vec(&key, msg, msg_n);
}

static void run_open(void)
{
	aead_open_vec(&key, msg, msg_n);
}

static void run_field(void)
{
	aead_seal(sealed[0], plain, 48, plain, 32, 0, key_bytes);
}

static bool is_found(const void *secret, size_t len)
{
	return stack_holds(secret, len, 8, 0);
}

/*
 * r as words, and in the limbs of 44 and 26 bits which SIMD paths have. One limb
 * in 64 of random keys is so small that a length or an index may look the same.
 */
static bool is_r_found(const u8 first[16])
{
	const u64 low = get_unaligned_le64(first) & 0x0ffffffc0fffffffULL;
	const u64 high = get_unaligned_le64(first + 8) & 0x0ffffffc0ffffffcULL;
	const u64 form[] = {
		low, high, low & ((1ULL << 44) - 1),
		(low >> 44 | high << 20) & ((1ULL << 44) - 1), high >> 24,
		low & ((1ULL << 26) - 1), (low >> 26) & ((1ULL << 26) - 1),
		(low >> 52 | high << 12) & ((1ULL << 26) - 1),
		(high >> 14) & ((1ULL << 26) - 1), high >> 40,
	};

	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(form); i++)
		if (form[i] >> 20 && is_found(&form[i], sizeof(form[i])))
			return true;
	return false;
}

static void check_stack(const char *what)
{
	static const u8 zero[LEN_MAX];
	u8 stream[LEN_MAX], first[32];
	unsigned int i;

	CHECK(!is_found(key_bytes, 32), "%s: the key", what);
	for (i = 0; i < msg_n; i++) {
		cc20_xor(stream, zero, sizeof(stream), key.word, msg[i].nonce,
			 1);
		CHECK(!is_found(stream, sizeof(stream)),
		      "%s: keystream of message %u of %u", what, i, msg_n);
		cc20_first(first, key.word, msg[i].nonce);
		CHECK(!is_found(first, 32),
		      "%s: Poly1305 key of message %u of %u", what, i, msg_n);
		CHECK(!is_r_found(first), "%s: r of message %u of %u", what, i,
		      msg_n);
	}
}

static void check_call(void (*call)(void), const char *what)
{
	stack_run(call);
	CHECK(stack_used() <= STACK_MAX, "%s %u messages: %zu bytes of stack",
	      what, msg_n, stack_used());
	check_stack(what);
}

/* Messages of @len bytes after one of @first. */
static void check_lengths(u32 first, u32 len)
{
	u32 j;

	for (j = 0; j < msg_n; j++)
		msg[j] = (struct aead_msg){
			.dst = sealed[j], .src = plain,
			.len = j ? len : first, .nonce = test_random(),
		};
	check_call(run_seal, "seal");
	for (j = 0; j < msg_n; j++) {
		msg[j].src = msg[j].dst;
		msg[j].dst = opened[j];
		msg[j].len += 16;
	}
	check_call(run_open, "open");
	for (j = 0; j < msg_n; j++)
		msg[j].dst = sealed[j];
	check_call(run_open, "open in place");
}

PATH_TEST(wipe_stack)
{
	static const u32 length[] = { 0, 60, 128, 576, 1424 };
	u32 i;

	if (!stack_is_real())
		test_skip("the sanitizer lays out frames");
	test_fill(key_bytes, sizeof(key_bytes));
	aead_key_load(&key, key_bytes);
	test_fill(plain, sizeof(plain));
	for (i = 0; i < ARRAY_SIZE(length); i++)
		for (msg_n = 1; msg_n <= MSG_N; msg_n += 1 + msg_n / 2) {
			check_lengths(length[i], length[i]);
			check_lengths(LEN_MAX, length[i]);
		}
	msg_n = 1;
	msg[0].nonce = 0;
	check_call(run_field, "field");
}

/* The test of the test: a call that leaves the key. */
static void run_careless(void)
{
	u8 copy[64];

	memcpy(copy, key_bytes, 32);
	__asm__ __volatile__("" : : "r"(copy) : "memory");
}

TEST(wipe_is_noticed)
{
	if (!stack_is_real())
		test_skip("the sanitizer lays out frames");
	test_fill(key_bytes, sizeof(key_bytes));
	stack_run(run_careless);
	CHECK(is_found(key_bytes, 32), "a key on the stack was not found");
	CHECK(stack_used() >= 64 && stack_used() < 512, "%zu bytes used",
	      stack_used());
}
