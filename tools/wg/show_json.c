// SPDX-License-Identifier: GPL-2.0
/* The schema is described in wg(8); members are added to it, never changed. */
#include "tools/wg/show.h"

#include <inttypes.h>
#include <stdio.h>

/* Bytes of the UTF-8 sequence at @c, or 0 when it is none [RFC 3629 4]. */
static size_t utf8_len(const u8 *c)
{
	size_t len, i;
	u32 code;

	if (c[0] < 0x80)
		return 1;
	if (c[0] < 0xc2 || c[0] > 0xf4)
		return 0;
	len = c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	code = c[0] & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (c[i] & 0x3f);
	}
	if ((len == 3 && code < 0x800) || (len == 4 && code < 0x10000) ||
	    (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return 0;
	return len;
}

static void print_string(const char *text)
{
	const u8 *c = (const u8 *)text;
	size_t len;

	putchar('"');
	for (; *c; c += len ? len : 1) {
		len = utf8_len(c);
		if (*c == '"' || *c == '\\')
			printf("\\%c", *c);
		else if (*c < ' ' || *c == 0x7f)
			printf("\\u%04x", *c);
		else if (len)
			fwrite(c, 1, len, stdout);
		else
			fputs("\\ufffd", stdout);
	}
	putchar('"');
}

static void print_member(const char *name)
{
	printf(",\"%s\":", name);
}

static void print_json_key(const u8 key[KEY_LEN], bool is_set)
{
	if (!is_set) {
		fputs("null", stdout);
		return;
	}
	putchar('"');
	print_key(key);
	putchar('"');
}

static void print_json_secret(const u8 key[KEY_LEN], bool is_set)
{
	if (is_set && !show_secrets())
		fputs("\"(hidden)\"", stdout);
	else
		print_json_key(key, is_set);
}

static void print_json_endpoint(const union endpoint *endpoint)
{
	if (endpoint->addr.sa_family == AF_UNSPEC) {
		fputs("null", stdout);
		return;
	}
	putchar('"');
	print_endpoint(endpoint);
	putchar('"');
}

static void print_json_allowed(const struct device *device,
			       const struct peer *peer)
{
	if (!peer->allowed_n) {
		fputs("[]", stdout);
		return;
	}
	fputs("[\"", stdout);
	print_allowed(device, peer, "/", "\",\"");
	fputs("\"]", stdout);
}

/* Whether @field, or everything, was asked for. */
static bool wants(enum show_field asked, enum show_field field)
{
	return asked == field || asked == SHOW_DUMP || asked == SHOW_FIELD_N;
}

static void print_peer(const struct device *device, const struct peer *peer,
		       const char *name, enum show_field asked)
{
	fputs("{\"public_key\":", stdout);
	print_json_key(peer->public_key, true);
	print_member("name");
	if (name)
		print_string(name);
	else
		fputs("null", stdout);
	if (wants(asked, SHOW_PRESHARED_KEYS)) {
		print_member("preshared_key");
		print_json_secret(peer->preshared_key,
				  peer->has_preshared_key);
	}
	if (wants(asked, SHOW_ENDPOINTS)) {
		print_member("endpoint");
		print_json_endpoint(&peer->endpoint);
	}
	if (wants(asked, SHOW_ALLOWED_IPS)) {
		print_member("allowed_ips");
		print_json_allowed(device, peer);
	}
	if (wants(asked, SHOW_LATEST_HANDSHAKES))
		printf(",\"latest_handshake\":%" PRId64, peer->handshake_s);
	if (wants(asked, SHOW_TRANSFER))
		printf(",\"rx_bytes\":%" PRIu64 ",\"tx_bytes\":%" PRIu64,
		       peer->rx_bytes, peer->tx_bytes);
	if (wants(asked, SHOW_KEEPALIVE))
		printf(",\"persistent_keepalive\":%u", peer->keepalive);
	putchar('}');
}

static void print_interface(const struct device *device,
			    enum show_field asked)
{
	fputs("{\"name\":", stdout);
	print_string(device->name);
	if (wants(asked, SHOW_PUBLIC_KEY)) {
		print_member("public_key");
		print_json_key(device->public_key, device->has_public_key);
	}
	if (wants(asked, SHOW_PRIVATE_KEY)) {
		print_member("private_key");
		print_json_secret(device->private_key,
				  device->has_private_key);
	}
	if (wants(asked, SHOW_LISTEN_PORT))
		printf(",\"listen_port\":%u", device->listen_port);
	if (wants(asked, SHOW_FWMARK))
		printf(",\"fwmark\":%u", device->fwmark);
}

void show_json(const struct device *device, const struct names *names,
	       enum show_field asked)
{
	const struct peer *peer;
	size_t i;

	print_interface(device, asked);
	if (asked >= SHOW_PEERS) {
		print_member("peers");
		putchar('[');
		for (i = 0; i < device->peer_n; i++) {
			peer = &device->peer[i];
			fputs(i ? ",\n" : "\n", stdout);
			print_peer(device, peer,
				   names_find(names, peer->public_key), asked);
		}
		putchar(']');
	}
	putchar('}');
}
