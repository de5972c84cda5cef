/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The values of WireGuard's settings, one reader each, used for configuration
 * files and for the arguments of `wg set` alike.
 *
 * A reader returns NULL when it understood the text, else a static sentence
 * that says what was expected; the destination is untouched then. None of them
 * prints, resolves names, or keeps a pointer to its argument.
 */
#ifndef TOOLS_CONFIG_VALUE_H
#define TOOLS_CONFIG_VALUE_H

#include "crypto/port.h"
#include "tools/config/key.h"

/* An address and how many of its leading bits count. */
struct prefix {
	u8 addr[16];	/* network order; IPv4 uses the first four */
	u16 family;	/* AF_INET or AF_INET6 */
	u8 cidr;
	char sign;	/* '+' or '-' as written in front, else 0 */
	bool host_bits;	/* bits after @cidr were not zero (kept in @addr) */
	u32 line;	/* where it was read; zero when not from a file */
	u32 column;
};

/* A growing array; owner frees with prefix_list_free(). */
struct prefix_list {
	struct prefix *prefix;
	size_t n;
	size_t room;
};

/* 0 to 65535, or the name of a service (getaddrinfo's, for UDP). */
const char *value_read_port(u16 *port, const char *text);

/* "off", decimal, or 0x and hexadecimal; at most 32 bits. Off is 0. */
const char *value_read_fwmark(u32 *mark, const char *text);

/* "off" or seconds, 0 to 65535. Off is 0. */
const char *value_read_keepalive(u16 *seconds, const char *text);

/* The base64 text of a key: exactly KEY_BASE64_LEN characters and a NUL. */
const char *value_read_key(u8 key[KEY_LEN], const char *text);

/* [+-]ADDRESS[/CIDR], @len characters; sets all but line and column. */
const char *value_read_prefix(struct prefix *prefix, const char *text,
			      size_t len);

/*
 * Comma-separated prefixes, appended to @list with @line and their column
 * counted from @column; white space is ignored, inside an element as well.
 * Blank text is an empty list. On a mistake *@bad is the offset of the element
 * in @text, and the elements before it have been appended.
 */
const char *value_read_prefixes(struct prefix_list *list, const char *text,
				u32 line, u32 column, size_t *bad);

/*
 * Where the element behind that at @at begins, or the end of @text: reading on
 * from there finds the next mistake.
 */
size_t value_skip_element(const char *text, size_t at);

void prefix_list_free(struct prefix_list *list);

/* The address with the bits after @cidr cleared. */
void prefix_mask(struct prefix *prefix);

/*
 * HOST:PORT or [ADDRESS]:PORT, split in place at the last colon: *@host and
 * *@port point into @text. Nothing is looked up. On a mistake @text is whole.
 */
const char *value_split_endpoint(char *text, char **host, char **port);

#endif /* TOOLS_CONFIG_VALUE_H */
