// SPDX-License-Identifier: GPL-2.0
/*
 * One pass over the text. What a key is called, where it may stand and how its
 * value is read is in the table `keys`; the rest is lines, notes and memory.
 */
#include "tools/config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

enum section { SECTION_NONE = 0, SECTION_INTERFACE = 1, SECTION_PEER = 2 };

struct line {
	const char *start;
	const char *end;	/* of the line, without its newline */
	const char *body_end;	/* where a comment starts, else @end */
	u32 number;
};

struct reader {
	struct config *config;
	enum config_dialect dialect;
	enum section section;
	struct line line;
	const char *name;	/* from a comment, of a peer not yet known */
};

/* What is on the right of the '='. */
struct value {
	enum config_key key;
	char *text;		/* in the arena, trimmed */
	u32 column;
};

typedef void value_reader(struct reader *reader, struct value *value);

static value_reader read_private_key, read_listen_port, read_fwmark,
	read_public_key, read_preshared_key, read_allowed_ips, read_endpoint,
	read_keepalive;

/* A row without a reader is wg-quick's: its value is kept as text. */
static const struct key {
	const char *name;
	u8 sections;
	bool is_hook;
	value_reader *read;
} keys[CONFIG_KEY_N] = {
	[CONFIG_PRIVATE_KEY] = { "PrivateKey", 1, false, read_private_key },
	[CONFIG_LISTEN_PORT] = { "ListenPort", 1, false, read_listen_port },
	[CONFIG_FWMARK] = { "FwMark", 1, false, read_fwmark },
	[CONFIG_ADDRESS] = { "Address", 1, false, NULL },
	[CONFIG_DNS] = { "DNS", 1, false, NULL },
	[CONFIG_MTU] = { "MTU", 1, false, NULL },
	[CONFIG_TABLE] = { "Table", 1, false, NULL },
	[CONFIG_PRE_UP] = { "PreUp", 1, true, NULL },
	[CONFIG_POST_UP] = { "PostUp", 1, true, NULL },
	[CONFIG_PRE_DOWN] = { "PreDown", 1, true, NULL },
	[CONFIG_POST_DOWN] = { "PostDown", 1, true, NULL },
	[CONFIG_SAVE_CONFIG] = { "SaveConfig", 1, false, NULL },
	[CONFIG_PRIVATE_KEY_FILE] = { "PrivateKeyFile", 1, false, NULL },
	[CONFIG_EXCLUDED_IPS] = { "ExcludedIPs", 3, false, NULL },
	[CONFIG_PUBLIC_KEY] = { "PublicKey", 2, false, read_public_key },
	[CONFIG_PRESHARED_KEY] = { "PresharedKey", 2, false,
				   read_preshared_key },
	[CONFIG_ALLOWED_IPS] = { "AllowedIPs", 2, false, read_allowed_ips },
	[CONFIG_ENDPOINT] = { "Endpoint", 2, false, read_endpoint },
	[CONFIG_PERSISTENT_KEEPALIVE] = { "PersistentKeepalive", 2, false,
					  read_keepalive },
	[CONFIG_PRESHARED_KEY_FILE] = { "PresharedKeyFile", 2, false, NULL },
};

const char *config_key_name(enum config_key key)
{
	return keys[key].name;
}

bool config_key_is_quick(enum config_key key)
{
	return !keys[key].read;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * Doubles an array that may hold keys: realloc() would leave the old copy
 * behind. Returns the place of element @n, zeroed, or NULL.
 */
static void *array_place(void **array, size_t *room, size_t n, size_t size)
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

/*
 * A copy that lives as long as the structure. The arena was made for the
 * longest sum of copies the text allows (see config_read()).
 */
static char *arena_add(struct config *config, const char *text, size_t len)
{
	char *copy = config->arena + config->arena_len;

	assert(config->arena_room - config->arena_len > len);
	memcpy(copy, text, len);
	copy[len] = 0;
	config->arena_len += len + 1;
	return copy;
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

static void note_add(struct reader *reader, enum config_severity severity,
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

/* Takes the white space out of a text in place. */
static void text_compact(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (!is_space(*text))
			*to++ = *text;
	*to = 0;
}

static void text_trim(const char **start, const char **end)
{
	while (*start < *end && is_space(**start))
		++*start;
	while (*end > *start && is_space((*end)[-1]))
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

static struct config_peer *peer_current(const struct reader *reader)
{
	const struct config *config = reader->config;

	if (reader->section != SECTION_PEER || !config->peer_n)
		return NULL;
	return &config->peer[config->peer_n - 1];
}

/* Values. */

static void value_refuse(struct reader *reader, const struct value *value,
			 const char *reason, bool secret)
{
	note_add(reader, CONFIG_ERROR, value->column, reason,
		 secret ? NULL : value->text);
}

static bool value_read_secret(struct reader *reader, struct value *value,
			      u8 key[KEY_LEN])
{
	const char *reason;

	text_compact(value->text);
	reason = value_read_key(key, value->text);
	if (reason)
		value_refuse(reader, value, reason, true);
	return !reason;
}

static void read_private_key(struct reader *reader, struct value *value)
{
	struct config *config = reader->config;

	config->has_private_key |= value_read_secret(reader, value,
						     config->private_key);
}

static void read_listen_port(struct reader *reader, struct value *value)
{
	struct config *config = reader->config;
	const char *reason;

	text_compact(value->text);
	reason = value_read_port(&config->listen_port, value->text);
	if (reason)
		value_refuse(reader, value, reason, false);
	config->has_listen_port |= !reason;
}

static void read_fwmark(struct reader *reader, struct value *value)
{
	struct config *config = reader->config;
	const char *reason;

	text_compact(value->text);
	reason = value_read_fwmark(&config->fwmark, value->text);
	if (reason)
		value_refuse(reader, value, reason, false);
	config->has_fwmark |= !reason;
}

/* Not a secret, but a private key in the wrong line would be. */
static void read_public_key(struct reader *reader, struct value *value)
{
	struct config_peer *peer = peer_current(reader);

	assert(peer);
	peer->has_public_key |= value_read_secret(reader, value,
						  peer->public_key);
}

static void read_preshared_key(struct reader *reader, struct value *value)
{
	struct config_peer *peer = peer_current(reader);

	assert(peer);
	peer->has_preshared_key |= value_read_secret(reader, value,
						     peer->preshared_key);
}

static void read_keepalive(struct reader *reader, struct value *value)
{
	struct config_peer *peer = peer_current(reader);
	const char *reason;

	text_compact(value->text);
	reason = value_read_keepalive(&peer->keepalive, value->text);
	if (reason)
		value_refuse(reader, value, reason, false);
	peer->has_keepalive |= !reason;
}

static void read_endpoint(struct reader *reader, struct value *value)
{
	struct config_peer *peer = peer_current(reader);
	char *host, *port, *copy;
	const char *reason;

	text_compact(value->text);
	copy = arena_add(reader->config, value->text, strlen(value->text));
	reason = value_split_endpoint(copy, &host, &port);
	if (reason) {
		value_refuse(reader, value, reason, false);
		return;
	}
	peer->endpoint_host = host;
	peer->endpoint_port = port;
	peer->endpoint_line = reader->line.number;
	peer->endpoint_column = value->column;
}

static void read_allowed_ips(struct reader *reader, struct value *value)
{
	struct prefix_list *list = &peer_current(reader)->allowed;
	size_t bad = 0, len, i = list->n;
	const char *reason;

	reason = value_read_prefixes(list, value->text, reader->line.number,
				     value->column, &bad);
	for (; i < list->n; i++)
		if (list->prefix[i].host_bits)
			note_add(reader, CONFIG_WARNING, list->prefix[i].column,
				 "bits after the CIDR are not zero", NULL);
	if (reason) {
		len = strcspn(value->text + bad, ", \t\r\v\f");
		note_add(reader, CONFIG_ERROR, value->column + bad, reason,
			 arena_add(reader->config, value->text + bad, len));
	}
	text_compact(value->text);
}

/* Lines. */

static void item_add(struct reader *reader, const struct value *value,
		     const char *at)
{
	struct config_peer *peer = peer_current(reader);
	struct config_items *items = peer ? &peer->items :
					    &reader->config->items;
	struct config_item *item;

	item = array_place((void **)&items->item, &items->room, items->n,
			   sizeof(*item));
	if (!item) {
		note_add(reader, CONFIG_ERROR, 1, "not enough memory", NULL);
		return;
	}
	items->n++;
	item->key = value->key;
	item->line = reader->line.number;
	item->column = column_of(reader, at);
	item->value_column = value->column;
	item->value = value->text;
}

/* CONFIG_KEY_N when there is no such key. */
static enum config_key key_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < CONFIG_KEY_N; i++)
		if (!strcasecmp(name, keys[i].name))
			break;
	return i;
}

/* Why @key may not stand here, or NULL. */
static const char *key_refuse(const struct reader *reader, enum config_key key)
{
	if (key == CONFIG_KEY_N)
		return "line unrecognized";
	if (reader->dialect == CONFIG_WG && !keys[key].read)
		return "line unrecognized: a key of wg-quick, not of wg";
	if (reader->section == SECTION_NONE)
		return "line unrecognized: expected [Interface] or [Peer] first";
	if (keys[key].sections & reader->section)
		return NULL;
	return reader->section == SECTION_PEER ?
		"line unrecognized: belongs to [Interface], not to [Peer]" :
		"line unrecognized: belongs to [Peer], not to [Interface]";
}

static void read_item(struct reader *reader, const char *at, const char *equals)
{
	struct config *config = reader->config;
	const char *start = equals + 1, *end;
	struct value value;
	const char *reason;
	char *name;

	name = arena_add(config, at, equals - at);
	text_compact(name);
	value.key = key_find(name);
	reason = key_refuse(reader, value.key);
	if (reason) {
		note_add(reader, CONFIG_ERROR, column_of(reader, at), reason,
			 word_public(name));
		return;
	}
	end = keys[value.key].is_hook ? reader->line.end :
					reader->line.body_end;
	text_trim(&start, &end);
	value.column = column_of(reader, start);
	value.text = arena_add(config, start, end - start);
	if (!keys[value.key].read)
		;
	else if (start == end)
		note_add(reader, CONFIG_ERROR, value.column,
			 "line unrecognized: expected a value behind the '='",
			 keys[value.key].name);
	else
		keys[value.key].read(reader, &value);
	item_add(reader, &value, at);
}

static void peer_finish(struct reader *reader)
{
	struct config_peer *peer = peer_current(reader);
	u32 number = reader->line.number;

	if (!peer || peer->has_public_key)
		return;
	reader->line.number = peer->line;
	note_add(reader, CONFIG_ERROR, 1, "a peer without PublicKey", NULL);
	reader->line.number = number;
}

static void peer_start(struct reader *reader)
{
	struct config *config = reader->config;
	struct config_peer *peer;

	peer = array_place((void **)&config->peer, &config->peer_room,
			   config->peer_n, sizeof(*peer));
	if (!peer) {
		note_add(reader, CONFIG_ERROR, 1, "not enough memory", NULL);
		reader->section = SECTION_NONE;
		return;
	}
	config->peer_n++;
	peer->line = reader->line.number;
	peer->name = reader->name;
	reader->section = SECTION_PEER;
}

static void read_section(struct reader *reader, const char *at)
{
	char *name = arena_add(reader->config, at, reader->line.body_end - at);

	text_compact(name);
	peer_finish(reader);
	if (!strcasecmp(name, "[Peer]")) {
		peer_start(reader);
	} else if (!strcasecmp(name, "[Interface]")) {
		reader->section = SECTION_INTERFACE;
	} else {
		note_add(reader, CONFIG_ERROR, column_of(reader, at),
			 "line unrecognized: expected [Interface] or [Peer]",
			 word_public(name));
	}
	reader->name = NULL;
}

/* The peer of this section gets the name kept from the comments, if any. */
static void name_settle(struct reader *reader)
{
	struct config_peer *peer = peer_current(reader);

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

	while (c < end && (*c == '#' || is_space(*c)))
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
			note_add(reader, CONFIG_ERROR, column_of(reader, at),
				 "line unrecognized: expected KEY = VALUE", NULL);
	}
	read_comment(reader);
	name_settle(reader);
}

static void read_lines(struct reader *reader)
{
	const char *c = reader->config->text;
	const char *text_end = c + reader->config->text_len;
	struct line *line = &reader->line;

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
			note_add(reader, CONFIG_ERROR, 1,
				 "line unrecognized: a NUL byte in it", NULL);
		else
			read_line(reader);
	}
	name_settle(reader);
	peer_finish(reader);
}

struct config *config_read(const char *text, size_t len,
			   enum config_dialect dialect)
{
	struct config *config = calloc(1, sizeof(*config));
	struct reader reader = { .config = config, .dialect = dialect };

	if (!config)
		return NULL;
	/*
	 * A line gives at most its name, its value, a second copy of that and
	 * a name of a peer, and their NULs: four times its length, and four.
	 */
	config->arena_room = 8 * (len + 1);
	config->arena = malloc(config->arena_room);
	config->text = malloc(len + 1);
	if (!config->arena || !config->text) {
		config_free(config);
		return NULL;
	}
	if (len)
		memcpy(config->text, text, len);
	config->text[len] = 0;
	config->text_len = len;
	read_lines(&reader);
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
	size_t i;

	for (i = 0; i < config->note_n; i++)
		if (config->note[i].severity == CONFIG_ERROR)
			return &config->note[i];
	return NULL;
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
