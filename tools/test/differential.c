// SPDX-License-Identifier: GPL-2.0
/*
 * Our wg against another one, on one interface: thousands of generated states,
 * changes, mistakes and questions. What must be equal is the exit status, what
 * is printed for scripts and for people, whether anything is said on stderr in
 * a failure, and the state of the interface afterwards, as the other wg sees
 * it.
 *
 *	differential OUR_WG REFERENCE_WG INTERFACE [CASES [SEED [user]]]
 *
 * "user" says that the interface is wireguard-go's, which tells peers in random
 * order: paragraphs and lines are sorted before they are compared. The
 * interface must be down and is left without peers. Runs in an initramfs: it
 * needs no other program, and a directory it may write to ($TMPDIR or /tmp).
 *
 * Known and intended differences to Debian 12's 1.0.20210914 are not generated:
 * ports above 65535 (it takes them modulo 65536; ours refuses), allowed IPs
 * with '+' or '-' (it is too old), syncconf for peers whose preshared key or
 * keepalive left the file (it keeps them; its successors and ours do not), and
 * the interface in front of the second and later lines of `show all FIELD`
 * (it forgets it; stripped on both sides).
 */
#include "tools/test/differential.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char *our_wg, *reference_wg, *interface;
char directory[256];
char keys[KEYS_N][KEY_BASE64_LEN + 1];
bool is_user;
u64 rng_state;
unsigned int check_n, difference_n, refused_n;
struct result ours, theirs, state_ours, state_theirs;
struct words words;

static void state_read(struct result *result)
{
	struct words saved = words;

	words_set(3, "show", interface, "dump");
	run(reference_wg, result);
	words = saved;
	if (result->status) {
		fputs(result->err, stderr);
		exit(2);
	}
	mask_port(result->out);
	if (is_user)
		sort_pieces(result->out, "\n");
}

static void base_apply(void)
{
	struct words saved = words;

	words_set(3, "setconf", interface, path_of("base"));
	run(reference_wg, &theirs);
	words = saved;
	if (theirs.status) {
		fputs(theirs.err, stderr);
		exit(2);
	}
}

/* Runs the words with both, each from the base, and compares what comes. */
static void check_change(void)
{
	static struct result kept;

	base_apply();
	run(reference_wg, &kept);
	state_read(&state_theirs);
	base_apply();
	run(our_wg, &ours);
	state_read(&state_ours);
	theirs = kept;
	compare("change", false);
	if (strcmp(state_ours.out, state_theirs.out)) {
		report("state after change");
		printf("# state, ours:\n%s# state, theirs:\n%s",
		       state_ours.out, state_theirs.out);
	}
}

static void check_conf(bool has_slip)
{
	static const char *const commands[] = {
		"setconf", "addconf", "syncconf",
	};
	static char text[65536];
	u32 command = rng(3);
	size_t len;

	len = put_config(text, command == 2);
	if (has_slip) {
		len = mutate_text(text, len);
		if (rng(2))
			len = mutate_text(text, len);
	}
	if (has_slip && is_excluded(text))
		return;
	file_write("conf", text, len);
	words_set(3, commands[command], interface, path_of("conf"));
	check_change();
}

static void check_set(bool has_slip)
{
	char text[KEY_BASE64_LEN + 64];
	size_t len;

	key_make(text);
	strcat(text, rng(2) ? "\n" : rng(2) ? "" : " \n\t\n");
	len = strlen(text);
	if (has_slip && !rng(4))
		len = mutate_text(text, len);
	file_write(rng(2) ? "psk" : "private", text, len);
	put_set();
	if (has_slip)
		mutate_words();
	if (words.n > 2 && !words_are_excluded())
		check_change();
}

/* Questions. */

static void check_show(void)
{
	static const char *const fields[] = {
		"public-key", "private-key", "listen-port", "fwmark", "peers",
		"preshared-keys", "endpoints", "allowed-ips",
		"latest-handshakes", "transfer", "persistent-keepalive",
		"dump", "public-keys", "", "PEERS",
	};
	bool is_all = rng(2);

	words_set(3, "show", is_all ? "all" : interface,
		  fields[rng(ARRAY_SIZE(fields))]);
	if (!rng(20))
		words_add("more");
	run(our_wg, &ours);
	run(reference_wg, &theirs);
	if (is_all) {
		strip_interface(ours.out);
		strip_interface(theirs.out);
	}
	compare("show", false);
}

static void check_pretty(void)
{
	static const char *const colours[] = { "always", "never", "auto" };
	static const char *const hides[] = { "never", "always", "" };

	setenv("WG_COLOR_MODE", colours[rng(3)], 1);
	setenv("WG_HIDE_KEYS", hides[rng(3)], 1);
	if (rng(3))
		words_set(2, "show", rng(2) ? "all" : interface);
	else if (rng(2))
		words_set(2, "showconf", interface);
	else
		words_set(rng(2), "show");
	run(our_wg, &ours);
	run(reference_wg, &theirs);
	compare("show for people", true);
}

static void check_names(void)
{
	static const char *const odd[] = {
		"interfaces", "nosuch0", "1234567890123456", "", "lo",
		"a/b", "all",
	};
	const char *name = odd[rng(ARRAY_SIZE(odd))];

	switch (rng(4)) {
	case 0:
		words_set(2, "show", name);
		break;
	case 1:
		words_set(2, "showconf", strcmp(name, "all") ? name : "lo");
		break;
	case 2:
		words_set(4, "set", strcmp(name, "all") ? name : "lo",
			  "listen-port", "5");
		break;
	default:
		words_set(3, "setconf", strcmp(name, "all") ? name : "lo",
			  path_of("base"));
		break;
	}
	run(our_wg, &ours);
	run(reference_wg, &theirs);
	compare("odd interface", true);
}

static void check_pubkey(void)
{
	char text[KEY_BASE64_LEN + 64];
	size_t len;

	key_make(text);
	strcat(text, rng(2) ? "\n" : rng(2) ? "" : " \n\t\n");
	len = strlen(text);
	if (rng(2))
		len = mutate_text(text, len);
	file_write("stdin", text, len);
	words_set(1, "pubkey");
	run(our_wg, &ours);
	run(reference_wg, &theirs);
	compare("pubkey", false);
	file_write("stdin", "", 0);
}

/* Wrong numbers of arguments, and no subcommand at all. */
static void check_usage(void)
{
	static const char *const commands[] = {
		"showconf", "set", "setconf", "addconf", "syncconf", "genkey",
		"genpsk", "pubkey", "nonsense", "-x", "Show", "version",
		"help", "--help", "-v",
	};
	const char *command = commands[rng(ARRAY_SIZE(commands))];

	words_set(3, command, interface, "extra");
	if (!strcmp(command, "setconf") || !strcmp(command, "addconf") ||
	    !strcmp(command, "syncconf"))
		words_add("more");
	if (!strcmp(command, "set"))
		words.n = 2;
	run(our_wg, &ours);
	run(reference_wg, &theirs);
	compare("usage", false);
}

static void check_case(void)
{
	static char text[65536];

	file_write("base", text, put_config(text, false));
	switch (rng(4)) {
	case 0:
		check_conf(false);
		break;
	case 1:
		check_conf(true);
		break;
	case 2:
		check_set(false);
		break;
	default:
		check_set(true);
		break;
	}
	check_show();
	check_pretty();
	check_told();
	if (!rng(3))
		check_names();
	if (!rng(3))
		check_pubkey();
	if (!rng(3))
		check_usage();
}

static void prepare(void)
{
	const char *tmp = getenv("TMPDIR");
	int i;

	snprintf(directory, sizeof(directory), "%s/wg-differential.XXXXXX",
		 tmp ? tmp : "/tmp");
	if (!mkdtemp(directory))
		die(directory);
	for (i = 0; i < KEYS_N; i++)
		key_make(keys[i]);
	file_write("stdin", "", 0);
	file_write("empty", "", 0);
	file_write("psk", keys[0], KEY_BASE64_LEN);
	file_write("private", keys[1], KEY_BASE64_LEN);
	setenv("WG_ENDPOINT_RESOLUTION_RETRIES", "0", 1);
}

static void clean(void)
{
	static const char *const files[] = {
		"base", "conf", "empty", "err", "out", "private", "psk",
		"stdin",
	};
	size_t i;

	file_write("base", "", 0);
	base_apply();
	for (i = 0; i < ARRAY_SIZE(files); i++)
		unlink(path_of(files[i]));
	rmdir(directory);
}

int main(int argc, char **argv)
{
	unsigned long cases, seed, i;
	bool good;

	if (argc < 4) {
		fputs("usage: differential OUR_WG REFERENCE_WG INTERFACE "
		      "[CASES [SEED [user]]]\n", stderr);
		return 2;
	}
	our_wg = argv[1];
	reference_wg = argv[2];
	interface = argv[3];
	cases = argc > 4 ? strtoul(argv[4], NULL, 10) : 1000;
	seed = argc > 5 ? strtoul(argv[5], NULL, 10) : 1;
	is_user = argc > 6 && !strcmp(argv[6], "user");
	rng_state = seed * 0x9e3779b97f4a7c15ull + 1;
	prepare();
	told_start();
	for (i = 0; i < cases && difference_n < 20; i++)
		check_case();
	told_stop();
	clean();
	good = !difference_n && check_n && refused_n;
	printf("%s - differential: %lu cases from seed %lu, %u comparisons, "
	       "%u of them of failures, %u differences\n",
	       good ? "ok" : "not ok", i, seed, check_n, refused_n,
	       difference_n);
	return !good;
}
