/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two sides and the messages between them, for the tests of ikpsk and tunnel.
 */
#ifndef SELFTEST_PROTO_PAIR_H
#define SELFTEST_PROTO_PAIR_H

#include "proto/tunnel.h"

struct side {
	struct ikpsk_self self;
	struct tunnel tunnel;		/* to the other side */
	struct session session;
};

struct pair {
	struct side a, b;
	struct wire_initiation msg1;
	struct wire_response msg2;
	struct ikpsk_claim claim;	/* b's, between the two messages */
	u64 now_ns;
};

#define PAIR_A_ID	0x0a0a0a0a
#define PAIR_B_ID	0x0b0b0b0b

void pair_init(struct pair *p);
void pair_set_psk(struct pair *p, const u8 psk_a[32], const u8 psk_b[32]);

/* A random chance; a time label of now_ns as if that were the wall clock. */
struct tunnel_chance pair_chance(void);

/* The steps of a handshake that a starts. */
enum tunnel_verdict pair_initiate(struct pair *p);
enum tunnel_verdict pair_receive(struct pair *p);	/* claim and read */
enum tunnel_verdict pair_respond(struct pair *p);
enum tunnel_verdict pair_finish(struct pair *p);

/* All of them; true when both ends hold the same keys. */
bool pair_handshake(struct pair *p);
bool pair_agrees(const struct pair *p);

#endif /* SELFTEST_PROTO_PAIR_H */
