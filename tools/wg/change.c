// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/change.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/config/pages.h"

static const char no_memory[] = "not enough memory";

/* Keys have 45 bytes with a newline; a page of space behind is plenty. */
static ssize_t file_read(const char *path, char *text, size_t room)
{
	ssize_t n = 1;
	size_t len = 0;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while (len < room && n) {
		n = read(fd, text + len, room - len);
		if (n < 0 && errno != EINTR)
			break;
		len += n > 0 ? n : 0;
	}
	close(fd);
	return n < 0 ? -1 : (ssize_t)len;
}

const char *key_load(u8 key[KEY_LEN], const char *path)
{
	const char *reason = NULL;
	char text[4096];
	ssize_t len, i;

	len = file_read(path, text, sizeof(text));
	if (len < 0) {
		reason = strerror(errno);
	} else if (!len) {
		memset(key, 0, KEY_LEN);
	} else {
		for (i = KEY_BASE64_LEN; i < len && !reason; i++)
			if (!strchr(" \t\r\n\v\f", text[i]) || !text[i])
				reason = "expected nothing behind the key";
		if (len == sizeof(text) || len < KEY_BASE64_LEN ||
		    !key_read_base64(key, text))
			reason = "expected a file with a key, 44 characters "
				 "of base64, or an empty one";
	}
	memzero_explicit(text, sizeof(text));
	return reason;
}

/* Arguments. */

struct args {
	struct device *change;
	key_loader *load;
	bool is_signed;		/* the peer's allowed IPs have '+' or '-' */
};

static struct peer *args_peer(const struct args *args)
{
	struct device *change = args->change;

	return change->peer_n ? &change->peer[change->peer_n - 1] : NULL;
}

static const char *set_listen_port(struct args *args, char *value)
{
	args->change->has_listen_port = true;
	return value_read_port(&args->change->listen_port, value);
}

static const char *set_fwmark(struct args *args, char *value)
{
	args->change->has_fwmark = true;
	return value_read_fwmark(&args->change->fwmark, value);
}

static const char *set_private_key(struct args *args, char *value)
{
	args->change->has_private_key = true;
	return args->load(args->change->private_key, value);
}

static const char *set_peer(struct args *args, char *value)
{
	struct peer *peer = device_add_peer(args->change);

	args->is_signed = false;
	return peer ? value_read_key(peer->public_key, value) : no_memory;
}

static const char *set_remove(struct args *args, char *value)
{
	(void)value;
	args_peer(args)->is_removed = true;
	return NULL;
}

static const char *set_preshared_key(struct args *args, char *value)
{
	struct peer *peer = args_peer(args);

	peer->has_preshared_key = true;
	return args->load(peer->preshared_key, value);
}

static const char *set_endpoint(struct args *args, char *value)
{
	struct peer *peer = args_peer(args);
	char *host, *port;
	const char *reason = value_split_endpoint(value, &host, &port);

	if (!reason) {
		peer->host = host;
		peer->port = port;
	}
	return reason;
}

static const char *set_keepalive(struct args *args, char *value)
{
	struct peer *peer = args_peer(args);

	peer->has_keepalive = true;
	return value_read_keepalive(&peer->keepalive, value);
}

static bool prefixes_add(struct device *change,
			 const struct prefix_list *list, bool *is_signed)
{
	struct prefix *place;
	size_t i;

	for (i = 0; i < list->n; i++) {
		place = device_add_allowed(change);
		if (!place)
			return false;
		*place = list->prefix[i];
		*is_signed |= place->sign;
	}
	return true;
}

static const char *set_allowed_ips(struct args *args, char *value)
{
	struct prefix_list list = { 0 };
	const char *reason;
	size_t bad;

	reason = value_read_prefixes(&list, value, 0, 0, &bad);
	if (!reason && !prefixes_add(args->change, &list, &args->is_signed))
		reason = no_memory;
	prefix_list_free(&list);
	args_peer(args)->replaces_allowed = !args->is_signed;
	return reason;
}

static const struct word {
	const char *name;
	bool of_interface;
	bool of_peer;
	bool has_value;
	bool is_secret;		/* the value, if put there by mistake */
	const char *(*set)(struct args *args, char *value);
} words[] = {
	{ "listen-port", true, false, true, false, set_listen_port },
	{ "fwmark", true, false, true, false, set_fwmark },
	{ "private-key", true, false, true, true, set_private_key },
	{ "peer", true, true, true, true, set_peer },
	{ "remove", false, true, false, false, set_remove },
	{ "preshared-key", false, true, true, true, set_preshared_key },
	{ "endpoint", false, true, true, false, set_endpoint },
	{ "persistent-keepalive", false, true, true, false, set_keepalive },
	{ "allowed-ips", false, true, true, false, set_allowed_ips },
};

static const struct word *word_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(name, words[i].name))
			return &words[i];
	return NULL;
}

/* Why @word may not stand here, with @left words from it on, or NULL. */
static const char *word_refuse(const struct word *word, bool in_peer, int left)
{
	if (!word)
		return in_peer ?
			"expected peer, remove, preshared-key, endpoint, "
			"persistent-keepalive or allowed-ips" :
			"expected listen-port, fwmark, private-key or peer";
	if (in_peer && !word->of_peer)
		return "belongs to the interface: expected in front of the "
		       "first peer";
	if (!in_peer && !word->of_interface)
		return "belongs to a peer: expected behind \"peer KEY\"";
	if (word->has_value && left < 2)
		return "expected a value behind it";
	return NULL;
}

bool change_read_args(struct device *change, int argc, char **argv,
		      key_loader *load, struct change_error *error)
{
	struct args args = { .change = change, .load = load };
	const struct word *word;
	int i;

	for (i = 0; i < argc; i++) {
		word = word_find(argv[i]);
		error->argument = i;
		error->is_secret = false;
		error->reason = word_refuse(word, change->peer_n, argc - i);
		if (error->reason)
			return false;
		i += word->has_value;
		error->argument = i;
		error->is_secret = word->is_secret;
		error->reason = word->set(&args, argv[i]);
		if (error->reason)
			return false;
	}
	return true;
}

/* Configurations. */

static bool change_add_peer(struct device *change,
			    const struct config_peer *from)
{
	struct peer *peer = device_add_peer(change);
	bool is_signed = false;

	if (!peer)
		return false;
	memcpy(peer->public_key, from->public_key, KEY_LEN);
	memcpy(peer->preshared_key, from->preshared_key, KEY_LEN);
	peer->has_preshared_key = from->has_preshared_key;
	peer->keepalive = from->keepalive;
	peer->has_keepalive = from->has_keepalive;
	peer->host = from->endpoint_host;
	peer->port = from->endpoint_port;
	if (!prefixes_add(change, &from->allowed, &is_signed))
		return false;
	peer->replaces_allowed = !is_signed;
	return true;
}

bool change_read_config(struct device *change, const struct config *config,
			enum change_mode mode)
{
	bool all = mode == CHANGE_SET;
	size_t i, allowed_n = 0;

	memcpy(change->private_key, config->private_key, KEY_LEN);
	change->listen_port = config->listen_port;
	change->fwmark = config->fwmark;
	change->has_private_key = all || config->has_private_key;
	change->has_listen_port = all || config->has_listen_port;
	change->has_fwmark = all || config->has_fwmark;
	change->replaces_peers = all;
	for (i = 0; i < config->peer_n; i++)
		allowed_n += config->peer[i].allowed.n;
	device_reserve(change, config->peer_n, allowed_n);
	pages_populate(change->peer, change->peer_room * sizeof(*change->peer));
	pages_populate(change->allowed,
		       change->allowed_room * sizeof(*change->allowed));
	for (i = 0; i < config->peer_n; i++)
		if (!change_add_peer(change, &config->peer[i]))
			return false;
	return true;
}

/* What the peer has now and the configuration does not say is taken away. */
static void peer_complete(struct peer *peer, const struct peer *now)
{
	peer->has_preshared_key |= now->has_preshared_key;
	peer->has_keepalive |= now->has_keepalive;
}

static int compare_key(const void *key, const void *element)
{
	const struct peer *const *peer = element;

	return memcmp(key, (*peer)->public_key, KEY_LEN);
}

static const struct peer *peer_find(const struct peer **order, size_t n,
				    const u8 key[KEY_LEN])
{
	const struct peer **found = NULL;

	if (n)
		found = bsearch(key, order, n, sizeof(*order), compare_key);
	return found ? *found : NULL;
}

static bool change_append(struct device *change, const struct peer *peer)
{
	struct peer *place = device_add_peer(change);
	u32 first;

	if (!place)
		return false;
	first = place->allowed_first;
	*place = *peer;
	place->allowed_first = first;
	return true;
}

/* Appends the removal of every peer that runs and is not in @wanted. */
static bool remove_missing(struct device *change, const struct device *wanted,
			   const struct device *current)
{
	const struct peer **order;
	bool good = true;
	struct peer *peer;
	size_t i;

	if (!device_order_by_key(wanted, &order))
		return false;
	for (i = 0; i < current->peer_n && good; i++) {
		if (peer_find(order, wanted->peer_n,
			      current->peer[i].public_key))
			continue;
		peer = device_add_peer(change);
		good = peer;
		if (!good)
			break;
		memcpy(peer->public_key, current->peer[i].public_key, KEY_LEN);
		peer->is_removed = true;
	}
	free(order);
	return good;
}

bool change_synchronize(struct device *change, const struct device *current)
{
	const struct peer **running, *now;
	struct device missing = { 0 };
	bool good;
	size_t i;

	if (!change->peer_n || !current->peer_n)
		return true;
	if (!device_order_by_key(current, &running))
		return false;
	change->replaces_peers = false;
	for (i = 0; i < change->peer_n; i++) {
		now = peer_find(running, current->peer_n,
				change->peer[i].public_key);
		if (now)
			peer_complete(&change->peer[i], now);
	}
	free(running);
	/* Apart, because appending moves the peers that are searched. */
	good = remove_missing(&missing, change, current);
	for (i = 0; i < missing.peer_n && good; i++)
		good = change_append(change, &missing.peer[i]);
	device_free(&missing);
	return good;
}
