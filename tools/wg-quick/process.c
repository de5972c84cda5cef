// SPDX-License-Identifier: GPL-2.0
#include "tools/wg-quick/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
static volatile sig_atomic_t caught;

static void note_signal(int number)
{
	caught = number;
}

static void signals_set(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };
	size_t i;

	/* Without SA_RESTART: whoever waits shall hear of it. */
	for (i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, NULL);
}

void signals_catch(void)
{
	/* The read end of a pipe to a child may be gone; write() says so. */
	signal(SIGPIPE, SIG_IGN);
	signals_set(note_signal);
}

void signals_ignore(void)
{
	signals_set(SIG_IGN);
	caught = 0;
}

int signals_caught(void)
{
	return caught;
}

bool process_find(const char *name)
{
	const char *path = getenv("PATH");
	char file[4096];
	int len;

	if (!path || strchr(name, '/'))
		return !access(name, X_OK);
	for (; *path; path += len + (path[len] == ':')) {
		len = strcspn(path, ":");
		snprintf(file, sizeof(file), "%.*s/%s", len, path, name);
		if (!access(file, X_OK))
			return true;
	}
	return false;
}

__attribute__((noreturn))
static void child_run(const char *const argv[], int input)
{
	signals_set(SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	if (input >= 0)
		dup2(input, STDIN_FILENO);
	execvp(argv[0], (char *const *)argv);
	fprintf(stderr, "wg-quick: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Waits, passing on a signal that comes meanwhile, once. */
static int child_wait(pid_t child)
{
	bool is_told = false;
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
		if (caught && !is_told)
			kill(child, SIGTERM);
		is_told = caught;
	}
	return status;
}

static void input_write(int fd, const char *input)
{
	size_t len = strlen(input);
	ssize_t n;

	do {
		n = write(fd, input, len);
		if (n > 0) {
			input += n;
			len -= n;
		}
	} while (len && (n > 0 || errno == EINTR));
	close(fd);
}

static const char *status_text(int status)
{
	static char text[64];

	if (status < 0)
		return strerror(-status);
	if (WIFSIGNALED(status))
		snprintf(text, sizeof(text), "killed by signal %d",
			 WTERMSIG(status));
	else
		snprintf(text, sizeof(text), "exit status %d",
			 WEXITSTATUS(status));
	return status ? text : NULL;
}

const char *process_run(const char *const argv[], const char *input)
{
	int pipe_fd[2] = { -1, -1 };
	pid_t child;

	if (input && pipe2(pipe_fd, O_CLOEXEC))
		return strerror(errno);
	fflush(NULL);
	child = fork();
	if (!child)
		child_run(argv, pipe_fd[0]);
	if (input) {
		close(pipe_fd[0]);
		if (child > 0)
			input_write(pipe_fd[1], input);
		else
			close(pipe_fd[1]);
	}
	return child < 0 ? strerror(errno) : status_text(child_wait(child));
}

const char *process_run_shell(const char *line)
{
	const char *shell = process_find("bash") ? "bash" : "sh";
	const char *const argv[] = { shell, "-c", line, NULL };

	return process_run(argv, NULL);
}
