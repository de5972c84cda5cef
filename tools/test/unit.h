/* SPDX-License-Identifier: GPL-2.0 */
/* Between the files of the unit tests of wg. */
#ifndef TOOLS_TEST_UNIT_H
#define TOOLS_TEST_UNIT_H

#include "crypto/port.h"

/* Prints a line of result, and counts it. */
void check(bool good, const char *what);

/* Conversations with a kernel that is a function (unit_netlink.c). */
void test_netlink(void);

#endif /* TOOLS_TEST_UNIT_H */
