// SPDX-License-Identifier: GPL-2.0
#include "table/keys.h"

#include <linux/kernel.h>
#include <linux/errno.h>

int wg_keys_init(struct wg_keys *k, const u8 secret[WG_KEYS_SECRET_LEN])
{
	static_assert(sizeof(k->secret) == WG_KEYS_SECRET_LEN);

	memcpy(&k->secret, secret, sizeof(k->secret));
	return wg_split_init(&k->split);
}

void wg_keys_exit(struct wg_keys *k)
{
	wg_split_exit(&k->split);
	memzero_explicit(&k->secret, sizeof(k->secret));
}

static u32 key_hash(const struct wg_keys *k, const u8 *key)
{
	return siphash(key, WG_KEYS_KEY_LEN, &k->secret);
}

/* Public keys: how long the comparison takes is no secret. */
static bool key_same(const struct wg_split_node *node, const void *key)
{
	const struct wg_keys_entry *entry =
		container_of(node, struct wg_keys_entry, node);

	return !memcmp(entry->key, key, WG_KEYS_KEY_LEN);
}

int wg_keys_insert(struct wg_keys *k, struct wg_keys_entry *entry,
		   const u8 key[WG_KEYS_KEY_LEN])
{
	u32 hash = key_hash(k, key);
	int err = -EEXIST;

	spin_lock_bh(&k->split.lock);
	if (!wg_split_find(&k->split, hash, key_same, key)) {
		memcpy(entry->key, key, WG_KEYS_KEY_LEN);
		wg_split_insert(&k->split, &entry->node, hash);
		err = 0;
	}
	spin_unlock_bh(&k->split.lock);
	return err;
}

bool wg_keys_remove(struct wg_keys *k, struct wg_keys_entry *entry)
{
	bool was_in;

	spin_lock_bh(&k->split.lock);
	was_in = wg_split_remove(&k->split, &entry->node);
	spin_unlock_bh(&k->split.lock);
	return was_in;
}

struct wg_keys_entry *wg_keys_find(struct wg_keys *k,
				   const u8 key[WG_KEYS_KEY_LEN])
{
	struct wg_split_node *node;

	node = wg_split_find(&k->split, key_hash(k, key), key_same, key);
	return node ? container_of(node, struct wg_keys_entry, node) : NULL;
}
