// SPDX-License-Identifier: GPL-2.0
/*
 * A tunnel as it is now, as a configuration: into a file beside the old one,
 * which then takes its name, so that at no time there is half a file.
 *
 * Of the old file stay the settings of wg-quick, which the system does not
 * know, keys that were in files of their own, and the names of peers.
 */
#include "tools/wg-quick/step.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/wg/endpoint.h"
#include "tools/wg/names.h"

/* Keys that are kept as they stand, in this order. */
static const enum config_key kept[] = {
	CONFIG_MTU, CONFIG_TABLE, CONFIG_SAVE_CONFIG, CONFIG_EXCLUDED_IPS,
	CONFIG_PRE_UP, CONFIG_POST_UP, CONFIG_PRE_DOWN, CONFIG_POST_DOWN,
};

static void write_key(FILE *file, const char *name, const u8 key[KEY_LEN])
{
	char text[KEY_BASE64_LEN + 1];

	key_write_base64(text, key);
	fprintf(file, "%s = %s\n", name, text);
	memzero_explicit(text, sizeof(text));
}

/* True when there was such a key. */
static bool write_items(FILE *file, const struct config_items *items,
			enum config_key key)
{
	const struct config_item *item = config_find(items, key, NULL);
	bool found = item;

	for (; item; item = config_find(items, key, item))
		fprintf(file, "%s = %s\n", config_key_name(key), item->value);
	return found;
}

static void write_prefix(FILE *file, const struct prefix *prefix)
{
	char addr[INET6_ADDRSTRLEN];

	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	fprintf(file, "%s/%u", addr, prefix->cidr);
}

static void write_interface(FILE *file, const struct plan *plan)
{
	const struct config_items *items = &plan->settings->config->items;
	const struct live *live = &plan->live;
	size_t i;

	fputs("[Interface]\n", file);
	for (i = 0; i < live->addresses.n; i++) {
		fputs("Address = ", file);
		write_prefix(file, &live->addresses.prefix[i]);
		fputc('\n', file);
	}
	write_items(file, items, CONFIG_DNS);
	for (i = 0; i < ARRAY_SIZE(kept); i++)
		write_items(file, items, kept[i]);
	if (live->device.listen_port)
		fprintf(file, "ListenPort = %u\n", live->device.listen_port);
	/* A mark that wg-quick chose itself is chosen anew the next time. */
	if (live->device.fwmark && (plan->settings->config->fwmark ||
				    !(live->v4.catch_priority ||
				      live->v6.catch_priority)))
		fprintf(file, "FwMark = 0x%x\n", live->device.fwmark);
	if (!write_items(file, items, CONFIG_PRIVATE_KEY_FILE) &&
	    live->device.has_private_key)
		write_key(file, "PrivateKey", live->device.private_key);
}

/*
 * The kernel has its peers in the order they were made in: the next one is
 * mostly the next one of the file, so the search goes on at *@next.
 */
static const struct config_peer *peer_before(const struct config *config,
					     const u8 key[KEY_LEN],
					     size_t *next)
{
	size_t i, k;

	for (i = 0; i < config->peer_n; i++) {
		k = (*next + i) % config->peer_n;
		if (memcmp(config->peer[k].public_key, key, KEY_LEN))
			continue;
		*next = k + 1;
		return &config->peer[k];
	}
	return NULL;
}

static void write_peer(FILE *file, const struct device *device,
		       const struct peer *peer,
		       const struct config_peer *before)
{
	const struct prefix *allowed = peer_allowed(device, peer);
	char endpoint[ENDPOINT_TEXT_LEN];
	size_t i;

	fputs("\n[Peer]\n", file);
	if (before && before->name)
		fprintf(file, "# name: %s\n", before->name);
	write_key(file, "PublicKey", peer->public_key);
	if (!(before && write_items(file, &before->items,
				    CONFIG_PRESHARED_KEY_FILE)) &&
	    peer->has_preshared_key)
		write_key(file, "PresharedKey", peer->preshared_key);
	for (i = 0; i < peer->allowed_n; i++) {
		fputs(i ? ", " : "AllowedIPs = ", file);
		write_prefix(file, &allowed[i]);
	}
	if (peer->allowed_n)
		fputc('\n', file);
	if (before)
		write_items(file, &before->items, CONFIG_EXCLUDED_IPS);
	if (peer->endpoint.addr.sa_family != AF_UNSPEC) {
		endpoint_write(endpoint, &peer->endpoint);
		fprintf(file, "Endpoint = %s\n", endpoint);
	}
	if (peer->keepalive)
		fprintf(file, "PersistentKeepalive = %u\n", peer->keepalive);
}

static void write_all(FILE *file, const struct plan *plan)
{
	const struct device *device = &plan->live.device;
	size_t i, next = 0;

	write_interface(file, plan);
	for (i = 0; i < device->peer_n; i++)
		write_peer(file, device, &device->peer[i],
			   peer_before(plan->settings->config,
				       device->peer[i].public_key, &next));
}

/* NULL when all of it is on the disk. */
static const char *file_finish(FILE *file)
{
	bool good = !ferror(file) && !fflush(file) && !fsync(fileno(file));
	int error = errno;

	if (fclose(file) && good) {
		good = false;
		error = errno;
	}
	return good ? NULL : strerror(error);
}

void print_save(const struct plan *plan, const struct step *step, bool on,
		FILE *file, const char *lead)
{
	(void)step, (void)on;
	fprintf(file, "%swg-quick save %s\n", lead, plan->settings->path);
}

const char *run_save(struct plan *plan, const struct step *step, bool on)
{
	char path[PATH_MAX + 5];
	const char *reason;
	FILE *file = NULL;
	int fd;

	(void)step, (void)on;
	snprintf(path, sizeof(path), "%s.tmp", plan->settings->path);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd >= 0)
		file = fdopen(fd, "w");
	if (!file)
		return strerror(errno);
	write_all(file, plan);
	reason = file_finish(file);
	if (!reason && rename(path, plan->settings->path))
		reason = strerror(errno);
	if (reason)
		unlink(path);
	return reason;
}
