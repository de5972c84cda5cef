// SPDX-License-Identifier: GPL-2.0
/* Runs both programs and compares what they did. */
#include "tools/test/differential.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* xorshift64*, by Vigna: a case is repeated by its seed. */
u32 rng(u32 below)
{
	rng_state ^= rng_state >> 12;
	rng_state ^= rng_state << 25;
	rng_state ^= rng_state >> 27;
	return (u32)((rng_state * 0x2545f4914f6cdd1dull) >> 33) % below;
}

void die(const char *what)
{
	perror(what);
	exit(2);
}

const char *path_of(const char *name)
{
	static char path[4][320];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", directory, name);
	return path[turn];
}

void file_write(const char *name, const char *text, size_t len)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		die(name);
	close(fd);
}

size_t file_slurp(const char *name, char *text)
{
	int fd = open(path_of(name), O_RDONLY);
	ssize_t n, len = 0;

	if (fd < 0)
		die(name);
	while ((n = read(fd, text + len, OUTPUT_LEN - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = 0;
	return len;
}

static void redirect(const char *path, int flags, int to)
{
	int fd = open(path, flags, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
	close(fd);
}

/* Runs @program with the words; stdin is the file "stdin". */
void run(const char *program, struct result *result)
{
	char *argv[WORDS_MAX + 2];
	pid_t child;
	int i, status;

	argv[0] = "wg";
	for (i = 0; i < words.n; i++)
		argv[i + 1] = words.word[i];
	argv[words.n + 1] = NULL;
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		redirect(path_of("stdin"), O_RDONLY, 0);
		redirect(path_of("out"), O_WRONLY | O_CREAT | O_TRUNC, 1);
		redirect(path_of("err"), O_WRONLY | O_CREAT | O_TRUNC, 2);
		execv(program, argv);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	result->status = WIFEXITED(status) ? WEXITSTATUS(status) :
					     1000 + WTERMSIG(status);
	if (result->status == 126 || result->status == 127)
		die(program);
	result->out_len = file_slurp("out", result->out);
	result->err_len = file_slurp("err", result->err);
}

void words_set(int n, ...)
{
	va_list list;
	int i;

	va_start(list, n);
	words.n = n;
	for (i = 0; i < n; i++)
		snprintf(words.word[i], WORD_LEN, "%s", va_arg(list, char *));
	va_end(list);
}

__attribute__((format(printf, 1, 2)))
void words_add(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(words.word[words.n++], WORD_LEN, format, list);
	va_end(list);
}

/* Making two outputs comparable. */

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the pieces of @text that @separator ends. */
void sort_pieces(char *text, const char *separator)
{
	static char copy[OUTPUT_LEN + 8];
	static char *piece[OUTPUT_LEN / 2];
	size_t n = 0, len = strlen(separator), i;
	char *c, *next;

	snprintf(copy, sizeof(copy), "%s", text);
	for (c = copy; *c; c = next) {
		piece[n++] = c;
		next = strstr(c, separator);
		if (!next)
			break;
		*next = 0;
		next += len;
	}
	/* The last paragraph ends in a newline of its own. */
	c = n ? strrchr(piece[n - 1], '\n') : NULL;
	if (c && !c[1])
		*c = 0;
	qsort(piece, n, sizeof(*piece), compare_text);
	*text = 0;
	for (i = 0; i < n; i++) {
		text = stpcpy(text, piece[i]);
		text = stpcpy(text, "\n");
	}
}

/* A port nobody chose is none (kernel, down) or a random one (wireguard-go). */
void mask_port(char *dump)
{
	char *tab = dump;
	int column;

	for (column = 0; column < 2 && tab; column++) {
		tab = strchr(tab, '\t');
		tab += tab ? 1 : 0;
	}
	if (tab && (atoi(tab) == 0 || atoi(tab) >= 32768))
		memset(tab, 'R', strspn(tab, "0123456789") ? 1 : 0);
	if (tab && *tab == 'R')
		memmove(tab + 1, tab + 1 + strspn(tab + 1, "0123456789"),
			strlen(tab + 1 + strspn(tab + 1, "0123456789")) + 1);
}

void strip_interface(char *text)
{
	size_t len = strlen(interface);
	char *to = text;

	while (*text) {
		if (!strncmp(text, interface, len) && text[len] == '\t')
			text += len + 1;
		do
			*to++ = *text;
		while (*text && *text++ != '\n');
		if (!to[-1])
			return;
	}
	*to = 0;
}

void report(const char *what)
{
	int i;

	difference_n++;
	printf("# differs: %s:", what);
	for (i = 0; i < words.n; i++)
		printf(" '%s'", words.word[i]);
	printf("\n# ours: status %d\n%s%s# theirs: status %d\n%s%s",
	       ours.status, ours.out, ours.err, theirs.status, theirs.out,
	       theirs.err);
}

void compare(const char *what, bool has_paragraphs)
{
	const char *separator = has_paragraphs ? "\n\n" : "\n";

	check_n++;
	refused_n += theirs.status != 0;
	if (is_user) {
		sort_pieces(ours.out, separator);
		sort_pieces(theirs.out, separator);
	}
	if (ours.status != theirs.status ||
	    (ours.status && (!ours.err_len || !theirs.err_len)) ||
	    strcmp(ours.out, theirs.out))
		report(what);
}
