/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A world of engines: every engine is one host running the protocol core of
 * src/proto, with the little that the module adds to it (a send queue, three
 * slots, endpoints). Time is virtual, the network is virtual, and everything
 * follows from one seed.
 *
 *   engine.c   what a host does with packets, timers and its user
 *   net.c      the network: delay, loss, copies, corruption, an attacker
 *   ledger.c   what must never happen, kept apart from what is checked
 *   world.c    the clock, and random worlds: chaos, calm, silence
 *   scenes.c   named scenes
 */
#ifndef SELFTEST_SIM_SIM_H
#define SELFTEST_SIM_SIM_H

#include "proto/bucket.h"
#include "proto/inner.h"
#include "proto/replay.h"
#include "proto/tunnel.h"

#define ENGINES_MAX	4
#define STAGED_MAX	16
#define PACKET_MAX	320
#define MTU		256
#define SECOND		PROTO_NS_PER_S
#define MS		(SECOND / 1000)
#define ATTACKER	666

struct packet {
	u32 src, dst;			/* addresses */
	u32 len;
	u8 byte[PACKET_MAX];
};

/* A session and what its lane would hold. @s comes first. */
struct link {
	struct session s;
	struct replay replay;
	u64 counter;
};

struct engine_peer {
	struct tunnel tunnel;
	struct session *slot[SESSION_SLOTS];
	struct link link[SESSION_SLOTS + 1];
	u64 staged[STAGED_MAX];		/* ids of packets */
	unsigned int staged_n;
	u32 endpoint;
	u32 home;			/* the endpoint configured */
};

/* One host. Searched for keys byte by byte, so it holds all of its state. */
struct engine {
	struct ikpsk_self self;
	struct cookie_gate gate;
	struct bucket bucket[ENGINES_MAX + 1];
	struct engine_peer peer[ENGINES_MAX];	/* by index; not oneself */
	s64 wall_ns;			/* wall clock less virtual time */
	u32 address;
	u16 persistent_s;
	bool up;
	bool loaded;			/* asks for cookies */
};

/* ledger.c */

struct key_record {
	u8 key[2][32];			/* send, receive; or an ephemeral */
	int engine, peer;
	u64 born_ns;
	bool initiator, ephemeral;
	bool confirmed;			/* opened something with it */
	unsigned int searched;		/* times not found after it was gone */
};

struct pair_record {
	u64 initiation_ns;		/* last one sent, 0: none since up */
	u64 session_ns;			/* last session or first initiation */
	u64 owed_ns;
	u64 any_ns;
	u64 finished_ns;		/* a handshake of ours completed */
	u64 initiations, keepalives;
};

#ifndef SIM_SMALL
#define KEYS_MAX	4096
#define NONCES_MAX	(1 << 18)
#define PACKETS_MAX	(1 << 16)
#else				/* worlds of a few steps, made often */
#define KEYS_MAX	512
#define NONCES_MAX	(1 << 12)
#define PACKETS_MAX	(1 << 10)
#endif

struct ledger {
	struct key_record key[KEYS_MAX];
	unsigned int key_n;
	u64 nonce[NONCES_MAX][2];	/* hash set of (key, counter) */
	unsigned int nonce_n;
	struct pair_record pair[ENGINES_MAX][ENGINES_MAX];
	u64 sent_ns[PACKETS_MAX];
	u8 delivered[PACKETS_MAX];
	u64 packet_n;
};

/* net.c */

struct net {
	u64 delay_min_ns, delay_max_ns;
	unsigned int loss, copy, corrupt;	/* of 1000 */
	bool dark;				/* nothing arrives */
};

#define FLIGHT_MAX	1024
#define TAPE_MAX	64

struct flight {
	u64 at_ns, order;
	struct packet packet;
};

struct tape {
	struct packet packet;		/* accepted by its receiver */
	int receiver;
};

struct world {
	u64 now_ns;
	u64 seed, random;
	struct net net;
	struct flight *heap[FLIGHT_MAX];
	unsigned int flight_n;
	u64 flight_order;
	struct tape tape[TAPE_MAX];
	unsigned int tape_n;
	struct engine engine[ENGINES_MAX];
	unsigned int engine_n;
	struct ledger ledger;
	u64 searched_ns;		/* last search for keys */
	u64 messages;			/* packets engines have sent */
	u64 delivered_n, sent_n, handshakes;
	bool failed;
};

/* world.c */
void world_init(struct world *w, u64 seed, unsigned int engine_n);
void world_free(struct world *w);
void world_run_until(struct world *w, u64 until_ns);
void world_fail(struct world *w, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
#define WORLD_MUST(w, cond) \
	((cond) ? (void)0 : world_fail(w, "%s:%d: %s", __FILE__, __LINE__, #cond))
u64 world_random(struct world *w);
u64 world_below(struct world *w, u64 n);
bool world_chance(struct world *w, unsigned int of_1000);
void world_random_bytes(struct world *w, void *dst, size_t len);
bool random_world(u64 seed, struct world *w, u64 *recovery_ns);

/* engine.c; @e is an index */
void engine_boot(struct world *w, int e);	/* memory is new, clock is not */
void engine_set_up(struct world *w, int e, bool up);
void engine_suspend(struct world *w, int e);
void engine_set_persistent(struct world *w, int e, u16 seconds);
u64 engine_send(struct world *w, int e, int peer);
void engine_receive(struct world *w, int e, const struct packet *p);
u64 engine_next(const struct world *w, int e);
void engine_tick(struct world *w, int e);

/* net.c */
void net_send(struct world *w, const struct packet *p);
void net_tape(struct world *w, const struct packet *p, int receiver);
void net_forget_tape(struct world *w, int receiver);
void net_attack(struct world *w);
u64 net_next(const struct world *w);
void net_deliver(struct world *w);
void net_flush(struct world *w);

/* ledger.c: notes of the engines, each with what it must not be */
void ledger_boot(struct world *w, int e);
void ledger_up(struct world *w, int e);
void ledger_initiation(struct world *w, int e, int peer);
void ledger_session(struct world *w, int e, int peer, const struct session *s);
void ledger_finished(struct world *w, int e, int peer);
void ledger_sealed(struct world *w, int e, int peer, const struct session *s,
		   u64 counter, bool data);
void ledger_opened(struct world *w, int e, int peer, const struct session *s,
		   u64 counter, bool data);
void ledger_heard(struct world *w, int e, int peer);
u64 ledger_new_packet(struct world *w);
void ledger_delivered(struct world *w, u64 id);
void ledger_search(struct world *w);

/* scenes.c */
struct scene {
	const char *name;
	void (*run)(struct world *w);
	unsigned int engine_n, repeat_n;
};
extern const struct scene scenes[];
extern const unsigned int scene_n;

#endif /* SELFTEST_SIM_SIM_H */
