// SPDX-License-Identifier: GPL-2.0
/* Steps that configure WireGuard itself, as `wg' would. */
#include "tools/wg-quick/step.h"

#include <errno.h>

#include "tools/wg/backend.h"
#include "tools/wg/change.h"
#include "tools/wg/resolve.h"

static const char no_memory[] = "not enough memory";

void print_configure(const struct plan *plan, const struct step *step, bool on,
		     FILE *file, const char *lead)
{
	(void)step, (void)on;
	fprintf(file, "%swg setconf %s <(wg-quick strip %s)\n", lead,
		plan->settings->name, plan->settings->path);
}

const char *run_configure(struct plan *plan, const struct step *step, bool on)
{
	int error;

	(void)step, (void)on;
	if (!change_resolve(&plan->change))
		return "an endpoint was not found";
	error = backend_write(&plan->change);
	plan->facts.mtu = mtu_find(plan->rtnl, &plan->change,
				   plan->change.fwmark);
	return error ? strerror(-error) : NULL;
}

void print_fwmark(const struct plan *plan, const struct step *step, bool on,
		  FILE *file, const char *lead)
{
	(void)step;
	fprintf(file, "%swg set %s fwmark %u\n", lead, plan->settings->name,
		on ? plan->facts.place.mark : plan->live.device.fwmark);
}

const char *run_fwmark(struct plan *plan, const struct step *step, bool on)
{
	struct device change;
	int error;

	(void)step;
	device_init(&change, plan->settings->name);
	change.has_fwmark = true;
	change.fwmark = on ? plan->facts.place.mark : plan->live.device.fwmark;
	error = backend_write(&change);
	return error ? strerror(-error) : NULL;
}

void print_synchronize(const struct plan *plan, const struct step *step,
		       bool on, FILE *file, const char *lead)
{
	(void)step, (void)on;
	fprintf(file, "%swg syncconf %s <(wg-quick strip %s)\n", lead,
		plan->settings->name, plan->settings->path);
}

static const char *synchronize(struct device *change)
{
	struct device current;
	int error;

	device_init(&current, change->name);
	error = backend_read(&current);
	if (!error && !change_synchronize(change, &current))
		error = -ENOMEM;
	device_free(&current);
	if (!error)
		error = backend_write(change);
	return error ? strerror(-error) : NULL;
}

/* All of @from, as a change that makes an interface equal to it. */
static bool change_copy(struct device *change, const struct device *from)
{
	const struct prefix *allowed;
	struct prefix *prefix;
	struct peer *peer;
	size_t i, k;

	memcpy(change->private_key, from->private_key, KEY_LEN);
	change->listen_port = from->listen_port;
	change->fwmark = from->fwmark;
	change->has_private_key = true;
	change->has_listen_port = true;
	change->has_fwmark = true;
	change->replaces_peers = true;
	for (i = 0; i < from->peer_n; i++) {
		peer = device_add_peer(change);
		if (!peer)
			return false;
		*peer = from->peer[i];
		peer->allowed_first = change->allowed_n;
		peer->allowed_n = 0;
		peer->replaces_allowed = true;
		peer->has_keepalive = true;
		allowed = peer_allowed(from, &from->peer[i]);
		for (k = 0; k < from->peer[i].allowed_n; k++) {
			prefix = device_add_allowed(change);
			if (!prefix)
				return false;
			*prefix = allowed[k];
		}
	}
	return true;
}

const char *run_synchronize(struct plan *plan, const struct step *step,
			    bool on)
{
	const char *reason = no_memory;
	struct device back;

	(void)step;
	if (on) {
		if (!change_resolve(&plan->change))
			return "an endpoint was not found";
		plan->facts.mtu = mtu_find(plan->rtnl, &plan->change,
					   plan->live.device.fwmark);
		return synchronize(&plan->change);
	}
	device_init(&back, plan->settings->name);
	if (change_copy(&back, &plan->live.device))
		reason = synchronize(&back);
	device_free(&back);
	return reason;
}
