// SPDX-License-Identifier: GPL-2.0
/*
 * Any text as a configuration of wg-quick: read, its routes calculated, its
 * plan printed. The first byte chooses the machine; key files are not opened.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tools/fuzz/fuzz.h"
#include "tools/wg-quick/plan.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	struct settings settings = { .name = "wg0", .path = "wg0.conf" };
	struct plan plan = { .settings = &settings };
	static FILE *nowhere;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!len || !nowhere)
		return 0;
	plan.facts.has_ipv6 = true;
	plan.facts.has_valid_mark = data[0] & 1;
	plan.facts.dns = data[0] >> 1 & 1 ? DNS_RESOLVED : DNS_RESOLVCONF;
	if (settings_read(&settings, (const char *)data + 1, len - 1) &&
	    !settings.config->error_n && !plan_up(&plan))
		plan_print(&plan, nowhere);
	plan_free(&plan);
	settings_free(&settings);
	return 0;
}
