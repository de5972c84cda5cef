// SPDX-License-Identifier: GPL-2.0
/* One pass over the text: lines, sections, comments, and what is behind '='. */
#include "tools/config/reader.h"

#include <stdlib.h>
#include <strings.h>

bool text_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void reader_note(struct reader *reader, enum config_severity severity,
		 u32 column, const char *reason, const char *what)
{
	const struct config_note note = {
		.severity = severity, .line = reader->line.number,
		.column = column, .reason = reason, .what = what,
	};

	config_note_add(reader->config, &note);
}

static u32 column_of(const struct reader *reader, const char *c)
{
	return c - reader->line.start + 1;
}

void text_compact(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (!text_is_space(*text))
			*to++ = *text;
	*to = 0;
}

static void text_trim(const char **start, const char **end)
{
	while (*start < *end && text_is_space(**start))
		++*start;
	while (*end > *start && text_is_space((*end)[-1]))
		--*end;
}

/*
 * A word that may be repeated to the user: a misspelt line can hold a key, and
 * no key looks like a short word of letters.
 */
static const char *word_public(const char *word)
{
	size_t i;

	for (i = 0; word[i]; i++)
		if (!strchr("[]-_", word[i]) &&
		    ((word[i] | 32) < 'a' || (word[i] | 32) > 'z'))
			return NULL;
	return i && i <= 32 ? word : NULL;
}

struct config_peer *reader_peer(const struct reader *reader)
{
	const struct config *config = reader->config;

	if (reader->section != SECTION_PEER || !config->peer_n)
		return NULL;
	return &config->peer[config->peer_n - 1];
}

static void item_add(struct reader *reader, const struct value *value,
		     const char *at)
{
	struct config_peer *peer = reader_peer(reader);
	struct config_items *items = peer ? &peer->items :
					    &reader->config->items;
	struct config_item *item;

	item = array_place((void **)&items->item, &items->room, items->n,
			   sizeof(*item));
	if (!item) {
		reader_note(reader, CONFIG_ERROR, 1, "not enough memory", NULL);
		return;
	}
	items->n++;
	item->key = value->key;
	item->line = reader->line.number;
	item->column = column_of(reader, at);
	item->value_column = value->column;
	item->value = value->text;
}

/* Of wg's values the structure has all, but for the text of an endpoint. */
static bool text_is_kept(const struct reader *reader, enum config_key key,
			 size_t notes)
{
	return reader->dialect == CONFIG_QUICK || key == CONFIG_ENDPOINT ||
	       reader->config->note_n != notes;
}

static void read_item(struct reader *reader, const char *at, const char *equals)
{
	struct config *config = reader->config;
	const size_t arena_len = config->arena_len, notes = config->note_n;
	const char *start = equals + 1, *end;
	struct value value;
	const char *reason;
	char *name;

	name = arena_add(config, at, equals - at);
	text_compact(name);
	value.key = key_find(name);
	reason = key_refuse(reader, value.key);
	if (reason) {
		reader_note(reader, CONFIG_ERROR, column_of(reader, at), reason,
			    word_public(name));
		return;
	}
	arena_drop(config, arena_len);
	end = config_keys[value.key].is_hook ? reader->line.end :
					reader->line.body_end;
	text_trim(&start, &end);
	value.column = column_of(reader, start);
	value.text = arena_add(config, start, end - start);
	if (!config_keys[value.key].read)
		;
	else if (start == end)
		reader_note(reader, CONFIG_ERROR, value.column,
			    "line unrecognized: expected a value behind "
			    "the '='",
			    config_keys[value.key].name);
	else
		config_keys[value.key].read(reader, &value);
	if (reader->dialect == CONFIG_QUICK)
		item_add(reader, &value, at);
	if (!text_is_kept(reader, value.key, notes))
		arena_drop(config, arena_len);
}

/* Where a line was not understood, that may have been the one. */
static void peer_finish(struct reader *reader)
{
	struct config_peer *peer = reader_peer(reader);
	u32 number = reader->line.number;

	if (!peer || peer->has_public_key ||
	    reader->config->error_n > reader->error_n)
		return;
	reader->line.number = peer->line;
	reader_note(reader, CONFIG_ERROR, 1, "a peer without PublicKey", NULL);
	reader->line.number = number;
}

static void peer_start(struct reader *reader)
{
	struct config *config = reader->config;
	struct config_peer *peer;

	peer = array_place((void **)&config->peer, &config->peer_room,
			   config->peer_n, sizeof(*peer));
	if (!peer) {
		reader_note(reader, CONFIG_ERROR, 1, "not enough memory", NULL);
		reader->section = SECTION_NONE;
		return;
	}
	config->peer_n++;
	peer->line = reader->line.number;
	peer->name = reader->name;
	reader->section = SECTION_PEER;
	reader->error_n = config->error_n;
}

static void read_section(struct reader *reader, const char *at)
{
	struct config *config = reader->config;
	const size_t arena_len = config->arena_len;
	char *name = arena_add(config, at, reader->line.body_end - at);
	bool is_peer, is_interface;

	text_compact(name);
	is_peer = !strcasecmp(name, "[Peer]");
	is_interface = !strcasecmp(name, "[Interface]");
	peer_finish(reader);
	if (is_peer)
		peer_start(reader);
	else if (is_interface)
		reader->section = SECTION_INTERFACE;
	else
		reader_note(reader, CONFIG_ERROR, column_of(reader, at),
			    "line unrecognized: expected [Interface] or [Peer]",
			    word_public(name));
	if (is_peer || is_interface)
		arena_drop(config, arena_len);
	reader->name = NULL;
}

/* The peer of this section gets the name kept from the comments, if any. */
static void name_settle(struct reader *reader)
{
	struct config_peer *peer = reader_peer(reader);

	if (peer && reader->name)
		peer->name = reader->name;
	reader->name = NULL;
}

static bool prefix_skip(const char **c, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *c) < len || strncasecmp(*c, word, len))
		return false;
	*c += len;
	return true;
}

/* "# name: NAME" in its spellings. */
static void read_comment(struct reader *reader)
{
	const char *c = reader->line.body_end, *end = reader->line.end;

	while (c < end && (*c == '#' || text_is_space(*c)))
		c++;
	if (!prefix_skip(&c, end, "name") &&
	    !prefix_skip(&c, end, "friendly_name"))
		return;
	text_trim(&c, &end);
	if (c == end || (*c != ':' && *c != '='))
		return;
	c++;
	text_trim(&c, &end);
	if (c < end)
		reader->name = arena_add(reader->config, c, end - c);
}

static void read_line(struct reader *reader)
{
	const struct line *line = &reader->line;
	const char *at = line->start, *end = line->body_end, *equals;

	text_trim(&at, &end);
	if (at == end) {
		if (line->body_end == line->end)
			name_settle(reader);
		read_comment(reader);
		return;
	}
	if (*at == '[') {
		read_section(reader, at);
	} else {
		name_settle(reader);
		equals = memchr(at, '=', end - at);
		if (equals)
			read_item(reader, at, equals);
		else
			reader_note(reader, CONFIG_ERROR, column_of(reader, at),
				    "line unrecognized: expected KEY = VALUE",
				    NULL);
	}
	read_comment(reader);
	name_settle(reader);
}

/* What some editors begin a file with, and nobody sees. */
static size_t mark_skip(struct reader *reader)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (strncmp(reader->config->text, mark, strlen(mark)))
		return 0;
	reader->line.number = 1;
	reader_note(reader, CONFIG_ERROR, 1,
		    "line unrecognized: a byte order mark in front of it: "
		    "expected UTF-8 without", NULL);
	reader->line.number = 0;
	return strlen(mark);
}

static void read_lines(struct reader *reader)
{
	const char *c = reader->config->text;
	const char *text_end = c + reader->config->text_len;
	struct line *line = &reader->line;

	c += mark_skip(reader);
	while (c < text_end) {
		line->number++;
		line->start = c;
		line->end = memchr(c, '\n', text_end - c);
		if (!line->end)
			line->end = text_end;
		c = line->end + 1;
		line->body_end = memchr(line->start, '#',
					line->end - line->start);
		if (!line->body_end)
			line->body_end = line->end;
		if (memchr(line->start, 0, line->end - line->start))
			reader_note(reader, CONFIG_ERROR, 1,
				    "line unrecognized: a NUL byte in it",
				    NULL);
		else
			read_line(reader);
	}
	name_settle(reader);
	peer_finish(reader);
}

struct config *config_read_own(char *text, size_t len,
			       enum config_dialect dialect)
{
	struct reader reader = { .config = config_init(text, len),
				 .dialect = dialect };

	if (reader.config)
		read_lines(&reader);
	return reader.config;
}

struct config *config_read(const char *text, size_t len,
			   enum config_dialect dialect)
{
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, text, len);
	copy[len] = 0;
	return config_read_own(copy, len, dialect);
}
