// SPDX-License-Identifier: GPL-2.0
/* Tables of inputs for the parsers of wg. No interface is touched. */
#include "tools/test/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "tools/wg/change.h"
#include "tools/wg/endpoint.h"

#define KEY_1	"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
#define KEY_2	"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="

static unsigned int failed_n;

void check(bool good, const char *what)
{
	fprintf(stderr, "%s - %s\n", good ? "ok" : "not ok", what);
	failed_n += !good;
}

static void test_keys(void)
{
	char text[KEY_HEX_LEN + 1], other[] = KEY_1;
	u8 key[KEY_LEN], back[KEY_LEN];
	unsigned int i, wrong = 0;

	for (i = 0; i < 256 * KEY_LEN; i++) {
		memset(key, 0x5a, KEY_LEN);
		key[i / 256] = i;
		key_write_base64(text, key);
		wrong += !key_read_base64(back, text) ||
			 memcmp(key, back, KEY_LEN);
		key_write_hex(text, key);
		wrong += !key_read_hex(back, text) ||
			 memcmp(key, back, KEY_LEN);
	}
	check(!wrong, "keys: every byte in every place, there and back");
	for (i = 0; i < 256; i++) {
		other[42] = i;
		wrong += key_read_base64(back, other) !=
			 (i && strchr("AEIMQUYcgkosw048", i) != NULL);
	}
	check(!wrong, "keys: 16 of 256 last characters are canonical");
	memset(key, 1, KEY_LEN);
	check(key_read_base64(back, KEY_1) && !memcmp(key, back, KEY_LEN),
	      "keys: a known one");
	other[42] = 'E';
	other[43] = 'A';
	check(!key_read_base64(back, other) && ct_is_zero(back, KEY_LEN),
	      "keys: no '=' at the end, and nothing of it is left");
}

/* What is wrong with a text: the first error, or line 0 for none. */
static const struct config_case {
	const char *text;
	enum config_dialect dialect;
	u32 line;
	u32 column;
	const char *reason;
} config_cases[] = {
	{ "", CONFIG_WG, 0, 0, NULL },
	{ "[Interface]\nListen Port = 5 5 # x\n", CONFIG_WG, 0, 0, NULL },
	{ "[interface]\r\nFWMARK=0xA\r\n", CONFIG_WG, 0, 0, NULL },
	{ "[Peer]\nPublicKey=" KEY_1, CONFIG_WG, 0, 0, NULL },
	{ "[Peer]\nPublicKey=" KEY_1 "\nAllowedIPs=+1.2.3.4, -::/0\n",
	  CONFIG_WG, 0, 0, NULL },
	{ "ListenPort=5\n", CONFIG_WG, 1, 1, "unrecognized" },
	{ "[Interface] x\n", CONFIG_WG, 1, 1, "unrecognized" },
	{ "\n\n  [Foo]\n", CONFIG_WG, 3, 3, "unrecognized" },
	{ "[Interface]\nfoo\n", CONFIG_WG, 2, 1, "KEY = VALUE" },
	{ "[Interface]\n ListenPort =\n", CONFIG_WG, 2, 14, "a value" },
	{ "[Interface]\nListenPort = 65536\n", CONFIG_WG, 2, 14, "a port" },
	{ "[Interface]\nFwMark = 0x100000000\n", CONFIG_WG, 2, 10, "off" },
	{ "[Interface]\nAddress = 10.0.0.1/8\n", CONFIG_WG, 2, 1, "wg-quick" },
	{ "[Interface]\nAddress = 10.0.0.1/8\n", CONFIG_QUICK, 0, 0, NULL },
	{ "[Interface]\nPrivateKey = abc\n", CONFIG_WG, 2, 14, "44" },
	{ "[Interface]\nPublicKey = " KEY_1 "\n", CONFIG_WG, 2, 1, "[Peer]" },
	{ "[Peer]\nMTU = 5\n", CONFIG_QUICK, 2, 1, "[Interface]" },
	{ "# x\n[Peer]\n[Interface]\n", CONFIG_WG, 2, 1, "PublicKey" },
	{ "[Peer]\nPublicKey=" KEY_1 "\nAllowedIPs = 1.2.3.4/8, 1.2.3.4/33\n",
	  CONFIG_WG, 3, 25, "0 to 32" },
	{ "[Peer]\nPublicKey=" KEY_1 "\nAllowedIPs = 1.2.3.4,\n",
	  CONFIG_WG, 3, 22, "IP address" },
	{ "[Peer]\nPublicKey=" KEY_1 "\nEndpoint = 1.2.3.4\n",
	  CONFIG_WG, 3, 12, "HOST:PORT" },
	{ "[Peer]\nPublicKey=" KEY_1 "\nEndpoint = [::1]5\n",
	  CONFIG_WG, 3, 12, "':'" },
	{ "[Peer]\nPublicKey=" KEY_1 "\nPersistentKeepalive = 65536\n",
	  CONFIG_WG, 3, 23, "seconds" },
	{ "\xef\xbb\xbf[Interface]\nListenPort = 5\n", CONFIG_WG, 1, 1,
	  "byte order mark" },
};

static void test_config(void)
{
	const struct config_case *row;
	const struct config_note *note;
	struct config *config;
	char what[64];
	size_t i;
	bool good;

	for (i = 0; i < ARRAY_SIZE(config_cases); i++) {
		row = &config_cases[i];
		config = config_read(row->text, strlen(row->text),
				     row->dialect);
		note = config_find_error(config);
		good = !note == !row->line;
		if (note && good)
			good = note->line == row->line &&
			       note->column == row->column &&
			       strstr(note->reason, row->reason);
		snprintf(what, sizeof(what), "config: case %zu: %s", i,
			 row->reason ? row->reason : "no mistake");
		check(good, what);
		if (!good && note)
			fprintf(stderr, "# %u:%u: %s\n", note->line,
				note->column, note->reason);
		config_free(config);
	}
}

/* What is behind the mark is read all the same: one mistake, not one a line. */
static void test_mark(void)
{
	static const char text[] = "\xef\xbb\xbf[Interface]\r\nMTU = 1400\r\n";
	struct config *config = config_read(text, strlen(text), CONFIG_QUICK);

	check(config->error_n == 1 && config->items.n == 1,
	      "config: a byte order mark is one mistake");
	config_free(config);
}

/* A key in the wrong place must not be repeated in a message. */
static void test_secrets(void)
{
	static const char text[] = "[Interface]\n" KEY_1 "\nPrivatKey=" KEY_1
				   "\nPrivateKey=x" KEY_1 "\n";
	struct config *config = config_read(text, strlen(text), CONFIG_WG);
	bool good = config->error_n == 3;
	size_t i;

	for (i = 0; i < config->note_n; i++)
		good &= !config->note[i].what ||
			!strstr(config->note[i].what, "AQEB");
	check(good, "config: three mistakes, no key in what is said of them");
	config_free(config);
}

static void test_names(void)
{
	static const char text[] =
		"# name: first\n# a word\n[Peer]\nPublicKey=" KEY_1 "\n"
		"# Name = not of the next\n\n"
		"[Peer]\nPublicKey=" KEY_2 " # friendly_name = second\n"
		"[Peer] # Name: third\nPublicKey=" KEY_2 "\n"
		"[Peer]\nPublicKey=" KEY_2 "\n";
	struct config *config = config_read(text, strlen(text), CONFIG_WG);
	const struct config_peer *peer = config->peer;

	check(config->peer_n == 4 && !config->error_n &&
	      !strcmp(peer[0].name, "not of the next") &&
	      !strcmp(peer[1].name, "second") &&
	      !strcmp(peer[2].name, "third") && !peer[3].name,
	      "config: names of peers from comments");
	config_free(config);
}

static void test_hooks(void)
{
	static const char text[] =
		"[Interface]\nPostUp = echo '#1' # x\nPostUp=b\nDNS = 1 , 2 #c\n";
	struct config *config = config_read(text, strlen(text), CONFIG_QUICK);
	const struct config_item *item;

	item = config_find(&config->items, CONFIG_POST_UP, NULL);
	check(item && !strcmp(item->value, "echo '#1' # x") &&
	      item->line == 2 && item->value_column == 10,
	      "config: '#' stays in hooks");
	item = config_find(&config->items, CONFIG_POST_UP, item);
	check(item && !strcmp(item->value, "b") &&
	      !config_find(&config->items, CONFIG_POST_UP, item),
	      "config: hooks in order");
	item = config_find(&config->items, CONFIG_DNS, NULL);
	check(item && !strcmp(item->value, "1 , 2"), "config: value trimmed");
	config_free(config);
}

static const char *load_fails(u8 key[KEY_LEN], const char *path)
{
	(void)path;
	memset(key, 7, KEY_LEN);
	return "no such file";
}

static const struct args_case {
	const char *words[8];
	int argument;		/* that is wrong, or -1 */
} args_cases[] = {
	{ { "listen-port", "5", "fwmark", "off" }, -1 },
	{ { "listen-port", "65536" }, 1 },
	{ { "listen-port" }, 0 },
	{ { "peer", KEY_1, "allowed-ips", "" }, -1 },
	{ { "peer", KEY_1, "listen-port", "5" }, 2 },
	{ { "remove" }, 0 },
	{ { "peer", "abc" }, 1 },
	{ { "private-key", "f" }, 1 },
	{ { "peer", KEY_1, "remove", "allowed-ips", "1.2.3.4/33" }, 4 },
	{ { "nonsense" }, 0 },
};

static void test_args(void)
{
	char copy[8][64], *argv[8];
	struct change_error error;
	struct device change;
	char what[64];
	size_t i;
	int n;
	bool good;

	for (i = 0; i < ARRAY_SIZE(args_cases); i++) {
		for (n = 0; n < 8 && args_cases[i].words[n]; n++)
			argv[n] = strcpy(copy[n], args_cases[i].words[n]);
		device_init(&change, "wg0");
		good = change_read_args(&change, n, argv, load_fails, &error);
		good = good ? args_cases[i].argument == -1 :
			      args_cases[i].argument == error.argument;
		snprintf(what, sizeof(what), "set: case %zu: %s", i,
			 args_cases[i].words[0]);
		check(good, what);
		device_free(&change);
	}
}

static void test_endpoints(void)
{
	static const char *const texts[] = {
		"1.2.3.4:5", "[::1]:65535", "[fe80::1%1234567]:7",
	};
	char text[ENDPOINT_TEXT_LEN];
	union endpoint endpoint;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		memset(&endpoint, 0, sizeof(endpoint));
		strcpy(text, texts[i]);
		if (endpoint_read(&endpoint, text))
			endpoint_write(text, &endpoint);
		check(!strcmp(text, texts[i]), text);
	}
}

int main(void)
{
	test_keys();
	test_config();
	test_mark();
	test_secrets();
	test_names();
	test_hooks();
	test_args();
	test_endpoints();
	test_netlink();
	fprintf(stderr, "%s: %u failed\n", failed_n ? "FAIL" : "ok", failed_n);
	return failed_n != 0;
}
