/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changes to an interface, from arguments, from a configuration, and as the
 * difference to what runs. Nothing here prints, looks up hosts, or touches an
 * interface: endpoints stay names until change_resolve() (resolve.h).
 *
 * A change is a struct device that the caller has initialised and frees. It
 * borrows the host names from the arguments or the configuration.
 */
#ifndef TOOLS_WG_CHANGE_H
#define TOOLS_WG_CHANGE_H

#include "tools/config/config.h"
#include "tools/wg/device.h"

/* What is wrong with which argument. */
struct change_error {
	int argument;		/* index in argv */
	const char *reason;
	bool is_secret;		/* the argument is not to be repeated */
};

/*
 * Reads the key in the file @path; an empty file is the zero key. Returns NULL
 * or what is wrong. key_load() is the one; tests have others.
 */
typedef const char *key_loader(u8 key[KEY_LEN], const char *path);
key_loader key_load;

/*
 * `wg set`, from the first word behind the interface. Splits endpoints in
 * place. False: nothing may be done with @change.
 */
bool change_read_args(struct device *change, int argc, char **argv,
		      key_loader *load, struct change_error *error);

enum change_mode {
	CHANGE_SET,	/* the configuration is all there is to be */
	CHANGE_ADD,	/* the configuration is added to what is there */
};

/* False: no memory. */
bool change_read_config(struct device *change, const struct config *config,
			enum change_mode mode);

/*
 * Makes the CHANGE_SET @change leave alone what it shares with @current, so
 * that the sessions of those peers go on. False: no memory.
 */
bool change_synchronize(struct device *change, const struct device *current);

#endif /* TOOLS_WG_CHANGE_H */
