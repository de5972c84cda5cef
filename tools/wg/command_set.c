// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/command.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>

#include "tools/wg/backend.h"
#include "tools/wg/change.h"
#include "tools/wg/resolve.h"
#include "tools/wg/show.h"

static bool has_removals(const struct device *change)
{
	size_t i;

	for (i = 0; i < change->allowed_n; i++)
		if (change->allowed[i].sign == '-')
			return true;
	return false;
}

/* The last steps of all four: nothing has been touched before. */
static int change_apply(struct device *change)
{
	const char *hint = "";
	int error;

	if (!change_resolve(change))
		return 1;
	error = backend_write(change);
	if (!error)
		return 0;
	if (error == -EINVAL && has_removals(change))
		hint = " (kernels before 6.16 cannot take away allowed IPs)";
	return fail("Unable to modify interface `%s': %s%s", change->name,
		    strerror(-error), hint);
}

static void prefix_warn(const struct prefix *prefix, const char *where)
{
	char addr[INET6_ADDRSTRLEN];

	if (!prefix->host_bits)
		return;
	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	fprintf(stderr, "Warning: ");
	if (prefix->line)
		fprintf(stderr, "%s:%u:%u: ", where, prefix->line,
			prefix->column);
	fprintf(stderr, "AllowedIP has nonzero host part: %s/%u\n", addr,
		prefix->cidr);
}

static void warn_host_bits(const struct device *change, const char *where)
{
	size_t i;

	for (i = 0; i < change->allowed_n; i++)
		prefix_warn(&change->allowed[i], where);
}

int command_set(int argc, char **argv)
{
	struct change_error error;
	struct device change;
	int status;

	if (argc < 2)
		return fail_usage("set");
	if (!interface_check(argv[0]))
		return 1;
	device_init(&change, argv[0]);
	if (change_read_args(&change, argc - 1, argv + 1, key_load, &error)) {
		warn_host_bits(&change, NULL);
		status = change_apply(&change);
	} else {
		const char *word = argv[1 + error.argument];

		status = error.is_secret ?
			fail("set: argument %d, behind `%s': %s",
			     error.argument + 2, argv[error.argument],
			     error.reason) :
			fail("set: argument %d, `%s': %s", error.argument + 2,
			     word, error.reason);
	}
	device_free(&change);
	return status;
}

static int fail_note(const char *path, const struct config_note *note)
{
	if (note->what)
		return fail("%s:%u:%u: %s: `%s'", path, note->line,
			    note->column, note->reason, note->what);
	return fail("%s:%u:%u: %s", path, note->line, note->column,
		    note->reason);
}

/* NULL when there is no good configuration; that has been said then. */
static struct config *config_load(const char *path)
{
	struct config *config;
	char *text;
	size_t len;

	if (!config_text_load(path, &text, &len)) {
		fail("%s: %s", path, strerror(errno));
		return NULL;
	}
	config = config_read_own(text, len, CONFIG_WG);
	if (!config) {
		fail("%s: %s", path, strerror(ENOMEM));
	} else if (config->error_n) {
		fail_note(path, config_find_error(config));
		config_free(config);
		config = NULL;
	}
	return config;
}

/* Reads what runs and makes the change spare it; 0 or -errno. */
static int synchronize(struct device *change)
{
	struct device current;
	int error;

	device_init(&current, change->name);
	error = backend_read(&current);
	if (!error && !change_synchronize(change, &current))
		error = -ENOMEM;
	device_free(&current);
	return error;
}

static int configure(const char *name, int argc, char **argv,
		     enum change_mode mode, bool is_sync)
{
	struct config *config;
	struct device change;
	int status = 1, error = 0;

	if (argc != 2)
		return fail_usage(name);
	if (!interface_check(argv[0]))
		return 1;
	config = config_load(argv[1]);
	if (!config)
		return 1;
	device_init(&change, argv[0]);
	if (!change_read_config(&change, config, mode))
		error = -ENOMEM;
	else if (is_sync)
		error = synchronize(&change);
	if (error) {
		fail("Unable to access interface `%s': %s", argv[0],
		     strerror(-error));
	} else {
		warn_host_bits(&change, argv[1]);
		status = change_apply(&change);
	}
	device_free(&change);
	config_free(config);
	return status;
}

int command_setconf(int argc, char **argv)
{
	return configure("setconf", argc, argv, CHANGE_SET, false);
}

int command_addconf(int argc, char **argv)
{
	return configure("addconf", argc, argv, CHANGE_ADD, false);
}

int command_syncconf(int argc, char **argv)
{
	return configure("syncconf", argc, argv, CHANGE_SET, true);
}
