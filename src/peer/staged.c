// SPDX-License-Identifier: GPL-2.0
#include "peer/staged.h"

void wg_staged_init(struct wg_staged *s)
{
	skb_queue_head_init(&s->queue);
	s->turn = false;
}

static void to_queue(struct sk_buff_head *queue, struct sk_buff *list)
{
	struct sk_buff *next;

	for (; list; list = next) {
		next = list->next;
		skb_mark_not_on_list(list);
		__skb_queue_tail(queue, list);
	}
}

static struct sk_buff *to_list(struct sk_buff_head *queue)
{
	struct sk_buff *first = skb_peek(queue), *skb;

	if (!first)
		return NULL;
	skb_queue_walk(queue, skb)
		skb->prev = NULL;
	skb_peek_tail(queue)->next = NULL;
	return first;
}

struct sk_buff *wg_staged_add(struct wg_staged *s, struct sk_buff *list,
			      unsigned int max)
{
	struct sk_buff *old = NULL, *oldest;

	spin_lock_bh(&s->queue.lock);
	to_queue(&s->queue, list);
	while (skb_queue_len(&s->queue) > max) {
		oldest = __skb_dequeue(&s->queue);
		oldest->next = old;
		old = oldest;
	}
	spin_unlock_bh(&s->queue.lock);
	return old;
}

bool wg_staged_begin(struct wg_staged *s)
{
	bool mine;

	spin_lock_bh(&s->queue.lock);
	mine = !s->turn && !skb_queue_empty(&s->queue);
	if (mine)
		WRITE_ONCE(s->turn, true);
	spin_unlock_bh(&s->queue.lock);
	return mine;
}

struct sk_buff *wg_staged_take(struct wg_staged *s)
{
	struct sk_buff_head all;

	__skb_queue_head_init(&all);
	spin_lock_bh(&s->queue.lock);
	skb_queue_splice_init(&s->queue, &all);
	if (skb_queue_empty(&all))
		WRITE_ONCE(s->turn, false);
	spin_unlock_bh(&s->queue.lock);
	return to_list(&all);
}

void wg_staged_end(struct wg_staged *s, struct sk_buff *list)
{
	struct sk_buff_head back;

	__skb_queue_head_init(&back);
	to_queue(&back, list);
	spin_lock_bh(&s->queue.lock);
	skb_queue_splice(&back, &s->queue);
	WRITE_ONCE(s->turn, false);
	spin_unlock_bh(&s->queue.lock);
}

struct sk_buff *wg_staged_drain(struct wg_staged *s)
{
	struct sk_buff_head all;

	__skb_queue_head_init(&all);
	spin_lock_bh(&s->queue.lock);
	skb_queue_splice_init(&s->queue, &all);
	spin_unlock_bh(&s->queue.lock);
	return to_list(&all);
}
