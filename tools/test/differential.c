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
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/config/key.h"

#define KEYS_N		10
#define WORDS_MAX	64
#define WORD_LEN	4096
#define OUTPUT_LEN	(1 << 18)

struct result {
	int status;
	size_t out_len;
	size_t err_len;
	char out[OUTPUT_LEN];
	char err[OUTPUT_LEN];
};

struct words {
	int n;
	char word[WORDS_MAX][WORD_LEN];
};

static const char *our_wg, *reference_wg, *interface;
static char directory[256];
static char keys[KEYS_N][KEY_BASE64_LEN + 1];
static bool is_user;
static u64 rng_state;
static unsigned int check_n, difference_n, refused_n;
static struct result ours, theirs, state_ours, state_theirs;
static struct words words;

/* xorshift64*, by Vigna: a case is repeated by its seed. */
static u32 rng(u32 below)
{
	rng_state ^= rng_state >> 12;
	rng_state ^= rng_state << 25;
	rng_state ^= rng_state >> 27;
	return (u32)((rng_state * 0x2545f4914f6cdd1dull) >> 33) % below;
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void key_make(char text[KEY_BASE64_LEN + 1])
{
	u8 key[KEY_LEN];
	int i;

	for (i = 0; i < KEY_LEN; i++)
		key[i] = rng(256);
	key_write_base64(text, key);
}

static const char *path_of(const char *name)
{
	static char path[4][320];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", directory, name);
	return path[turn];
}

static void file_write(const char *name, const char *text, size_t len)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		die(name);
	close(fd);
}

static size_t file_slurp(const char *name, char *text)
{
	int fd = open(path_of(name), O_RDONLY);
	ssize_t n, len = 0;

	if (fd < 0)
		die(name);
	while ((n = read(fd, text + len, OUTPUT_LEN - 1 - len)) > 0)
		len += n;
	close(fd);
	text[len] = 0;
	return len;
}

static void redirect(const char *path, int flags, int to)
{
	int fd = open(path, flags, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
	close(fd);
}

/* Runs @program with the words; stdin is the file "stdin". */
static void run(const char *program, struct result *result)
{
	char *argv[WORDS_MAX + 2];
	pid_t child;
	int i, status;

	argv[0] = "wg";
	for (i = 0; i < words.n; i++)
		argv[i + 1] = words.word[i];
	argv[words.n + 1] = NULL;
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		redirect(path_of("stdin"), O_RDONLY, 0);
		redirect(path_of("out"), O_WRONLY | O_CREAT | O_TRUNC, 1);
		redirect(path_of("err"), O_WRONLY | O_CREAT | O_TRUNC, 2);
		execv(program, argv);
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	result->status = WIFEXITED(status) ? WEXITSTATUS(status) :
					     1000 + WTERMSIG(status);
	if (result->status == 126 || result->status == 127)
		die(program);
	result->out_len = file_slurp("out", result->out);
	result->err_len = file_slurp("err", result->err);
}

static void words_set(int n, ...)
{
	va_list list;
	int i;

	va_start(list, n);
	words.n = n;
	for (i = 0; i < n; i++)
		snprintf(words.word[i], WORD_LEN, "%s", va_arg(list, char *));
	va_end(list);
}

__attribute__((format(printf, 1, 2)))
static void words_add(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(words.word[words.n++], WORD_LEN, format, list);
	va_end(list);
}

/* Making two outputs comparable. */

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the pieces of @text that @separator ends. */
static void sort_pieces(char *text, const char *separator)
{
	static char copy[OUTPUT_LEN + 8];
	static char *piece[OUTPUT_LEN / 2];
	size_t n = 0, len = strlen(separator), i;
	char *c, *next;

	snprintf(copy, sizeof(copy), "%s", text);
	for (c = copy; *c; c = next) {
		piece[n++] = c;
		next = strstr(c, separator);
		if (!next)
			break;
		*next = 0;
		next += len;
	}
	/* The last paragraph ends in a newline of its own. */
	c = n ? strrchr(piece[n - 1], '\n') : NULL;
	if (c && !c[1])
		*c = 0;
	qsort(piece, n, sizeof(*piece), compare_text);
	*text = 0;
	for (i = 0; i < n; i++) {
		text = stpcpy(text, piece[i]);
		text = stpcpy(text, "\n");
	}
}

/* A port nobody chose is none (kernel, down) or a random one (wireguard-go). */
static void mask_port(char *dump)
{
	char *tab = dump;
	int column;

	for (column = 0; column < 2 && tab; column++) {
		tab = strchr(tab, '\t');
		tab += tab ? 1 : 0;
	}
	if (tab && (atoi(tab) == 0 || atoi(tab) >= 32768))
		memset(tab, 'R', strspn(tab, "0123456789") ? 1 : 0);
	if (tab && *tab == 'R')
		memmove(tab + 1, tab + 1 + strspn(tab + 1, "0123456789"),
			strlen(tab + 1 + strspn(tab + 1, "0123456789")) + 1);
}

static void strip_interface(char *text)
{
	size_t len = strlen(interface);
	char *to = text;

	while (*text) {
		if (!strncmp(text, interface, len) && text[len] == '\t')
			text += len + 1;
		do
			*to++ = *text;
		while (*text && *text++ != '\n');
		if (!to[-1])
			return;
	}
	*to = 0;
}

static void report(const char *what)
{
	int i;

	difference_n++;
	printf("not ok: %s:", what);
	for (i = 0; i < words.n; i++)
		printf(" '%s'", words.word[i]);
	printf("\n# ours: status %d\n%s%s# theirs: status %d\n%s%s",
	       ours.status, ours.out, ours.err, theirs.status, theirs.out,
	       theirs.err);
}

static void compare(const char *what, bool has_paragraphs)
{
	const char *separator = has_paragraphs ? "\n\n" : "\n";

	check_n++;
	refused_n += theirs.status != 0;
	if (is_user) {
		sort_pieces(ours.out, separator);
		sort_pieces(theirs.out, separator);
	}
	if (ours.status != theirs.status ||
	    (ours.status && (!ours.err_len || !theirs.err_len)) ||
	    strcmp(ours.out, theirs.out))
		report(what);
}

/* States and changes. */

static void put_prefix(char *text)
{
	char addr[INET6_ADDRSTRLEN];
	u8 bytes[16];
	bool is_v6 = rng(2);
	int i;

	for (i = 0; i < 16; i++)
		bytes[i] = rng(4) ? rng(4) : rng(256);
	inet_ntop(is_v6 ? AF_INET6 : AF_INET, bytes, addr, sizeof(addr));
	if (rng(4))
		sprintf(text, "%s/%u", addr, rng(is_v6 ? 129 : 33));
	else
		strcpy(text, addr);
}

static void put_prefixes(char *text, u32 most)
{
	static const char *const separators[] = { ",", ", ", " ,", "," };
	u32 n = 1 + rng(most);

	*text = 0;
	while (n--) {
		put_prefix(text);
		text += strlen(text);
		if (n)
			text = stpcpy(text, separators[rng(4)]);
	}
}

static void put_endpoint(char *text)
{
	u32 port = 1 + rng(65535);

	if (rng(2))
		sprintf(text, "%u.%u.%u.%u:%u", rng(256), rng(256), rng(256),
			rng(256), port);
	else
		sprintf(text, "[2001:db8:%x::%x]:%u", rng(65536), rng(65536),
			port);
}

static void put_number(char *text, u32 below)
{
	u32 n = rng(below);

	if (!n)
		strcpy(text, "off");
	else
		sprintf(text, "%u", n);
}

static void put_mark(char *text)
{
	if (rng(4))
		sprintf(text, rng(2) ? "0x%x" : "%u", rng(1u << 31));
	else
		strcpy(text, rng(2) ? "off" : "0");
}

/* One line with a key in any spelling; returns behind it. */
static char *put_line(char *text, const char *key, const char *value)
{
	static const char *const equals[] = { " = ", "=", " =", "= ", "\t=  " };
	static const char *const ends[] = { "\n", "\n", " \n", " # x\n", "\r\n" };

	for (; *key; key++)
		*text++ = rng(8) ? *key : *key ^ (*key >= 'A' ? 32 : 0);
	text = stpcpy(text, equals[rng(5)]);
	text = stpcpy(text, value);
	return stpcpy(text, ends[rng(5)]);
}

static char *put_peer(char *text, bool is_complete)
{
	static const char zero[] =
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	char value[WORD_LEN];
	u32 lines = rng(3);

	text = stpcpy(text, rng(2) ? "[Peer]\n" : " [peer] # name: x\n\n");
	text = put_line(text, "PublicKey", keys[rng(KEYS_N)]);
	if (is_complete || rng(2)) {
		key_make(value);
		text = put_line(text, "PresharedKey", rng(3) ? value : zero);
	}
	while (lines--) {
		put_prefixes(value, 4);
		text = put_line(text, "AllowedIPs", value);
	}
	if (rng(2)) {
		put_endpoint(value);
		text = put_line(text, "Endpoint", value);
	}
	if (is_complete || rng(2)) {
		put_number(value, rng(2) ? 65536 : 3);
		text = put_line(text, "PersistentKeepalive", value);
	}
	return stpcpy(text, rng(2) ? "\n" : "# a comment = this\n");
}

/* A whole configuration; at most one peer of each key, in any number. */
static size_t put_config(char *text, bool is_complete)
{
	char value[WORD_LEN], *c = text;
	u32 peers = rng(6);

	c = stpcpy(c, "[Interface]\n");
	if (rng(2)) {
		sprintf(value, "%u", 1 + rng(32767));
		c = put_line(c, "ListenPort", value);
	}
	if (rng(2)) {
		key_make(value);
		c = put_line(c, "PrivateKey", value);
	}
	if (rng(2)) {
		put_mark(value);
		c = put_line(c, "FwMark", value);
	}
	while (peers--)
		c = put_peer(c, is_complete);
	return c - text;
}

static void add_set_peer(void)
{
	char value[WORD_LEN];

	words_add("peer");
	words_add("%s", keys[rng(KEYS_N)]);
	if (!rng(5))
		words_add("remove");
	if (!rng(3)) {
		words_add("preshared-key");
		words_add("%s", path_of(rng(3) ? "psk" : "empty"));
	}
	if (!rng(3)) {
		words_add("endpoint");
		put_endpoint(words.word[words.n++]);
	}
	if (!rng(3)) {
		words_add("persistent-keepalive");
		put_number(words.word[words.n++], 65536);
	}
	if (!rng(2)) {
		words_add("allowed-ips");
		*value = 0;
		if (rng(6))
			put_prefixes(value, 3);
		words_add("%s", value);
	}
}

static void put_set(void)
{
	u32 peers = rng(4);

	words_set(2, "set", interface);
	if (!rng(3)) {
		words_add("listen-port");
		words_add("%u", 1 + rng(32767));
	}
	if (!rng(3)) {
		words_add("fwmark");
		put_mark(words.word[words.n++]);
	}
	if (!rng(3)) {
		words_add("private-key");
		words_add("%s", path_of(rng(4) ? "private" : "empty"));
	}
	while (peers--)
		add_set_peer();
}

/* One slip of the finger in @text, @len long; returns the new length. */
static size_t mutate_text(char *text, size_t len)
{
	static const char odd[] = "=[]:/,.#x0aZ- \n%off";
	size_t at = len ? rng(len) : 0;

	switch (rng(4)) {
	case 0:
		if (!len)
			return 0;
		memmove(text + at, text + at + 1, len - at);
		return len - 1;
	case 1:
		memmove(text + at + 1, text + at, len - at + 1);
		text[at] = odd[rng(sizeof(odd) - 1)];
		return len + 1;
	case 2:
		if (len)
			text[at] = odd[rng(sizeof(odd) - 1)];
		return len;
	default:
		text[at] = 0;
		return at;
	}
}

static void mutate_words(void)
{
	int at = 2 + rng(words.n > 2 ? words.n - 2 : 1);

	if (words.n <= 2)
		return;
	switch (rng(3)) {
	case 0:
		mutate_text(words.word[at], strlen(words.word[at]));
		break;
	case 1:
		memmove(words.word[at], words.word[at + 1],
			(words.n - at - 1) * sizeof(words.word[0]));
		words.n--;
		break;
	default:
		strcpy(words.word[at], words.word[2 + rng(words.n - 2)]);
		break;
	}
}

/*
 * Slips that hit a known difference: a number too large for a port is not
 * refused by the reference, nor one with a sign or spaces in front of it.
 */
static bool is_excluded(const char *text)
{
	const char *digits;
	size_t n;

	if (strpbrk(text, "+"))
		return true;
	for (digits = text; *digits; digits += n ? n : 1) {
		n = strspn(digits, "0123456789");
		if (n >= 5 && atol(digits) > 65535 && atol(digits) != 0)
			return true;
	}
	return false;
}

static bool words_are_excluded(void)
{
	int i;

	for (i = 0; i < words.n; i++) {
		if (!strcmp(words.word[i], "fwmark"))
			i++;
		else if (strcmp(words.word[i], "peer") &&
			 strlen(words.word[i]) < 100 &&
			 !strchr(words.word[i], '=') &&
			 is_excluded(words.word[i]))
			return true;
	}
	return false;
}

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
	for (i = 0; i < cases && difference_n < 20; i++)
		check_case();
	clean();
	printf("%s: %lu cases, seed %lu: %u comparisons, %u of them of "
	       "failures, %u differences\n", difference_n ? "FAIL" : "ok", i,
	       seed, check_n, refused_n, difference_n);
	return difference_n || !check_n || !refused_n;
}
