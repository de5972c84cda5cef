/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A configuration as wg-quick understands it: the text in the larger dialect,
 * and the values of wg-quick's own keys. Key files are read here, so that a
 * struct settings without errors is all that is needed of the file system.
 *
 * Mistakes and warnings are notes of the struct config, as the parser's are.
 */
#ifndef TOOLS_WG_QUICK_SETTINGS_H
#define TOOLS_WG_QUICK_SETTINGS_H

#include <limits.h>
#include <net/if.h>

#include "tools/config/config.h"
#include "tools/wg/change.h"

enum table_mode {
	TABLE_AUTO,	/* main, and a table of its own for default routes */
	TABLE_OFF,	/* no routes at all */
	TABLE_NUMBER,
};

struct text_list {
	char **text;
	size_t n;
};

struct settings {
	char name[IFNAMSIZ];
	char path[PATH_MAX];
	struct config *config;
	struct prefix_list addresses;	/* host bits kept */
	struct prefix_list excluded;	/* for all peers */
	struct prefix_list *peer_excluded;	/* one for each peer */
	struct text_list dns_servers;
	struct text_list dns_domains;
	u32 mtu;			/* 0: to be found out */
	enum table_mode table;
	u32 table_number;
	bool saves;
	key_loader *load;		/* of key files; NULL: none are read */
};

/*
 * The file that @argument, a path or the name of an interface, stands for.
 * False: there is no such file, or its name is no name of an interface;
 * *@reason says which then.
 */
bool settings_find(struct settings *settings, const char *argument,
		   const char **reason);

/*
 * Reads settings->path. False and errno when it cannot be read; what is wrong
 * with what it says is in settings->config->note. Free in either case.
 */
bool settings_load(struct settings *settings);

/* The same of a text, with settings->load as it is. False: no memory. */
bool settings_read(struct settings *settings, const char *text, size_t len);

void settings_free(struct settings *settings);

/* A number, or a name of /etc/iproute2/rt_tables. */
bool table_find(u32 *number, const char *text);

bool text_list_add(struct text_list *list, const char *text, size_t len);
void text_list_free(struct text_list *list);

/* Whether anyone but the owner and the group may read @path. */
bool file_is_open(const char *path);

/* @to gets @name, taken as relative to the directory of settings->path. */
void settings_path(const struct settings *settings, const char *name,
		   char to[PATH_MAX]);

#endif /* TOOLS_WG_QUICK_SETTINGS_H */
