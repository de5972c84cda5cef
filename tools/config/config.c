// SPDX-License-Identifier: GPL-2.0
/* What is kept of a configuration: made, added to, searched, wiped, freed. */
#include "tools/config/reader.h"

#include <stdlib.h>

#include "tools/config/pages.h"

void *array_place(void **array, size_t *room, size_t n, size_t size)
{
	size_t grown_room = *room ? 2 * *room : 4;
	void *grown;

	if (n == *room) {
		grown = calloc(grown_room, size);
		if (!grown)
			return NULL;
		if (n) {
			memcpy(grown, *array, n * size);
			memzero_explicit(*array, n * size);
		}
		free(*array);
		*array = grown;
		*room = grown_room;
	}
	return (char *)*array + n * size;
}

char *arena_add(struct config *config, const char *text, size_t len)
{
	char *copy = config->arena + config->arena_len;

	assert(config->arena_room - config->arena_len > len);
	memcpy(copy, text, len);
	copy[len] = 0;
	config->arena_len += len + 1;
	return copy;
}

void arena_drop(struct config *config, size_t len)
{
	memzero_explicit(config->arena + len, config->arena_len - len);
	config->arena_len = len;
}

void config_note_add(struct config *config, const struct config_note *add)
{
	struct config_note *note;

	config->error_n += add->severity == CONFIG_ERROR;
	note = array_place((void **)&config->note, &config->note_room,
			   config->note_n, sizeof(*note));
	if (!note)
		return;
	config->note_n++;
	*note = *add;
}

/* A place for every peer, as far as they begin their lines. */
static void peers_reserve(struct config *config)
{
	const char *c = config->text, *end = c + config->text_len;
	size_t n = 0;

	for (; c < end; c++) {
		n += c[0] == '[' && (c[1] | 32) == 'p';
		c = memchr(c, '\n', end - c);
		if (!c)
			break;
	}
	config->peer = n ? calloc(n, sizeof(*config->peer)) : NULL;
	config->peer_room = config->peer ? n : 0;
	pages_populate(config->peer, config->peer_room * sizeof(*config->peer));
}

struct config *config_init(char *text, size_t len)
{
	struct config *config = calloc(1, sizeof(*config));

	if (!config) {
		config_text_free(text, len);
		return NULL;
	}
	/*
	 * A line gives at most its name, its value, a second copy of that and
	 * a name of a peer, and their NULs: four times its length, and four.
	 */
	config->arena_room = 8 * (len + 1);
	config->arena = malloc(config->arena_room);
	config->text = text;
	config->text_len = len;
	if (!config->arena) {
		config_free(config);
		return NULL;
	}
	peers_reserve(config);
	return config;
}

static void items_free(struct config_items *items)
{
	free(items->item);
}

void config_free(struct config *config)
{
	size_t i;

	if (!config)
		return;
	for (i = 0; i < config->peer_n; i++) {
		items_free(&config->peer[i].items);
		prefix_list_free(&config->peer[i].allowed);
		memzero_explicit(&config->peer[i], sizeof(config->peer[i]));
	}
	free(config->peer);
	items_free(&config->items);
	free(config->note);
	if (config->arena)
		memzero_explicit(config->arena, config->arena_len);
	if (config->text)
		memzero_explicit(config->text, config->text_len);
	free(config->arena);
	free(config->text);
	memzero_explicit(config, sizeof(*config));
	free(config);
}

const struct config_note *config_find_error(const struct config *config)
{
	const struct config_note *note, *first = NULL;
	size_t i;

	for (i = 0; i < config->note_n; i++) {
		note = &config->note[i];
		if (note->severity != CONFIG_ERROR)
			continue;
		if (!first || note->line < first->line ||
		    (note->line == first->line && note->column < first->column))
			first = note;
	}
	return first;
}

const struct config_item *config_find(const struct config_items *items,
				      enum config_key key,
				      const struct config_item *previous)
{
	size_t i = previous ? previous - items->item + 1 : 0;

	for (; i < items->n; i++)
		if (items->item[i].key == key)
			return &items->item[i];
	return NULL;
}
