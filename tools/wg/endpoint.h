/* SPDX-License-Identifier: GPL-2.0 */
/* Endpoints of peers: as text, and looked up. */
#ifndef TOOLS_WG_ENDPOINT_H
#define TOOLS_WG_ENDPOINT_H

#include "tools/wg/device.h"

/* "[ADDRESS%SCOPE]:PORT", with NUL. */
#define ENDPOINT_TEXT_LEN	(INET6_ADDRSTRLEN + IFNAMSIZ + 10)

/* "1.2.3.4:5", "[::1]:5", "[fe80::1%eth0]:5", or "(none)". */
void endpoint_write(char text[ENDPOINT_TEXT_LEN],
		    const union endpoint *endpoint);

/* The same backwards, numbers only, without a look-up; changes @text. */
bool endpoint_read(union endpoint *endpoint, char *text);

/*
 * One look-up of @host and @port, which may block: 0 or an error of
 * getaddrinfo(). Addresses in the order of RFC 6724, the first one wins.
 */
int endpoint_find(union endpoint *endpoint, const char *host,
		  const char *port);
/* The same without asking anybody: EAI_NONAME for all but an address. */
int endpoint_find_number(union endpoint *endpoint, const char *host,
			 const char *port);

/* Whether trying again may help, as it does while the network comes up. */
bool endpoint_error_is_transient(int error);

#endif /* TOOLS_WG_ENDPOINT_H */
