/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kinds of steps. @on: make, else take away; a step that is_off swaps the
 * two, which plan.c sees to.
 */
#ifndef TOOLS_WG_QUICK_STEP_H
#define TOOLS_WG_QUICK_STEP_H

#include "tools/wg-quick/plan.h"

/* Prints commands on @file, each line of them behind @lead. */
typedef void step_printer(const struct plan *plan, const struct step *step,
			  bool on, FILE *file, const char *lead);
/* NULL or why not. */
typedef const char *step_runner(struct plan *plan, const struct step *step,
				bool on);

struct step_kind_row {
	step_printer *print;
	step_runner *run;
	bool can_undo;
	bool goes_with_link;	/* the kernel undoes it when the link goes */
};

extern const struct step_kind_row step_kinds[STEP_KIND_N];

step_printer print_link, print_hook, print_configure, print_synchronize,
	print_fwmark, print_address, print_up, print_servers, print_domains,
	print_resolvconf, print_valid_mark, print_promote, print_catch,
	print_spare, print_firewall, print_route, print_save;
step_runner run_link, run_hook, run_configure, run_synchronize, run_fwmark,
	run_address, run_up, run_servers, run_domains, run_resolvconf,
	run_valid_mark, run_promote, run_catch, run_spare, run_firewall,
	run_route, run_save;

/* A prefix as ip(8) takes it: "10.0.0.0/8", "default". */
#define PREFIX_TEXT_LEN	64
void prefix_write(char text[PREFIX_TEXT_LEN], const struct prefix *prefix);

/* A hook with "%i" replaced; to be freed. NULL: no memory. */
char *hook_expand(const char *text, const char *name);

#endif /* TOOLS_WG_QUICK_STEP_H */
