/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands of wg-quick. Each gets the words behind its own name and
 * returns the exit status.
 */
#ifndef TOOLS_WG_QUICK_COMMAND_H
#define TOOLS_WG_QUICK_COMMAND_H

#include <stdio.h>

#include "tools/wg-quick/settings.h"

typedef int command(int argc, char **argv);

command command_up, command_start, command_down, command_save, command_reload,
	command_plan, command_strip, command_check, command_new, command_resolve;

/* "wg-quick: " and the message on stderr; returns 1. */
__attribute__((format(printf, 1, 2)))
int fail(const char *format, ...);

/* Prints how @name is used on stderr; returns 1. */
int fail_usage(const char *name);

/*
 * Finds and reads the configuration @argument means. False when there is none
 * without a mistake: the first one was printed then.
 */
bool settings_open(struct settings *settings, const char *argument);

void note_print(const char *path, const struct config_note *note, FILE *file);

#endif /* TOOLS_WG_QUICK_COMMAND_H */
