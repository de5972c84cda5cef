/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_WG_RESOLVE_H
#define TOOLS_WG_RESOLVE_H

#include "tools/wg/device.h"

/*
 * Looks up the hosts of all endpoints of @change, as often and as patiently as
 * WG_ENDPOINT_RESOLUTION_RETRIES says. Prints why it waits or gives up; false
 * then.
 */
bool change_resolve(struct device *change);

#endif /* TOOLS_WG_RESOLVE_H */
