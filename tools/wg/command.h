/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The subcommands of wg. Each gets the words behind its own name, prints what
 * there is to print, and returns the exit status.
 */
#ifndef TOOLS_WG_COMMAND_H
#define TOOLS_WG_COMMAND_H

#include "crypto/port.h"

typedef int command(int argc, char **argv);

command command_show, command_showconf, command_set, command_setconf,
	command_addconf, command_syncconf, command_genkey, command_genpsk,
	command_pubkey;

/* "wg: " and the message on stderr; returns 1, the status of all failures. */
__attribute__((format(printf, 1, 2)))
int fail(const char *format, ...);

/* Prints the usage of the subcommand @name on stderr; returns 1. */
int fail_usage(const char *name);

/* The same on stdout, on demand; returns 0. */
int print_usage(const char *name);

bool is_help(const char *word);

/* Whether the kernel could have an interface of that name; else complains. */
bool interface_check(const char *name);

#endif /* TOOLS_WG_COMMAND_H */
