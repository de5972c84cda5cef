// SPDX-License-Identifier: GPL-2.0
/*
 * Endpoints that are names, looked up again where a handshake fails: the
 * address may have changed, or one of two families may not get through.
 */
#include "tools/wg-quick/command.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <time.h>

#include "tools/wg/backend.h"
#include "tools/wg/endpoint.h"

#define REJECT_AFTER_S	180	/* the paper, 6.1: by then a session is over */
#define WATCH_S		6	/* an initiation is sent every 5 seconds */

static bool same_address(const union endpoint *a, const union endpoint *b)
{
	if (a->addr.sa_family != b->addr.sa_family)
		return false;
	if (a->addr.sa_family == AF_INET)
		return a->v4.sin_port == b->v4.sin_port &&
		       a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
	return a->v6.sin6_port == b->v6.sin6_port &&
	       !memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, 16);
}

static const struct peer *peer_find(const struct device *device,
				    const u8 key[KEY_LEN])
{
	size_t i;

	for (i = 0; i < device->peer_n; i++)
		if (!memcmp(device->peer[i].public_key, key, KEY_LEN))
			return &device->peer[i];
	return NULL;
}

/* Sends, and has not had an answer for the life of a session. */
static bool peer_fails(const struct peer *before, const struct peer *now)
{
	if (!before || !now || now->tx_bytes == before->tx_bytes)
		return false;
	return now->handshake_s == before->handshake_s &&
	       time(NULL) - now->handshake_s > REJECT_AFTER_S;
}

/* The address behind the current one in the list, round and round. */
static bool endpoint_next(union endpoint *next, const union endpoint *current,
			  const struct config_peer *peer)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found, *each, *choice;
	union endpoint endpoint;

	if (getaddrinfo(peer->endpoint_host, peer->endpoint_port, &hints,
			&found) || !found)
		return false;
	choice = found;
	for (each = found; each; each = each->ai_next) {
		memset(&endpoint, 0, sizeof(endpoint));
		memcpy(&endpoint, each->ai_addr,
		       min((size_t)each->ai_addrlen, sizeof(endpoint)));
		if (same_address(&endpoint, current) && each->ai_next)
			choice = each->ai_next;
	}
	memset(next, 0, sizeof(*next));
	memcpy(next, choice->ai_addr,
	       min((size_t)choice->ai_addrlen, sizeof(*next)));
	freeaddrinfo(found);
	return !same_address(next, current);
}

static bool change_endpoint(struct device *change,
			    const struct config_peer *from,
			    const struct peer *now)
{
	char text[ENDPOINT_TEXT_LEN];
	union endpoint next;
	struct peer *peer;

	if (!endpoint_next(&next, &now->endpoint, from))
		return true;
	peer = device_add_peer(change);
	if (!peer)
		return false;
	memcpy(peer->public_key, now->public_key, KEY_LEN);
	peer->endpoint = next;
	endpoint_write(text, &next);
	fprintf(stderr, "wg-quick: %s: `%s' does not answer; trying %s\n",
		change->name, from->endpoint_host, text);
	return true;
}

static bool host_is_name(const struct config_peer *peer)
{
	struct prefix prefix;

	return peer->endpoint_host &&
	       value_read_prefix(&prefix, peer->endpoint_host,
				 strlen(peer->endpoint_host));
}

/* 0 or -errno. */
static int resolve(const struct settings *settings,
		   const struct device *before, const struct device *now)
{
	const struct config *config = settings->config;
	const struct config_peer *peer;
	const struct peer *running;
	struct device change;
	bool good = true;
	int error = 0;
	size_t i;

	device_init(&change, settings->name);
	for (i = 0; i < config->peer_n && good; i++) {
		peer = &config->peer[i];
		if (!host_is_name(peer))
			continue;
		running = peer_find(now, peer->public_key);
		if (peer_fails(peer_find(before, peer->public_key), running))
			good = change_endpoint(&change, peer, running);
	}
	if (!good)
		error = -ENOMEM;
	else if (change.peer_n)
		error = backend_write(&change);
	device_free(&change);
	return error;
}

static bool has_names(const struct config *config)
{
	size_t i;

	for (i = 0; i < config->peer_n; i++)
		if (host_is_name(&config->peer[i]))
			return true;
	return false;
}

static int watch_and_resolve(const struct settings *settings)
{
	const struct timespec watch = { .tv_sec = WATCH_S };
	struct device before, now;
	int error;

	device_init(&before, settings->name);
	device_init(&now, settings->name);
	error = backend_read(&before);
	if (!error) {
		nanosleep(&watch, NULL);
		error = backend_read(&now);
	}
	if (!error)
		error = resolve(settings, &before, &now);
	device_free(&before);
	device_free(&now);
	return error;
}

int command_resolve(int argc, char **argv)
{
	struct settings settings;
	int error = 0;

	if (argc != 1)
		return fail_usage("resolve");
	if (!settings_open(&settings, argv[0]))
		return 1;
	if (has_names(settings.config))
		error = watch_and_resolve(&settings);
	if (error)
		fail("`%s': %s", settings.name, strerror(-error));
	settings_free(&settings);
	return error ? 1 : 0;
}
