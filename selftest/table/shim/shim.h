/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What src/table/ needs of the kernel, for tests in user space: the same names,
 * only as much as is used, and instrumented.
 *
 * Allocations can be made to fail by number. RCU is real: readers of several
 * threads are waited for before anything is freed; with no reader about,
 * memory is freed at once, so that a writer's use after free is seen.
 */
#ifndef SHIM_H
#define SHIM_H

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "crypto/port.h"

#define __must_hold(x)
#define GFP_KERNEL	1u
#define GFP_ATOMIC	2u
#define __GFP_NOWARN	4u

#define container_of(p, type, member) \
	((type *)((char *)(p) - offsetof(type, member)))
#define swap(a, b) do { \
	__typeof__(a) swap_ = (a); \
	(a) = (b); \
	(b) = swap_; \
} while (0)
#define rounddown(v, n)		((v) / (n) * (n))
#define round_up(n, to)		(((n) + (to) - 1) / (to) * (to))
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define cond_resched()		((void)0)
#define struct_size(p, member, n) \
	(sizeof(*(p)) + sizeof((p)->member[0]) * (n))
#define WARN_ON_ONCE(cond) shim_warn(cond, #cond, __FILE__, __LINE__)
bool shim_warn(bool bad, const char *what, const char *file, int line);
extern unsigned int shim_warn_n;

/* bitops */
static inline unsigned int hweight64(u64 v)
{
	return __builtin_popcountll(v);
}

static inline int fls(unsigned int v)
{
	return v ? 32 - __builtin_clz(v) : 0;
}

static inline int fls64(u64 v)
{
	return v ? 64 - __builtin_clzll(v) : 0;
}

static inline unsigned int __ffs64(u64 v)
{
	return __builtin_ctzll(v);
}

/* slab */
extern long shim_live_n;		/* allocations not freed */
extern long shim_live_bytes;
extern long shim_alloc_n;		/* allocations asked for, ever */
extern long shim_fail_at;		/* number of the next to fail, or 0 */
extern bool shim_fail_rest;		/* and all that follow it */

void *shim_alloc(size_t len, bool zero);
void kfree(const void *p);
#define kvfree			kfree
#define kmalloc(len, gfp)	shim_alloc(len, false)
#define kzalloc(len, gfp)	shim_alloc(len, true)
#define kvzalloc(len, gfp)	shim_alloc(len, true)
#define kvcalloc(n, len, gfp)	shim_alloc((size_t)(n) * (len), true)
size_t shim_slab_size(size_t len);	/* what the kernel's slab would take */

/* locks: checked to be held where lockdep would */
typedef struct { pthread_mutex_t m; bool held; } spinlock_t;
struct mutex { bool held; };
void spin_lock_init(spinlock_t *lock);
void spin_lock_bh(spinlock_t *lock);
void spin_unlock_bh(spinlock_t *lock);
#define lockdep_is_held(lock)	((lock)->held)
#define lockdep_assert_held(lock) WARN_ON_ONCE(!(lock)->held)
#define mutex_init(lock)	((lock)->held = false)
#define mutex_lock(lock)	((lock)->held = true)
#define mutex_unlock(lock)	((lock)->held = false)

/* RCU */
struct rcu_head { void *unused[2]; };
void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);
void shim_rcu_thread(void);		/* a new reader thread says so */
void shim_rcu_free(void *p);
void shim_rcu_flush(void);
#define rcu_read_lock_bh_held()		true
#define kfree_rcu(p, member)		shim_rcu_free(p)
#define kvfree_rcu_mightsleep(p)	shim_rcu_free(p)
#define rcu_dereference_check(p, c) \
	((void)(c), __atomic_load_n(&(p), __ATOMIC_ACQUIRE))
#define rcu_dereference_raw(p)		__atomic_load_n(&(p), __ATOMIC_ACQUIRE)
#define rcu_access_pointer(p)		__atomic_load_n(&(p), __ATOMIC_RELAXED)
#define rcu_dereference_protected(p, c) \
	(shim_warn(!(c), #c, __FILE__, __LINE__), \
	 __atomic_load_n(&(p), __ATOMIC_RELAXED))
#define rcu_assign_pointer(p, v) __atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, v)	__atomic_store_n(&(p), v, __ATOMIC_RELAXED)
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n(p, v, __ATOMIC_RELEASE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)

/* Relaxed atomics, so that a race detector takes them for what they are. */
#undef READ_ONCE
#undef WRITE_ONCE
#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), v, __ATOMIC_RELAXED)

/* siphash [Aumasson, Bernstein: SipHash, 2012] */
typedef struct { u64 key[2]; } siphash_key_t;
u64 siphash(const void *data, size_t len, const siphash_key_t *key);
static inline u64 siphash_1u64(u64 v, const siphash_key_t *key)
{
	return siphash(&v, sizeof(v), key);
}

/* list */
struct list_head { struct list_head *next, *prev; };

static inline void INIT_LIST_HEAD(struct list_head *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list_head *l)
{
	return l->next == l;
}

static inline void list_add_tail(struct list_head *e, struct list_head *l)
{
	e->next = l;
	e->prev = l->prev;
	l->prev->next = e;
	l->prev = e;
}

static inline void list_del(struct list_head *e)
{
	e->prev->next = e->next;
	e->next->prev = e->prev;
	e->next = e->prev = NULL;
}

static inline void list_replace(struct list_head *old, struct list_head *e)
{
	list_add_tail(e, old->next);
	list_del(old);
}

#define list_entry(p, type, member) container_of(p, type, member)
#define list_first_entry(l, type, member) \
	list_entry((l)->next, type, member)
#define list_first_entry_or_null(l, type, member) \
	(list_empty(l) ? NULL : list_first_entry(l, type, member))
#define list_last_entry(l, type, member) \
	list_entry((l)->prev, type, member)
#define list_next_entry(e, member) \
	list_entry((e)->member.next, __typeof__(*(e)), member)
#define list_is_last(e, l)	((e)->next == (l))
#define list_for_each_entry(e, l, member) \
	for (e = list_first_entry(l, __typeof__(*e), member); \
	     &e->member != (l); e = list_next_entry(e, member))
#define list_for_each_entry_safe(e, n, l, member) \
	for (e = list_first_entry(l, __typeof__(*e), member), \
	     n = list_next_entry(e, member); \
	     &e->member != (l); e = n, n = list_next_entry(n, member))

#endif /* SHIM_H */
