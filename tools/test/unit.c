// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of inputs for the parsers of wg, and its netlink conversation with a
 * kernel that is a function (fuzz/fuzz.c). No interface is touched.
 */
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <time.h>

#include "tools/fuzz/fuzz.h"
#include "tools/wg/change.h"
#include "tools/wg/endpoint.h"
#include "tools/wg/uapi.h"

#define KEY_1	"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
#define KEY_2	"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define MESSAGES_LEN	(64u << 20)

static unsigned int failed_n;

static void check(bool good, const char *what)
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

/* Peers @n, of which peer i has @allowed_n + i % 3 allowed IPs. */
static void device_make(struct device *device, u32 n, u32 allowed_n)
{
	struct prefix *prefix;
	struct peer *peer;
	u32 i, j;

	device_init(device, "wg0");
	device->has_listen_port = device->has_fwmark = true;
	device->listen_port = 0x1234;
	device->fwmark = 0x12345678;
	device->replaces_peers = true;
	for (i = 0; i < n; i++) {
		peer = device_add_peer(device);
		memcpy(peer->public_key, &i, sizeof(i));
		peer->public_key[31] = 1;
		memset(peer->preshared_key, 3, KEY_LEN);
		peer->has_preshared_key = peer->has_keepalive = true;
		peer->keepalive = 1 + i % 60000;
		peer->replaces_allowed = true;
		peer->endpoint.v4.sin_family = AF_INET;
		peer->endpoint.v4.sin_port = htons(i);
		for (j = 0; j < allowed_n + i % 3; j++) {
			prefix = device_add_allowed(device);
			prefix->family = j & 1 ? AF_INET6 : AF_INET;
			prefix->cidr = 32;
			memcpy(prefix->addr, &j, sizeof(j));
		}
	}
}

static bool peers_equal(const struct device *a, const struct device *b)
{
	const struct peer *x, *y;
	size_t i;

	if (a->peer_n != b->peer_n || a->allowed_n != b->allowed_n)
		return false;
	for (i = 0; i < a->peer_n; i++) {
		x = &a->peer[i];
		y = &b->peer[i];
		if (memcmp(x->public_key, y->public_key, 2 * KEY_LEN) ||
		    memcmp(&x->endpoint, &y->endpoint, sizeof(x->endpoint)) ||
		    x->keepalive != y->keepalive ||
		    x->allowed_first != y->allowed_first ||
		    x->allowed_n != y->allowed_n)
			return false;
	}
	return !a->allowed_n ||
	       !memcmp(a->allowed, b->allowed,
		       a->allowed_n * sizeof(*a->allowed));
}

static void message_end(u8 *end)
{
	static const u8 done[22] = { 20, 0, 20, 0, 0, 0, 3, 0, 2, 0 };

	memcpy(end, done, sizeof(done));
}

/* What is written is read back the same, however many messages it takes. */
static void test_round_trip(u32 peers, u32 allowed)
{
	u8 *messages = malloc(MESSAGES_LEN);
	struct device device, back;
	char what[128];
	size_t n;
	bool good;

	device_make(&device, peers, allowed);
	device_init(&back, "wg0");
	n = fuzz_capture(&device, messages, MESSAGES_LEN - 22);
	message_end(messages + n);
	good = !fuzz_read(&back, messages, n + 22) &&
	       back.listen_port == device.listen_port &&
	       back.fwmark == device.fwmark && peers_equal(&device, &back);
	snprintf(what, sizeof(what), "netlink: %u peers of %u allowed IPs, "
		 "%zu bytes, there and back", peers, allowed, n);
	check(good, what);
	device_free(&device);
	device_free(&back);
	free(messages);
}

/* Flags of the device, and of the first peer, in each of the messages. */
static void message_flags(const struct nlmsghdr *header, u32 *device_flags,
			  u32 *peer_flags)
{
	const struct nlattr *attr, *peer, *field;

	mnl_attr_for_each(attr, header, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == WG_DEVICE_FLAGS)
			*device_flags = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) != WG_DEVICE_PEERS)
			continue;
		peer = mnl_attr_get_payload(attr);
		mnl_attr_for_each_nested(field, peer)
			if (mnl_attr_get_type(field) == WG_PEER_FLAGS)
				*peer_flags = mnl_attr_get_u32(field);
	}
}

/* A second fragment that said "replace" would undo the first. */
static void test_fragments(void)
{
	u8 *messages = malloc(MESSAGES_LEN), aligned[NETLINK_BUFFER_LEN];
	u32 device_flags, peer_flags, message_n = 0, wrong = 0;
	struct device device;
	size_t n, at, len;

	device_make(&device, 1, 10000);
	n = fuzz_capture(&device, messages, MESSAGES_LEN);
	for (at = 0; at < n; at += 2 + len, message_n++) {
		len = messages[at] | messages[at + 1] << 8;
		memcpy(aligned, messages + at + 2, len);
		device_flags = peer_flags = 0;
		message_flags((void *)aligned, &device_flags, &peer_flags);
		wrong += device_flags != !message_n * WG_DEVICE_REPLACE_PEERS;
		wrong += peer_flags !=
			 !message_n * WG_PEER_REPLACE_ALLOWED_IPS;
	}
	check(message_n > 3 && !wrong,
	      "netlink: only the first of many messages replaces");
	device_free(&device);
	free(messages);
}

static void test_synchronize(void)
{
	struct device change, current;
	size_t i, removed = 0, completed = 0;

	device_make(&change, 6, 1);
	device_make(&current, 9, 0);
	for (i = 0; i < change.peer_n; i++)
		change.peer[i].has_keepalive =
			change.peer[i].has_preshared_key = false;
	change.peer[5].public_key[30] = 9;	/* one that is new */
	check(change_synchronize(&change, &current), "syncconf: works");
	for (i = 0; i < change.peer_n; i++) {
		removed += change.peer[i].is_removed;
		completed += change.peer[i].has_preshared_key &&
			     change.peer[i].has_keepalive;
	}
	check(change.peer_n == 10 && removed == 4 && completed == 5 &&
	      !change.replaces_peers,
	      "syncconf: 5 stay and are completed, 1 is new, 4 go");
	device_free(&change);
	device_free(&current);
	device_make(&change, 0, 0);
	device_make(&current, 2, 0);
	check(change_synchronize(&change, &current) && change.replaces_peers,
	      "syncconf: without peers it is setconf");
	device_free(&change);
	device_free(&current);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Seconds to read, synchronize and print so many peers. */
static double scale_time(u32 peers)
{
	u8 *messages = malloc(MESSAGES_LEN);
	struct device device, back;
	double start;
	size_t n;

	device_make(&device, peers, 1);
	n = fuzz_capture(&device, messages, MESSAGES_LEN - 22);
	message_end(messages + n);
	device_init(&back, "wg0");
	start = now_s();
	must(!fuzz_read(&back, messages, n + 22));
	must(change_synchronize(&device, &back));
	fuzz_show(&back);
	start = now_s() - start;
	device_free(&device);
	device_free(&back);
	free(messages);
	return start;
}

/* Twice what ten times as many may take; quadratic would be ten times it. */
static void test_scale(void)
{
	double small = scale_time(10000), large = scale_time(100000);
	char what[128];

	snprintf(what, sizeof(what), "100k peers: %.2f s, 10k: %.2f s "
		 "(processor time, with sanitizers)", large, small);
	check(large < 20 * small + 0.5, what);
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
	test_secrets();
	test_names();
	test_hooks();
	test_args();
	test_endpoints();
	test_round_trip(0, 0);
	test_round_trip(1, 0);
	test_round_trip(600, 7);
	test_round_trip(3, 20000);
	test_round_trip(2000, 0);
	test_fragments();
	test_synchronize();
	test_scale();
	fprintf(stderr, "%s: %u failed\n", failed_n ? "FAIL" : "ok", failed_n);
	return failed_n != 0;
}
