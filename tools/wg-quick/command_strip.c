// SPDX-License-Identifier: GPL-2.0
/*
 * What `wg setconf' takes of a configuration: every line but those with keys
 * of wg-quick. Keys that are in files of their own are put in their place.
 */
#include "tools/wg-quick/command.h"

#include <stdlib.h>

/* What to print in place of a line; NULL: nothing. */
struct patch {
	u32 line;
	const char *name;
	const u8 *key;
};

struct patches {
	struct patch *patch;
	size_t n;
};

static void patches_add(struct patches *patches,
			const struct config_items *items,
			enum config_key file_key, const char *name,
			const u8 *key)
{
	struct patch *patch;
	size_t i;

	for (i = 0; i < items->n; i++) {
		if (!config_key_is_quick(items->item[i].key))
			continue;
		patch = &patches->patch[patches->n++];
		memset(patch, 0, sizeof(*patch));
		patch->line = items->item[i].line;
		if (items->item[i].key == file_key) {
			patch->name = name;
			patch->key = key;
		}
	}
}

static int patch_compare(const void *a, const void *b)
{
	const struct patch *x = a, *y = b;

	return x->line < y->line ? -1 : x->line > y->line;
}

/* In the order of lines: an [Interface] may stand between two peers. */
static bool patches_read(struct patches *patches, const struct config *config)
{
	size_t n = config->items.n, i;

	for (i = 0; i < config->peer_n; i++)
		n += config->peer[i].items.n;
	patches->n = 0;
	patches->patch = calloc(n + 1, sizeof(*patches->patch));
	if (!patches->patch)
		return false;
	patches_add(patches, &config->items, CONFIG_PRIVATE_KEY_FILE,
		    "PrivateKey", config->private_key);
	for (i = 0; i < config->peer_n; i++)
		patches_add(patches, &config->peer[i].items,
			    CONFIG_PRESHARED_KEY_FILE, "PresharedKey",
			    config->peer[i].preshared_key);
	qsort(patches->patch, patches->n, sizeof(*patches->patch),
	      patch_compare);
	return true;
}

static void patch_print(const struct patch *patch)
{
	char text[KEY_BASE64_LEN + 1];

	if (!patch->name)
		return;
	key_write_base64(text, patch->key);
	printf("%s = %s\n", patch->name, text);
	memzero_explicit(text, sizeof(text));
}

static void line_print(const char *start, const char *end)
{
	while (start < end && strchr(" \t\r", *start))
		start++;
	while (end > start && strchr(" \t\r", end[-1]))
		end--;
	printf("%.*s\n", (int)(end - start), start);
}

static void text_print(const struct config *config,
		       const struct patches *patches)
{
	const char *c = config->text, *stop = c + config->text_len, *end;
	const struct patch *patch = patches->patch;
	const struct patch *last = patch + patches->n;
	u32 line;

	for (line = 1; c < stop; line++, c = end + 1) {
		end = memchr(c, '\n', stop - c);
		if (!end)
			end = stop;
		if (patch < last && patch->line == line)
			patch_print(patch++);
		else
			line_print(c, end);
	}
	putchar('\n');
}

int command_strip(int argc, char **argv)
{
	static char output[65536];
	struct settings settings;
	struct patches patches;

	if (argc != 1)
		return fail_usage("strip");
	if (!settings_open(&settings, argv[0]))
		return 1;
	/* A buffer of our own, because stdio's would keep keys. */
	setvbuf(stdout, output, _IOFBF, sizeof(output));
	if (patches_read(&patches, settings.config))
		text_print(settings.config, &patches);
	else
		fail("not enough memory");
	free(patches.patch);
	settings_free(&settings);
	fflush(stdout);
	memzero_explicit(output, sizeof(output));
	return ferror(stdout) ? 1 : 0;
}
