// SPDX-License-Identifier: GPL-2.0
/*
 * Where datagrams of our sockets wait to be collected (rx.c), and how long.
 *
 * What arrives is queued on its CPU and collected by a NAPI poll of this CPU,
 * in the same pass of softirqs. So what a card delivers in one poll becomes a
 * batch. What a task of this CPU sends (veth, loopback, virtual machines) comes
 * in a pass for each datagram: of a stream (peer/pace.h) these wait until the
 * task rests or a batch is full.
 *
 * A sender that moves to another CPU must not overtake what waits here: as long
 * as anything of a session does, all of the session joins that queue. (The idea
 * is that of rps_dev_flow in Documentation/networking/scaling.rst.) Who does not
 * know its index cannot make it do so: what names no session stays on its CPU.
 */
#include "flow/rx.h"

#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/udp.h>
#include "flow/batch.h"
#include "flow/crew.h"
#include "proto/wire.h"

/* Datagrams that wait for the poll of one CPU. */
#define RX_QUEUE_MAX 4096
/* So many datagrams of a stream wait for each other at the most. */
#define RX_WAIT_MAX WG_BATCH_MAX

static bool rx_wait __read_mostly = true;
module_param(rx_wait, bool, 0644);
MODULE_PARM_DESC(rx_wait, "datagrams of a stream may wait for each other (default: Y)");

/*
 * Per CPU and device. The poll may run on any CPU, on one at a time: NAPI sees
 * to that.
 */
struct wg_rx_cpu {
	struct napi_struct napi;
	struct sk_buff_head queue;	/* its own lock, bottom halves off */
	u32 last;			/* queue.lock; number of the last one */
	struct sk_buff_head taken;	/* the poll's own */
	struct work_struct later;	/* schedules the poll */
	struct wg_collect collect;	/* the poll's own */
};

/*
 * The next to be collected. What has arrived is taken as a whole, once all that
 * was taken before is done: so RX_QUEUE_MAX bounds either queue.
 */
static struct sk_buff *next_arrived(struct wg_rx_cpu *rx)
{
	if (skb_queue_empty(&rx->taken)) {
		spin_lock_bh(&rx->queue.lock);
		skb_queue_splice_tail_init(&rx->queue, &rx->taken);
		spin_unlock_bh(&rx->queue.lock);
	}
	return __skb_dequeue(&rx->taken);
}

static int poll(struct napi_struct *napi, int budget)
{
	struct wg_rx_cpu *rx = container_of(napi, struct wg_rx_cpu, napi);
	struct sk_buff *skb;
	int done = 0;

	rcu_read_lock();
	while (done < budget && (skb = next_arrived(rx)))
		done += wg_rx_collect(&rx->collect, skb);
	wg_rx_launch(&rx->collect);
	rcu_read_unlock();
	done = min(done, budget);
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

static void poll_later(struct work_struct *later)
{
	struct wg_rx_cpu *rx = container_of(later, struct wg_rx_cpu, later);

	local_bh_disable();
	napi_schedule(&rx->napi);
	local_bh_enable();	/* and here it runs */
}

/* The head of the first message in @skb, or NULL: it is too short for one. */
static const struct wire_data *first_head(const struct sk_buff *skb,
					  struct wire_data *copy)
{
	return skb_header_pointer(skb, sizeof(struct udphdr), sizeof(*copy), copy);
}

/*
 * What is alone and no data message need not wait for a batch: under a flood, the
 * less is done before it is refused, the better. False: it is still the caller's.
 */
static bool dealt_with(struct wg_device *device, struct sk_buff *skb)
{
	const unsigned int at = sizeof(struct udphdr), len = skb->len - at;
	const struct wire_data *head;
	struct wire_data copy;
	enum wire_type type;

	if (skb_is_gso(skb))
		return false;
	head = first_head(skb, &copy);
	type = head ? wire_classify(head->type, len) : WIRE_BAD;
	if (type == WIRE_DATA)
		return false;
	wg_rx_other(device, skb, at, len, type);
	consume_skb(skb);
	return true;
}

/* The session that the first message in @skb names, lent, or NULL. Under RCU. */
static struct wg_session *session_of(struct wg_device *device,
				     const struct sk_buff *skb)
{
	const struct wire_data *head;
	struct wire_data copy;

	head = first_head(skb, &copy);
	return head ? wg_session_find(device, le32_to_cpu(head->receiver)) : NULL;
}

/* Whether there is room; *@number: which of the queue's datagrams @skb is now. */
static bool enqueue(struct wg_rx_cpu *rx, struct sk_buff *skb, u32 *number)
{
	bool room;

	spin_lock_bh(&rx->queue.lock);
	room = skb_queue_len(&rx->queue) < RX_QUEUE_MAX;
	if (room) {
		__skb_queue_tail(&rx->queue, skb);
		*number = ++rx->last;
	}
	spin_unlock_bh(&rx->queue.lock);
	return room;
}

/*
 * Queue @skb on this CPU, whose queue is @here, or where others of its session
 * still wait. Where it is now; NULL: no room there, and it is still the caller's.
 */
static struct wg_rx_cpu *enqueue_behind(struct wg_rx_cpu *here,
					struct wg_session *session,
					struct sk_buff *skb)
{
	struct wg_rx_cpu *rx;
	bool room;

	spin_lock_bh(&session->arrive_lock);
	rx = session->arrived;
	if (!rx || wg_rx_passed(&rx->collect, session->arrived_last))
		rx = here;
	session->arrived = rx;
	room = enqueue(rx, skb, &session->arrived_last);
	spin_unlock_bh(&session->arrive_lock);
	return room ? rx : NULL;
}

static struct wg_rx_cpu *enqueue_in_order(struct wg_device *device,
					  struct sk_buff *skb)
{
	struct wg_rx_cpu *here = this_cpu_ptr(device->rx);
	struct wg_session *session = session_of(device, skb);
	u32 number;

	if (session)
		return enqueue_behind(here, session, skb);
	return enqueue(here, skb, &number) ? here : NULL;
}

/* Whether @skb may wait for others of its stream. */
static bool may_wait(struct wg_device *device, const struct sk_buff *skb)
{
	struct wg_pace *pace = &this_cpu_ptr(device->paces)->in;

	return wg_pace_note(pace, skb->len, wg_now_ns()) &&
	       READ_ONCE(rx_wait) && !skb_is_gso(skb) &&
	       !is_idle_task(current);
}

void wg_rx_arrived(void *user, struct sk_buff *skb)
{
	struct wg_device *device = user;
	struct wg_rx_cpu *rx = NULL;
	bool waits = false;

	if (READ_ONCE(device->up)) {
		if (dealt_with(device, skb))
			return;
		waits = may_wait(device, skb);
		rx = enqueue_in_order(device, skb);
	}
	if (!rx) {
		wg_drop(device, WG_DROP_RX_OVERLOAD);
		kfree_skb(skb);
	} else if (!waits || skb_queue_len_lockless(&rx->queue) >= RX_WAIT_MAX) {
		napi_schedule(&rx->napi);	/* here, unless it is already */
	} else if (!work_pending(&rx->later)) {
		wg_crew_later(&rx->later);
	}
}

int wg_rx_new(struct wg_device *device)
{
	struct wg_rx_cpu *rx;
	int cpu;

	device->rx = alloc_percpu(struct wg_rx_cpu);
	if (!device->rx)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		rx = per_cpu_ptr(device->rx, cpu);
		rx->collect.device = device;
		skb_queue_head_init(&rx->queue);
		__skb_queue_head_init(&rx->taken);
		INIT_WORK(&rx->later, poll_later);
		set_bit(NAPI_STATE_NO_BUSY_POLL, &rx->napi.state);
		netif_napi_add(device->dev, &rx->napi, poll);
		napi_enable(&rx->napi);
	}
	return 0;
}

void wg_rx_free(struct wg_device *device)
{
	struct wg_rx_cpu *rx;
	int cpu;

	for_each_possible_cpu(cpu) {
		rx = per_cpu_ptr(device->rx, cpu);
		cancel_work_sync(&rx->later);
		napi_disable(&rx->napi);
		__netif_napi_del(&rx->napi);
		__skb_queue_purge(&rx->queue);
		__skb_queue_purge(&rx->taken);
	}
	synchronize_net();	/* once for all of them */
	free_percpu(device->rx);
}
