// SPDX-License-Identifier: GPL-2.0
/*
 * With a default route through a tunnel the kernel would take packets to the
 * tunnel's addresses from any link, and the loose reverse path filter would
 * drop replies of the encapsulated packets (their mark is not on the way back).
 * One table of nftables for each family forbids the one and, by connection
 * marks, heals the other.
 */
#include "tools/wg-quick/step.h"

#include <arpa/inet.h>
#include <nftables/libnftables.h>
#include <stdlib.h>

/* What a firewall is made for. */
struct wall {
	const struct prefix_list *addresses;
	bool has_v4;
	bool has_v6;
};

/* Characters of an interface's name that a table's name cannot have. */
static void table_name(char name[IFNAMSIZ + 16], const char *interface)
{
	char *c = stpcpy(name, "wg-quick-");

	for (; *interface; interface++)
		*c++ = strchr("=+", *interface) ? '_' : *interface;
	*c = 0;
}

static void chain_start(FILE *file, const char *name, const char *hook,
			int priority)
{
	fprintf(file, "\tchain %s {\n\t\ttype filter hook %s priority %d; "
		"policy accept;\n", name, hook, priority);
}

static void chains_write(FILE *file, const struct wall *wall,
			 const char *interface, u16 family, u32 mark)
{
	const struct prefix *own;
	char addr[INET6_ADDRSTRLEN];
	size_t i;

	chain_start(file, "preraw", "prerouting", -300);
	for (i = 0; i < wall->addresses->n; i++) {
		own = &wall->addresses->prefix[i];
		if (own->family != family)
			continue;
		inet_ntop(family, own->addr, addr, sizeof(addr));
		fprintf(file, "\t\tiifname != \"%s\" %s daddr %s "
			"fib saddr type != local drop\n", interface,
			family == AF_INET6 ? "ip6" : "ip", addr);
	}
	fputs("\t}\n", file);
	chain_start(file, "postmangle", "postrouting", -150);
	fprintf(file, "\t\tmeta l4proto udp meta mark %u ct mark set meta mark"
		"\n\t}\n", mark);
	chain_start(file, "premangle", "prerouting", -150);
	fputs("\t\tmeta l4proto udp meta mark set ct mark\n\t}\n", file);
}

/* Named first, so that there is one to be deleted; all in one transaction. */
static void table_write(FILE *file, const struct plan *plan,
			const struct wall *wall, u16 family, bool on)
{
	const char *word = family == AF_INET6 ? "ip6" : "ip";
	char name[IFNAMSIZ + 16];

	table_name(name, plan->settings->name);
	fprintf(file, "table %s %s\ndelete table %s %s\n", word, name, word,
		name);
	if (!on)
		return;
	fprintf(file, "table %s %s {\n", word, name);
	chains_write(file, wall, plan->settings->name, family,
		     plan->facts.place.mark);
	fputs("}\n", file);
}

/*
 * What was there (nothing, unless this is a reload) becomes what is wanted, or
 * the other way round; a plain removal leaves nothing.
 */
static void script_write(FILE *file, const struct plan *plan,
			 const struct step *step, bool on)
{
	const struct wall wanted = {
		&plan->settings->addresses, plan->routes.has_default_v4,
		plan->routes.has_default_v6,
	};
	const struct wall there = {
		&plan->live.addresses, plan->live.v4.catch_priority,
		plan->live.v6.catch_priority,
	};
	const struct wall *wall = on ? &wanted : &there;
	bool is_plain = step->is_off;

	if (wanted.has_v4 || there.has_v4)
		table_write(file, plan, wall, AF_INET,
			    wall->has_v4 && !is_plain);
	if (wanted.has_v6 || there.has_v6)
		table_write(file, plan, wall, AF_INET6,
			    wall->has_v6 && !is_plain);
}

void print_firewall(const struct plan *plan, const struct step *step, bool on,
		    FILE *file, const char *lead)
{
	fprintf(file, "%snft -f -%s\n", lead,
		plan->is_printed ? " <<EOF" : "");
	if (!plan->is_printed)
		return;
	script_write(file, plan, step, on);
	fputs("EOF\n", file);
}

/* The first line of what the library has to say. */
static const char *nft_run(const char *script)
{
	static char reason[256];
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	const char *text;

	if (!nft)
		return "not enough memory";
	nft_ctx_buffer_error(nft);
	reason[0] = 0;
	if (nft_run_cmd_from_buffer(nft, script)) {
		text = nft_ctx_get_error_buffer(nft);
		snprintf(reason, sizeof(reason), "%.*s",
			 (int)strcspn(text, "\n"), text);
		if (!reason[0])
			strcpy(reason, "refused by nftables");
	}
	nft_ctx_free(nft);
	return reason[0] ? reason : NULL;
}

const char *run_firewall(struct plan *plan, const struct step *step, bool on)
{
	const char *reason = "not enough memory";
	char *script = NULL;
	size_t len;
	FILE *file;

	file = open_memstream(&script, &len);
	if (!file)
		return reason;
	script_write(file, plan, step, on);
	if (!fclose(file))
		reason = nft_run(script);
	free(script);
	return reason;
}
