// SPDX-License-Identifier: GPL-2.0
#include "tools/wg-quick/settings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

#define MTU_MIN	68u	/* RFC 791, 3.2 */
#define MTU_MAX	65535u

typedef void item_reader(struct settings *settings,
			 const struct config_item *item,
			 struct config_peer *peer);

static void refuse(struct settings *settings, const struct config_item *item,
		   size_t offset, const char *reason)
{
	const struct config_note note = {
		.severity = CONFIG_ERROR, .line = item->line,
		.column = item->value_column + offset, .reason = reason,
		.what = offset || !*item->value ? NULL : item->value,
	};

	config_note_add(settings->config, &note);
}

bool text_list_add(struct text_list *list, const char *text, size_t len)
{
	char **grown = reallocarray(list->text, list->n + 1, sizeof(*grown));

	if (!grown)
		return false;
	list->text = grown;
	list->text[list->n] = strndup(text, len);
	if (!list->text[list->n])
		return false;
	list->n++;
	return true;
}

void text_list_free(struct text_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free(list->text[i]);
	free(list->text);
	memset(list, 0, sizeof(*list));
}

/* A list without signs, which only AllowedIPs may have. */
static void read_prefixes(struct settings *settings,
			  const struct config_item *item,
			  struct prefix_list *list)
{
	size_t at = 0, bad = 0, i = list->n;
	const char *reason;

	while ((reason = value_read_prefixes(list, item->value + at,
					     item->line,
					     item->value_column + at, &bad))) {
		refuse(settings, item, at + bad, reason);
		at = value_skip_element(item->value, at + bad);
	}
	for (; i < list->n; i++)
		if (list->prefix[i].sign)
			refuse(settings, item,
			       list->prefix[i].column - item->value_column,
			       "expected an address without a sign");
}

static void read_address(struct settings *settings,
			 const struct config_item *item,
			 struct config_peer *peer)
{
	(void)peer;
	read_prefixes(settings, item, &settings->addresses);
}

static void read_excluded(struct settings *settings,
			  const struct config_item *item,
			  struct config_peer *peer)
{
	struct prefix_list *list = &settings->excluded;
	size_t i;

	if (peer)
		list = &settings->peer_excluded[peer - settings->config->peer];
	read_prefixes(settings, item, list);
	for (i = 0; i < list->n; i++)
		prefix_mask(&list->prefix[i]);
}

/* RFC 1123 2.1, and '_' and '~', which resolvers know a meaning for. */
static bool domain_is_good(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!strchr("-._~", text[i]) &&
		    !(text[i] >= '0' && text[i] <= '9') &&
		    ((text[i] | 32) < 'a' || (text[i] | 32) > 'z'))
			return false;
	return len && len < 256 && text[0] != '-';
}

static bool address_is_good(const char *text, size_t len)
{
	char copy[INET6_ADDRSTRLEN];
	u8 addr[16];

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = 0;
	return inet_pton(AF_INET, copy, addr) == 1 ||
	       inet_pton(AF_INET6, copy, addr) == 1;
}

static void read_dns(struct settings *settings, const struct config_item *item,
		     struct config_peer *peer)
{
	const char *c = item->value;
	struct text_list *list;
	size_t len;

	(void)peer;
	do {
		c += strspn(c, " \t,");
		len = strcspn(c, " \t,");
		if (!len)
			break;
		list = address_is_good(c, len) ? &settings->dns_servers :
						 &settings->dns_domains;
		if (list == &settings->dns_domains && !domain_is_good(c, len))
			refuse(settings, item, c - item->value,
			       "expected IP addresses and domains");
		else if (!text_list_add(list, c, len))
			refuse(settings, item, 0, "not enough memory");
		c += len;
	} while (*c);
}

static bool number_read(u32 *number, const char *text, u32 low, u32 high)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || *end || *text < '0' || *text > '9' || value < low ||
	    value > high)
		return false;
	*number = value;
	return true;
}

static void read_mtu(struct settings *settings, const struct config_item *item,
		     struct config_peer *peer)
{
	(void)peer;
	if (!number_read(&settings->mtu, item->value, MTU_MIN, MTU_MAX))
		refuse(settings, item, 0, "expected bytes, 68 to 65535");
}

/* "NUMBER NAME" in a line of one of iproute2's files. */
static bool table_find_in(const char *path, u32 *number, const char *name)
{
	char line[256], word[128];
	bool found = false;
	FILE *file;

	file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file))
		found = line[0] != '#' &&
			sscanf(line, "%u %127s", number, word) == 2 &&
			!strcmp(word, name);
	fclose(file);
	return found;
}

bool table_find(u32 *number, const char *text)
{
	static const struct { const char *name; u32 number; } known[] = {
		{ "main", 254 }, { "default", 253 }, { "local", 255 },
	};
	size_t i;

	if (number_read(number, text, 1, UINT32_MAX))
		return true;
	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(text, known[i].name)) {
			*number = known[i].number;
			return true;
		}
	return table_find_in("/etc/iproute2/rt_tables", number, text) ||
	       table_find_in("/usr/share/iproute2/rt_tables", number, text);
}

static void read_table(struct settings *settings,
		       const struct config_item *item,
		       struct config_peer *peer)
{
	(void)peer;
	settings->table = TABLE_NUMBER;
	if (!strcasecmp(item->value, "auto"))
		settings->table = TABLE_AUTO;
	else if (!strcasecmp(item->value, "off"))
		settings->table = TABLE_OFF;
	else if (!table_find(&settings->table_number, item->value))
		refuse(settings, item, 0, "expected \"auto\", \"off\", or the "
		       "number or name of a routing table");
}

static void read_save(struct settings *settings,
		      const struct config_item *item,
		      struct config_peer *peer)
{
	(void)peer;
	settings->saves = !strcmp(item->value, "true");
	if (!settings->saves && strcmp(item->value, "false"))
		refuse(settings, item, 0, "expected \"true\" or \"false\"");
}

void settings_path(const struct settings *settings, const char *name,
		   char to[PATH_MAX])
{
	const char *slash = strrchr(settings->path, '/');
	int len = slash && *name != '/' ? slash + 1 - settings->path : 0;

	snprintf(to, PATH_MAX, "%.*s%s", len, settings->path, name);
}

static bool read_key_file(struct settings *settings,
			  const struct config_item *item, u8 key[KEY_LEN])
{
	char path[PATH_MAX];
	const char *reason;

	if (!*item->value) {
		refuse(settings, item, 0, "expected the path of a file");
		return false;
	}
	if (!settings->load)
		return false;
	settings_path(settings, item->value, path);
	reason = settings->load(key, path);
	if (reason)
		refuse(settings, item, 0, reason);
	return !reason;
}

static void read_private_key_file(struct settings *settings,
				  const struct config_item *item,
				  struct config_peer *peer)
{
	struct config *config = settings->config;

	(void)peer;
	if (config->has_private_key)
		refuse(settings, item, 0, "expected one private key: there is "
		       "one in front of this line");
	else
		config->has_private_key = read_key_file(settings, item,
							config->private_key);
}

static void read_preshared_key_file(struct settings *settings,
				    const struct config_item *item,
				    struct config_peer *peer)
{
	if (peer->has_preshared_key)
		refuse(settings, item, 0, "expected one preshared key: there "
		       "is one in front of this line");
	else
		peer->has_preshared_key = read_key_file(settings, item,
							peer->preshared_key);
}

/* Hooks are taken as they are, when their time has come. */
static item_reader *const readers[CONFIG_KEY_N] = {
	[CONFIG_ADDRESS] = read_address,
	[CONFIG_DNS] = read_dns,
	[CONFIG_MTU] = read_mtu,
	[CONFIG_TABLE] = read_table,
	[CONFIG_SAVE_CONFIG] = read_save,
	[CONFIG_PRIVATE_KEY_FILE] = read_private_key_file,
	[CONFIG_EXCLUDED_IPS] = read_excluded,
	[CONFIG_PRESHARED_KEY_FILE] = read_preshared_key_file,
};

static void read_items(struct settings *settings,
		       const struct config_items *items,
		       struct config_peer *peer)
{
	size_t i;

	for (i = 0; i < items->n; i++)
		if (readers[items->item[i].key])
			readers[items->item[i].key](settings, &items->item[i],
						    peer);
}

/* wg finds this out when it looks up the host; better before anything runs. */
static void check_port(struct settings *settings,
		       const struct config_peer *peer)
{
	struct config_note note = {
		.severity = CONFIG_ERROR, .line = peer->endpoint_line,
		.column = peer->endpoint_column, .what = peer->endpoint_port,
	};
	u16 port;

	if (!peer->endpoint_port)
		return;
	note.reason = value_read_port(&port, peer->endpoint_port);
	if (note.reason)
		config_note_add(settings->config, &note);
}

bool settings_read(struct settings *settings, const char *text, size_t len)
{
	struct config *config = config_read(text, len, CONFIG_QUICK);
	size_t i;

	settings->config = config;
	if (!config)
		return false;
	settings->peer_excluded = calloc(config->peer_n + 1,
					 sizeof(*settings->peer_excluded));
	if (!settings->peer_excluded)
		return false;
	read_items(settings, &config->items, NULL);
	for (i = 0; i < config->peer_n; i++) {
		read_items(settings, &config->peer[i].items, &config->peer[i]);
		check_port(settings, &config->peer[i]);
	}
	return true;
}

bool settings_load(struct settings *settings)
{
	bool good;
	char *text;
	size_t len;

	settings->load = key_load;
	if (!config_text_load(settings->path, &text, &len))
		return false;
	good = settings_read(settings, text, len);
	config_text_free(text, len);
	errno = good ? 0 : ENOMEM;
	return good;
}

void settings_free(struct settings *settings)
{
	size_t i;

	for (i = 0; settings->peer_excluded && i < settings->config->peer_n;
	     i++)
		prefix_list_free(&settings->peer_excluded[i]);
	free(settings->peer_excluded);
	prefix_list_free(&settings->addresses);
	prefix_list_free(&settings->excluded);
	text_list_free(&settings->dns_servers);
	text_list_free(&settings->dns_domains);
	config_free(settings->config);
	memset(settings, 0, sizeof(*settings));
}
