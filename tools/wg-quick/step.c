// SPDX-License-Identifier: GPL-2.0
#include "tools/wg-quick/step.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/wg/usersock.h"
#include "tools/wg-quick/process.h"

#define LOCK_PATH	RUNSTATEDIR "/wg-quick.lock"

const struct step_kind_row step_kinds[STEP_KIND_N] = {
	[STEP_LINK] = { print_link, run_link, true, false },
	[STEP_HOOK] = { print_hook, run_hook, false, false },
	[STEP_CONFIGURE] = { print_configure, run_configure, false, true },
	[STEP_SYNCHRONIZE] = { print_synchronize, run_synchronize, true, true },
	[STEP_FWMARK] = { print_fwmark, run_fwmark, true, true },
	[STEP_ADDRESS] = { print_address, run_address, true, true },
	[STEP_UP] = { print_up, run_up, true, true },
	[STEP_DNS_SERVERS] = { print_servers, run_servers, true, false },
	[STEP_DNS_DOMAINS] = { print_domains, run_domains, false, false },
	[STEP_DNS_RESOLVCONF] = { print_resolvconf, run_resolvconf, true,
				  false },
	[STEP_VALID_MARK] = { print_valid_mark, run_valid_mark, true, false },
	[STEP_PROMOTE] = { print_promote, run_promote, false, true },
	[STEP_RULE_CATCH] = { print_catch, run_catch, true, false },
	[STEP_RULE_SPARE] = { print_spare, run_spare, true, false },
	[STEP_FIREWALL] = { print_firewall, run_firewall, true, false },
	[STEP_ROUTE] = { print_route, run_route, true, false },
	[STEP_SAVE] = { print_save, run_save, false, false },
};

static const char *reason_of(int error)
{
	return error ? strerror(-error) : NULL;
}

static int family_digit(u16 family)
{
	return family == AF_INET6 ? 6 : 4;
}

void prefix_write(char text[PREFIX_TEXT_LEN], const struct prefix *prefix)
{
	char addr[INET6_ADDRSTRLEN];

	if (!prefix->cidr) {
		strcpy(text, "default");
		return;
	}
	inet_ntop(prefix->family, prefix->addr, addr, sizeof(addr));
	snprintf(text, PREFIX_TEXT_LEN, "%s/%u", addr, prefix->cidr);
}

/* Links. */

void print_link(const struct plan *plan, const struct step *step, bool on,
		FILE *file, const char *lead)
{
	(void)step;
	if (on)
		fprintf(file, "%sip link add dev %s type wireguard\n", lead,
			plan->settings->name);
	else
		fprintf(file, "%sip link delete dev %s\n", lead,
			plan->settings->name);
}

/* A kernel without WireGuard gets a process in its place. */
static const char *link_run_program(const char *name)
{
	const char *program = getenv("WG_QUICK_USERSPACE_IMPLEMENTATION");
	const char *argv[] = { NULL, name, NULL };

	argv[0] = program && *program ? program : "wireguard-go";
	if (!process_find(argv[0]))
		return "this kernel has no WireGuard, and there is no "
		       "wireguard-go: expected one of them";
	fprintf(stderr, "wg-quick: this kernel has no WireGuard; starting "
		"%s\n[#] %s %s\n", argv[0], argv[0], name);
	return process_run(argv, NULL);
}

static const char *link_make(struct plan *plan, const char *name)
{
	const char *reason = NULL;
	struct link link;
	int error = rtnl_link_add(plan->rtnl, name);

	if (error == -EOPNOTSUPP)
		reason = link_run_program(name);
	else
		reason = reason_of(error);
	if (!reason)
		reason = reason_of(rtnl_link_read(plan->rtnl, name, &link));
	if (!reason)
		plan->ifindex = link.index;
	return reason;
}

const char *run_link(struct plan *plan, const struct step *step, bool on)
{
	const char *name = plan->settings->name;
	char path[sizeof(RUNSTATEDIR) + IFNAMSIZ + 32];
	int error, fd;

	(void)step;
	if (on)
		return link_make(plan, name);
	fd = usersock_open(name);
	error = rtnl_link_delete(plan->rtnl, plan->ifindex);
	/* A process behind it ends on its own; its socket may stay. */
	snprintf(path, sizeof(path), RUNSTATEDIR "/wireguard/%s.sock", name);
	unlink(path);
	if (fd >= 0)
		usersock_await_end(fd);
	return reason_of(error);
}

void print_up(const struct plan *plan, const struct step *step, bool on,
	      FILE *file, const char *lead)
{
	u32 mtu = step->mtu ? step->mtu : plan->facts.mtu;

	if (!on)
		mtu = plan->live.link.mtu;
	fprintf(file, "%sip link set mtu %u up dev %s\n", lead, mtu,
		plan->settings->name);
}

const char *run_up(struct plan *plan, const struct step *step, bool on)
{
	u32 mtu = step->mtu ? step->mtu : plan->facts.mtu;

	if (!on)
		mtu = plan->live.link.mtu;
	return reason_of(rtnl_link_up(plan->rtnl, plan->ifindex, mtu));
}

/* Addresses and routes. */

void print_address(const struct plan *plan, const struct step *step, bool on,
		   FILE *file, const char *lead)
{
	char text[PREFIX_TEXT_LEN];

	prefix_write(text, &step->prefix);
	fprintf(file, "%sip -%d address %s %s dev %s\n", lead,
		family_digit(step->prefix.family), on ? "add" : "delete", text,
		plan->settings->name);
}

const char *run_address(struct plan *plan, const struct step *step, bool on)
{
	int error = rtnl_address(plan->rtnl, on, plan->ifindex, &step->prefix);

	/* As it shall be already: a second line may say the same. */
	if (error == (on ? -EEXIST : -EADDRNOTAVAIL))
		return NULL;
	return reason_of(error);
}

static u32 route_table(const struct plan *plan, const struct step *step)
{
	return step->route.table ? step->route.table : plan->facts.place.mark;
}

void print_route(const struct plan *plan, const struct step *step, bool on,
		 FILE *file, const char *lead)
{
	const struct route *route = &step->route;
	u32 table = route_table(plan, step);
	bool is_throw = route->kind == ROUTE_THROW;
	char text[PREFIX_TEXT_LEN];

	prefix_write(text, &route->to);
	fprintf(file, "%sip -%d route %s %s%s", lead,
		family_digit(route->to.family), on ? "add" : "delete",
		is_throw ? "throw " : "", text);
	if (!is_throw)
		fprintf(file, " dev %s", plan->settings->name);
	if (table != TABLE_MAIN)
		fprintf(file, " table %u", table);
	fputc('\n', file);
}

static bool route_same(const struct route *route, void *data)
{
	struct route *wanted = data;

	if (!prefix_equal(&route->to, &wanted->to))
		return true;
	wanted->ifindex = route->ifindex;
	return false;
}

/* Somebody has such a route already: if that is us, the better. */
static const char *route_explain(struct plan *plan, const struct route *route)
{
	static char text[128];
	struct route_filter filter = { .family = route->to.family,
				       .table = route->table };
	struct route other = { .to = route->to };
	char name[IFNAMSIZ] = "something else";

	if (rtnl_routes(plan->rtnl, &filter, route_same, &other))
		return strerror(EEXIST);
	if (other.ifindex == plan->ifindex)
		return NULL;
	if_indextoname(other.ifindex, name);
	snprintf(text, sizeof(text), "there is a route to it through %s; "
		 "expected AllowedIPs without it, or Table = off", name);
	return text;
}

const char *run_route(struct plan *plan, const struct step *step, bool on)
{
	struct route route = step->route;
	int error;

	route.table = route_table(plan, step);
	route.ifindex = plan->ifindex;
	error = rtnl_route(plan->rtnl, on, &route);
	if (on && error == -EEXIST)
		return route_explain(plan, &route);
	if (!on && error == -ESRCH)
		return NULL;
	return reason_of(error);
}

/* Rules. */

static struct rule rule_of(const struct plan *plan, const struct step *step,
			   bool is_catch)
{
	const struct place *place = &plan->facts.place;
	struct rule rule = { .family = step->family };

	rule.priority = rule.family == AF_INET ? place->priority_v4 :
						 place->priority_v6;
	rule.priority -= !is_catch;
	if (step->priority)
		rule.priority = step->priority;
	rule.mark = step->mark ? step->mark : place->mark;
	rule.table = is_catch ? rule.mark : TABLE_MAIN;
	rule.mark = is_catch ? rule.mark : 0;
	rule.is_inverted = is_catch;
	rule.suppresses_default = !is_catch;
	return rule;
}

void print_catch(const struct plan *plan, const struct step *step, bool on,
		 FILE *file, const char *lead)
{
	struct rule rule = rule_of(plan, step, true);

	fprintf(file, "%sip -%d rule %s priority %u not fwmark %u table %u%s\n",
		lead, family_digit(rule.family), on ? "add" : "delete",
		rule.priority, rule.mark, rule.table,
		on ? " protocol kernel" : "");
}

void print_spare(const struct plan *plan, const struct step *step, bool on,
		 FILE *file, const char *lead)
{
	struct rule rule = rule_of(plan, step, false);

	fprintf(file, "%sip -%d rule %s priority %u table main "
		"suppress_prefixlength 0%s\n", lead,
		family_digit(rule.family), on ? "add" : "delete",
		rule.priority, on ? " protocol kernel" : "");
}

/*
 * The catching rule is also the claim on a number: it is chosen and the rule
 * added under one lock, so that tunnels which come up at once choose different
 * ones. Until there is a route in its table a rule has no effect.
 */
static int rule_claim(struct plan *plan, const struct step *step)
{
	const struct config *config = plan->settings->config;
	int fd = open(LOCK_PATH, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		      0600);
	struct rule rule;
	int error = 0;

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX))
		error = -errno;
	if (!error)
		error = place_find(&plan->facts.place, plan->rtnl,
				   config->fwmark);
	if (!error) {
		rule = rule_of(plan, step, true);
		error = rtnl_rule(plan->rtnl, true, &rule);
	}
	close(fd);
	plan->is_placed = !error;
	return error;
}

const char *run_catch(struct plan *plan, const struct step *step, bool on)
{
	struct rule rule = rule_of(plan, step, true);

	if (on && !plan->is_placed)
		return reason_of(rule_claim(plan, step));
	return reason_of(rtnl_rule(plan->rtnl, on, &rule));
}

const char *run_spare(struct plan *plan, const struct step *step, bool on)
{
	struct rule rule = rule_of(plan, step, false);

	return reason_of(rtnl_rule(plan->rtnl, on, &rule));
}
