/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between the files of the parser: lines are read in read.c, values in keys.c,
 * what is kept of them is made and freed in config.c.
 */
#ifndef TOOLS_CONFIG_READER_H
#define TOOLS_CONFIG_READER_H

#include "tools/config/config.h"

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
	size_t error_n;		/* that there were when the peer began */
};

/* What is on the right of the '='. */
struct value {
	enum config_key key;
	char *text;		/* in the arena, trimmed */
	u32 column;
};

typedef void value_reader(struct reader *reader, struct value *value);

/*
 * A row without a reader is wg-quick's: its value is kept as text. A hook has
 * no comment behind it.
 */
struct key_row {
	const char *name;
	u8 sections;
	bool is_hook;
	value_reader *read;
};

extern const struct key_row config_keys[CONFIG_KEY_N];

/* CONFIG_KEY_N when there is no such key. */
enum config_key key_find(const char *name);
/* Why @key may not stand here, or NULL. */
const char *key_refuse(const struct reader *reader, enum config_key key);

/* The peer in whose section the reader is, or NULL. */
struct config_peer *reader_peer(const struct reader *reader);
void reader_note(struct reader *reader, enum config_severity severity,
		 u32 column, const char *reason, const char *what);

/*
 * Doubles an array that may hold keys: realloc() would leave the old copy
 * behind. Returns the place of element @n, zeroed, or NULL.
 */
void *array_place(void **array, size_t *room, size_t n, size_t size);

/*
 * A copy that lives as long as the structure. The arena was made for the
 * longest sum of copies the text allows (see config_init()).
 */
char *arena_add(struct config *config, const char *text, size_t len);
/* Wipes what was added since arena_len was @len: of a value that was read. */
void arena_drop(struct config *config, size_t len);

/* Empty, with @text taken over, and an arena for it; NULL: no memory. */
struct config *config_init(char *text, size_t len);

/* Takes the white space out of a text in place. */
void text_compact(char *text);
bool text_is_space(char c);

#endif /* TOOLS_CONFIG_READER_H */
