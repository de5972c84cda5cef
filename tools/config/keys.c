// SPDX-License-Identifier: GPL-2.0
/*
 * The keys: what each is called, where it may stand, and how its value is read
 * into the structure.
 */
#include "tools/config/reader.h"

#include <strings.h>

static value_reader read_private_key, read_listen_port, read_fwmark,
	read_public_key, read_preshared_key, read_allowed_ips, read_endpoint,
	read_keepalive;

const struct key_row config_keys[CONFIG_KEY_N] = {
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
	return config_keys[key].name;
}

bool config_key_is_quick(enum config_key key)
{
	return !config_keys[key].read;
}

enum config_key key_find(const char *name)
{
	unsigned int i;

	/* Most are told apart by their first letter, without a call. */
	for (i = 0; i < CONFIG_KEY_N; i++)
		if (!((name[0] ^ config_keys[i].name[0]) & ~32) &&
		    !strcasecmp(name, config_keys[i].name))
			break;
	return i;
}

const char *key_refuse(const struct reader *reader, enum config_key key)
{
	if (key == CONFIG_KEY_N)
		return "line unrecognized";
	if (reader->dialect == CONFIG_WG && !config_keys[key].read)
		return "line unrecognized: a key of wg-quick, not of wg";
	if (reader->section == SECTION_NONE)
		return "line unrecognized: expected [Interface] or [Peer] "
		       "first";
	if (config_keys[key].sections & reader->section)
		return NULL;
	return reader->section == SECTION_PEER ?
		"line unrecognized: belongs to [Interface], not to [Peer]" :
		"line unrecognized: belongs to [Peer], not to [Interface]";
}

static void value_refuse(struct reader *reader, const struct value *value,
			 const char *reason, bool secret)
{
	reader_note(reader, CONFIG_ERROR, value->column, reason,
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
	struct config_peer *peer = reader_peer(reader);

	assert(peer);
	peer->has_public_key |= value_read_secret(reader, value,
						  peer->public_key);
}

static void read_preshared_key(struct reader *reader, struct value *value)
{
	struct config_peer *peer = reader_peer(reader);

	assert(peer);
	peer->has_preshared_key |= value_read_secret(reader, value,
						     peer->preshared_key);
}

static void read_keepalive(struct reader *reader, struct value *value)
{
	struct config_peer *peer = reader_peer(reader);
	const char *reason;

	text_compact(value->text);
	reason = value_read_keepalive(&peer->keepalive, value->text);
	if (reason)
		value_refuse(reader, value, reason, false);
	peer->has_keepalive |= !reason;
}

static void read_endpoint(struct reader *reader, struct value *value)
{
	struct config_peer *peer = reader_peer(reader);
	char *host, *port, *copy = value->text;
	const char *reason;

	text_compact(value->text);
	/* wg-quick keeps the text as it is; it will be cut at the port. */
	if (reader->dialect == CONFIG_QUICK)
		copy = arena_add(reader->config, copy, strlen(copy));
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

static void prefix_refuse(struct reader *reader, const struct value *value,
			  size_t at, const char *reason)
{
	const char *text = value->text + at;
	size_t len = strcspn(text, ", \t\r\v\f");

	reader_note(reader, CONFIG_ERROR, value->column + at, reason,
		    arena_add(reader->config, text, len));
}

static void read_allowed_ips(struct reader *reader, struct value *value)
{
	struct prefix_list *list = &reader_peer(reader)->allowed;
	size_t at = 0, bad = 0, i = list->n;
	const char *reason;

	while ((reason = value_read_prefixes(list, value->text + at,
					     reader->line.number,
					     value->column + at, &bad))) {
		prefix_refuse(reader, value, at + bad, reason);
		at = value_skip_element(value->text, at + bad);
	}
	for (; i < list->n; i++)
		if (list->prefix[i].host_bits)
			reader_note(reader, CONFIG_WARNING,
				    list->prefix[i].column,
				    "bits after the CIDR are not zero", NULL);
	if (reader->dialect == CONFIG_QUICK)
		text_compact(value->text);
}
