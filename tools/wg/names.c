// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/names.h"

#include <stdio.h>
#include <stdlib.h>

#ifndef CONFIG_DIR
#define CONFIG_DIR "/etc/wireguard"
#endif

static int compare(const void *a, const void *b)
{
	const struct config_peer *const *x = a, *const *y = b;

	return memcmp((*x)->public_key, (*y)->public_key, KEY_LEN);
}

static void names_collect(struct names *names)
{
	const struct config *config = names->config;
	size_t i;

	names->peer = reallocarray(NULL, config->peer_n + 1,
				   sizeof(*names->peer));
	for (i = 0; i < config->peer_n && names->peer; i++)
		if (config->peer[i].has_public_key && config->peer[i].name)
			names->peer[names->n++] = &config->peer[i];
	if (names->n)
		qsort(names->peer, names->n, sizeof(*names->peer), compare);
}

void names_init(struct names *names, const char *interface)
{
	char path[sizeof(CONFIG_DIR) + 64], *text;
	size_t len;

	memset(names, 0, sizeof(*names));
	snprintf(path, sizeof(path), CONFIG_DIR "/%.15s.conf", interface);
	if (strchr(interface, '/') || !config_text_load(path, &text, &len))
		return;
	if (strcasestr(text, "name"))
		names->config = config_read_own(text, len, CONFIG_QUICK);
	else
		config_text_free(text, len);
	if (names->config)
		names_collect(names);
}

void names_exit(struct names *names)
{
	free(names->peer);
	config_free(names->config);
	memset(names, 0, sizeof(*names));
}

const char *names_find(const struct names *names, const u8 key[KEY_LEN])
{
	struct config_peer wanted = { 0 };
	const struct config_peer *pointer = &wanted, **found;

	if (!names->n)
		return NULL;
	memcpy(wanted.public_key, key, KEY_LEN);
	found = bsearch(&pointer, names->peer, names->n, sizeof(*names->peer),
			compare);
	return found ? (*found)->name : NULL;
}
