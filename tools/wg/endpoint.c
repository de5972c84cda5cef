// SPDX-License-Identifier: GPL-2.0
#include "tools/wg/endpoint.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

static void scope_write(char scope[IFNAMSIZ + 1], u32 index)
{
	char name[IFNAMSIZ];

	scope[0] = 0;
	if (index && if_indextoname(index, name))
		snprintf(scope, IFNAMSIZ + 1, "%%%s", name);
	else if (index)
		snprintf(scope, IFNAMSIZ + 1, "%%%u", index);
}

void endpoint_write(char text[ENDPOINT_TEXT_LEN],
		    const union endpoint *endpoint)
{
	char addr[INET6_ADDRSTRLEN], scope[IFNAMSIZ + 1];

	if (endpoint->addr.sa_family == AF_INET) {
		inet_ntop(AF_INET, &endpoint->v4.sin_addr, addr, sizeof(addr));
		snprintf(text, ENDPOINT_TEXT_LEN, "%s:%u", addr,
			 ntohs(endpoint->v4.sin_port));
	} else if (endpoint->addr.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &endpoint->v6.sin6_addr, addr,
			  sizeof(addr));
		scope_write(scope, endpoint->v6.sin6_scope_id);
		snprintf(text, ENDPOINT_TEXT_LEN, "[%s%s]:%u", addr, scope,
			 ntohs(endpoint->v6.sin6_port));
	} else {
		strcpy(text, "(none)");
	}
}

static u32 scope_read(const char *scope)
{
	u32 index = if_nametoindex(scope);

	return index ? index : strtoul(scope, NULL, 10);
}

bool endpoint_read(union endpoint *endpoint, char *text)
{
	char *host, *port, *scope;
	union endpoint read = { 0 };
	u16 number;

	if (value_split_endpoint(text, &host, &port) ||
	    value_read_port(&number, port))
		return false;
	if (inet_pton(AF_INET, host, &read.v4.sin_addr) == 1) {
		read.v4.sin_family = AF_INET;
		read.v4.sin_port = htons(number);
		*endpoint = read;
		return true;
	}
	scope = strchr(host, '%');
	if (scope)
		*scope++ = 0;
	if (inet_pton(AF_INET6, host, &read.v6.sin6_addr) != 1)
		return false;
	read.v6.sin6_family = AF_INET6;
	read.v6.sin6_port = htons(number);
	read.v6.sin6_scope_id = scope ? scope_read(scope) : 0;
	*endpoint = read;
	return true;
}

static int find(union endpoint *endpoint, const char *host, const char *port,
		int flags)
{
	const struct addrinfo hints = {
		.ai_flags = flags,
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
		.ai_protocol = IPPROTO_UDP,
	};
	struct addrinfo *found, *each;
	int error;

	error = getaddrinfo(host, port, &hints, &found);
	if (error)
		return error;
	error = EAI_FAMILY;
	for (each = found; each && error; each = each->ai_next) {
		if (each->ai_family != AF_INET && each->ai_family != AF_INET6)
			continue;
		if (each->ai_addrlen > sizeof(*endpoint))
			continue;
		memcpy(endpoint, each->ai_addr, each->ai_addrlen);
		error = 0;
	}
	freeaddrinfo(found);
	return error;
}

int endpoint_find(union endpoint *endpoint, const char *host, const char *port)
{
	return find(endpoint, host, port, 0);
}

int endpoint_find_number(union endpoint *endpoint, const char *host,
			 const char *port)
{
	return find(endpoint, host, port, AI_NUMERICHOST);
}

bool endpoint_error_is_transient(int error)
{
	return error != EAI_NONAME && error != EAI_FAIL &&
	       error != EAI_SERVICE && error != EAI_NODATA;
}
