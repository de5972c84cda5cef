// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/device.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/curve25519.h"

/* Without realloc(), which would leave copies of keys behind. */
static bool array_resize(void **array, size_t *room, size_t n, size_t size,
			 size_t grown_room)
{
	void *grown;

	grown = reallocarray(NULL, grown_room, size);
	if (!grown)
		return false;
	if (n) {
		memcpy(grown, *array, n * size);
		memzero_explicit(*array, n * size);
	}
	free(*array);
	*array = grown;
	*room = grown_room;
	return true;
}

static bool array_grow(void **array, size_t *room, size_t n, size_t size)
{
	return n < *room || array_resize(array, room, n, size,
					 *room ? 2 * *room : 16);
}

void device_init(struct device *device, const char *name)
{
	memset(device, 0, sizeof(*device));
	snprintf(device->name, sizeof(device->name), "%s", name);
}

void device_clear(struct device *device)
{
	struct device empty = {
		.peer = device->peer,
		.peer_room = device->peer_room,
		.allowed = device->allowed,
		.allowed_room = device->allowed_room,
	};

	memcpy(empty.name, device->name, sizeof(empty.name));
	if (device->peer_n)
		memzero_explicit(device->peer,
				 device->peer_n * sizeof(*device->peer));
	memzero_explicit(device, sizeof(*device));
	*device = empty;
}

void device_free(struct device *device)
{
	device_clear(device);
	free(device->peer);
	free(device->allowed);
	memset(device, 0, sizeof(*device));
}

void device_reserve(struct device *device, size_t peers, size_t allowed)
{
	peers += device->peer_n;
	if (peers > device->peer_room)
		array_resize((void **)&device->peer, &device->peer_room,
			     device->peer_n, sizeof(*device->peer), peers);
	allowed += device->allowed_n;
	if (allowed > device->allowed_room)
		array_resize((void **)&device->allowed, &device->allowed_room,
			     device->allowed_n, sizeof(*device->allowed),
			     allowed);
}

struct peer *device_add_peer(struct device *device)
{
	struct peer *peer;

	if (!array_grow((void **)&device->peer, &device->peer_room,
			device->peer_n, sizeof(*peer)))
		return NULL;
	peer = &device->peer[device->peer_n++];
	memset(peer, 0, sizeof(*peer));
	peer->allowed_first = device->allowed_n;
	return peer;
}

struct prefix *device_add_allowed(struct device *device)
{
	struct prefix *prefix;

	if (!array_grow((void **)&device->allowed, &device->allowed_room,
			device->allowed_n, sizeof(*prefix)))
		return NULL;
	prefix = &device->allowed[device->allowed_n++];
	memset(prefix, 0, sizeof(*prefix));
	device->peer[device->peer_n - 1].allowed_n++;
	return prefix;
}

void device_derive_public_key(struct device *device)
{
	if (!device->has_private_key || device->has_public_key)
		return;
	x25519_base(device->public_key, device->private_key);
	device->has_public_key = true;
}

static int peer_compare(const void *a, const void *b)
{
	const struct peer *const *x = a, *const *y = b;

	return memcmp((*x)->public_key, (*y)->public_key, KEY_LEN);
}

bool device_order_by_key(const struct device *device,
			 const struct peer ***order)
{
	size_t i;

	*order = reallocarray(NULL, device->peer_n + 1, sizeof(**order));
	if (!*order)
		return false;
	for (i = 0; i < device->peer_n; i++)
		(*order)[i] = &device->peer[i];
	qsort(*order, device->peer_n, sizeof(**order), peer_compare);
	return true;
}
