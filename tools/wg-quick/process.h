/* SPDX-License-Identifier: GPL-2.0 */
/* Other programs. */
#ifndef TOOLS_WG_QUICK_PROCESS_H
#define TOOLS_WG_QUICK_PROCESS_H

#include "crypto/port.h"

/*
 * Runs a program found in PATH, with @input on its standard input (NULL: ours).
 * NULL, or why it did not end well; lent until the next call. A signal that was
 * caught meanwhile ends it too.
 */
const char *process_run(const char *const argv[], const char *input);

/* The same of a line of shell. */
const char *process_run_shell(const char *line);

/* Whether PATH has such a program. */
bool process_find(const char *name);

/* The signal that asked us to stop, once signals_catch() was called, or 0. */
void signals_catch(void);
int signals_caught(void);
/* From here on they have no effect: what is done must be undone. */
void signals_ignore(void);

#endif /* TOOLS_WG_QUICK_PROCESS_H */
