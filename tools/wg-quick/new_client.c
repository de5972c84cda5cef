// SPDX-License-Identifier: GPL-2.0
/*
 * A client of a server: addresses that nobody has yet, keys, its own file, and
 * its peer in the file of the server.
 */
#include "tools/wg-quick/new.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/curve25519.h"
#include "tools/wg-quick/live.h"
#include "tools/wg-quick/routes.h"

struct client {
	const char *name;
	const struct new_options *options;
	const struct settings *server;
	struct prefix_list addresses;
	u8 private_key[KEY_LEN];
	u8 public_key[KEY_LEN];
	u8 preshared_key[KEY_LEN];
};

/* Addresses. */

static void address_increment(struct prefix *prefix)
{
	int i = prefix->family == AF_INET6 ? 15 : 3;

	while (i >= 0 && !++prefix->addr[i])
		i--;
}

/* One that is given away already, and not as part of all there is. */
static bool is_taken(const struct settings *server,
		     const struct prefix *prefix)
{
	const struct config *config = server->config;
	const struct prefix_list *list;
	size_t i, k;

	for (i = 0; i < server->addresses.n; i++)
		if (!memcmp(server->addresses.prefix[i].addr, prefix->addr, 16))
			return true;
	for (i = 0; i < config->peer_n; i++) {
		list = &config->peer[i].allowed;
		for (k = 0; k < list->n; k++)
			if (list->prefix[k].cidr &&
			    prefix_covers(&list->prefix[k], prefix))
				return true;
	}
	return false;
}

/* The last of an IPv4 network is for broadcasts. */
static bool is_last(const struct prefix *network, const struct prefix *prefix)
{
	struct prefix next = *prefix;

	address_increment(&next);
	return network->family == AF_INET && network->cidr < 31 &&
	       !prefix_covers(network, &next);
}

static bool address_find(const struct settings *server,
			 const struct prefix *network, struct prefix *found)
{
	unsigned int tries;

	*found = *network;
	prefix_mask(found);
	found->cidr = network->family == AF_INET6 ? 128 : 32;
	found->line = 0;
	for (tries = 0; tries < 65536; tries++) {
		address_increment(found);
		if (!prefix_covers(network, found) || is_last(network, found))
			return false;
		if (!is_taken(server, found))
			return true;
	}
	return false;
}

static bool addresses_find(struct client *client)
{
	const struct prefix_list *list = &client->server->addresses;
	struct prefix prefix;
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (!address_find(client->server, &list->prefix[i], &prefix))
			continue;
		if (!prefix_list_append(&client->addresses, &prefix))
			return !fail("%s", strerror(ENOMEM));
	}
	if (client->addresses.n)
		return true;
	return !fail("%s: no address is left for a client",
		     client->server->path);
}

/* Files. */

static void write_addresses(FILE *file, const char *key,
			    const struct prefix_list *list)
{
	char addr[INET6_ADDRSTRLEN];
	size_t i;

	for (i = 0; i < list->n; i++) {
		inet_ntop(list->prefix[i].family, list->prefix[i].addr, addr,
			  sizeof(addr));
		fprintf(file, i ? ", %s%s/%u" : "%s = %s/%u", i ? "" : key,
			addr, list->prefix[i].cidr);
	}
	fputc('\n', file);
}

static void write_endpoint(FILE *file, const struct client *client)
{
	const char *endpoint = client->options->endpoint;
	const char *colon = strrchr(endpoint, ':');
	bool has_port = colon && (*endpoint == '[' ? colon[-1] == ']' :
				  strchr(endpoint, ':') == colon);
	bool is_bare_v6 = !has_port && colon && *endpoint != '[';

	fprintf(file, "Endpoint = %s%s%s", is_bare_v6 ? "[" : "", endpoint,
		is_bare_v6 ? "]" : "");
	if (!has_port)
		fprintf(file, ":%u", client->server->config->listen_port);
	fputc('\n', file);
}

static void write_client(FILE *file, const struct client *client)
{
	const struct new_options *options = client->options;
	u8 server_key[KEY_LEN];

	x25519_base(server_key, client->server->config->private_key);
	fputs("[Interface]\n", file);
	new_write_key(file, "PrivateKey", client->private_key);
	write_addresses(file, "Address", &client->addresses);
	if (options->dns)
		fprintf(file, "DNS = %s\n", options->dns);
	fputs("\n[Peer]\n", file);
	new_write_key(file, "PublicKey", server_key);
	new_write_key(file, "PresharedKey", client->preshared_key);
	fprintf(file, "AllowedIPs = %s\n",
		options->allow ? options->allow : "0.0.0.0/0, ::/0");
	write_endpoint(file, client);
	fputs("PersistentKeepalive = 25\n", file);
}

static void write_server(FILE *file, const struct client *client)
{
	const struct config *config = client->server->config;

	fwrite(config->text, 1, config->text_len, file);
	if (config->text_len && config->text[config->text_len - 1] != '\n')
		fputc('\n', file);
	fprintf(file, "\n[Peer]\n# name: %s\n", client->name);
	new_write_key(file, "PublicKey", client->public_key);
	new_write_key(file, "PresharedKey", client->preshared_key);
	write_addresses(file, "AllowedIPs", &client->addresses);
}

/* The whole of it beside the old file, in whose place it then goes. */
static bool server_update(const struct client *client)
{
	const char *path = client->server->path;
	char beside[PATH_MAX + 5];
	struct stat st;
	FILE *file;

	snprintf(beside, sizeof(beside), "%s.tmp", path);
	file = new_file(beside);
	if (!file)
		return false;
	if (!stat(path, &st) && (fchown(fileno(file), st.st_uid, st.st_gid) ||
				 fchmod(fileno(file), st.st_mode & 07777)))
		fail("`%s': %s", beside, strerror(errno));
	write_server(file, client);
	if (!new_file_finish(file, beside))
		return false;
	if (!rename(beside, path))
		return true;
	fail("`%s': %s", path, strerror(errno));
	unlink(beside);
	return false;
}

/* The option, and its value, that a line of a client's file is made from. */
static const char *value_of_line(const struct client *client,
				 const char *text, u32 number,
				 const char **option)
{
	const struct new_options *options = client->options;

	while (--number && (text = strchr(text, '\n')))
		text++;
	if (text && !strncmp(text, "DNS", 3)) {
		*option = "--dns";
		return options->dns;
	}
	if (text && !strncmp(text, "AllowedIPs", 10)) {
		*option = "--allow";
		return options->allow;
	}
	*option = "--endpoint";
	return options->endpoint;
}

/* What is written is read again: a mistake in an option is found so. */
static bool text_check(const struct client *client, const char *text,
		       size_t len)
{
	const struct config_note *note = NULL;
	struct settings settings = { 0 };
	const char *option, *value;
	bool good;

	good = settings_read(&settings, text, len);
	if (good)
		note = config_find_error(settings.config);
	if (note) {
		value = value_of_line(client, text, note->line, &option);
		fail("new: %s `%s': %s", option, value, note->reason);
	}
	settings_free(&settings);
	return good && !note;
}

static bool client_store(const struct client *client, const char *path,
			 const char *text, size_t len)
{
	FILE *file = new_file(path);

	if (!file)
		return false;
	fwrite(text, 1, len, file);
	if (!new_file_finish(file, path))
		return false;
	if (server_update(client))
		return true;
	unlink(path);
	return false;
}

static int client_make(const struct client *client)
{
	const struct new_options *options = client->options;
	char path[PATH_MAX], *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	int status = 1;

	if (!file)
		return fail("%s", strerror(ENOMEM));
	write_client(file, client);
	fclose(file);
	snprintf(path, sizeof(path), options->output ? "%s" : "%s.conf",
		 options->output ? options->output : client->name);
	if (text_check(client, text, len) && client_store(client, path, text, len)) {
		status = 0;
		if (!options->hides_qr && !qr_print(text, len))
			fail("too long for a QR code");
		fflush(stdout);
		fprintf(stderr, "wg-quick: %s is written, and the peer is in "
			"%s; `wg-quick reload %s' lets it in\n", path,
			client->server->path, client->server->name);
	}
	memzero_explicit(text, len);
	free(text);
	return status;
}

static bool keys_make(struct client *client)
{
	if (!new_random(client->private_key, KEY_LEN) ||
	    !new_random(client->preshared_key, KEY_LEN))
		return false;
	x25519_clamp(client->private_key);
	x25519_base(client->public_key, client->private_key);
	return true;
}

static bool server_check(const struct client *client)
{
	const struct config *config = client->server->config;

	if (strpbrk(client->name, "\n\r/") || !*client->name)
		return !fail("new: `%s': expected a name without '/'",
			     client->name);
	if (!client->options->endpoint)
		return !fail("new: expected --endpoint, where clients find "
			     "the server");
	if (!config->has_private_key || !config->listen_port)
		return !fail("%s: expected a PrivateKey and a ListenPort in "
			     "the file of a server", client->server->path);
	return true;
}

int new_client(const char *server, const char *name,
	       const struct new_options *options)
{
	struct settings settings;
	struct client client = { .name = name, .options = options,
				 .server = &settings };
	int status = 1;

	if (!settings_open(&settings, server))
		return 1;
	if (server_check(&client) && addresses_find(&client) &&
	    keys_make(&client))
		status = client_make(&client);
	prefix_list_free(&client.addresses);
	settings_free(&settings);
	memzero_explicit(&client, sizeof(client));
	return status;
}
