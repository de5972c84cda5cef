// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/command.h"

#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef TOOLS_VERSION
#define TOOLS_VERSION "1.0.0"
#endif

#define SHOW_FIELDS							\
	"public-key | private-key | listen-port | fwmark | peers | "	\
	"preshared-keys | endpoints | allowed-ips | "			\
	"latest-handshakes | transfer | persistent-keepalive | dump"
#define CONF_ARGUMENTS	"<interface> <configuration filename>"

static const struct row {
	const char *name;
	command *run;
	const char *arguments;
	const char *summary;
} rows[] = {
	{ "show", command_show,
	  "{ <interface> | all | interfaces } [" SHOW_FIELDS "] [--json] "
	  "[--watch[=<seconds>]] [--count=<n>]",
	  "Shows interfaces and their peers" },
	{ "showconf", command_showconf, "<interface>",
	  "Shows an interface as a configuration for `setconf'" },
	{ "set", command_set,
	  "<interface> [listen-port <port>] [fwmark <mark>] "
	  "[private-key <file path>] [peer <base64 public key> [remove] "
	  "[preshared-key <file path>] [endpoint <ip>:<port>] "
	  "[persistent-keepalive <interval seconds>] "
	  "[allowed-ips [+|-]<ip1>/<cidr1>[,[+|-]<ip2>/<cidr2>]...] ]...",
	  "Changes an interface, adds, changes and removes peers" },
	{ "setconf", command_setconf, CONF_ARGUMENTS,
	  "Makes an interface what a configuration says" },
	{ "addconf", command_addconf, CONF_ARGUMENTS,
	  "Adds a configuration to an interface" },
	{ "syncconf", command_syncconf, CONF_ARGUMENTS,
	  "As setconf, without disturbing peers that stay" },
	{ "genkey", command_genkey, "", "Prints a new private key" },
	{ "genpsk", command_genpsk, "", "Prints a new preshared key" },
	{ "pubkey", command_pubkey, "",
	  "Reads a private key and prints its public key" },
};

static char output[65536];

int fail(const char *format, ...)
{
	va_list list;

	fputs("wg: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	return 1;
}

static void usage_print(FILE *file, const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(name, rows[i].name))
			fprintf(file, "Usage: wg %s%s%s\n", name,
				*rows[i].arguments ? " " : "",
				rows[i].arguments);
}

int fail_usage(const char *name)
{
	usage_print(stderr, name);
	return 1;
}

int print_usage(const char *name)
{
	usage_print(stdout, name);
	return 0;
}

static void overview_print(FILE *file)
{
	size_t i;

	fputs("Usage: wg <cmd> [<args>]\n\nAvailable subcommands:\n", file);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		fprintf(file, "  %s: %s\n", rows[i].name, rows[i].summary);
	fputs("`wg show --help' says how to use a subcommand; wg(8) has it "
	      "all.\n", file);
}

bool is_help(const char *word)
{
	return !strcmp(word, "-h") || !strcmp(word, "--help") ||
	       !strcmp(word, "help");
}

static bool is_version(const char *word)
{
	return !strcmp(word, "-v") || !strcmp(word, "--version") ||
	       !strcmp(word, "version");
}

bool interface_check(const char *name)
{
	size_t len = strlen(name);

	if (len && len < IFNAMSIZ)
		return true;
	fail("Unable to access interface `%s': %s", name,
	     strerror(len ? ENAMETOOLONG : ENODEV));
	return false;
}

static int run(int argc, char **argv)
{
	size_t i;

	if (argc == 1)
		return command_show(0, argv + 1);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(argv[1], rows[i].name))
			return rows[i].run(argc - 2, argv + 2);
	if (argc == 2 && is_version(argv[1])) {
		puts("wg v" TOOLS_VERSION);
		return 0;
	}
	if (argc == 2 && is_help(argv[1])) {
		overview_print(stdout);
		return 0;
	}
	fail("`%s': expected a subcommand", argv[1]);
	overview_print(stderr);
	return 1;
}

int main(int argc, char **argv)
{
	int status;

	/* A buffer of our own, because stdio's would keep keys. */
	setvbuf(stdout, output, _IOFBF, sizeof(output));
	status = run(argc, argv);
	if (fflush(stdout) || ferror(stdout))
		status = fail("writing to standard output: %s",
			      strerror(errno));
	memzero_explicit(output, sizeof(output));
	return status;
}
