// SPDX-License-Identifier: GPL-2.0
/* Steps outside of the network's tables: hooks, name service, sysctl. */
#include "tools/wg-quick/step.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/wg-quick/process.h"

#define VALID_MARK	"net/ipv4/conf/all/src_valid_mark"
#define PROMOTE		"net/ipv4/conf/%s/promote_secondaries"
#define ARGUMENT_MAX	64

/* Hooks. */

char *hook_expand(const char *text, const char *name)
{
	size_t room = strlen(text) * IFNAMSIZ + 1;
	char *copy = malloc(room), *to = copy;
	const char *c = text;

	while (copy && *c) {
		if (c[0] == '%' && c[1] == 'i') {
			to = stpcpy(to, name);
			c += 2;
		} else {
			*to++ = *c++;
		}
	}
	if (copy)
		*to = 0;
	return copy;
}

void print_hook(const struct plan *plan, const struct step *step, bool on,
		FILE *file, const char *lead)
{
	char *line = hook_expand(step->text, plan->settings->name);

	(void)on;
	fprintf(file, "%s%s\n", lead, line ? line : step->text);
	free(line);
}

const char *run_hook(struct plan *plan, const struct step *step, bool on)
{
	char *line = hook_expand(step->text, plan->settings->name);
	const char *reason;

	(void)on;
	if (!line)
		return "not enough memory";
	plan->up_hooks_ran |= step->hook == CONFIG_PRE_UP ||
			      step->hook == CONFIG_POST_UP;
	plan->post_up_ran |= step->hook == CONFIG_POST_UP;
	reason = process_run_shell(line);
	free(line);
	return reason;
}

/* resolvectl. */

static const char *run_resolvectl(const struct plan *plan, const char *verb,
				  const char *first,
				  const struct text_list *list)
{
	const char *argv[ARGUMENT_MAX] = { "resolvectl", verb,
					   plan->settings->name };
	size_t i, n = 3;

	if (first)
		argv[n++] = first;
	for (i = 0; list && i < list->n && n < ARGUMENT_MAX - 1; i++)
		argv[n++] = list->text[i];
	return process_run(argv, NULL);
}

static void print_words(FILE *file, const struct text_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		fprintf(file, " %s", list->text[i]);
	fputc('\n', file);
}

void print_servers(const struct plan *plan, const struct step *step, bool on,
		   FILE *file, const char *lead)
{
	(void)step;
	if (on) {
		fprintf(file, "%sresolvectl dns %s", lead,
			plan->settings->name);
		print_words(file, &plan->settings->dns_servers);
	} else {
		fprintf(file, "%sresolvectl revert %s\n", lead,
			plan->settings->name);
	}
}

const char *run_servers(struct plan *plan, const struct step *step, bool on)
{
	(void)step;
	if (on)
		return run_resolvectl(plan, "dns", NULL,
				      &plan->settings->dns_servers);
	return run_resolvectl(plan, "revert", NULL, NULL);
}

/* "~." sends the questions about all other domains there as well. */
void print_domains(const struct plan *plan, const struct step *step, bool on,
		   FILE *file, const char *lead)
{
	(void)step, (void)on;
	fprintf(file, "%sresolvectl domain %s '~.'", lead,
		plan->settings->name);
	print_words(file, &plan->settings->dns_domains);
}

const char *run_domains(struct plan *plan, const struct step *step, bool on)
{
	(void)step, (void)on;
	return run_resolvectl(plan, "domain", "~.",
			      &plan->settings->dns_domains);
}

/* resolvconf. */

static void resolvconf_write(const struct settings *settings, FILE *file)
{
	size_t i;

	for (i = 0; i < settings->dns_servers.n; i++)
		fprintf(file, "nameserver %s\n",
			settings->dns_servers.text[i]);
	if (settings->dns_domains.n) {
		fputs("search", file);
		print_words(file, &settings->dns_domains);
	}
}

void print_resolvconf(const struct plan *plan, const struct step *step,
		      bool on, FILE *file, const char *lead)
{
	const char *prefix = plan->facts.dns_prefix;
	const char *name = plan->settings->name;

	(void)step;
	if (!on) {
		fprintf(file, "%sresolvconf -d %s%s -f\n", lead, prefix, name);
	} else if (!plan->is_printed) {
		fprintf(file, "%sresolvconf -a %s%s -m 0 -x\n", lead, prefix,
			name);
	} else {
		fprintf(file, "resolvconf -a %s%s -m 0 -x <<EOF\n", prefix,
			name);
		resolvconf_write(plan->settings, file);
		fputs("EOF\n", file);
	}
}

const char *run_resolvconf(struct plan *plan, const struct step *step, bool on)
{
	char name[sizeof(plan->facts.dns_prefix) + IFNAMSIZ];
	const char *const add[] = { "resolvconf", "-a", name, "-m", "0", "-x",
				    NULL };
	const char *const drop[] = { "resolvconf", "-d", name, "-f", NULL };
	const char *reason = "not enough memory";
	char *text = NULL;
	size_t len;
	FILE *file;

	(void)step;
	snprintf(name, sizeof(name), "%s%s", plan->facts.dns_prefix,
		 plan->settings->name);
	if (!on)
		return process_run(drop, NULL);
	file = open_memstream(&text, &len);
	if (!file)
		return reason;
	resolvconf_write(plan->settings, file);
	if (!fclose(file))
		reason = process_run(add, text);
	free(text);
	return reason;
}

/* sysctl. */

static const char *sysctl_write(const char *name, bool on)
{
	const char *reason = NULL;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, on ? "1" : "0", 1) != 1)
		reason = strerror(errno);
	if (fd >= 0)
		close(fd);
	return reason;
}

/* Replies that carry a mark are looked up with it (ip-sysctl.rst). */
void print_valid_mark(const struct plan *plan, const struct step *step,
		      bool on, FILE *file, const char *lead)
{
	(void)plan, (void)step;
	fprintf(file, "%ssysctl -q " VALID_MARK "=%d\n", lead, on);
}

const char *run_valid_mark(struct plan *plan, const struct step *step, bool on)
{
	(void)plan, (void)step;
	return sysctl_write(VALID_MARK, on);
}

/*
 * When the first address of a network goes, the next one takes its place. The
 * kernel's default is to drop them all, and with the last one every route.
 */
void print_promote(const struct plan *plan, const struct step *step, bool on,
		   FILE *file, const char *lead)
{
	(void)step;
	fprintf(file, "%ssysctl -q " PROMOTE "=%d\n", lead,
		plan->settings->name, on);
}

const char *run_promote(struct plan *plan, const struct step *step, bool on)
{
	char name[128];

	(void)step;
	snprintf(name, sizeof(name), PROMOTE, plan->settings->name);
	return sysctl_write(name, on);
}
