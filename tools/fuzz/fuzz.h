/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzz targets share. Services are never looked up while fuzzing
 * (getaddrinfo is renamed by the Makefile): that would time a database.
 */
#ifndef TOOLS_FUZZ_FUZZ_H
#define TOOLS_FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "tools/wg/device.h"
#include "tools/wg/netlink.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

/* A property that must hold whatever the input: ends the run. */
#define must(condition)							\
	do {								\
		if (!(condition)) {					\
			fprintf(stderr, "%s:%d: %s\n", __FILE__,	\
				__LINE__, #condition);			\
			abort();					\
		}							\
	} while (0)

/* stdout becomes /dev/null, once. */
void fuzz_silence(void);

/* Prints the device in every way there is. */
void fuzz_show(const struct device *device);

/* A conversation with a kernel that acknowledges everything. */
void fuzz_write(const struct device *device);

/*
 * The messages that write @device, one behind the other, each led by its
 * length in two bytes; returns the sum of bytes. At most @room are kept.
 */
size_t fuzz_capture(const struct device *device, u8 *messages, size_t room);

/*
 * Reads @device from the pieces in @data, each led by its length in two bytes,
 * little endian: a kernel that answers what it likes.
 */
int fuzz_read(struct device *device, const u8 *data, size_t len);

#endif /* TOOLS_FUZZ_FUZZ_H */
