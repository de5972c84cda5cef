// SPDX-License-Identifier: GPL-2.0
/* The arguments of `wg set`: words that NULs end. */
#include "tools/fuzz/fuzz.h"

#include "tools/wg/change.h"

#define WORDS_MAX	64

static const char *load(u8 key[KEY_LEN], const char *path)
{
	memset(key, *path, KEY_LEN);
	return *path == '!' ? "no such key" : NULL;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	char *copy = malloc(len + 1), *argv[WORDS_MAX], *c;
	struct change_error error = { 0 };
	struct device change;
	int argc = 0;

	must(copy);
	memcpy(copy, data, len);
	copy[len] = 0;
	for (c = copy; c < copy + len && argc < WORDS_MAX; c += strlen(c) + 1)
		argv[argc++] = c;
	device_init(&change, "wg0");
	if (change_read_args(&change, argc, argv, load, &error)) {
		fuzz_write(&change);
	} else {
		must(error.reason);
		must(error.argument >= 0 && error.argument < argc);
	}
	device_free(&change);
	free(copy);
	return 0;
}
