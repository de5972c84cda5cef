// SPDX-License-Identifier: GPL-2.0
#include "shim.h"

#include <sched.h>
#include <sys/mman.h>

#define THREAD_MAX 16

unsigned int shim_warn_n;
long shim_live_n, shim_live_bytes, shim_alloc_n, shim_fail_at;
bool shim_fail_rest;

bool shim_warn(bool bad, const char *what, const char *file, int line)
{
	if (bad) {
		shim_warn_n++;
		fprintf(stderr, "warning: %s at %s:%d\n", what, file, line);
	}
	return bad;
}

/* Each allocation is preceded by its length and its distance from the block it
 * is in, and aligned as kmalloc() does it: a power of two to itself.
 */
struct prefix {
	size_t len, off;
} __attribute__((aligned(64)));

static inline size_t alignment(size_t len)
{
	return len & (len - 1) ? sizeof(struct prefix) :
				 max(min(len, 4096UL), sizeof(struct prefix));
}

static bool alloc_fails(void)
{
	long nr = __atomic_add_fetch(&shim_alloc_n, 1, __ATOMIC_RELAXED);

	return shim_fail_at &&
	       (nr == shim_fail_at || (shim_fail_rest && nr > shim_fail_at));
}

size_t shim_slab_size(size_t len)
{
	size_t size;

	if (len > 64 && len <= 96)
		return 96;
	if (len > 128 && len <= 192)
		return 192;
	for (size = 8; size < len && size < 8192; size *= 2)
		;
	return len <= 8192 ? size : (len + 4095) / 4096 * 4096;
}

#ifndef SHIM_ARENA
void *shim_alloc(size_t len, bool zero)
{
	size_t off = alignment(len);
	struct prefix *p;
	char *block;

	if (alloc_fails())
		return NULL;
	if (posix_memalign((void **)&block, off, off + len))
		return NULL;
	p = (struct prefix *)(block + off) - 1;
	*p = (struct prefix){ len, off };
	memset(p + 1, zero ? 0 : 0xa5, len);
	__atomic_add_fetch(&shim_live_n, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&shim_live_bytes, shim_slab_size(len),
			   __ATOMIC_RELAXED);
	return p + 1;
}

void kfree(const void *q)
{
	struct prefix *p;

	if (!q)
		return;
	p = (struct prefix *)q - 1;
	__atomic_sub_fetch(&shim_live_n, 1, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&shim_live_bytes, shim_slab_size(p->len),
			   __ATOMIC_RELAXED);
	free((char *)q - p->off);
}

#else
/* For benches: slabs without headers in huge pages, as in the direct map. */
#define ARENA_LEN (1UL << 30)
static char *arena, *arena_end;
static void *spare[8192 / 8 + 1];

static void arena_make(void)
{
	arena = mmap(NULL, 4 * ARENA_LEN, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (arena == MAP_FAILED)
		abort();
	arena = (char *)(((uintptr_t)arena + ARENA_LEN) & ~(ARENA_LEN - 1));
	arena_end = arena + 2 * ARENA_LEN;
	madvise(arena, 2 * ARENA_LEN, MADV_HUGEPAGE);
}

/* One slab is 32 KiB of objects of one size; the size is found there again. */
#define SLAB_LEN 32768UL
static size_t *slab_of(const void *p)
{
	return (size_t *)((uintptr_t)p & ~(SLAB_LEN - 1));
}

static void slab_make(size_t size)
{
	char *p = arena, *end = arena + SLAB_LEN;

	*slab_of(p) = size;
	for (p += max(size, sizeof(size_t)); p + size <= end; p += size) {
		*(void **)p = spare[size / 8];
		spare[size / 8] = p;
	}
	arena = end;
}

static void *big_alloc(size_t len)
{
	size_t *slab = (size_t *)arena;

	*slab = len;
	arena += (len + 64 + SLAB_LEN - 1) & ~(SLAB_LEN - 1);
	return (char *)slab + 64;
}

void *shim_alloc(size_t len, bool zero)
{
	size_t size = shim_slab_size(len);
	void *p;

	if (alloc_fails())
		return NULL;
	if (!arena)
		arena_make();
	if (arena + len + SLAB_LEN > arena_end)
		abort();
	if (size > 8192) {
		p = big_alloc(size);
	} else {
		if (!spare[size / 8])
			slab_make(size);
		p = spare[size / 8];
		spare[size / 8] = *(void **)p;
	}
	if (zero)
		memset(p, 0, len);
	shim_live_n++;
	shim_live_bytes += size;
	return p;
}

void kfree(const void *p)
{
	size_t size;

	if (!p)
		return;
	size = *slab_of(p);
	shim_live_n--;
	shim_live_bytes -= size;
	if (size > 8192)
		return;
	*(void **)p = spare[size / 8];
	spare[size / 8] = (void *)p;
}
#endif

void spin_lock_init(spinlock_t *lock)
{
	pthread_mutex_init(&lock->m, NULL);
	lock->held = false;
}

void spin_lock_bh(spinlock_t *lock)
{
	pthread_mutex_lock(&lock->m);
	WRITE_ONCE(lock->held, true);
}

void spin_unlock_bh(spinlock_t *lock)
{
	WRITE_ONCE(lock->held, false);
	pthread_mutex_unlock(&lock->m);
}

/*
 * RCU: a reader publishes the period it began in, 0 when outside. A writer
 * starts a new period and waits until no reader is in an older one.
 */
static u64 period = 1;
static u64 reader[THREAD_MAX];
static unsigned int reader_n;
static __thread u64 *self;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static void *queue[512];
static unsigned int queue_n;

void shim_rcu_thread(void)
{
	self = &reader[__atomic_fetch_add(&reader_n, 1, __ATOMIC_SEQ_CST)];
}

void rcu_read_lock(void)
{
	if (self)
		__atomic_store_n(self,
				 __atomic_load_n(&period, __ATOMIC_SEQ_CST),
				 __ATOMIC_SEQ_CST);
}

void rcu_read_unlock(void)
{
	if (self)
		__atomic_store_n(self, 0, __ATOMIC_SEQ_CST);
}

void synchronize_rcu(void)
{
	u64 now = __atomic_add_fetch(&period, 1, __ATOMIC_SEQ_CST), seen;
	unsigned int i;

	for (i = 0; i < THREAD_MAX; i++) {
		while ((seen = __atomic_load_n(&reader[i], __ATOMIC_SEQ_CST)) &&
		       seen < now)
			sched_yield();
	}
}

static void queue_free(void)
{
	unsigned int i;

	synchronize_rcu();
	for (i = 0; i < queue_n; i++)
		kfree(queue[i]);
	queue_n = 0;
}

void shim_rcu_flush(void)
{
	pthread_mutex_lock(&queue_lock);
	queue_free();
	pthread_mutex_unlock(&queue_lock);
}

void shim_rcu_free(void *p)
{
	pthread_mutex_lock(&queue_lock);
	queue[queue_n++] = p;
	if (!READ_ONCE(reader_n) || queue_n == ARRAY_SIZE(queue))
		queue_free();
	pthread_mutex_unlock(&queue_lock);
}

static void sip_round(u64 v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = (v[1] << 13 | v[1] >> 51) ^ v[0];
	v[3] = (v[3] << 16 | v[3] >> 48) ^ v[2];
	v[0] = v[0] << 32 | v[0] >> 32;
	v[2] += v[1];
	v[0] += v[3];
	v[1] = (v[1] << 17 | v[1] >> 47) ^ v[2];
	v[3] = (v[3] << 21 | v[3] >> 43) ^ v[0];
	v[2] = v[2] << 32 | v[2] >> 32;
}

static void sip_word(u64 v[4], u64 m)
{
	v[3] ^= m;
	sip_round(v);
	sip_round(v);
	v[0] ^= m;
}

u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	u64 v[4] = { key->key[0] ^ 0x736f6d6570736575ULL,
		     key->key[1] ^ 0x646f72616e646f6dULL,
		     key->key[0] ^ 0x6c7967656e657261ULL,
		     key->key[1] ^ 0x7465646279746573ULL };
	const u8 *p = data;
	u64 last = (u64)len << 56;
	size_t i;

	for (i = 0; i + 8 <= len; i += 8)
		sip_word(v, get_unaligned_le64(p + i));
	for (; i < len; i++)
		last |= (u64)p[i] << 8 * (i & 7);
	sip_word(v, last);
	v[2] ^= 0xff;
	for (i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
