// SPDX-License-Identifier: GPL-2.0
#include "tools/wg-quick/command.h"

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_ARGUMENT	"<config file | interface>"

static const struct row {
	const char *name;
	command *run;
	bool needs_root;
	const char *arguments;
	const char *summary;
} rows[] = {
	{ "up", command_up, true, FILE_ARGUMENT,
	  "Makes the interface and all that belongs to it" },
	{ "start", command_start, true, FILE_ARGUMENT,
	  "As up; where the interface is there already, as reload" },
	{ "down", command_down, true, FILE_ARGUMENT,
	  "Takes all of it away again" },
	{ "reload", command_reload, true, FILE_ARGUMENT,
	  "Applies what changed in the file; sessions go on" },
	{ "save", command_save, true, FILE_ARGUMENT,
	  "Writes what is there into the file" },
	{ "strip", command_strip, false, FILE_ARGUMENT,
	  "Prints what wg(8) understands of the file" },
	{ "plan", command_plan, false, "[up | start | down | reload] " FILE_ARGUMENT,
	  "Prints the commands that would be run, runs none" },
	{ "check", command_check, false, FILE_ARGUMENT,
	  "Names every mistake in the file" },
	{ "new", command_new, false,
	  "server <file> [option]... | client <server file> <name> [option]...",
	  "Writes a new configuration, keys included" },
	{ "resolve", command_resolve, true, FILE_ARGUMENT,
	  "Looks up the endpoints of peers that do not answer again" },
};

int fail(const char *format, ...)
{
	va_list list;

	fputs("wg-quick: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	return 1;
}

int fail_usage(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(name, rows[i].name))
			fprintf(stderr, "Usage: wg-quick %s %s\n", name,
				rows[i].arguments);
	return 1;
}

static void overview_print(FILE *file)
{
	size_t i;

	fputs("Usage: wg-quick <command> [<args>]\n\nCommands:\n", file);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		fprintf(file, "  %s %s\n      %s\n", rows[i].name,
			rows[i].arguments, rows[i].summary);
	fputs("\nA config file is named after its interface, NAME.conf; an\n"
	      "interface stands for " CONFIG_DIR "/NAME.conf. wg-quick(8) "
	      "says what is in it.\n", file);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "-h") || !strcmp(word, "--help") ||
	       !strcmp(word, "help");
}

void note_print(const char *path, const struct config_note *note, FILE *file)
{
	fprintf(file, "%s:%u:%u: %s", path, note->line, note->column,
		note->reason);
	if (note->what)
		fprintf(file, ": `%s'", note->what);
	fputc('\n', file);
}

bool settings_open(struct settings *settings, const char *argument)
{
	const char *reason;

	if (!settings_find(settings, argument, &reason)) {
		fail("`%s': %s", settings->path, reason);
		return false;
	}
	if (!settings_load(settings)) {
		fail("`%s': %s", settings->path, strerror(errno));
	} else if (settings->config->error_n) {
		fputs("wg-quick: ", stderr);
		note_print(settings->path,
			   config_find_error(settings->config), stderr);
	} else {
		return true;
	}
	settings_free(settings);
	return false;
}

/* Programs that stand beside this one go before others of their name. */
static void path_set(void)
{
	char self[PATH_MAX], path[PATH_MAX + 8192];
	const char *old = getenv("PATH");
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (len <= 0)
		return;
	self[len] = 0;
	snprintf(path, sizeof(path), "%s:%s", dirname(self),
		 old ? old : "/usr/sbin:/usr/bin:/sbin:/bin");
	setenv("PATH", path, 1);
}

/* Does not return when there is a sudo that may. */
static int become_root(int argc, char **argv)
{
	char self[PATH_MAX];
	char **words = calloc(argc + 4, sizeof(*words));
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (words && len > 0) {
		self[len] = 0;
		words[0] = "sudo";
		words[1] = "-p";
		words[2] = "wg-quick needs root; password of %u: ";
		words[3] = self;
		memcpy(words + 4, argv + 1, (argc - 1) * sizeof(*words));
		execvp(words[0], words);
	}
	free(words);
	return fail("`%s' needs root", argv[1]);
}

int main(int argc, char **argv)
{
	const struct row *row = rows, *end = rows + ARRAY_SIZE(rows);
	int status;

	if (argc == 2 && is_help(argv[1])) {
		overview_print(stdout);
		return 0;
	}
	while (argc > 1 && row < end && strcmp(argv[1], row->name))
		row++;
	if (argc < 2 || row == end) {
		if (argc > 1)
			fail("`%s': expected a command", argv[1]);
		overview_print(stderr);
		return 1;
	}
	if (row->needs_root && geteuid())
		return become_root(argc, argv);
	path_set();
	setenv("LC_ALL", "C", 1);
	status = row->run(argc - 2, argv + 2);
	if (fflush(stdout) || ferror(stdout))
		status = fail("writing to standard output: %s",
			      strerror(errno));
	return status;
}
