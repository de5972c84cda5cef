// SPDX-License-Identifier: GPL-2.0
/* Makes configurations and arguments, good ones and bad ones. */
#include "tools/test/differential.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

void key_make(char text[KEY_BASE64_LEN + 1])
{
	u8 key[KEY_LEN];
	int i;

	for (i = 0; i < KEY_LEN; i++)
		key[i] = rng(256);
	key_write_base64(text, key);
}

void put_prefix(char *text, bool is_complete)
{
	char addr[INET6_ADDRSTRLEN];
	u8 bytes[16];
	bool is_v6 = rng(2);
	int i;

	for (i = 0; i < 16; i++)
		bytes[i] = rng(4) ? rng(4) : rng(256);
	inet_ntop(is_v6 ? AF_INET6 : AF_INET, bytes, addr, sizeof(addr));
	if (is_complete || rng(4))
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
		put_prefix(text, false);
		text += strlen(text);
		if (n)
			text = stpcpy(text, separators[rng(4)]);
	}
}

void put_endpoint(char *text)
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
size_t put_config(char *text, bool is_complete)
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

void put_set(void)
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
size_t mutate_text(char *text, size_t len)
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

void mutate_words(void)
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
bool is_excluded(const char *text)
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

bool words_are_excluded(void)
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
