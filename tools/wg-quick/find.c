// SPDX-License-Identifier: GPL-2.0
/* Which file, and which interface, an argument means. */
#include "tools/wg-quick/settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef CONFIG_DIR
#define CONFIG_DIR "/etc/wireguard"
#endif

#define NAME_CHARACTERS							\
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_=+.-"

/* What the kernel refuses as well: it makes directories of these names. */
static bool name_is_directory(const char *name, size_t len)
{
	return !strncmp(name, "..", len) && len <= 2;
}

static bool name_is_good(const char *name, size_t len)
{
	return len && len < IFNAMSIZ &&
	       strspn(name, NAME_CHARACTERS) >= len &&
	       !name_is_directory(name, len);
}

bool file_is_open(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode) &&
	       st.st_mode & S_IROTH;
}

/* NAME of "DIRECTORY/NAME.conf". */
static bool name_take(char name[IFNAMSIZ], const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *start = slash ? slash + 1 : path;
	size_t len = strlen(start);

	if (len <= 5 || strcmp(start + len - 5, ".conf") ||
	    !name_is_good(start, len - 5))
		return false;
	memcpy(name, start, len - 5);
	name[len - 5] = 0;
	return true;
}

/*
 * "wg0.conf" could be the name of an interface, but is a file here, unless
 * there is such an interface's.
 */
static void path_find(char path[PATH_MAX], const char *argument)
{
	size_t len = strlen(argument);

	snprintf(path, PATH_MAX, CONFIG_DIR "/%s.conf", argument);
	if (!name_is_good(argument, len) ||
	    (len > 5 && !strcmp(argument + len - 5, ".conf") &&
	     access(path, F_OK)))
		snprintf(path, PATH_MAX, "%s", argument);
}

bool settings_find(struct settings *settings, const char *argument,
		   const char **reason)
{
	char path[PATH_MAX], *real;

	memset(settings, 0, sizeof(*settings));
	path_find(path, argument);
	snprintf(settings->path, sizeof(settings->path), "%s", path);
	*reason = "expected a file NAME.conf, where NAME can be the name of an "
		  "interface: at most 15 letters, digits and _ = + . -";
	if (!name_take(settings->name, path))
		return false;
	real = realpath(path, NULL);
	*reason = errno == ENOENT ? "does not exist" : strerror(errno);
	if (!real)
		return false;
	snprintf(settings->path, sizeof(settings->path), "%s", real);
	free(real);
	return true;
}
