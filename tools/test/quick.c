// SPDX-License-Identifier: GPL-2.0
/*
 * Plans of wg-quick for machines that are made up here, as text: the files
 * test/plan/NAME.conf, and NAME.plan with what is to come out. No interface is
 * touched and no right needed.
 *	quick-unit			compares
 *	UPDATE=yes quick-unit		writes what is missing or different
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/wg-quick/plan.h"
#include "tools/wg-quick/step.h"
#include "tools/wg/change.h"

static unsigned int failed_n;

static void check(bool good, const char *what)
{
	printf("%s - %s\n", good ? "ok" : "not ok", what);
	failed_n += !good;
}

/* One row: up on a machine of these facts. */
static const struct plan_case {
	const char *name;
	struct facts facts;
} cases[] = {
#define PLACE	.place = { 51820, 32765, 32765 }, .mtu = 1420
	{ "server", { .has_ipv6 = true, PLACE } },
	{ "client", { .has_ipv6 = true, .dns = DNS_RESOLVED, PLACE } },
	{ "resolvconf", { .has_ipv6 = true, .dns = DNS_RESOLVCONF,
				 .dns_prefix = "tun.", PLACE } },
	{ "no-ipv6", { .dns = DNS_RESOLVED, PLACE } },
	{ "ipv6-only", { .has_ipv6 = true, PLACE } },
	{ "ipv6-halves", { .has_ipv6 = true, PLACE } },
	{ "second", { .has_ipv6 = true, .has_valid_mark = true,
		      .place = { 51823, 32763, 100 }, .mtu = 1340 } },
	{ "table-off", { .has_ipv6 = true, PLACE } },
	{ "table-number", { .has_ipv6 = true, PLACE } },
	{ "fwmark", { .has_ipv6 = true, PLACE } },
	{ "excluded", { .has_ipv6 = true, PLACE } },
	{ "empty", { .has_ipv6 = true, PLACE } },
	{ "dns-nobody", { .has_ipv6 = true, PLACE } },
};

static bool settings_of(struct settings *settings, const char *name)
{
	const char *reason;
	char path[256];

	snprintf(path, sizeof(path), "test/plan/%s.conf", name);
	if (settings_find(settings, path, &reason) && settings_load(settings)) {
		/* So that the plans do not depend on where the tree is. */
		strcpy(settings->name, "wg0");
		snprintf(settings->path, sizeof(settings->path), "wg0.conf");
		return true;
	}
	printf("# %s: %s\n", path, strerror(errno));
	return false;
}

static char *plan_text(const struct settings *settings,
		       const struct facts *facts)
{
	struct plan plan = { .settings = settings, .facts = *facts };
	const struct config_note *note = config_find_error(settings->config);
	const char *reason;
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	reason = note ? note->reason : plan_up(&plan);
	if (reason)
		fprintf(file, "refused: %s\n", reason);
	else
		plan_print(&plan, file);
	fclose(file);
	plan_free(&plan);
	return text;
}

static void compare(const char *name, const char *text)
{
	char path[256], *wanted = NULL, what[300];
	size_t len = 0;
	bool good;
	FILE *file;

	snprintf(path, sizeof(path), "test/plan/%s.plan", name);
	good = config_text_load(path, &wanted, &len) && !strcmp(wanted, text);
	if (!good && getenv("UPDATE")) {
		file = fopen(path, "w");
		good = file && fputs(text, file) >= 0;
		if (file)
			fclose(file);
	}
	snprintf(what, sizeof(what), "plan: %s", name);
	check(good, what);
	if (!good)
		printf("# got:\n%s# expected:\n%s", text,
		       wanted ? wanted : "no file\n");
	config_text_free(wanted, len);
}

static void test_up(void)
{
	struct settings settings;
	size_t i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (!settings_of(&settings, cases[i].name)) {
			check(false, cases[i].name);
			continue;
		}
		text = plan_text(&settings, &cases[i].facts);
		compare(cases[i].name, text);
		free(text);
		settings_free(&settings);
	}
}

/* What is left of a prefix when others are cut out, counted by addresses. */
static void test_excluded(void)
{
	static const char text[] = "[Interface]\nExcludedIPs=10.1.2.3, "
		"10.1.128.0/20\n[Peer]\nPublicKey="
		"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n"
		"AllowedIPs=10.1.0.0/16\n";
	struct settings settings = { 0 };
	struct route_list list;
	u64 addresses = 0;
	bool apart = true;
	size_t i, k;

	check(settings_read(&settings, text, strlen(text)) &&
	      routes_want(&list, &settings, true), "excluded: read");
	for (i = 0; i < list.n; i++) {
		addresses += 1ull << (32 - list.route[i].to.cidr);
		for (k = 0; k < i; k++)
			apart &= !prefix_covers(&list.route[i].to,
						&list.route[k].to) &&
				 !prefix_covers(&list.route[k].to,
						&list.route[i].to);
	}
	check(addresses == 65536 - 1 - 4096, "excluded: that many are left");
	check(apart, "excluded: each of them once");
	route_list_free(&list);
	settings_free(&settings);
}

static void test_hooks(void)
{
	static const char *const rows[][2] = {
		{ "", "" }, { "%i", "wg0" }, { "%", "%" }, { "%%i", "%wg0" },
		{ "a %i b%i", "a wg0 bwg0" }, { "%I %j", "%I %j" },
	};
	bool good = true;
	size_t i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		text = hook_expand(rows[i][0], "wg0");
		good &= text && !strcmp(text, rows[i][1]);
		free(text);
	}
	check(good, "hooks: %i and nothing else is replaced");
}

/* Which file an argument is. */
static void test_find(void)
{
	static const struct { const char *argument, *name; } rows[] = {
		{ "test/plan/server.conf", "server" },
		{ "test/plan/server", "" },
		{ "/etc/hosts", "" },
		{ "test/plan/.conf", "" },
		{ "test/plan/1234567890123456.conf", "" },
		{ "./a b.conf", "" },
		{ "nosuch0", "nosuch0" },
		{ "nosuch0.conf", "nosuch0" },
		{ "../x", "" },
		{ "/..conf", "" },
		{ "/...conf", "" },
	};
	struct settings settings;
	const char *reason;
	bool good = true, found;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		found = settings_find(&settings, rows[i].argument, &reason);
		good &= found == !i && !strcmp(settings.name, rows[i].name);
	}
	check(good, "find: files that are named after interfaces, no others");
}

int main(void)
{
	test_up();
	test_excluded();
	test_hooks();
	test_find();
	return failed_n ? 1 : 0;
}
