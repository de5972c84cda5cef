// SPDX-License-Identifier: GPL-2.0
#include "flow/crew.h"

#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>

/* Of each window a CPU may spend this much on batches before it gives away. */
#define WINDOW_NS	1000000
#define SHARE_NS	400000
/* A worker with more than this ahead of it is given nothing more. */
#define QUEUE_MAX_BYTES	(1U << 20)
/*
 * Tunnels within tunnels: beyond this the stack would grow too deep, and since
 * Linux 7 the kernel counts each of ours twice towards the six which it lets
 * nest (IP_TUNNEL_RECURSION_LIMIT).
 */
#define NESTED_MAX	1

static bool spill __read_mostly = true;
module_param(spill, bool, 0644);
MODULE_PARM_DESC(spill, "a busy CPU gives batches to others (default: Y)");

struct worker {
	spinlock_t lock;
	struct list_head queue;		/* lock */
	u32 bytes;			/* lock; readers READ_ONCE */
	struct work_struct work;
	/*
	 * The rest: this CPU, bottom halves off. With PREEMPT_RT one task may
	 * interrupt another there, hence this_cpu_inc(); the other three may
	 * lose a note then, and are estimates anyway.
	 */
	unsigned int nested;		/* calls of work() now on the stack */
	u64 window_ns;			/* when the current window began */
	u64 spent_ns;			/* on batches, since then */
	unsigned int next_cpu;		/* who is asked first */
};

static DEFINE_PER_CPU(struct worker, workers);
static struct workqueue_struct *queue;

static void account(struct worker *w, u64 from_ns, u64 to_ns)
{
	if (to_ns - w->window_ns > WINDOW_NS) {
		w->window_ns = from_ns;
		w->spent_ns = 0;
	}
	w->spent_ns += to_ns - from_ns;
}

/* Bottom halves off: on this CPU to the end. */
static void run(struct wg_batch *batch)
{
	this_cpu_inc(workers.nested);
	batch->work(batch);
	this_cpu_dec(workers.nested);
}

static void work_here(struct worker *w, struct wg_batch *batch)
{
	u64 from_ns = local_clock();

	run(batch);
	account(w, from_ns, local_clock());
}

static bool overloaded(const struct worker *w)
{
	return w->nested > NESTED_MAX ||
	       (w->spent_ns > SHARE_NS && READ_ONCE(spill) &&
		local_clock() - w->window_ns <= WINDOW_NS);
}

/* Another online CPU, the one with the least to do of the next few; or this. */
static int pick_other(struct worker *self)
{
	unsigned int tries = min(num_online_cpus() - 1, 4U);
	int c = self->next_cpu, best = raw_smp_processor_id();
	u32 bytes, best_bytes = QUEUE_MAX_BYTES;

	while (tries--) {
		c = cpumask_next(c, cpu_online_mask);
		if (c >= nr_cpu_ids)
			c = cpumask_first(cpu_online_mask);
		bytes = READ_ONCE(per_cpu_ptr(&workers, c)->bytes);
		if (c == raw_smp_processor_id() || bytes >= best_bytes)
			continue;
		best = c;
		best_bytes = bytes;
	}
	self->next_cpu = c;
	return best;
}

int wg_crew_pick(void)
{
	struct worker *w = this_cpu_ptr(&workers);

	return overloaded(w) ? pick_other(w) : raw_smp_processor_id();
}

static void enqueue(struct wg_batch *batch, int cpu, bool first)
{
	struct worker *w = per_cpu_ptr(&workers, cpu);

	spin_lock_bh(&w->lock);
	if (first)
		list_add(&batch->queued, &w->queue);
	else
		list_add_tail(&batch->queued, &w->queue);
	WRITE_ONCE(w->bytes, w->bytes + batch->slot.bytes);
	spin_unlock_bh(&w->lock);
	queue_work_on(cpu, queue, &w->work);
}

void wg_crew_run(struct wg_batch *batch, int cpu)
{
	struct worker *w = this_cpu_ptr(&workers);

	/* Too deep for this stack, and nobody else: later, but here. */
	if (cpu != raw_smp_processor_id() || w->nested > NESTED_MAX)
		enqueue(batch, cpu, false);
	else
		work_here(w, batch);
}

void wg_crew_finish(struct wg_batch *batch, struct wg_lane *lane,
		    void (*drain)(struct wg_batch *batch))
{
	int cpu = wg_lane_finish(lane, &batch->slot);

	if (cpu < 0)
		return;
	if (cpu == raw_smp_processor_id() || !cpu_online(cpu)) {
		drain(batch);
		return;
	}
	/* Nobody else drains, so that the batch stays until it is its turn. */
	batch->work = drain;
	enqueue(batch, cpu, true);
}

bool wg_crew_later(struct work_struct *work)
{
	return queue_work_on(raw_smp_processor_id(), queue, work);
}

static struct wg_batch *dequeue(struct worker *w)
{
	struct wg_batch *batch;

	spin_lock_bh(&w->lock);
	batch = list_first_entry_or_null(&w->queue, struct wg_batch, queued);
	if (batch) {
		list_del(&batch->queued);
		WRITE_ONCE(w->bytes, w->bytes - batch->slot.bytes);
	}
	spin_unlock_bh(&w->lock);
	return batch;
}

static void work_off(struct work_struct *work)
{
	struct worker *w = container_of(work, struct worker, work);
	struct wg_batch *batch;

	while ((batch = dequeue(w))) {
		local_bh_disable();
		rcu_read_lock();
		run(batch);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}
}

int wg_crew_init(void)
{
	struct worker *w;
	int cpu;

	queue = alloc_workqueue("wg-crypt", WQ_CPU_INTENSIVE | WQ_MEM_RECLAIM |
				WQ_PERCPU, 0);
	if (!queue)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		w = per_cpu_ptr(&workers, cpu);
		spin_lock_init(&w->lock);
		INIT_LIST_HEAD(&w->queue);
		INIT_WORK(&w->work, work_off);
	}
	return 0;
}

void wg_crew_exit(void)
{
	destroy_workqueue(queue);
}
