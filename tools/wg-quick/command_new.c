// SPDX-License-Identifier: GPL-2.0
/* New configurations: a server's, and a client's that goes with it. */
#include "tools/wg-quick/command.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/curve25519.h"
#include "tools/wg-quick/new.h"

static const struct option names[] = {
	{ "address", required_argument, NULL, 'a' },
	{ "port", required_argument, NULL, 'p' },
	{ "nat", required_argument, NULL, 'n' },
	{ "endpoint", required_argument, NULL, 'e' },
	{ "dns", required_argument, NULL, 'd' },
	{ "allow", required_argument, NULL, 'r' },
	{ "output", required_argument, NULL, 'o' },
	{ "no-qr", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 },
};

/* Values become lines of a file: none may bring a line along. */
static bool value_is_line(int option, const char *value)
{
	const char *wrong = option == 'e' ? " \t\n\r" : "\n\r";

	if (!strpbrk(value, wrong))
		return true;
	return !fail("new: `%s': expected a value %s", value, option == 'e' ?
		     "without white space" : "of one line");
}

static bool options_read(struct new_options *options, int argc, char **argv)
{
	const char **place[256] = {
		['a'] = &options->address, ['p'] = &options->port,
		['n'] = &options->nat, ['e'] = &options->endpoint,
		['d'] = &options->dns, ['r'] = &options->allow,
		['o'] = &options->output,
	};
	int option;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'q')
			options->hides_qr = true;
		else if (option == '?' || !place[option])
			return !fail("new: `%s': expected an option with its "
				     "value", argv[optind - 1]);
		else if (!value_is_line(option, optarg))
			return false;
		else
			*place[option] = optarg;
	}
	return true;
}

bool new_random(u8 *bytes, size_t len)
{
	if (getrandom(bytes, len, 0) == (ssize_t)len)
		return true;
	fail("getrandom: %s", strerror(errno));
	return false;
}

FILE *new_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file)
		fail("`%s': %s", path, strerror(errno));
	return file;
}

bool new_file_finish(FILE *file, const char *path)
{
	bool good = !ferror(file) && !fflush(file) && !fsync(fileno(file));

	if (fclose(file))
		good = false;
	if (good)
		return true;
	fail("`%s': %s", path, strerror(errno));
	unlink(path);
	return false;
}

void new_write_key(FILE *file, const char *name, const u8 key[KEY_LEN])
{
	char text[KEY_BASE64_LEN + 1];

	key_write_base64(text, key);
	fprintf(file, "%s = %s\n", name, text);
	memzero_explicit(text, sizeof(text));
}

/* A network of one's own for IPv6 (RFC 4193 3.2.2). */
static void address_default(char text[128], const u8 random[5])
{
	snprintf(text, 128, "10.9.0.1/24, fd%02x:%02x%02x:%02x%02x::1/64",
		 random[0], random[1], random[2], random[3], random[4]);
}

static void write_nat(FILE *file, const char *interface)
{
	static const char *const words[] = { "PostUp", "PostDown" };
	size_t i;

	for (i = 0; i < 2; i++) {
		char action = i ? 'D' : 'A';

		fprintf(file, "%s = for t in iptables ip6tables; do "
			"$t -%c FORWARD -i %%i -j ACCEPT; "
			"$t -%c FORWARD -o %%i -j ACCEPT; "
			"$t -t nat -%c POSTROUTING -o %s -j MASQUERADE; done\n",
			words[i], action, action, action, interface);
	}
}

static bool options_check(const struct new_options *options)
{
	struct prefix_list list = { 0 };
	const char *reason = NULL;
	size_t bad;
	u16 port;

	if (options->address)
		reason = value_read_prefixes(&list, options->address, 0, 0,
					     &bad);
	prefix_list_free(&list);
	if (reason)
		return !fail("new: --address `%s': %s", options->address,
			     reason);
	if (options->port)
		reason = value_read_port(&port, options->port);
	if (reason)
		return !fail("new: --port `%s': %s", options->port, reason);
	if (options->nat && (strlen(options->nat) >= IFNAMSIZ ||
			     strpbrk(options->nat, " ;&|$`'\"\\<>()\n")))
		return !fail("new: --nat `%s': expected an interface",
			     options->nat);
	return true;
}

static int new_server(const char *argument, const struct new_options *options)
{
	struct settings settings;
	char address[128];
	const char *reason;
	u8 key[KEY_LEN], random[5];
	FILE *file;

	settings_find(&settings, argument, &reason);
	if (!settings.name[0])
		return fail("`%s': %s", settings.path, reason);
	if (!options_check(options) || !new_random(key, sizeof(key)) ||
	    !new_random(random, sizeof(random)))
		return 1;
	file = new_file(settings.path);
	if (!file)
		return 1;
	x25519_clamp(key);
	address_default(address, random);
	fprintf(file, "[Interface]\nAddress = %s\nListenPort = %s\n",
		options->address ? options->address : address,
		options->port ? options->port : "51820");
	new_write_key(file, "PrivateKey", key);
	memzero_explicit(key, sizeof(key));
	if (options->nat)
		write_nat(file, options->nat);
	if (!new_file_finish(file, settings.path))
		return 1;
	fprintf(stderr, "wg-quick: %s is written\n", settings.path);
	return 0;
}

int command_new(int argc, char **argv)
{
	struct new_options options = { 0 };
	bool is_client;
	int wanted, status;

	if (argc < 2)
		return fail_usage("new");
	is_client = !strcmp(argv[0], "client");
	wanted = is_client ? 3 : 2;
	if (!is_client && strcmp(argv[0], "server"))
		return fail_usage("new");
	if (!options_read(&options, argc, argv))
		return 1;
	/* getopt moved the words that are no options behind those that are. */
	if (argc - optind != wanted - 1)
		return fail_usage("new");
	status = is_client ?
		new_client(argv[optind], argv[optind + 1], &options) :
		new_server(argv[optind], &options);
	return status;
}
