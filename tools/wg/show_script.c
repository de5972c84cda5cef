// SPDX-License-Identifier: GPL-2.0
/* Fields as scripts have read them for years: the format may not change. */
#include "tools/wg/show.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

#include "tools/wg/endpoint.h"

void print_key(const u8 key[KEY_LEN])
{
	char text[KEY_BASE64_LEN + 1];

	key_write_base64(text, key);
	fputs(text, stdout);
	memzero_explicit(text, sizeof(text));
}

void print_key_or_none(const u8 key[KEY_LEN], bool is_set)
{
	if (is_set)
		print_key(key);
	else
		fputs("(none)", stdout);
}

void print_endpoint(const union endpoint *endpoint)
{
	char text[ENDPOINT_TEXT_LEN];

	endpoint_write(text, endpoint);
	fputs(text, stdout);
}

void print_allowed(const struct device *device, const struct peer *peer,
		   const char *slash, const char *separator)
{
	const struct prefix *prefix = peer_allowed(device, peer);
	char addr[INET6_ADDRSTRLEN];
	u32 i;

	for (i = 0; i < peer->allowed_n; i++) {
		inet_ntop(prefix[i].family, prefix[i].addr, addr,
			  sizeof(addr));
		printf("%s%s%s%u", i ? separator : "", addr, slash,
		       prefix[i].cidr);
	}
	if (!peer->allowed_n)
		fputs("(none)", stdout);
}

static void print_fwmark(const struct device *device)
{
	if (device->fwmark)
		printf("0x%x", device->fwmark);
	else
		fputs("off", stdout);
}

static void print_keepalive(const struct peer *peer)
{
	if (peer->keepalive)
		printf("%u", peer->keepalive);
	else
		fputs("off", stdout);
}

/* Columns of an interface. */

static void device_public_key(const struct device *device)
{
	print_key_or_none(device->public_key, device->has_public_key);
}

static void device_private_key(const struct device *device)
{
	print_key_or_none(device->private_key, device->has_private_key);
}

static void device_listen_port(const struct device *device)
{
	printf("%u", device->listen_port);
}

static void device_dump(const struct device *device)
{
	device_private_key(device);
	putchar('\t');
	device_public_key(device);
	printf("\t%u\t", device->listen_port);
	print_fwmark(device);
}

/* Columns of a peer, behind its public key. */

static void peer_nothing(const struct device *device, const struct peer *peer)
{
	(void)device;
	(void)peer;
}

static void peer_preshared_key(const struct device *device,
			       const struct peer *peer)
{
	(void)device;
	putchar('\t');
	print_key_or_none(peer->preshared_key, peer->has_preshared_key);
}

static void peer_endpoint(const struct device *device, const struct peer *peer)
{
	(void)device;
	putchar('\t');
	print_endpoint(&peer->endpoint);
}

static void peer_allowed_ips(const struct device *device,
			     const struct peer *peer)
{
	putchar('\t');
	print_allowed(device, peer, "/", " ");
}

static void peer_handshake(const struct device *device,
			   const struct peer *peer)
{
	(void)device;
	printf("\t%" PRId64, peer->handshake_s);
}

static void peer_transfer(const struct device *device, const struct peer *peer)
{
	(void)device;
	printf("\t%" PRIu64 "\t%" PRIu64, peer->rx_bytes, peer->tx_bytes);
}

static void peer_keepalive(const struct device *device,
			   const struct peer *peer)
{
	(void)device;
	putchar('\t');
	print_keepalive(peer);
}

static void peer_dump(const struct device *device, const struct peer *peer)
{
	peer_preshared_key(device, peer);
	peer_endpoint(device, peer);
	putchar('\t');
	print_allowed(device, peer, "/", ",");
	peer_handshake(device, peer);
	peer_transfer(device, peer);
	peer_keepalive(device, peer);
}

/* A line of the interface, a line for every peer, or both. */
static const struct script {
	const char *name;
	void (*device)(const struct device *device);
	void (*peer)(const struct device *device, const struct peer *peer);
} scripts[SHOW_FIELD_N] = {
	[SHOW_PUBLIC_KEY] = { "public-key", device_public_key, NULL },
	[SHOW_PRIVATE_KEY] = { "private-key", device_private_key, NULL },
	[SHOW_LISTEN_PORT] = { "listen-port", device_listen_port, NULL },
	[SHOW_FWMARK] = { "fwmark", print_fwmark, NULL },
	[SHOW_PEERS] = { "peers", NULL, peer_nothing },
	[SHOW_PRESHARED_KEYS] = { "preshared-keys", NULL, peer_preshared_key },
	[SHOW_ENDPOINTS] = { "endpoints", NULL, peer_endpoint },
	[SHOW_ALLOWED_IPS] = { "allowed-ips", NULL, peer_allowed_ips },
	[SHOW_LATEST_HANDSHAKES] = { "latest-handshakes", NULL,
				     peer_handshake },
	[SHOW_TRANSFER] = { "transfer", NULL, peer_transfer },
	[SHOW_KEEPALIVE] = { "persistent-keepalive", NULL, peer_keepalive },
	[SHOW_DUMP] = { "dump", device_dump, peer_dump },
};

enum show_field show_field_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < SHOW_FIELD_N; i++)
		if (!strcmp(name, scripts[i].name))
			break;
	return i;
}

const char *show_field_name(enum show_field field)
{
	return scripts[field].name;
}

void show_script(const struct device *device, enum show_field field,
		 bool with_name)
{
	const struct script *script = &scripts[field];
	size_t i;

	if (script->device) {
		if (with_name)
			printf("%s\t", device->name);
		script->device(device);
		putchar('\n');
	}
	for (i = 0; script->peer && i < device->peer_n; i++) {
		if (with_name)
			printf("%s\t", device->name);
		print_key(device->peer[i].public_key);
		script->peer(device, &device->peer[i]);
		putchar('\n');
	}
}

static void show_config_peer(const struct device *device,
			     const struct peer *peer)
{
	fputs("[Peer]\nPublicKey = ", stdout);
	print_key(peer->public_key);
	if (peer->has_preshared_key) {
		fputs("\nPresharedKey = ", stdout);
		print_key(peer->preshared_key);
	}
	if (peer->allowed_n) {
		fputs("\nAllowedIPs = ", stdout);
		print_allowed(device, peer, "/", ", ");
	}
	if (peer->endpoint.addr.sa_family != AF_UNSPEC) {
		fputs("\nEndpoint = ", stdout);
		print_endpoint(&peer->endpoint);
	}
	if (peer->keepalive)
		printf("\nPersistentKeepalive = %u", peer->keepalive);
	putchar('\n');
}

void show_config(const struct device *device)
{
	size_t i;

	fputs("[Interface]\n", stdout);
	if (device->listen_port)
		printf("ListenPort = %u\n", device->listen_port);
	if (device->fwmark)
		printf("FwMark = 0x%x\n", device->fwmark);
	if (device->has_private_key) {
		fputs("PrivateKey = ", stdout);
		print_key(device->private_key);
		putchar('\n');
	}
	putchar('\n');
	for (i = 0; i < device->peer_n; i++) {
		if (i)
			putchar('\n');
		show_config_peer(device, &device->peer[i]);
	}
}
