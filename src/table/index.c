// SPDX-License-Identifier: GPL-2.0
#include "table/index.h"

#include <linux/kernel.h>
#include <linux/errno.h>

/* With half of all ids in use, this many draws fail once in 2^64 inserts. */
#define DRAW_MAX 64

int wg_index_init(struct wg_index *x)
{
	return wg_split_init(&x->split);
}

void wg_index_exit(struct wg_index *x)
{
	wg_split_exit(&x->split);
}

static int index_draw(struct wg_index *x, struct wg_index_entry *entry,
		      u32 (*random)(void))
	__must_hold(&x->split.lock)
{
	unsigned int i;

	for (i = 0; i < DRAW_MAX; i++) {
		entry->id = random();
		if (wg_split_find(&x->split, entry->id, NULL, NULL))
			continue;
		wg_split_insert(&x->split, &entry->node, entry->id);
		return 0;
	}
	return -ENOSPC;
}

int wg_index_insert(struct wg_index *x, struct wg_index_entry *entry,
		    u32 (*random)(void))
{
	int err;

	spin_lock_bh(&x->split.lock);
	wg_split_remove(&x->split, &entry->node);
	err = index_draw(x, entry, random);
	spin_unlock_bh(&x->split.lock);
	return err;
}

bool wg_index_replace(struct wg_index *x, struct wg_index_entry *from,
		      struct wg_index_entry *to)
{
	bool was_in;

	spin_lock_bh(&x->split.lock);
	to->id = from->id;
	was_in = wg_split_replace(&x->split, &from->node, &to->node);
	spin_unlock_bh(&x->split.lock);
	return was_in;
}

bool wg_index_remove(struct wg_index *x, struct wg_index_entry *entry)
{
	bool was_in;

	spin_lock_bh(&x->split.lock);
	was_in = wg_split_remove(&x->split, &entry->node);
	spin_unlock_bh(&x->split.lock);
	return was_in;
}

struct wg_index_entry *wg_index_find(struct wg_index *x, u32 id)
{
	struct wg_split_node *node = wg_split_find(&x->split, id, NULL, NULL);

	return node ? container_of(node, struct wg_index_entry, node) : NULL;
}
