// SPDX-License-Identifier: GPL-2.0
/* up, start, down, reload, save, and the plan of each. */
#include "tools/wg-quick/command.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tools/wg/change.h"
#include "tools/wg/endpoint.h"
#include "tools/wg-quick/plan.h"
#include "tools/wg-quick/process.h"

/* What a command makes, and of what. */
struct task {
	const char *name;
	const char *(*make)(struct plan *plan);
	const char *(*change)(struct plan *plan);	/* what is there */
	bool is_new;		/* there is no such link yet */
	bool undoes;
};

static const struct task tasks[] = {
	{ "up", plan_up, NULL, true, true },
	{ "start", plan_up, plan_reload, true, true },
	{ "down", plan_down, NULL, false, false },
	{ "reload", plan_reload, NULL, false, true },
	{ "save", plan_save, NULL, false, false },
};

static void warn_if_open(const struct settings *settings)
{
	char directory[PATH_MAX];
	struct stat st;

	settings_path(settings, ".", directory);
	if (file_is_open(settings->path) && !stat(directory, &st) &&
	    st.st_mode & S_IXOTH)
		fprintf(stderr, "wg-quick: %s: warning: world accessible\n",
			settings->path);
}

/*
 * The change to the interface. Endpoints that are numbers, for the MTU; when
 * only a plan is printed, names are looked up as well, once.
 */
static bool change_prepare(struct plan *plan, bool asks)
{
	struct device *change = &plan->change;
	union endpoint endpoint;
	char text[512];
	size_t i;

	device_init(change, plan->settings->name);
	if (!change_read_config(change, plan->settings->config, CHANGE_SET))
		return false;
	for (i = 0; i < change->peer_n; i++) {
		if (!change->peer[i].host)
			continue;
		snprintf(text, sizeof(text), "[%s]:%s", change->peer[i].host,
			 change->peer[i].port);
		if (endpoint_read(&endpoint, text) ||
		    (asks && !endpoint_find(&endpoint, change->peer[i].host,
					    change->peer[i].port)))
			change->peer[i].endpoint = endpoint;
	}
	return true;
}

/* Whether the link is there, or not, as the task wants; else complains. */
static bool live_check(struct plan *plan, const struct task *task, int error)
{
	const char *name = plan->settings->name;

	if (task->is_new && plan->live.is_there)
		fail("`%s' already exists", name);
	else if (task->is_new && error == -ENODEV)
		return true;
	else if (error == -ENODEV || error == -EOPNOTSUPP)
		fail("`%s' is not a WireGuard interface", name);
	else if (error)
		fail("`%s': %s", name, strerror(-error));
	return !error && !task->is_new;
}

static bool plan_prepare(struct plan *plan, const struct task *task, bool asks)
{
	const char *name = plan->settings->name, *reason;
	const char *(*make)(struct plan *plan) = task->make;
	int error;

	error = live_read(&plan->live, plan->rtnl, name);
	if (task->change && !error)
		make = task->change;
	else if (!live_check(plan, task, error))
		return false;
	plan->ifindex = plan->live.link.index;
	if (!change_prepare(plan, asks)) {
		fail("%s", strerror(ENOMEM));
		return false;
	}
	error = facts_read(&plan->facts, plan->rtnl, &plan->change,
			   plan->live.device.fwmark);
	if (error) {
		fail("routes and rules: %s", strerror(-error));
		return false;
	}
	reason = make(plan);
	if (reason)
		fail("%s: %s", plan->settings->path, reason);
	return !reason;
}

static int task_finish(const struct task *task, const char *argument,
		       bool is_printed)
{
	struct settings settings;
	struct plan plan = { .settings = &settings };
	struct netlink rtnl;
	int status = 1, error;

	if (!settings_open(&settings, argument))
		return 1;
	error = rtnl_open(&rtnl);
	if (error) {
		settings_free(&settings);
		return fail("netlink: %s", strerror(-error));
	}
	plan.rtnl = &rtnl;
	warn_if_open(&settings);
	if (plan_prepare(&plan, task, is_printed)) {
		if (is_printed)
			plan_print(&plan, stdout);
		status = is_printed || plan_run(&plan, task->undoes) ? 0 : 1;
	}
	plan_free(&plan);
	rtnl_close(&rtnl);
	settings_free(&settings);
	return status;
}

static int task_run(const char *name, int argc, char **argv, bool is_printed)
{
	size_t i;

	if (argc != 1)
		return fail_usage(is_printed ? "plan" : name);
	if (!is_printed)
		signals_catch();
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		if (!strcmp(name, tasks[i].name))
			return task_finish(&tasks[i], argv[0], is_printed);
	return fail_usage("plan");
}

int command_up(int argc, char **argv)
{
	return task_run("up", argc, argv, false);
}

int command_start(int argc, char **argv)
{
	return task_run("start", argc, argv, false);
}

int command_down(int argc, char **argv)
{
	return task_run("down", argc, argv, false);
}

int command_reload(int argc, char **argv)
{
	return task_run("reload", argc, argv, false);
}

int command_save(int argc, char **argv)
{
	return task_run("save", argc, argv, false);
}

int command_plan(int argc, char **argv)
{
	if (argc == 2)
		return task_run(argv[0], 1, argv + 1, true);
	return task_run("up", argc, argv, true);
}
