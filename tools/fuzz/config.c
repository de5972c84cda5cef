// SPDX-License-Identifier: GPL-2.0
/* Configuration text, in both dialects, up to the messages it becomes. */
#include "tools/fuzz/fuzz.h"

#include "tools/wg/change.h"

static void check_items(const struct config_items *items)
{
	size_t i;

	for (i = 0; i < items->n; i++) {
		must(items->item[i].key < CONFIG_KEY_N);
		must(items->item[i].line && items->item[i].column);
		must(!strchr(items->item[i].value, '\n'));
		must(config_key_name(items->item[i].key));
	}
}

static void check_config(const struct config *config)
{
	size_t i, errors = 0;

	check_items(&config->items);
	for (i = 0; i < config->peer_n; i++) {
		check_items(&config->peer[i].items);
		must(!config->peer[i].name || *config->peer[i].name);
		must(config->error_n || config->peer[i].has_public_key);
	}
	for (i = 0; i < config->note_n; i++) {
		errors += config->note[i].severity == CONFIG_ERROR;
		must(config->note[i].line && config->note[i].column);
		must(config->note[i].reason);
	}
	must(errors == config->error_n);
	must(!errors == !config_find_error(config));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct config *config;
	struct device change;

	if (!len)
		return 0;
	config = config_read((const char *)data + 1, len - 1,
			     data[0] & 1 ? CONFIG_QUICK : CONFIG_WG);
	must(config);
	check_config(config);
	if (!config->error_n) {
		device_init(&change, "wg0");
		must(change_read_config(&change, config,
					data[0] & 2 ? CHANGE_SET : CHANGE_ADD));
		must(change.peer_n == config->peer_n);
		fuzz_write(&change);
		device_free(&change);
	}
	config_free(config);
	return 0;
}
