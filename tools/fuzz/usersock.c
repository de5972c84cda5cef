// SPDX-License-Identifier: GPL-2.0
/* What a user-space implementation answers to "get". */
#include "tools/fuzz/fuzz.h"

#include "tools/wg/usersock.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	char *copy = malloc(len + 1), *line, *next;
	struct usersock_answer answer = { 0 };
	struct device device;

	must(copy);
	memcpy(copy, data, len);
	copy[len] = 0;
	device_init(&device, "wg0");
	answer.device = &device;
	for (line = copy; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		usersock_read_line(&answer, line);
	}
	if (!answer.error) {
		device_derive_public_key(&device);
		fuzz_show(&device);
		fuzz_write(&device);
	}
	device_free(&device);
	free(copy);
	return 0;
}
