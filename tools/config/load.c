// SPDX-License-Identifier: GPL-2.0
/* A file of secrets in memory, and out of it again. */
#include "tools/config/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_LEN_MAX	(1u << 30)

/* realloc() without leaving a copy of the keys behind. */
static bool text_grow(char **text, size_t len, size_t *room, size_t wanted)
{
	char *grown = malloc(wanted);

	if (!grown)
		return false;
	if (len)
		memcpy(grown, *text, len);
	config_text_free(*text, len);
	*text = grown;
	*room = wanted;
	return true;
}

/* 1: more may come, 0: end, -1: errno. Leaves room for a NUL. */
static int text_fill(int fd, char **text, size_t *len, size_t *room)
{
	ssize_t n;

	if (*len + 1 >= *room) {
		if (*room >= TEXT_LEN_MAX) {
			errno = EFBIG;
			return -1;
		}
		if (!text_grow(text, *len, room, 2 * *room))
			return -1;
	}
	do
		n = read(fd, *text + *len, *room - *len - 1);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		*len += n;
	return n > 0 ? 1 : n;
}

/* What a regular file needs at once, and a start for all others. */
static size_t text_room(int fd)
{
	struct stat st;

	if (fstat(fd, &st) || st.st_size < 4096 || st.st_size >= TEXT_LEN_MAX)
		return 4096;
	return st.st_size + 2;
}

bool config_text_load(const char *path, char **text, size_t *len)
{
	bool is_stdin = !strcmp(path, "-");
	size_t room = 0;
	int fd, more = -1, error;

	*text = NULL;
	*len = 0;
	fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (text_grow(text, 0, &room, text_room(fd)))
		do
			more = text_fill(fd, text, len, &room);
		while (more > 0);
	error = errno;
	if (!is_stdin)
		close(fd);
	if (more < 0) {
		config_text_free(*text, *len);
		*text = NULL;
		errno = error;
		return false;
	}
	(*text)[*len] = 0;
	return true;
}

void config_text_free(char *text, size_t len)
{
	if (text)
		memzero_explicit(text, len);
	free(text);
}
