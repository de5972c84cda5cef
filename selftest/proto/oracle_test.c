// SPDX-License-Identifier: GPL-2.0
/*
 * Handshakes byte by byte against transcripts of model.py, which was written
 * from the papers and shares no line with src/.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "proto/tunnel.h"

#include "selftest/proto/check.h"

enum field {
	STATIC_I, STATIC_R, PSK, EPHEMERAL_I, EPHEMERAL_R, LABEL, IDS, SECRET,
	SOURCE, NONCE, MESSAGE1, MESSAGE2, REPLY, KEY_IR, KEY_RI, FIELDS,
};

struct transcript {
	u8 byte[FIELDS][148];
	size_t len[FIELDS];
};

static bool read_field(struct transcript *t, int i, const char *hex)
{
	size_t n, len = strlen(hex);
	unsigned int byte;

	if (len % 2 || len / 2 > sizeof(t->byte[i]))
		return false;
	for (n = 0; n < len / 2; n++) {
		if (sscanf(hex + 2 * n, "%2x", &byte) != 1)
			return false;
		t->byte[i][n] = (u8)byte;
	}
	t->len[i] = len / 2;
	return true;
}

static bool read_transcript(struct transcript *t, char *line)
{
	char *word, *rest = NULL;
	int i;

	for (i = 0; i < FIELDS; i++) {
		word = strtok_r(i ? NULL : line, " \n", &rest);
		if (!word || !read_field(t, i, word))
			return false;
	}
	return true;
}

static bool equals(const struct transcript *t, enum field f, const void *got,
		   size_t len)
{
	return len == t->len[f] && !memcmp(t->byte[f], got, len);
}

static u32 id(const struct transcript *t, int of)
{
	return get_unaligned_le32(t->byte[IDS] + 4 * of);
}

static bool key_equals(const struct aead_key *key, const u8 want[32])
{
	struct aead_key loaded;

	aead_key_load(&loaded, want);
	return !memcmp(key, &loaded, sizeof(loaded));
}

struct ends {
	struct ikpsk_self i, r;
	struct tunnel to_r, to_i;
};

static void ends_init(struct ends *e, const struct transcript *t)
{
	ikpsk_self_set(&e->i, t->byte[STATIC_I]);
	ikpsk_self_set(&e->r, t->byte[STATIC_R]);
	tunnel_init(&e->to_r, e->r.public);
	tunnel_init(&e->to_i, e->i.public);
	tunnel_set_psk(&e->to_r, t->byte[PSK]);
	tunnel_set_psk(&e->to_i, t->byte[PSK]);
}

/* The first message is sent twice: the first time it earns a cookie. */
static void check_first(struct ends *e, const struct transcript *t,
			struct wire_initiation *msg)
{
	struct tunnel_chance chance = { .jitter_ns = 0 };
	struct wire_cookie_reply reply;
	struct cookie_gate gate;
	int round;

	cookie_gate_set_identity(&gate, e->r.public);
	cookie_gate_renew(&gate, t->byte[SECRET], 5);
	for (round = 0; round < 2; round++) {
		memcpy(chance.ephemeral_secret, t->byte[EPHEMERAL_I], 32);
		memset(e->to_r.label, 0, sizeof(e->to_r.label));
		MUST(tunnel_write_initiation(&e->to_r, msg, &e->i, id(t, 0),
					     &chance, t->byte[LABEL], 6) ==
		     TUNNEL_OK);
		if (round)
			break;
		MUST(check_is_zero(msg->macs.mac2, 16));
		cookie_gate_write_reply(&gate, &reply, msg, sizeof(*msg),
					msg->sender, t->byte[NONCE],
					t->byte[SOURCE], t->len[SOURCE]);
		MUST(equals(t, REPLY, &reply, sizeof(reply)));
		memcpy(&reply, t->byte[REPLY], sizeof(reply));
		MUST(cookie_jar_read_reply(&e->to_r.jar, &reply, 6));
	}
	MUST(equals(t, MESSAGE1, msg, sizeof(*msg)));
	MUST(cookie_gate_check_mac2(&gate, msg, sizeof(*msg), t->byte[SOURCE],
				    t->len[SOURCE], 7));
}

static void check_second(struct ends *e, const struct transcript *t,
			 const struct wire_initiation *msg1)
{
	struct tunnel_chance chance = { .jitter_ns = 0 };
	struct wire_response msg2;
	struct ikpsk_claim claim;
	struct session s;

	MUST(ikpsk_claim_initiation(&claim, msg1, &e->r));
	MUST(!memcmp(claim.public, e->i.public, 32));
	MUST(tunnel_read_initiation(&e->to_i, &claim, msg1, &e->r, 7) ==
	     TUNNEL_OK);
	MUST(equals(t, LABEL, e->to_i.newest, 12));
	memcpy(chance.ephemeral_secret, t->byte[EPHEMERAL_R], 32);
	MUST(tunnel_write_response(&e->to_i, &msg2, &s, &claim, id(t, 1),
				   &chance, 7) == TUNNEL_OK);
	MUST(equals(t, MESSAGE2, &msg2, sizeof(msg2)));
	MUST(key_equals(&s.send_key, t->byte[KEY_RI]));
	MUST(key_equals(&s.recv_key, t->byte[KEY_IR]));

	memcpy(&msg2, t->byte[MESSAGE2], sizeof(msg2));
	MUST(tunnel_read_response(&e->to_r, &msg2, &s, &e->i, 8) == TUNNEL_OK);
	MUST(key_equals(&s.send_key, t->byte[KEY_IR]));
	MUST(key_equals(&s.recv_key, t->byte[KEY_RI]));
	MUST(s.remote_id == id(t, 1));
}

static void transcripts(void)
{
	struct wire_initiation msg;
	struct transcript t;
	struct ends e;
	char line[4096];
	unsigned int n = 0;
	FILE *f;

	f = check_transcripts ? fopen(check_transcripts, "r") : NULL;
	if (!MUST(f != NULL))
		return;
	while (fgets(line, sizeof(line), f)) {
		if (!MUST(read_transcript(&t, line)))
			break;
		ends_init(&e, &t);
		check_first(&e, &t, &msg);
		check_second(&e, &t, &msg);
		n++;
	}
	fclose(f);
	MUST(n >= 16);
}

static const struct check_row rows[] = {
	{ "both messages, cookie reply and keys as model.py has them [P14]",
	  transcripts },
};

CHECK_FILE(oracle_file, "oracle", rows);
