// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tools/wg/endpoint.h"

#define RETRIES_VAR	"WG_ENDPOINT_RESOLUTION_RETRIES"
#define RETRIES_DEFAULT	15
#define WAIT_FIRST_MS	1000u
#define WAIT_MAX_MS	20000u

static bool retries_read(u64 *retries)
{
	const char *text = getenv(RETRIES_VAR);
	char *end;

	*retries = RETRIES_DEFAULT;
	if (!text || !*text)
		return true;
	*retries = UINT64_MAX;
	if (!strcmp(text, "infinity"))
		return true;
	errno = 0;
	*retries = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno)
		return true;
	fprintf(stderr, "%s: %s: `%s': expected a number or \"infinity\"\n",
		program_invocation_short_name, RETRIES_VAR, text);
	return false;
}

/* False: a signal was handled meanwhile, and nobody wants to wait on. */
static bool wait_ms(unsigned int ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	return !nanosleep(&time, NULL);
}

static const char *reason_text(int error)
{
	return error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
}

static bool peer_resolve(struct peer *peer, u64 retries)
{
	unsigned int wait = WAIT_FIRST_MS;
	int error;

	for (;;) {
		error = endpoint_find(&peer->endpoint, peer->host, peer->port);
		if (!error)
			return true;
		fprintf(stderr, "%s: endpoint `%s' port `%s': %s",
			program_invocation_short_name, peer->host, peer->port,
			reason_text(error));
		if (!endpoint_error_is_transient(error) || !retries)
			break;
		retries -= retries != UINT64_MAX;
		fprintf(stderr, "; trying again in %u.%02u seconds\n",
			wait / 1000, wait % 1000 / 10);
		if (!wait_ms(wait))
			return false;
		wait = min(wait + wait / 5, WAIT_MAX_MS);
	}
	fputc('\n', stderr);
	return false;
}

bool change_resolve(struct device *change)
{
	u64 retries;
	size_t i;

	if (!retries_read(&retries))
		return false;
	for (i = 0; i < change->peer_n; i++)
		if (change->peer[i].host &&
		    !peer_resolve(&change->peer[i], retries))
			return false;
	return true;
}
