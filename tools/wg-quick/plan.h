/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A run of wg-quick as a list of steps. A step can be printed as the command
 * a person would type, done, and undone; what each kind of step is, is one row
 * of a table (step.c). Making a plan changes nothing.
 */
#ifndef TOOLS_WG_QUICK_PLAN_H
#define TOOLS_WG_QUICK_PLAN_H

#include <stdio.h>

#include "tools/wg-quick/facts.h"
#include "tools/wg-quick/live.h"
#include "tools/wg-quick/settings.h"

enum step_kind {
	STEP_LINK,
	STEP_HOOK,
	STEP_CONFIGURE,		/* an interface just made */
	STEP_SYNCHRONIZE,	/* one that runs */
	STEP_FWMARK,
	STEP_ADDRESS,
	STEP_UP,
	STEP_DNS_SERVERS,
	STEP_DNS_DOMAINS,
	STEP_DNS_RESOLVCONF,
	STEP_VALID_MARK,
	STEP_PROMOTE,
	STEP_RULE_CATCH,
	STEP_RULE_SPARE,
	STEP_FIREWALL,
	STEP_ROUTE,
	STEP_SAVE,
	STEP_KIND_N
};

struct step {
	enum step_kind kind;
	bool is_off;		/* takes away what the kind makes */
	u16 family;		/* of a rule */
	u32 priority;		/* of a rule that is there, and */
	u32 mark;		/* its mark; 0: plan->facts.place has both */
	u32 mtu;		/* 0: plan->facts.mtu */
	struct prefix prefix;
	struct route route;	/* table 0: plan->facts.place.mark */
	enum config_key hook;
	const char *text;	/* of a hook; lent by the settings */
	u32 line;		/* of the configuration; 0: of no line */
	u32 column;
};

struct plan {
	const struct settings *settings;
	struct facts facts;
	struct live live;
	struct route_list routes;
	struct step *step;
	size_t n;
	size_t room;
	bool is_printed;	/* only; else a trace of what is done */
	bool has_failed;	/* memory was short */
	bool is_placed;		/* facts.place.mark is ours */
	bool up_hooks_ran;
	bool post_up_ran;
	/* Of a run. */
	struct netlink *rtnl;
	u32 ifindex;
	struct device change;	/* of the interface; borrows of settings */
};

/*
 * The plans. All want plan->settings; the first plan->facts as well, the
 * others plan->live, reload both. NULL, or why there can be no such plan.
 */
const char *plan_up(struct plan *plan);
const char *plan_down(struct plan *plan);
const char *plan_save(struct plan *plan);
const char *plan_reload(struct plan *plan);

void plan_free(struct plan *plan);

/* A step of @kind, zeroed but for that; never NULL (see has_failed). */
struct step *plan_add(struct plan *plan, enum step_kind kind);

/* Pieces that several plans have. */
void plan_add_hooks(struct plan *plan, enum config_key key);
void plan_add_dns(struct plan *plan);
void plan_add_rules(struct plan *plan, u16 family);
struct step *plan_add_address(struct plan *plan, const struct prefix *prefix);
struct step *plan_add_route(struct plan *plan, const struct route *route);
void plan_drop_dns(struct plan *plan);
void plan_drop_rules(struct plan *plan, u16 family,
		     const struct live_rules *rules);

/* Whether @prefix is of IPv6, and there is none here. */
bool plan_skips(const struct plan *plan, const struct prefix *prefix);

/* NULL, or why the DNS line cannot be followed. */
const char *plan_check_dns(const struct plan *plan);

/* Prints all steps as commands. */
void plan_print(struct plan *plan, FILE *file);

/*
 * Does the steps in order, each with a trace on stderr. When one fails, or a
 * signal comes, @undoes says whether the steps done are undone, in reverse, or
 * the rest is done all the same. True: all went well.
 */
bool plan_run(struct plan *plan, bool undoes);

#endif /* TOOLS_WG_QUICK_PLAN_H */
