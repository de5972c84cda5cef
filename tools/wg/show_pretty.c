// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Escape sequences, all empty when colours are off. */
struct style {
	const char *reset, *bold, *green, *yellow, *cyan, *red;
};

struct pretty {
	const struct device *device;
	const struct names *names;
	const struct show_rates *rates;
	const struct peer **before;	/* by key, NULL without rates */
	const struct style *style;
	bool shows_secrets;
	time_t now_s;
};

static const struct style plain = { "", "", "", "", "", "" };
static const struct style colourful = {
	"\x1b[0m", "\x1b[1m", "\x1b[32m", "\x1b[33m", "\x1b[36m", "\x1b[31m",
};

static const struct style *style_choose(void)
{
	const char *mode = getenv("WG_COLOR_MODE");

	if (mode && !strcmp(mode, "always"))
		return &colourful;
	if (mode && !strcmp(mode, "never"))
		return &plain;
	return isatty(STDOUT_FILENO) ? &colourful : &plain;
}

bool show_secrets(void)
{
	const char *mode = getenv("WG_HIDE_KEYS");

	return mode && !strcmp(mode, "never");
}

static void print_title(const struct pretty *pretty, const char *colour,
			const char *word)
{
	printf("%s%s%s%s: %s", colour, pretty->style->bold, word,
	       pretty->style->reset, colour);
}

static void print_label(const struct pretty *pretty, const char *label)
{
	printf("  %s%s%s: ", pretty->style->bold, label, pretty->style->reset);
}

static void print_unit(const struct pretty *pretty, const char *unit,
		       const char *plural)
{
	printf(" %s%s%s%s", pretty->style->cyan, unit, plural,
	       pretty->style->reset);
}

static void print_secret(const struct pretty *pretty, const char *label,
			 const u8 key[KEY_LEN])
{
	print_label(pretty, label);
	if (pretty->shows_secrets)
		print_key(key);
	else
		fputs("(hidden)", stdout);
	putchar('\n');
}

/* Control characters could make a terminal lie. */
static void print_name(const char *name)
{
	for (; *name; name++)
		putchar((u8)*name < ' ' || *name == 0x7f ? '?' : *name);
}

static void print_duration(const struct pretty *pretty, u64 seconds)
{
	static const struct {
		u32 seconds;
		const char *name;
	} units[] = {
		{ 365 * 24 * 3600, "year" }, { 24 * 3600, "day" },
		{ 3600, "hour" }, { 60, "minute" }, { 1, "second" },
	};
	bool is_first = true;
	size_t i;
	u64 n;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		n = seconds / units[i].seconds;
		seconds %= units[i].seconds;
		if (!n)
			continue;
		printf("%s%llu", is_first ? "" : ", ", (unsigned long long)n);
		print_unit(pretty, units[i].name, n == 1 ? "" : "s");
		is_first = false;
	}
}

static void print_size(const struct pretty *pretty, double bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;

	while (bytes >= 1024 && unit + 1 < ARRAY_SIZE(units)) {
		bytes /= 1024;
		unit++;
	}
	printf(unit ? "%.2f" : "%.0f", bytes);
	print_unit(pretty, units[unit], "");
}

static void print_handshake(const struct pretty *pretty,
			    const struct peer *peer)
{
	if (!peer->handshake_s)
		return;
	print_label(pretty, "latest handshake");
	if (pretty->now_s < peer->handshake_s) {
		printf("(%sSystem clock wound backward; connection "
		       "problems may ensue.%s)\n",
		       pretty->style->red, pretty->style->reset);
	} else if (pretty->now_s == peer->handshake_s) {
		puts("Now");
	} else {
		print_duration(pretty, (u64)pretty->now_s -
					(u64)peer->handshake_s);
		puts(" ago");
	}
}

static int compare_key(const void *key, const void *element)
{
	const struct peer *const *peer = element;

	return memcmp(key, (*peer)->public_key, KEY_LEN);
}

/* Zero when the counter went back, as it does for a peer made anew. */
static double rate(u64 now, u64 before, double seconds)
{
	return now > before && seconds > 0 ? (now - before) / seconds : 0;
}

static void print_rates(const struct pretty *pretty, const struct peer *peer)
{
	const struct device *before = pretty->rates->before;
	const struct peer **found = NULL;
	double seconds = pretty->rates->seconds;

	if (pretty->before)
		found = bsearch(peer->public_key, pretty->before,
				before->peer_n, sizeof(*found), compare_key);
	if (!found)
		return;
	print_label(pretty, "rate");
	print_size(pretty, rate(peer->rx_bytes, (*found)->rx_bytes, seconds));
	fputs("/s received, ", stdout);
	print_size(pretty, rate(peer->tx_bytes, (*found)->tx_bytes, seconds));
	puts("/s sent");
}

static void print_transfer(const struct pretty *pretty,
			   const struct peer *peer)
{
	if (!peer->rx_bytes && !peer->tx_bytes)
		return;
	print_label(pretty, "transfer");
	print_size(pretty, peer->rx_bytes);
	fputs(" received, ", stdout);
	print_size(pretty, peer->tx_bytes);
	puts(" sent");
	if (pretty->rates)
		print_rates(pretty, peer);
}

static void print_peer(const struct pretty *pretty, const struct peer *peer)
{
	const struct style *style = pretty->style;
	const char *name = names_find(pretty->names, peer->public_key);
	char slash[32];

	print_title(pretty, style->yellow, "peer");
	print_key(peer->public_key);
	printf("%s\n", style->reset);
	if (name) {
		print_label(pretty, "name");
		print_name(name);
		putchar('\n');
	}
	if (peer->has_preshared_key)
		print_secret(pretty, "preshared key", peer->preshared_key);
	if (peer->endpoint.addr.sa_family != AF_UNSPEC) {
		print_label(pretty, "endpoint");
		print_endpoint(&peer->endpoint);
		putchar('\n');
	}
	print_label(pretty, "allowed ips");
	snprintf(slash, sizeof(slash), "%s/%s", style->cyan, style->reset);
	print_allowed(pretty->device, peer, slash, ", ");
	putchar('\n');
	print_handshake(pretty, peer);
	print_transfer(pretty, peer);
	if (peer->keepalive) {
		print_label(pretty, "persistent keepalive");
		fputs("every ", stdout);
		print_duration(pretty, peer->keepalive);
		putchar('\n');
	}
}

static void print_interface(const struct pretty *pretty)
{
	const struct device *device = pretty->device;

	fputs(pretty->style->reset, stdout);
	print_title(pretty, pretty->style->green, "interface");
	printf("%s%s\n", device->name, pretty->style->reset);
	if (device->has_public_key) {
		print_label(pretty, "public key");
		print_key(device->public_key);
		putchar('\n');
	}
	if (device->has_private_key)
		print_secret(pretty, "private key", device->private_key);
	if (device->listen_port) {
		print_label(pretty, "listening port");
		printf("%u\n", device->listen_port);
	}
	if (device->fwmark) {
		print_label(pretty, "fwmark");
		printf("0x%x\n", device->fwmark);
	}
}

/* Most recent handshake first; else as they came, so addresses decide. */
static int compare_handshake(const void *a, const void *b)
{
	const struct peer *x = *(const struct peer *const *)a;
	const struct peer *y = *(const struct peer *const *)b;

	if (x->handshake_s != y->handshake_s)
		return x->handshake_s < y->handshake_s ? 1 : -1;
	if (x->handshake_ns != y->handshake_ns)
		return x->handshake_ns < y->handshake_ns ? 1 : -1;
	return x < y ? -1 : x > y;
}

static bool order_by_handshake(const struct device *device,
			       const struct peer ***order)
{
	size_t i;

	*order = reallocarray(NULL, device->peer_n + 1, sizeof(**order));
	if (!*order)
		return false;
	for (i = 0; i < device->peer_n; i++)
		(*order)[i] = &device->peer[i];
	qsort(*order, device->peer_n, sizeof(**order), compare_handshake);
	return true;
}

bool show_pretty(const struct device *device, const struct names *names,
		 const struct show_rates *rates)
{
	struct pretty pretty = {
		.device = device,
		.names = names,
		.rates = rates,
		.style = style_choose(),
		.shows_secrets = show_secrets(),
		.now_s = time(NULL),
	};
	const struct peer **order;
	size_t i;

	if (!order_by_handshake(device, &order))
		return false;
	if (rates && !device_order_by_key(rates->before, &pretty.before))
		pretty.before = NULL;
	print_interface(&pretty);
	for (i = 0; i < device->peer_n; i++) {
		putchar('\n');
		print_peer(&pretty, order[i]);
	}
	free(pretty.before);
	free(order);
	return true;
}
