// SPDX-License-Identifier: GPL-2.0
/*
 * States that no idle interface gets into, told by a process that stands in for
 * a user-space implementation: handshakes of any age, bytes of any number,
 * errors, and answers that end too early.
 */
#include "tools/test/differential.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define TRIES		20
#define TOLD_NAME	"wgtold0"
#define TOLD_SOCKET	RUNSTATEDIR "/wireguard/" TOLD_NAME ".sock"
#define TOLD_AWAY	TOLD_SOCKET ".away"

static pid_t teller;

/* Every request is answered with the file "told", whatever it asks. */
__attribute__((noreturn))
static void tell(int listener)
{
	static char text[OUTPUT_LEN];
	char request[256];
	size_t len;
	int fd;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			_exit(1);
		len = file_slurp("told", text);
		if (read(fd, request, sizeof(request)) > 0)
			send(fd, text, len, MSG_NOSIGNAL);
		close(fd);
	}
}

void told_start(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX,
				    .sun_path = TOLD_SOCKET };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	file_write("told", "errno=0\n\n", 9);
	mkdir(RUNSTATEDIR "/wireguard", 0700);
	unlink(TOLD_SOCKET);
	unlink(TOLD_AWAY);
	if (listener < 0 || bind(listener, (void *)&addr, sizeof(addr)) ||
	    listen(listener, 8))
		die(TOLD_SOCKET);
	teller = fork();
	if (teller < 0)
		die("fork");
	if (!teller)
		tell(listener);
	close(listener);
	if (rename(TOLD_SOCKET, TOLD_AWAY))
		die(TOLD_AWAY);
}

void told_stop(void)
{
	kill(teller, SIGKILL);
	unlink(TOLD_AWAY);
	unlink(path_of("told"));
}

/* Of any length in bits, as likely a short one as a long one. */
static u64 number_of_any_size(unsigned int bits_max)
{
	unsigned int bits = rng(bits_max + 1);
	u64 number = (u64)rng(1u << 31) << 33 ^ (u64)rng(1u << 31) << 16 ^
		     rng(1u << 31);

	return bits ? number >> (64 - bits) : 0;
}

static char *put_hex(char *text, const char *name, bool is_zero)
{
	char hex[KEY_HEX_LEN + 1];
	u8 key[KEY_LEN] = { 0 };
	int i;

	for (i = 0; i < KEY_LEN && !is_zero; i++)
		key[i] = rng(256);
	key_write_hex(hex, key);
	return text + sprintf(text, "%s=%s\n", name, hex);
}

/* Never, up to some three hundred years ago, or soon. */
static char *put_handshake(char *text)
{
	s64 when = time(NULL);

	if (rng(8))
		when -= number_of_any_size(rng(2) ? 33 : 20);
	else
		when += 2 + rng(1000);
	if (!rng(4) || when < 0)
		when = 0;
	text += sprintf(text, "last_handshake_time_sec=%" PRId64 "\n", when);
	return text + sprintf(text, "last_handshake_time_nsec=%u\n",
			      when ? rng(1000000000) : 0);
}

static char *put_told_peer(char *text)
{
	char value[WORD_LEN];
	u32 prefixes = rng(4);

	text = put_hex(text, "public_key", false);
	text = put_hex(text, "preshared_key", rng(2));
	text += sprintf(text, "protocol_version=1\n");
	if (rng(3)) {
		put_endpoint(value);
		text += sprintf(text, "endpoint=%s\n", value);
	}
	text = put_handshake(text);
	text += sprintf(text, "tx_bytes=%" PRIu64 "\nrx_bytes=%" PRIu64 "\n",
			number_of_any_size(63), number_of_any_size(63));
	text += sprintf(text, "persistent_keepalive_interval=%u\n",
			(u32)number_of_any_size(16));
	while (prefixes--) {
		put_prefix(value, true);
		text += sprintf(text, "allowed_ip=%s\n", value);
	}
	return text;
}

static char *put_told(char *text)
{
	u32 peers = rng(5), errors[] = { 1, 13, 22, 71, 95, 0 };

	if (rng(3))
		text = put_hex(text, "private_key", false);
	if (rng(2))
		text += sprintf(text, "listen_port=%u\n", rng(65536));
	if (rng(2))
		text += sprintf(text, "fwmark=%u\n",
				(u32)number_of_any_size(32));
	while (peers--)
		text = put_told_peer(text);
	if (rng(16))
		return text + sprintf(text, "errno=0\n\n");
	return text + sprintf(text, "errno=%u\n\n", errors[rng(6)]);
}

static void run_both(void)
{
	run(our_wg, &ours);
	run(reference_wg, &theirs);
}

/* Ages are in seconds, and a second may end between the two, each time. */
static void compare_told(const char *what)
{
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		run_both();
		if (!strcmp(ours.out, theirs.out))
			break;
	}
	compare(what, false);
}

void check_told(void)
{
	static const char *const fields[] = {
		"public-key", "private-key", "listen-port", "fwmark", "peers",
		"preshared-keys", "endpoints", "allowed-ips",
		"latest-handshakes", "transfer", "persistent-keepalive",
		"dump",
	};
	static char text[65536];
	char *end = put_told(text);
	bool was_user = is_user;

	/* A stand-in keeps the order of its peers. */
	is_user = false;
	/* Half a line is half an answer; at a line's end it may look whole. */
	if (!rng(16))
		end = text + (end - text) / 2;
	file_write("told", text, end - text);
	/* Only now, so that questions about all find one interface. */
	if (rename(TOLD_AWAY, TOLD_SOCKET))
		die(TOLD_SOCKET);
	words_set(3, "show", TOLD_NAME, fields[rng(ARRAY_SIZE(fields))]);
	compare_told("show, told");
	setenv("WG_COLOR_MODE", rng(2) ? "always" : "never", 1);
	setenv("WG_HIDE_KEYS", rng(2) ? "never" : "always", 1);
	words_set(2, "show", TOLD_NAME);
	compare_told("show for people, told");
	words_set(2, "showconf", TOLD_NAME);
	compare_told("showconf, told");
	if (rename(TOLD_SOCKET, TOLD_AWAY))
		die(TOLD_AWAY);
	is_user = was_user;
}
