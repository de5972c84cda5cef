// SPDX-License-Identifier: GPL-2.0
#include "tools/config/value.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

/* The longest spelling of a prefix: sign, v6 address with v4 tail, "/128". */
#define PREFIX_TEXT_MAX	63

static const char no_memory[] = "not enough memory";

/* Locale-free, unlike isspace() and its kin. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static int digit_value(char c, int base)
{
	int v = 99;

	if (c >= '0' && c <= '9')
		v = c - '0';
	else if (c >= 'a' && c <= 'f')
		v = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		v = c - 'A' + 10;
	return v < base ? v : -1;
}

/* Nothing but digits, at least one, no more than @most. */
static bool number_read(u64 *number, const char *text, size_t len, int base,
			u64 most)
{
	u64 value = 0;
	size_t i;
	int digit;

	for (i = 0; i < len; i++) {
		digit = digit_value(text[i], base);
		if (digit < 0)
			return false;
		value = value * base + digit;
		if (value > most)
			return false;
	}
	*number = value;
	return len;
}

/* RFC 6335 5.1, a little wider: what is worth a look in a database. */
static bool service_is_plausible(const char *text)
{
	bool letter = false;
	size_t i;

	for (i = 0; text[i]; i++) {
		if ((text[i] | 32) >= 'a' && (text[i] | 32) <= 'z')
			letter = true;
		else if (!strchr("0123456789-_.+*", text[i]))
			return false;
	}
	return letter && i < 64;
}

static bool service_find(u16 *port, const char *name)
{
	const struct addrinfo hints = {
		.ai_family = AF_INET,
		.ai_socktype = SOCK_DGRAM,
		.ai_flags = AI_PASSIVE,
	};
	struct addrinfo *found;

	if (!service_is_plausible(name) ||
	    getaddrinfo(NULL, name, &hints, &found))
		return false;
	*port = ntohs(((struct sockaddr_in *)found->ai_addr)->sin_port);
	freeaddrinfo(found);
	return true;
}

const char *value_read_port(u16 *port, const char *text)
{
	u64 number;

	if (number_read(&number, text, strlen(text), 10, 65535)) {
		*port = number;
		return NULL;
	}
	if (service_find(port, text))
		return NULL;
	return "expected a port, 0 to 65535, or the name of a UDP service";
}

const char *value_read_fwmark(u32 *mark, const char *text)
{
	u64 number = 0;
	bool good;

	if (!strcasecmp(text, "off"))
		good = true;
	else if (text[0] == '0' && text[1] == 'x')
		good = number_read(&number, text + 2, strlen(text + 2), 16,
				   UINT32_MAX);
	else
		good = number_read(&number, text, strlen(text), 10, UINT32_MAX);
	if (!good)
		return "expected \"off\" or a number, 0 to 0xffffffff";
	*mark = number;
	return NULL;
}

const char *value_read_keepalive(u16 *seconds, const char *text)
{
	u64 number = 0;

	if (strcasecmp(text, "off") &&
	    !number_read(&number, text, strlen(text), 10, 65535))
		return "expected \"off\" or seconds, 0 to 65535";
	*seconds = number;
	return NULL;
}

const char *value_read_key(u8 key[KEY_LEN], const char *text)
{
	u8 read[KEY_LEN];
	bool good = strlen(text) == KEY_BASE64_LEN &&
		    key_read_base64(read, text);

	if (good)
		memcpy(key, read, KEY_LEN);
	memzero_explicit(read, KEY_LEN);
	return good ? NULL :
		"expected a key: 44 characters of base64 that end in '='";
}

/* The mask of byte @i of a prefix of @cidr bits. */
static u8 prefix_byte_mask(unsigned int cidr, unsigned int i)
{
	unsigned int bits = cidr > 8 * i ? cidr - 8 * i : 0;

	return bits >= 8 ? 0xff : (u8)(0xff00 >> bits);
}

void prefix_mask(struct prefix *prefix)
{
	unsigned int i;

	for (i = 0; i < sizeof(prefix->addr); i++)
		prefix->addr[i] &= prefix_byte_mask(prefix->cidr, i);
	prefix->host_bits = false;
}

static bool prefix_has_host_bits(const struct prefix *prefix)
{
	unsigned int len = prefix->family == AF_INET6 ? 16 : 4, i;
	u8 stray = 0;

	for (i = prefix->cidr / 8; i < len; i++)
		stray |= prefix->addr[i] & ~prefix_byte_mask(prefix->cidr, i);
	return stray;
}

const char *value_read_prefix(struct prefix *prefix, const char *text,
			      size_t len)
{
	struct prefix read = { .line = prefix->line, .column = prefix->column };
	char copy[PREFIX_TEXT_MAX + 1];
	char *addr = copy, *slash;
	u64 cidr, most;

	if (len > PREFIX_TEXT_MAX || memchr(text, 0, len))
		return "expected an IP address, with or without /CIDR";
	memcpy(copy, text, len);
	copy[len] = 0;
	if (*addr == '+' || *addr == '-')
		read.sign = *addr++;
	slash = strchr(addr, '/');
	if (slash)
		*slash++ = 0;
	read.family = strchr(addr, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(read.family, addr, read.addr) != 1)
		return "expected an IP address, with or without /CIDR";
	most = read.family == AF_INET6 ? 128 : 32;
	cidr = most;
	if (slash && !number_read(&cidr, slash, strlen(slash), 10, most))
		return most == 32 ? "expected a CIDR of 0 to 32 after the '/'" :
			"expected a CIDR of 0 to 128 after the '/'";
	read.cidr = cidr;
	read.host_bits = prefix_has_host_bits(&read);
	*prefix = read;
	return NULL;
}

static struct prefix *prefix_list_add(struct prefix_list *list)
{
	size_t room = list->room ? 2 * list->room : 1;
	struct prefix *grown;

	if (list->n == list->room) {
		grown = reallocarray(list->prefix, room, sizeof(*grown));
		if (!grown)
			return NULL;
		list->prefix = grown;
		list->room = room;
	}
	memset(&list->prefix[list->n], 0, sizeof(*grown));
	return &list->prefix[list->n];
}

void prefix_list_free(struct prefix_list *list)
{
	free(list->prefix);
	memset(list, 0, sizeof(*list));
}

/*
 * Moves *@text, an element, up to its comma or the end, and *@first to its
 * first character; its length, without the white space around it.
 */
static size_t element_take(const char **text, const char **first)
{
	const char *c = *text, *end;

	while (is_space(*c))
		c++;
	*first = c;
	end = strchrnul(c, ',');
	*text = end;
	while (end > c && is_space(end[-1]))
		end--;
	return end - c;
}

/* White space may even stand inside of an element; mostly it does not. */
static const char *element_read(struct prefix *prefix, const char *text,
				size_t len)
{
	const char *reason = value_read_prefix(prefix, text, len);
	char copy[PREFIX_TEXT_MAX + 1];
	size_t n = 0, i;

	for (i = 0; reason && i < len && n <= PREFIX_TEXT_MAX; i++)
		if (!is_space(text[i]))
			copy[n++] = text[i];
	return reason && n < len ? value_read_prefix(prefix, copy, n) : reason;
}

const char *value_read_prefixes(struct prefix_list *list, const char *text,
				u32 line, u32 column, size_t *bad)
{
	const char *rest = text, *first, *reason;
	struct prefix *prefix;
	size_t len;

	len = element_take(&rest, &first);
	if (!len && !*rest)
		return NULL;
	for (;;) {
		*bad = first - text;
		prefix = prefix_list_add(list);
		if (!prefix)
			return no_memory;
		prefix->line = line;
		prefix->column = column + *bad;
		reason = element_read(prefix, first, len);
		if (reason)
			return reason;
		list->n++;
		if (!*rest++)
			return NULL;
		len = element_take(&rest, &first);
	}
}

size_t value_skip_element(const char *text, size_t at)
{
	at += strcspn(text + at, ",");
	return at + (text[at] == ',');
}

const char *value_split_endpoint(char *text, char **host, char **port)
{
	char *first = text, *end;

	if (*text == '[') {
		first = text + 1;
		end = strchr(first, ']');
		if (!end)
			return "expected ']' after the address";
		if (end[1] != ':' || !end[2])
			return "expected ':' and a port after the ']'";
	} else {
		end = strrchr(text, ':');
		if (!end || !end[1])
			return "expected HOST:PORT or [ADDRESS]:PORT";
	}
	if (end == first)
		return "expected a host in front of the port";
	*port = *text == '[' ? end + 2 : end + 1;
	*host = first;
	*end = 0;
	return NULL;
}
