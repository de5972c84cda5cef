// SPDX-License-Identifier: GPL-2.0
#include "tools/wg-quick/facts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tools/wg-quick/process.h"

#define MARK_FIRST	51820u
#define MARK_TRIES	4096u
#define MTU_DEFAULT	1500u
#define MTU_OVERHEAD	80u
#define MTU_LEAST	68u

static bool file_says(const char *path, char wanted)
{
	FILE *file = fopen(path, "re");
	bool good = file && getc(file) == wanted;

	if (file)
		fclose(file);
	return good;
}

/* A new link takes after "default". */
static bool has_ipv6(void)
{
	return !access("/proc/sys/net/ipv6", F_OK) &&
	       !file_says("/proc/sys/net/ipv6/conf/default/disable_ipv6", '1');
}

/*
 * Debian's resolvconf ranks interfaces by their name, in the order of a file;
 * a name of the first family of tunnels in it is what goes before the rest.
 * The file alone says nothing: it stays behind when the package goes.
 */
static void dns_prefix_find(char prefix[32])
{
	char line[128];
	FILE *file;
	size_t len;

	prefix[0] = 0;
	if (access("/lib/resolvconf/list-records", X_OK))
		return;
	file = fopen("/etc/resolvconf/interface-order", "re");
	while (file && !prefix[0] && fgets(line, sizeof(line), file)) {
		len = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789-");
		if (len && len < 30 && line[len] == '*')
			snprintf(prefix, 32, "%.*s.", (int)len, line);
	}
	if (file)
		fclose(file);
}

/*
 * The directory stays when the service is stopped. Its socket tells; before
 * systemd 244 there was none.
 */
static bool resolved_runs(void)
{
	const struct sockaddr_un addr = {
		.sun_family = AF_UNIX,
		.sun_path = "/run/systemd/resolve/io.systemd.Resolve",
	};
	bool runs;
	int fd;

	if (access(addr.sun_path, F_OK))
		return !access("/run/systemd/resolve", F_OK);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	runs = fd >= 0 && !connect(fd, (const struct sockaddr *)&addr,
				   sizeof(addr));
	if (fd >= 0)
		close(fd);
	return runs;
}

static void dns_find(struct facts *facts)
{
	facts->dns = DNS_NOBODY;
	if (resolved_runs() && process_find("resolvectl"))
		facts->dns = DNS_RESOLVED;
	else if (process_find("resolvconf"))
		facts->dns = DNS_RESOLVCONF;
	if (facts->dns == DNS_RESOLVCONF)
		dns_prefix_find(facts->dns_prefix);
}

/* Places. */

struct marks {
	u32 first;
	u32 n;
	bool *is_taken;		/* of MARK_TRIES from @first on */
	u32 priority;		/* the lowest seen but 0 */
};

static void mark_take(struct marks *marks, u32 number)
{
	if (number - marks->first < marks->n)
		marks->is_taken[number - marks->first] = true;
}

static bool rule_note(const struct rule *rule, void *data)
{
	struct marks *marks = data;

	mark_take(marks, rule->table);
	mark_take(marks, rule->mark);
	if (rule->priority && rule->priority < marks->priority)
		marks->priority = rule->priority;
	return true;
}

static int marks_read(struct marks *marks, struct netlink *rtnl, u16 family,
		      u32 *priority)
{
	int error;

	marks->priority = 32768;
	error = rtnl_rules(rtnl, family, rule_note, marks);
	*priority = marks->priority > 2 ? marks->priority - 1 : 2;
	return error;
}

static bool route_note(const struct route *route, void *data)
{
	(void)route;
	*(bool *)data = true;
	return false;
}

static int table_is_used(struct netlink *rtnl, u32 table, bool *is_used)
{
	struct route_filter filter = { .table = table, .family = AF_INET };
	int error = rtnl_routes(rtnl, &filter, route_note, is_used);

	filter.family = AF_INET6;
	if (!error)
		error = rtnl_routes(rtnl, &filter, route_note, is_used);
	return error;
}

static int mark_find(struct place *place, struct netlink *rtnl,
		     struct marks *marks)
{
	int error = -EEXIST;
	bool is_used;
	u32 i;

	for (i = 0; i < marks->n; i++) {
		is_used = marks->is_taken[i];
		if (is_used)
			continue;
		error = table_is_used(rtnl, marks->first + i, &is_used);
		if (error)
			return error;
		if (!is_used) {
			place->mark = marks->first + i;
			return 0;
		}
		error = -EEXIST;
	}
	return error;
}

int place_find(struct place *place, struct netlink *rtnl, u32 wanted)
{
	struct marks marks = { .first = MARK_FIRST, .n = MARK_TRIES };
	int error;

	marks.is_taken = calloc(marks.n, sizeof(*marks.is_taken));
	if (!marks.is_taken)
		return -ENOMEM;
	error = marks_read(&marks, rtnl, AF_INET, &place->priority_v4);
	if (!error)
		error = marks_read(&marks, rtnl, AF_INET6, &place->priority_v6);
	place->mark = wanted;
	if (!error && !wanted)
		error = mark_find(place, rtnl, &marks);
	free(marks.is_taken);
	return error;
}

/* A default route, if there is one, leads to an address kept for examples. */
static u32 mtu_default(struct netlink *rtnl, u32 mark)
{
	static const union endpoint far_away[] = {
		{ .v4 = { .sin_family = AF_INET,
			  .sin_addr.s_addr = 0x010200c0 } },
		{ .v6 = { .sin6_family = AF_INET6,
			  .sin6_addr.s6_addr = { 0x20, 1, 0xd, 0xb8 } } },
	};
	size_t i;
	u32 mtu;

	for (i = 0; i < ARRAY_SIZE(far_away); i++)
		if (!rtnl_route_mtu(rtnl, &far_away[i], mark, &mtu) && mtu)
			return mtu;
	return MTU_DEFAULT;
}

u32 mtu_find(struct netlink *rtnl, const struct device *change, u32 mark)
{
	u32 least = UINT32_MAX, mtu;
	size_t i;

	for (i = 0; i < change->peer_n; i++)
		if (change->peer[i].endpoint.addr.sa_family != AF_UNSPEC &&
		    !rtnl_route_mtu(rtnl, &change->peer[i].endpoint, mark,
				    &mtu) && mtu)
			least = min(least, mtu);
	if (least == UINT32_MAX)
		least = mtu_default(rtnl, mark);
	/* The loopback link says 65536, more than a packet can have. */
	least = min(least, 65535u);
	return least > MTU_OVERHEAD + MTU_LEAST ? least - MTU_OVERHEAD :
						  MTU_LEAST;
}

int facts_read(struct facts *facts, struct netlink *rtnl,
	       const struct device *change, u32 mark)
{
	memset(facts, 0, sizeof(*facts));
	facts->has_ipv6 = has_ipv6();
	facts->has_valid_mark =
		file_says("/proc/sys/net/ipv4/conf/all/src_valid_mark", '1');
	dns_find(facts);
	facts->mtu = mtu_find(rtnl, change, mark);
	return place_find(&facts->place, rtnl, 0);
}
