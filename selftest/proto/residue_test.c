// SPDX-License-Identifier: GPL-2.0
/*
 * What a handshake leaves on the stack: each step runs on a stack of its own,
 * which is then searched for the secrets it worked with.
 */
#include <stdlib.h>
#include <ucontext.h>

#include "crypto/curve25519.h"
#include "selftest/proto/check.h"
#include "selftest/proto/pair.h"

#define STACK_LEN	(256 << 10)
#define PIECE_LEN	8	/* as much as a register holds */

static struct pair pair;
static u8 *stack;
static ucontext_t here, there;
static enum tunnel_verdict (*step_fn)(struct pair *p);
static struct tunnel_chance chance;
static u8 label[12];

static enum tunnel_verdict step_initiate(struct pair *p)
{
	return tunnel_write_initiation(&p->a.tunnel, &p->msg1, &p->a.self, 1,
				       &chance, label, p->now_ns);
}

static enum tunnel_verdict step_respond(struct pair *p)
{
	return tunnel_write_response(&p->b.tunnel, &p->msg2, &p->b.session,
				     &p->claim, 2, &chance, p->now_ns);
}

static void enter(void)
{
	MUST(step_fn(&pair) == TUNNEL_OK);
}

static void run_on_stack(enum tunnel_verdict (*fn)(struct pair *p))
{
	memset(stack, 0x5a, STACK_LEN);
	step_fn = fn;
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = STACK_LEN;
	there.uc_link = &here;
	makecontext(&there, enter, 0);
	swapcontext(&here, &there);
}

/* No eight bytes of @secret in a row. */
static void must_not_hold(const void *secret, size_t len)
{
	const u8 *p = secret;
	size_t i;

	for (i = 0; i + PIECE_LEN <= len; i += PIECE_LEN)
		MUST(!check_occurs(stack, STACK_LEN, p + i, PIECE_LEN));
}

static void must_not_hold_dh(const u8 secret[32], const u8 public[32])
{
	u8 shared[32];

	x25519(shared, secret, public);
	must_not_hold(shared, sizeof(shared));
}

static void must_not_hold_session(const struct session *s)
{
	must_not_hold(&s->send_key, 32);
	must_not_hold(&s->recv_key, 32);
}

/* The search finds what is there. */
static void leave_secret(void)
{
	volatile u8 copy[64];
	size_t i;

	for (i = 0; i < sizeof(copy); i++)
		copy[i] = chance.ephemeral_secret[i % 32];
}

static enum tunnel_verdict step_careless(struct pair *p)
{
	(void)p;
	leave_secret();
	return TUNNEL_OK;
}

static void search_works(void)
{
	stack = malloc(STACK_LEN);
	chance = pair_chance();
	run_on_stack(step_careless);
	MUST(check_occurs(stack, STACK_LEN, chance.ephemeral_secret, 8));
}

static void writing_first(void)
{
	u8 e[32];

	pair_init(&pair);
	chance = pair_chance();
	memcpy(e, chance.ephemeral_secret, 32);
	wire_tai64n(label, 1, 0);
	run_on_stack(step_initiate);
	must_not_hold(e, 32);
	must_not_hold(pair.a.tunnel.half.chain, 32);
	must_not_hold(pair.a.self.secret, 32);
	must_not_hold_dh(e, pair.b.self.public);
	must_not_hold_dh(pair.a.self.secret, pair.b.self.public);
}

static void reading_first(void)
{
	run_on_stack(pair_receive);
	must_not_hold(pair.claim.chain, 32);
	must_not_hold(pair.b.self.secret, 32);
	must_not_hold_dh(pair.b.self.secret, pair.msg1.ephemeral);
	must_not_hold_dh(pair.b.self.secret, pair.a.self.public);
}

static void writing_second(void)
{
	u8 e[32], psk[32], ei[32];

	check_random_bytes(psk, 32);
	pair_set_psk(&pair, psk, psk);
	chance = pair_chance();
	memcpy(e, chance.ephemeral_secret, 32);
	memcpy(ei, pair.msg1.ephemeral, 32);
	run_on_stack(step_respond);
	must_not_hold(e, 32);
	must_not_hold(psk, 32);
	must_not_hold_dh(e, ei);
	must_not_hold_dh(e, pair.a.self.public);
	must_not_hold_session(&pair.b.session);
}

static void reading_second(void)
{
	u8 e[32];

	memcpy(e, pair.a.tunnel.half.ephemeral_secret, 32);
	run_on_stack(pair_finish);
	MUST(pair_agrees(&pair));
	must_not_hold(e, 32);
	must_not_hold(pair.a.tunnel.remote.psk, 32);
	must_not_hold_dh(e, pair.msg2.ephemeral);
	must_not_hold_dh(pair.a.self.secret, pair.msg2.ephemeral);
	must_not_hold_session(&pair.a.session);
	free(stack);
}

static const struct check_row rows[] = {
	{ "the search finds a secret that was left", search_works },
	{ "writing an initiation leaves no secret [P19]", writing_first },
	{ "reading an initiation leaves no secret [P19]", reading_first },
	{ "writing a response leaves no secret [P19]", writing_second },
	{ "reading a response leaves no secret [P19]", reading_second },
};

CHECK_FILE(residue_file, "residue", rows);
