// SPDX-License-Identifier: GPL-2.0
/*
 * Every mistake of a configuration, and what is no mistake but seldom meant:
 * the notes of the parser and of settings.c, and those of the checks here.
 */
#include "tools/wg-quick/command.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>

#include "crypto/curve25519.h"
#include "tools/wg-quick/routes.h"

struct checker {
	struct settings *settings;
	struct text_list texts;		/* what notes have borrowed */
};

/* One allowed IP and whose it is. */
struct claim {
	struct prefix prefix;
	const struct config_peer *peer;
};

static void warn(struct checker *checker, u32 line, u32 column,
		 const char *reason, const char *what)
{
	const struct config_note note = {
		.severity = CONFIG_WARNING, .line = line ? line : 1,
		.column = column ? column : 1, .reason = reason, .what = what,
	};

	config_note_add(checker->settings->config, &note);
}

/* "ADDRESS/CIDR, of the peer in line N", to live as long as the checker. */
static const char *claim_text(struct checker *checker,
			      const struct prefix *prefix, u32 line)
{
	char addr[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 64];
	int len;

	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	len = snprintf(text, sizeof(text), "%s/%u, of the peer in line %u",
		       addr, prefix->cidr, line);
	if (!text_list_add(&checker->texts, text, len))
		return NULL;
	return checker->texts.text[checker->texts.n - 1];
}

/* Files. */

static void check_modes(struct checker *checker,
			const struct config_items *items, enum config_key key)
{
	const struct config_item *item;
	char path[PATH_MAX];

	for (item = config_find(items, key, NULL); item;
	     item = config_find(items, key, item)) {
		settings_path(checker->settings, item->value, path);
		if (file_is_open(path))
			warn(checker, item->line, item->value_column,
			     "everyone may read this key: expected a file of "
			     "mode 0600", item->value);
	}
}

static void check_files(struct checker *checker)
{
	const struct config *config = checker->settings->config;
	size_t i;

	if (file_is_open(checker->settings->path))
		warn(checker, 1, 1, "everyone may read this file and the keys "
		     "in it: expected mode 0600", NULL);
	check_modes(checker, &config->items, CONFIG_PRIVATE_KEY_FILE);
	for (i = 0; i < config->peer_n; i++)
		check_modes(checker, &config->peer[i].items,
			    CONFIG_PRESHARED_KEY_FILE);
}

/* Allowed IPs. */

static int claim_compare(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order;

	if (x->prefix.family != y->prefix.family)
		return x->prefix.family - y->prefix.family;
	order = memcmp(x->prefix.addr, y->prefix.addr, 16);
	if (order)
		return order;
	if (x->prefix.cidr != y->prefix.cidr)
		return x->prefix.cidr - y->prefix.cidr;
	return x->prefix.line < y->prefix.line ? -1 :
		x->prefix.line > y->prefix.line;
}

static size_t claims_collect(const struct config *config, struct claim *claims)
{
	const struct config_peer *peer;
	size_t i, k, n = 0;

	for (i = 0; i < config->peer_n; i++) {
		peer = &config->peer[i];
		for (k = 0; k < peer->allowed.n; k++) {
			if (peer->allowed.prefix[k].sign == '-')
				continue;
			claims[n].peer = peer;
			claims[n].prefix = peer->allowed.prefix[k];
			prefix_mask(&claims[n++].prefix);
		}
	}
	qsort(claims, n, sizeof(*claims), claim_compare);
	return n;
}

static void check_claim(struct checker *checker, const struct claim *outer,
			const struct claim *claim)
{
	const char *text = claim_text(checker, &outer->prefix,
				      outer->peer->line);
	const struct prefix *prefix = &claim->prefix;

	if (prefix_equal(&outer->prefix, prefix))
		warn(checker, prefix->line, prefix->column,
		     outer->peer == claim->peer ?
			"allowed twice to the same peer" :
			"takes away what was allowed to another peer", text);
	else if (outer->peer != claim->peer && outer->prefix.cidr)
		warn(checker, prefix->line, prefix->column,
		     "overlaps, and the longer prefix wins", text);
}

/*
 * Sorted by address, a prefix comes behind all that cover it: those that
 * still may are a stack, at most as deep as an address has bits.
 */
static void check_allowed(struct checker *checker)
{
	const struct config *config = checker->settings->config;
	const struct claim *stack[130];
	struct claim *claims;
	size_t n = 0, depth = 0, i;

	for (i = 0; i < config->peer_n; i++)
		n += config->peer[i].allowed.n;
	claims = calloc(n + 1, sizeof(*claims));
	if (!claims)
		return;
	n = claims_collect(config, claims);
	for (i = 0; i < n; i++) {
		while (depth && !prefix_covers(&stack[depth - 1]->prefix,
					       &claims[i].prefix))
			depth--;
		if (depth)
			check_claim(checker, stack[depth - 1], &claims[i]);
		if (depth && prefix_equal(&stack[depth - 1]->prefix,
					  &claims[i].prefix))
			depth--;
		stack[depth++] = &claims[i];
	}
	free(claims);
}

/* Endpoints. */

static bool endpoint_prefix(const struct config_peer *peer,
			    struct prefix *prefix)
{
	return peer->endpoint_host &&
	       !value_read_prefix(prefix, peer->endpoint_host,
				  strlen(peer->endpoint_host));
}

static bool list_covers(const struct prefix_list *list,
			const struct prefix *prefix)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		if (prefix_covers(&list->prefix[i], prefix))
			return true;
	return false;
}

/* A default route spares the endpoints; any other route does not. */
static void check_endpoint(struct checker *checker, size_t index)
{
	const struct settings *settings = checker->settings;
	const struct config_peer *peer = &settings->config->peer[index];
	struct prefix host = { 0 };
	size_t k;

	if (settings->table != TABLE_AUTO || !endpoint_prefix(peer, &host) ||
	    list_covers(&settings->excluded, &host) ||
	    list_covers(&settings->peer_excluded[index], &host))
		return;
	for (k = 0; k < peer->allowed.n; k++)
		if (peer->allowed.prefix[k].cidr &&
		    prefix_covers(&peer->allowed.prefix[k], &host)) {
			warn(checker, peer->endpoint_line,
			     peer->endpoint_column,
			     "inside this peer's own AllowedIPs: what is sent "
			     "to it would go into the tunnel it comes from",
			     peer->endpoint_host);
			return;
		}
}

/* Keys. */

static int peer_compare(const void *a, const void *b)
{
	const struct config_peer *const *x = a, *const *y = b;
	int order = memcmp((*x)->public_key, (*y)->public_key, KEY_LEN);

	return order ? order : (*x)->line < (*y)->line ? -1 : 1;
}

static void check_twins(struct checker *checker)
{
	const struct config *config = checker->settings->config;
	const struct config_peer **peer;
	size_t i;

	peer = calloc(config->peer_n + 1, sizeof(*peer));
	if (!peer)
		return;
	for (i = 0; i < config->peer_n; i++)
		peer[i] = &config->peer[i];
	qsort(peer, config->peer_n, sizeof(*peer), peer_compare);
	for (i = 1; i < config->peer_n; i++)
		if (peer[i]->has_public_key &&
		    !memcmp(peer[i - 1]->public_key, peer[i]->public_key,
			    KEY_LEN))
			warn(checker, peer[i]->line, 1,
			     "a second peer of the same PublicKey: the two "
			     "are one", NULL);
	free(peer);
}

static void check_keys(struct checker *checker)
{
	const struct config *config = checker->settings->config;
	u8 public_key[KEY_LEN];
	size_t i;

	if (!config->has_private_key) {
		warn(checker, 1, 1, "no PrivateKey: nobody can be talked to",
		     NULL);
		return;
	}
	x25519_base(public_key, config->private_key);
	for (i = 0; i < config->peer_n; i++)
		if (!memcmp(config->peer[i].public_key, public_key, KEY_LEN))
			warn(checker, config->peer[i].line, 1,
			     "this peer's PublicKey is that of the interface "
			     "itself", NULL);
}

/* The interface. */

static void check_address(struct checker *checker, size_t index)
{
	const struct prefix_list *list = &checker->settings->addresses;
	const struct prefix *own = &list->prefix[index];
	unsigned int bits = own->family == AF_INET6 ? 128 : 32;
	size_t i;

	if (!own->host_bits && own->cidr + 1u < bits)
		warn(checker, own->line, own->column,
		     "the address of a network, not of a host in it", NULL);
	for (i = 0; i < index; i++)
		if (prefix_equal(&list->prefix[i], own))
			warn(checker, own->line, own->column,
			     "the same address twice", NULL);
	if (own->family == AF_INET6 && checker->settings->mtu &&
	    checker->settings->mtu < 1280)
		warn(checker, own->line, own->column,
		     "IPv6 wants an MTU of at least 1280", NULL);
}

static void check_all(struct checker *checker)
{
	const struct settings *settings = checker->settings;
	const struct config_peer *peer;
	size_t i;

	check_files(checker);
	check_keys(checker);
	check_twins(checker);
	check_allowed(checker);
	if (!settings->addresses.n)
		warn(checker, 1, 1, "no Address: the interface gets none",
		     NULL);
	for (i = 0; i < settings->addresses.n; i++)
		check_address(checker, i);
	for (i = 0; i < settings->config->peer_n; i++) {
		peer = &settings->config->peer[i];
		check_endpoint(checker, i);
		if (!peer->allowed.n)
			warn(checker, peer->line, 1, "no AllowedIPs: nothing "
			     "is sent to or taken from this peer", NULL);
	}
}

static int note_compare(const void *a, const void *b)
{
	const struct config_note *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->reason, y->reason);
}

static void notes_print(const struct settings *settings)
{
	const struct config *config = settings->config;
	const struct config_note *note;
	size_t i;

	if (config->note_n)
		qsort(config->note, config->note_n, sizeof(*note),
		      note_compare);
	for (i = 0; i < config->note_n; i++) {
		note = &config->note[i];
		printf("%s:%u:%u: %s: %s", settings->path, note->line,
		       note->column, note->severity == CONFIG_ERROR ?
		       "error" : "warning", note->reason);
		if (note->what)
			printf(": `%s'", note->what);
		putchar('\n');
	}
	printf("%s: %zu errors, %zu warnings\n", settings->path,
	       config->error_n, config->note_n - config->error_n);
}

int command_check(int argc, char **argv)
{
	struct settings settings;
	struct checker checker = { .settings = &settings };
	const char *reason;
	int status = 1;

	if (argc != 1)
		return fail_usage("check");
	if (!settings_find(&settings, argv[0], &reason))
		return fail("`%s': %s", settings.path, reason);
	if (settings_load(&settings)) {
		check_all(&checker);
		notes_print(&settings);
		status = settings.config->error_n ? 1 : 0;
	} else {
		fail("`%s': %s", settings.path, strerror(errno));
	}
	text_list_free(&checker.texts);
	settings_free(&settings);
	return status;
}
