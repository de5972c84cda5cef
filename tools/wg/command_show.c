// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tools/wg/backend.h"
#include "tools/wg/show.h"

struct request {
	const char *interface;		/* NULL: all */
	enum show_field field;		/* SHOW_FIELD_N: everything */
	bool only_names;
	bool is_json;
	bool is_watch;
	double interval_s;
	u64 count;			/* of rounds, 0: no end */
};

/* What --watch compares with; one for each interface of the round before. */
struct round {
	struct device *device;
	size_t n;
	double time_s;
};

enum parsed { PARSED, PARSED_HELP, PARSED_WRONG };

static bool option_number(const char *text, double least, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end && *number >= least && *number <= 1e6;
}

/* --json, --watch[=S], --count=N */
static bool option_read(struct request *request, const char *word)
{
	double number;

	if (!strcmp(word, "--json")) {
		request->is_json = true;
		return true;
	}
	if (!strcmp(word, "--watch")) {
		request->is_watch = true;
		return true;
	}
	if (!strncmp(word, "--watch=", 8) &&
	    option_number(word + 8, 0.01, &request->interval_s)) {
		request->is_watch = true;
		return true;
	}
	if (!strncmp(word, "--count=", 8) &&
	    option_number(word + 8, 1, &number)) {
		request->count = number;
		return true;
	}
	fail("show: `%s': expected --json, --watch[=SECONDS] or --count=N",
	     word);
	return false;
}

static enum parsed field_read(struct request *request, const char *word)
{
	request->field = show_field_find(word);
	if (request->field != SHOW_FIELD_N)
		return PARSED;
	fail("show: `%s': expected the name of a field", word);
	return PARSED_WRONG;
}

static enum parsed request_read(struct request *request, int argc, char **argv)
{
	const char *word[2] = { "all", NULL };
	size_t word_n = 0;
	int i;

	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "--", 2) && !is_help(argv[i])) {
			if (!option_read(request, argv[i]))
				return PARSED_WRONG;
		} else if (word_n == ARRAY_SIZE(word)) {
			return PARSED_WRONG;
		} else {
			word[word_n++] = argv[i];
		}
	}
	if (word_n == 1 && is_help(word[0]))
		return PARSED_HELP;
	request->only_names = !strcmp(word[0], "interfaces");
	if (strcmp(word[0], "all"))
		request->interface = word[0];
	if (request->only_names && (word[1] || request->is_watch))
		return PARSED_WRONG;
	return word[1] ? field_read(request, word[1]) : PARSED;
}

static int show_names(const struct name_list *list, bool is_json)
{
	size_t i;

	if (is_json)
		fputs("{\"version\":1,\"interfaces\":[", stdout);
	for (i = 0; i < list->n; i++) {
		if (is_json)
			printf("%s{\"name\":\"%s\"}", i ? "," : "",
			       list->name[i]);
		else
			printf("%s%s", i ? " " : "", list->name[i]);
	}
	if (is_json)
		fputs("]}", stdout);
	if (is_json || list->n)
		putchar('\n');
	return 0;
}

static const struct device *round_find(const struct round *round,
				       const char *name)
{
	size_t i;

	for (i = 0; i < round->n; i++)
		if (!strcmp(round->device[i].name, name))
			return &round->device[i];
	return NULL;
}

static void round_free(struct round *round)
{
	size_t i;

	for (i = 0; i < round->n; i++)
		device_free(&round->device[i]);
	free(round->device);
	memset(round, 0, sizeof(*round));
}

static double time_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Names cost reading a file: only where they are printed. */
static void show_device(const struct request *request,
			const struct device *device,
			const struct round *before, double now_s)
{
	struct show_rates rates = {
		.before = round_find(before, device->name),
		.seconds = now_s - before->time_s,
	};
	struct names names;

	if (!request->is_json && request->field != SHOW_FIELD_N) {
		show_script(device, request->field, !request->interface);
		return;
	}
	names_init(&names, device->name);
	if (request->is_json)
		show_json(device, &names, request->field);
	else if (!show_pretty(device, &names, rates.before ? &rates : NULL))
		fail("%s", strerror(ENOMEM));
	names_exit(&names);
}

static void fail_access(const char *name, int error)
{
	fflush(stdout);
	fail("Unable to access interface `%s': %s", name, strerror(-error));
}

/* Shows every interface that can be read; their number is in @round. */
static void show_list(const struct request *request,
		      const struct name_list *list,
		      const struct round *before, struct round *round)
{
	struct device *device;
	size_t i;
	int error;

	for (i = 0; i < list->n; i++) {
		device = &round->device[round->n];
		device_init(device, list->name[i]);
		error = backend_read(device);
		if (error) {
			fail_access(list->name[i], error);
			device_free(device);
			continue;
		}
		if (round->n && request->is_json)
			fputs(",\n", stdout);
		else if (round->n && request->field == SHOW_FIELD_N)
			putchar('\n');
		show_device(request, device, before, round->time_s);
		round->n++;
		/* Without a next round, the memory of one is enough. */
		if (!request->is_watch)
			device_free(device);
	}
	if (!request->is_watch)
		memset(round->device, 0, list->n * sizeof(*round->device));
}

static int list_read(const struct request *request, struct name_list *list)
{
	if (!request->interface)
		return backend_list(list);
	return name_list_add(list, request->interface);
}

static int fail_list(int error)
{
	return fail("Unable to list interfaces: %s", strerror(-error));
}

/* One round; @round was the one before. Returns the status. */
static int show_round(const struct request *request, struct round *round)
{
	struct round now = { .time_s = time_s() };
	struct name_list list = { 0 };
	int status;

	status = list_read(request, &list);
	if (status) {
		name_list_free(&list);
		return fail_list(status);
	}
	now.device = calloc(list.n + 1, sizeof(*now.device));
	if (!now.device) {
		name_list_free(&list);
		return fail("%s", strerror(ENOMEM));
	}
	if (request->is_json)
		fputs("{\"version\":1,\"interfaces\":[", stdout);
	show_list(request, &list, round, &now);
	if (request->is_json)
		fputs("]}\n", stdout);
	status = list.n && !now.n;
	name_list_free(&list);
	round_free(round);
	*round = now;
	return status;
}

static void wait_s(double seconds)
{
	struct timespec time = {
		.tv_sec = (time_t)seconds,
		.tv_nsec = (long)((seconds - (time_t)seconds) * 1e9),
	};

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

/* A terminal is cleared; a file or pipe gets one round after the other. */
static int show_watch(const struct request *request)
{
	bool clears = isatty(STDOUT_FILENO) && !request->is_json;
	struct round round = { 0 };
	u64 i;
	int status = 0;

	for (i = 0; !request->count || i < request->count; i++) {
		if (i)
			wait_s(request->interval_s);
		if (clears)
			fputs("\x1b[H\x1b[2J", stdout);
		else if (i && !request->is_json)
			putchar('\n');
		status = show_round(request, &round);
		if (status || fflush(stdout))
			break;
	}
	round_free(&round);
	return status;
}

static int show_once(const struct request *request)
{
	struct round round = { 0 };
	int status = show_round(request, &round);

	round_free(&round);
	return status;
}

static int show_interfaces(const struct request *request)
{
	struct name_list list = { 0 };
	int error = backend_list(&list);

	if (!error)
		show_names(&list, request->is_json);
	name_list_free(&list);
	return error ? fail_list(error) : 0;
}

int command_show(int argc, char **argv)
{
	struct request request = { .field = SHOW_FIELD_N, .interval_s = 1 };

	switch (request_read(&request, argc, argv)) {
	case PARSED:
		break;
	case PARSED_HELP:
		return print_usage("show");
	case PARSED_WRONG:
		return fail_usage("show");
	}
	if (request.only_names)
		return show_interfaces(&request);
	if (request.interface && !interface_check(request.interface))
		return 1;
	return request.is_watch ? show_watch(&request) : show_once(&request);
}

int command_showconf(int argc, char **argv)
{
	struct device device;
	int error;

	if (argc != 1)
		return fail_usage("showconf");
	if (!interface_check(argv[0]))
		return 1;
	device_init(&device, argv[0]);
	error = backend_read(&device);
	if (error)
		fail_access(argv[0], error);
	else
		show_config(&device);
	device_free(&device);
	return error ? 1 : 0;
}
