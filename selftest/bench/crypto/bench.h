/* SPDX-License-Identifier: GPL-2.0 */
/*
 * make bench-crypto: every candidate for a primitive, timed in turn in one
 * process. peers.c wraps the candidates, bench.c measures and prints.
 */
#ifndef BENCH_CRYPTO_BENCH_H
#define BENCH_CRYPTO_BENCH_H

#include "crypto/aead.h"
#include "crypto/curve25519.h"

#define BENCH_BATCH_MAX	32
#define BENCH_LEN_MAX	16384

enum bench_primitive {
	BENCH_SEAL,
	BENCH_OPEN,
	BENCH_X25519,
	BENCH_X25519_BASE,
	BENCH_BLAKE2S,
	BENCH_BLAKE2S_MAC,
	BENCH_PRIMITIVES
};

/* What one call works on: @n messages of @len bytes, or @n secrets. */
struct bench_work {
	unsigned int n;
	u32 len;
	u8 key[32];
	struct aead_key loaded;			/* of key */
	struct aead_msg msg[BENCH_BATCH_MAX];	/* seal and open */
	struct x25519_job job[BENCH_BATCH_MAX];
	u64 authentic;				/* what open found */
};

typedef void bench_fn(struct bench_work *work);

struct bench_peer {
	const char *impl;
	const char *path;
	bool (*use)(const char *path);	/* false: not on this CPU */
	bench_fn *run[BENCH_PRIMITIVES];	/* NULL: not offered */
};

extern const struct bench_peer bench_peers[];
extern const unsigned int bench_peer_n;

#endif /* BENCH_CRYPTO_BENCH_H */
