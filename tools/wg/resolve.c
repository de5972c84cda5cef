// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

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

/*
 * Signals are blocked but here, so that none comes between a look and a wait.
 * False: one was handled meanwhile, and nobody wants to wait on.
 */
static bool wait_for(struct pollfd *file, int ms, const sigset_t *signals)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	return ppoll(file, !!file, ms < 0 ? NULL : &time, signals) >= 0;
}

struct answer {
	int error;		/* of getaddrinfo() */
	int system_error;	/* errno, where that says EAI_SYSTEM */
	union endpoint endpoint;
};

__attribute__((noreturn))
static void name_find(const struct peer *peer, const sigset_t *signals, int fd)
{
	struct answer answer = { 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigprocmask(SIG_SETMASK, signals, NULL);
	answer.error = endpoint_find(&answer.endpoint, peer->host, peer->port);
	answer.system_error = errno;
	_exit(write(fd, &answer, sizeof(answer)) != sizeof(answer));
}

/*
 * getaddrinfo() goes on over signals, for as long as a name server is silent:
 * a child looks names up, and is killed when nobody wants to know any more.
 */
static bool name_ask(const struct peer *peer, const sigset_t *signals,
		     struct answer *answer)
{
	struct pollfd end = { .events = POLLIN };
	bool is_wanted = true;
	int pipe_fd[2];
	pid_t child;

	answer->error = EAI_SYSTEM;
	answer->system_error = EIO;
	if (pipe2(pipe_fd, O_CLOEXEC))
		return true;
	child = fork();
	if (!child)
		name_find(peer, signals, pipe_fd[1]);
	close(pipe_fd[1]);
	end.fd = pipe_fd[0];
	if (child > 0) {
		is_wanted = wait_for(&end, -1, signals);
		if (is_wanted && read(end.fd, answer, sizeof(*answer)) < 0)
			answer->system_error = errno;
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	close(end.fd);
	return is_wanted;
}

static bool endpoint_ask(struct peer *peer, const sigset_t *signals,
			 int *error)
{
	struct answer answer = { 0 };

	*error = endpoint_find_number(&peer->endpoint, peer->host, peer->port);
	if (*error != EAI_NONAME)
		return true;
	if (!name_ask(peer, signals, &answer))
		return false;
	*error = answer.error;
	errno = answer.system_error;
	if (!answer.error)
		peer->endpoint = answer.endpoint;
	return true;
}

static const char *reason_text(int error)
{
	return error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error);
}

static bool peer_resolve(struct peer *peer, u64 retries,
			 const sigset_t *signals)
{
	unsigned int wait = WAIT_FIRST_MS;
	int error;

	for (;;) {
		if (!endpoint_ask(peer, signals, &error))
			return false;
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
		if (!wait_for(NULL, wait, signals))
			return false;
		wait = min(wait + wait / 5, WAIT_MAX_MS);
	}
	fputc('\n', stderr);
	return false;
}

bool change_resolve(struct device *change)
{
	sigset_t all, before;
	bool good = true;
	u64 retries;
	size_t i;

	if (!retries_read(&retries))
		return false;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	for (i = 0; i < change->peer_n && good; i++)
		if (change->peer[i].host)
			good = peer_resolve(&change->peer[i], retries, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return good;
}
