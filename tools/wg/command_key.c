// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/curve25519.h"
#include "tools/config/key.h"
#include "tools/wg/show.h"

static bool random_read(u8 *bytes, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = getrandom(bytes + done, len - done, 0);
		if (n < 0 && errno != EINTR)
			return false;
		done += n > 0 ? n : 0;
	}
	return true;
}

static void warn_if_readable(void)
{
	struct stat st;

	if (!fstat(STDOUT_FILENO, &st) && S_ISREG(st.st_mode) &&
	    st.st_mode & S_IRWXO)
		fputs("Warning: writing a secret to a world accessible file.\n"
		      "Consider setting the umask to 077 and trying again.\n",
		      stderr);
}

static void key_print(u8 key[KEY_LEN])
{
	print_key(key);
	putchar('\n');
	memzero_explicit(key, KEY_LEN);
}

static int generate(const char *name, int argc, bool is_scalar)
{
	u8 key[KEY_LEN];

	if (argc)
		return fail_usage(name);
	warn_if_readable();
	if (!random_read(key, sizeof(key)))
		return fail("getrandom: %s", strerror(errno));
	if (is_scalar)
		x25519_clamp(key);
	key_print(key);
	return 0;
}

int command_genkey(int argc, char **argv)
{
	(void)argv;
	return generate("genkey", argc, true);
}

int command_genpsk(int argc, char **argv)
{
	(void)argv;
	return generate("genpsk", argc, false);
}

/* All of stdin must be a key, white space and NULs. */
static bool key_receive(u8 key[KEY_LEN])
{
	char text[KEY_BASE64_LEN];
	bool good;
	int c;

	good = fread(text, 1, sizeof(text), stdin) == sizeof(text) &&
	       key_read_base64(key, text);
	memzero_explicit(text, sizeof(text));
	while (good && (c = getchar()) != EOF)
		good = !c || c == ' ' || (c >= '\t' && c <= '\r');
	return good;
}

int command_pubkey(int argc, char **argv)
{
	u8 secret[KEY_LEN], public[KEY_LEN];
	bool good;

	(void)argv;
	if (argc)
		return fail_usage("pubkey");
	setvbuf(stdin, NULL, _IONBF, 0);
	good = key_receive(secret);
	if (good)
		x25519_base(public, secret);
	memzero_explicit(secret, sizeof(secret));
	if (!good)
		return fail("standard input: expected a key: 44 characters of "
			    "base64 that end in '='");
	key_print(public);
	return 0;
}
