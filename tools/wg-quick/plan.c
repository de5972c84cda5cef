// SPDX-License-Identifier: GPL-2.0
#include "tools/wg-quick/plan.h"

#include <stdlib.h>

#include "tools/wg-quick/process.h"
#include "tools/wg-quick/step.h"

#define TRACE	"[#] "

struct step *plan_add(struct plan *plan, enum step_kind kind)
{
	static struct step nowhere;
	size_t room = plan->room ? 2 * plan->room : 32;
	struct step *grown, *step = &nowhere;

	if (plan->n == plan->room) {
		grown = reallocarray(plan->step, room, sizeof(*grown));
		plan->has_failed |= !grown;
		if (grown) {
			plan->step = grown;
			plan->room = room;
		}
	}
	if (plan->n < plan->room)
		step = &plan->step[plan->n++];
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	return step;
}

void plan_free(struct plan *plan)
{
	free(plan->step);
	route_list_free(&plan->routes);
	live_free(&plan->live);
	device_free(&plan->change);
	memset(plan, 0, sizeof(*plan));
}

static void step_print(const struct plan *plan, const struct step *step,
		       bool on, FILE *file, const char *lead)
{
	step_kinds[step->kind].print(plan, step, on, file, lead);
}

void plan_print(struct plan *plan, FILE *file)
{
	size_t i;

	plan->is_printed = true;
	for (i = 0; i < plan->n; i++)
		step_print(plan, &plan->step[i], !plan->step[i].is_off, file,
			   "");
}

/* One message: where it comes from, the command, and why not. */
static void complain(struct plan *plan, const struct step *step, bool on,
		     const char *reason)
{
	char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);

	if (file) {
		step_print(plan, step, on, file, "");
		fclose(file);
	}
	fprintf(stderr, "wg-quick: %s:", plan->settings->path);
	if (step->line)
		fprintf(stderr, "%u:%u:", step->line, step->column);
	fprintf(stderr, " %.*s: %s\n", text ? (int)strcspn(text, "\n") : 0,
		text ? text : "", reason);
	free(text);
}

static bool step_do(struct plan *plan, const struct step *step, bool on)
{
	const char *reason;

	step_print(plan, step, on, stderr, TRACE);
	reason = step_kinds[step->kind].run(plan, step, on);
	if (reason)
		complain(plan, step, on, reason);
	return !reason;
}

/* Whether the removal of the link, which will come, takes it along. */
static bool goes_with_link(const struct plan *plan, const struct step *step)
{
	if (plan->step[0].kind != STEP_LINK || plan->step[0].is_off)
		return false;
	if (step->kind == STEP_ROUTE)
		return step->route.kind == ROUTE_DEVICE;
	return step_kinds[step->kind].goes_with_link;
}

/* What the hooks of the way up did, those of the way down can undo. */
static void undo_hooks(struct plan *plan, enum config_key key)
{
	size_t first = plan->n, i;

	plan_add_hooks(plan, key);
	for (i = first; i < plan->n; i++)
		step_do(plan, &plan->step[i], true);
	plan->n = first;
}

static void plan_undo(struct plan *plan, size_t done)
{
	const struct step *step;
	size_t i;

	signals_ignore();
	if (plan->post_up_ran)
		undo_hooks(plan, CONFIG_PRE_DOWN);
	for (i = done; i-- > 0;) {
		step = &plan->step[i];
		if (step_kinds[step->kind].can_undo &&
		    !goes_with_link(plan, step))
			step_do(plan, step, step->is_off);
	}
	if (plan->up_hooks_ran)
		undo_hooks(plan, CONFIG_POST_DOWN);
}

/* What may forbid the way down; nothing is gone by then. */
static bool is_gate(const struct step *step)
{
	return step->kind == STEP_SAVE ||
	       (step->kind == STEP_HOOK && step->hook == CONFIG_PRE_DOWN);
}

bool plan_run(struct plan *plan, bool undoes)
{
	bool good = true;
	size_t i;

	for (i = 0; i < plan->n; i++) {
		if (undoes && signals_caught()) {
			fprintf(stderr, "wg-quick: %s: stopped by signal %d\n",
				plan->settings->name, signals_caught());
			good = false;
		} else if (!step_do(plan, &plan->step[i],
				    !plan->step[i].is_off)) {
			good = false;
		}
		if (!good && undoes) {
			plan_undo(plan, i);
			return false;
		}
		if (!good && is_gate(&plan->step[i]))
			return false;
	}
	return good;
}
