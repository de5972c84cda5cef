// SPDX-License-Identifier: GPL-2.0
/*
 * ChaCha20-Poly1305 against the vectors of the standards and against OpenSSL,
 * on every path.
 */
#include "harness.h"
#include "reference.h"
#include "crypto/aead.h"

#define TEXT_MAX	65536
#define CANARY		0xa5

static struct {
	u8 key[32];
	struct aead_key words;
} k;

static u8 plain[TEXT_MAX], sealed[TEXT_MAX + 16], opened[TEXT_MAX + 16];
static u8 want[TEXT_MAX + 16];

static void new_key(void)
{
	test_fill(k.key, sizeof(k.key));
	aead_key_load(&k.words, k.key);
}

static void seal_one(u8 *dst, const u8 *src, u32 len, u64 nonce)
{
	const struct aead_msg msg = {
		.dst = dst, .src = src, .len = len, .nonce = nonce,
	};

	aead_seal_vec(&k.words, &msg, 1);
}

static bool open_one(u8 *dst, const u8 *src, u32 len, u64 nonce)
{
	const struct aead_msg msg = {
		.dst = dst, .src = src, .len = len, .nonce = nonce,
	};

	return aead_open_vec(&k.words, &msg, 1) & 1;
}

/* Seal and open one message of @len bytes at the given buffers. */
static void round_trip(u8 *dst, const u8 *src, u8 *back, u32 len)
{
	const u64 nonce = test_random();

	reference_seal(want, src, len, NULL, 0, nonce, k.key);
	seal_one(dst, src, len, nonce);
	CHECK(!memcmp(dst, want, len), "ciphertext of %u bytes", len);
	CHECK(!memcmp(dst + len, want + len, 16), "tag of %u bytes", len);
	CHECK(open_one(back, dst, len + 16, nonce), "%u bytes refused", len);
	CHECK(!memcmp(back, src, len), "plaintext of %u bytes", len);
}

static const char a5_key[] =
	"1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0";
static const char a5_text[] =
	"64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2"
	"4c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf"
	"332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c855"
	"9797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4"
	"b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e"
	"af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a"
	"0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a10"
	"49e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29"
	"a6ad5cb4022b02709beead9d67890cbb22392336fea1851f38";

TEST(aead_rfc8439_a_5)
{
	u8 key[32], ad[12], text[512], out[512];
	size_t len;

	test_hex(key, a5_key);
	test_hex(ad, "f33388860000000000004e91");
	len = test_hex(text, a5_text);
	CHECK(aead_open(out, text, len, ad, 12, 0x0807060504030201, key),
	      "refused");
	CHECK(!memcmp(out, "Internet-Drafts are draft documents valid for a ", 48),
	      "plaintext");
	aead_seal(out, out, len - 16, ad, 12, 0x0807060504030201, key);
	CHECK(!memcmp(out, text, len), "sealed again");
	ad[3] ^= 1;
	CHECK(!aead_open(out, text, len, ad, 12, 0x0807060504030201, key),
	      "other associated data accepted");
	CHECK(ct_is_zero(out, len - 16), "and the plaintext shown");
}

/* [draft-irtf-cfrg-xchacha-03 A.3.1] */
TEST(xaead_draft_a_3_1)
{
	static const char text[] =
		"Ladies and Gentlemen of the class of '99: If I could offer "
		"you only one tip for the future, sunscreen would be it.";
	const size_t len = sizeof(text) - 1;
	u8 key[32], nonce[24], ad[12], cipher[256], out[256];
	u8 i;

	for (i = 0; i < 32; i++)
		key[i] = 0x80 + i;
	for (i = 0; i < 24; i++)
		nonce[i] = 0x40 + i;
	test_hex(ad, "50515253c0c1c2c3c4c5c6c7");
	test_hex(cipher,
		 "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396c"
		 "bb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213"
		 "b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565"
		 "d3fff921f9664c97637da9768812f615c68b13b52e"
		 "c0875924c1c7987947deafd8780acf49");
	xaead_seal(out, (const u8 *)text, len, ad, 12, nonce, key);
	CHECK(!memcmp(out, cipher, len + 16), "ciphertext and tag");
	CHECK(xaead_open(out, out, len + 16, ad, 12, nonce, key), "refused");
	CHECK(!memcmp(out, text, len), "plaintext");
	cipher[len] ^= 0x80;
	CHECK(!xaead_open(out, cipher, len + 16, ad, 12, nonce, key),
	      "wrong tag accepted");
	CHECK(ct_is_zero(out, len), "and the plaintext shown");
}

TEST(aead_fields_against_openssl)
{
	size_t len, ad_len, len_max = test_long ? 300 : 70;

	for (len = 0; len < len_max; len++)
		for (ad_len = 0; ad_len < 40; ad_len++) {
			u64 nonce = test_random();
			u8 ad[64];

			new_key();
			test_fill(ad, ad_len);
			test_fill(plain, len);
			reference_seal(want, plain, len, ad, ad_len, nonce,
				       k.key);
			aead_seal(sealed, plain, len, ad, ad_len, nonce, k.key);
			CHECK(!memcmp(sealed, want, len + 16),
			      "%zu bytes, %zu associated", len, ad_len);
			CHECK(aead_open(sealed, sealed, len + 16, ad, ad_len,
					nonce, k.key),
			      "%zu bytes, %zu associated refused", len, ad_len);
			CHECK(!memcmp(sealed, plain, len), "plaintext");
		}
}

TEST(aead_too_short_is_refused)
{
	u8 text[16] = { 0 }, out[16];
	size_t len;

	memset(out, CANARY, sizeof(out));
	for (len = 0; len < 16; len++) {
		CHECK(!aead_open(out, text, len, NULL, 0, 0, k.key), "field");
		CHECK(!xaead_open(out, text, len, NULL, 0, plain, k.key), "x");
	}
	for (len = 0; len < 16; len++)
		CHECK(out[len] == CANARY, "something was written");
}

/* A keepalive has nothing to be sealed, and so no place where it is. */
PATH_TEST(aead_nothing_from_nowhere)
{
	const u64 nonce = test_random();

	new_key();
	reference_seal(want, plain, 0, NULL, 0, nonce, k.key);
	seal_one(sealed, NULL, 0, nonce);
	CHECK(!memcmp(sealed, want, 16), "tag");
}

PATH_TEST(aead_every_length)
{
	u32 len;

	new_key();
	test_fill(plain, 4096);
	for (len = 0; len <= 4096; len++) {
		round_trip(sealed, plain, opened, len);
		round_trip(sealed, plain, sealed, len);
	}
	for (len = 65535; len > 65535 - 64; len--)
		round_trip(sealed, plain, opened, len);
}

PATH_TEST(aead_every_length_in_place)
{
	u32 len;

	for (len = 0; len <= 4096; len++) {
		const u64 nonce = test_random();

		new_key();
		test_fill(plain, len);
		memcpy(sealed, plain, len);
		reference_seal(want, plain, len, NULL, 0, nonce, k.key);
		seal_one(sealed, sealed, len, nonce);
		CHECK(!memcmp(sealed, want, len + 16), "sealing %u bytes", len);
		CHECK(open_one(sealed, sealed, len + 16, nonce), "opening");
		CHECK(!memcmp(sealed, plain, len), "plaintext");
	}
}

PATH_TEST(aead_every_alignment)
{
	static const u32 length[] = { 1, 16, 63, 64, 100, 257, 600, 1424 };
	u32 i, from, to;

	new_key();
	test_fill(plain, 2048);
	for (i = 0; i < ARRAY_SIZE(length); i++)
		for (from = 0; from < 64; from++)
			for (to = 0; to < 64; to += 1 + to % 3)
				round_trip(sealed + to, plain + from,
					   opened + (to * 7 + from) % 64,
					   length[i]);
}

/* Bytes before and behind every buffer must not be touched. */
PATH_TEST(aead_guard_pages)
{
	struct test_guard g[3];
	u8 *src, *dst, *back;
	u32 len;

	new_key();
	for (len = 0; len <= 1500; len += len < 300 ? 1 : 37) {
		src = test_guard_end(&g[0], len);
		dst = test_guard_end(&g[1], len + 16);
		back = test_guard_end(&g[2], len);
		test_fill(src, len);
		round_trip(dst, src, back, len);
		test_guard_free(&g[0]);
		test_guard_free(&g[1]);
		test_guard_free(&g[2]);

		src = test_guard_begin(&g[0], len);
		dst = test_guard_begin(&g[1], len + 16);
		back = test_guard_begin(&g[2], len);
		test_fill(src, len);
		round_trip(dst, src, back, len);
		test_guard_free(&g[0]);
		test_guard_free(&g[1]);
		test_guard_free(&g[2]);
	}
}

static void check_pieces(const struct aead_piece *piece, unsigned int n,
			 u32 len)
{
	const u64 nonce = test_random();

	reference_seal(want, plain, len, NULL, 0, nonce, k.key);
	memset(sealed, CANARY, len + 17);
	aead_seal_pieces(&k.words, sealed, piece, n, nonce);
	CHECK(!memcmp(sealed, want, len + 16), "%u bytes in %u pieces", len, n);
	CHECK(sealed[len + 16] == CANARY, "a byte too many written");
}

PATH_TEST(aead_every_split)
{
	const u32 len = 300;
	struct aead_piece piece[8];
	u32 a, b;
	int i;

	new_key();
	test_fill(plain, 4096);
	for (a = 0; a <= len; a++)
		for (b = a; b <= len; b += 1 + b % 7) {
			piece[0] = (struct aead_piece){ plain, a };
			piece[1] = (struct aead_piece){ plain + a, b - a };
			piece[2] = (struct aead_piece){ plain + b, len - b };
			check_pieces(piece, 3, len);
		}
	for (i = 0; i < 500; i++) {
		u32 at = 0, n;

		for (n = 0; n < 8; n++) {
			piece[n].data = plain + at;
			piece[n].len = test_below(500);
			at += piece[n].len;
		}
		check_pieces(piece, 8, at);
	}
	check_pieces(piece, 0, 0);
}

/* A batch: what is put in, and what must come out. */
static struct batch {
	unsigned int n;
	bool down;	/* the first message is the last in memory */
	u32 len[AEAD_VEC_MAX];
	u64 nonce[AEAD_VEC_MAX];
	u8 plain[AEAD_VEC_MAX][2048], want[AEAD_VEC_MAX][2048 + 16];
	u8 buffer[AEAD_VEC_MAX][2048 + 64];
} batch;

/* Messages of the lengths which are there. */
static void batch_fill(unsigned int n)
{
	unsigned int i;

	batch.n = n;
	batch.down = test_below(2);
	for (i = 0; i < n; i++) {
		batch.nonce[i] = test_below(4) ? test_random() : i;
		test_fill(batch.plain[i], batch.len[i]);
		/* Sums that an end-around carry may get wrong. */
		if (!test_below(8))
			memset(batch.plain[i], test_below(2) ? 0 : 0xff,
			       batch.len[i]);
		reference_seal(batch.want[i], batch.plain[i], batch.len[i],
			       NULL, 0, batch.nonce[i], k.key);
	}
}

static void batch_make(unsigned int n, u32 len_max, bool equal)
{
	const u32 len = test_below(len_max + 1);
	unsigned int i;

	for (i = 0; i < n; i++)
		batch.len[i] = equal ? len : test_below(len_max + 1);
	batch_fill(n);
}

static u8 *batch_room(unsigned int i)
{
	u8 *room = batch.buffer[batch.down ? batch.n - 1 - i : i];

	memset(room, CANARY, batch.len[i] + 48);
	return room + 1 + i % 16;
}

/*
 * The ends of a plaintext go to where it is sealed, and are spoilt where they
 * were: whoever reads them there shows.
 */
static void part_message(struct aead_msg *msg, u8 *spoilt)
{
	const u32 step_n = msg->len / AEAD_STEP;
	const u32 from = AEAD_STEP * test_below(step_n + 1);
	const u32 to = test_below(3) ? msg->len :
		       from + AEAD_STEP * test_below(step_n + 1 -
						     from / AEAD_STEP);

	memcpy(spoilt, msg->src, msg->len);
	memset(spoilt, CANARY, from);
	memset(spoilt + to, CANARY, msg->len - to);
	memcpy(msg->dst, msg->src, from);
	memcpy(msg->dst + to, msg->src + to, msg->len - to);
	msg->src = spoilt;
	msg->head = (u16)from;
	msg->tail = (u16)(msg->len - to);
}

/* [RFC 1071 4.1], as it is written there: in the order of the network. */
static u16 plain_checksum(const u8 *p, u32 len, u32 sum)
{
	u32 i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? p[i] : (u32)p[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff ? 0xffff : (u16)~sum;
}

/*
 * Have a checksum written somewhere in what is sealed from its destination: what
 * is wanted has it already.
 */
static void want_check(struct aead_msg *msg, unsigned int i)
{
	const u32 there = msg->src == msg->dst ? msg->len : msg->head;
	u8 *plain = batch.plain[i];
	u16 check, sum = (u16)(test_below(2) ? test_random() : 0);

	if (there < 4)
		return;
	msg->check = (u16)(2 + 2 * test_below(there / 2 - 1));
	memset(msg->dst + msg->check, 0, 2);
	memset(plain + msg->check, 0, 2);
	put_unaligned_be16(sum, &msg->sum);
	check = plain_checksum(plain, msg->len, sum);
	put_unaligned_be16(check, plain + msg->check);
	reference_seal(batch.want[i], plain, msg->len, NULL, 0, msg->nonce,
		       k.key);
}

enum from { FROM_SOURCE, IN_PLACE, IN_PARTS };

static void batch_seal(enum from from)
{
	static u8 spoilt[AEAD_VEC_MAX][2048];
	struct test_guard guard;
	struct aead_msg *msg = (void *)test_guard_end(&guard, batch.n * sizeof(*msg));
	unsigned int i;

	for (i = 0; i < batch.n; i++) {
		msg[i] = (struct aead_msg){
			.dst = batch_room(i),
			.src = batch.plain[i], .len = batch.len[i],
			.nonce = batch.nonce[i],
		};
		if (from == IN_PARTS)
			part_message(&msg[i], spoilt[i]);
		if (from == FROM_SOURCE)
			continue;
		if (from == IN_PLACE) {
			memcpy(msg[i].dst, batch.plain[i], batch.len[i]);
			msg[i].src = msg[i].dst;
		}
		if (test_below(2))
			want_check(&msg[i], i);
	}
	aead_seal_vec(&k.words, msg, batch.n);
	for (i = 0; i < batch.n; i++) {
		CHECK(!memcmp(msg[i].dst, batch.want[i], batch.len[i] + 16),
		      "message %u of %u, %u bytes", i, batch.n, batch.len[i]);
		CHECK(msg[i].dst[-1] == CANARY &&
		      msg[i].dst[batch.len[i] + 16] == CANARY,
		      "neighbouring byte of message %u written", i);
	}
	test_guard_free(&guard);
}

/* Damage message @i: a bit of the text, of the tag, or its length. */
static u32 batch_forge(unsigned int i)
{
	const u32 len = batch.len[i] + 16;

	switch (test_below(4)) {
	case 0:
		return len - 1 - test_below(min(len, 40U));
	case 1:
		batch.want[i][len - 1 - test_below(16)] ^=
			(u8)(1 << test_below(8));
		return len;
	default:
		batch.want[i][test_below(len)] ^= (u8)(1 << test_below(8));
		return len;
	}
}

/* One message in @n, by chance; none for 0. */
static u64 batch_some(unsigned int n)
{
	u64 some = 0;
	unsigned int i;

	for (i = 0; n && i < AEAD_VEC_MAX; i++)
		some |= (u64)!test_below(n) << i;
	return some;
}

static bool is_in(u64 set, unsigned int i)
{
	return set >> i & 1;
}

static void batch_open(u64 in_place, u64 forge)
{
	struct test_guard guard;
	struct aead_msg *msg = (void *)test_guard_end(&guard, batch.n * sizeof(*msg));
	u64 authentic = 0, got;
	unsigned int i;

	for (i = 0; i < batch.n; i++) {
		msg[i] = (struct aead_msg){ .len = batch.len[i] + 16 };
		if (is_in(forge, i))
			msg[i].len = batch_forge(i);
		else
			authentic |= 1ULL << i;
		msg[i].dst = batch_room(i);
		msg[i].src = is_in(in_place, i) ? msg[i].dst : batch.want[i];
		msg[i].nonce = batch.nonce[i];
		if (is_in(in_place, i))
			memcpy(msg[i].dst, batch.want[i], msg[i].len);
	}
	got = aead_open_vec(&k.words, msg, batch.n);
	CHECK(got == authentic, "mask %llx, not %llx", (unsigned long long)got,
	      (unsigned long long)authentic);
	for (i = 0; i < batch.n; i++) {
		const u32 len = msg[i].len < 16 ? 0 : msg[i].len - 16;

		if (is_in(authentic, i))
			CHECK(!memcmp(msg[i].dst, batch.plain[i], len),
			      "plaintext of message %u of %u", i, batch.n);
		else
			CHECK(ct_is_zero(msg[i].dst, len),
			      "forged message %u shows", i);
		CHECK(msg[i].dst[-1] == CANARY &&
		      (is_in(in_place, i) || msg[i].dst[len] == CANARY),
		      "neighbouring byte of message %u written", i);
	}
	test_guard_free(&guard);
}

PATH_TEST(aead_batches_equal)
{
	unsigned int n;
	u32 i;

	for (n = 0; n <= AEAD_VEC_MAX; n++)
		for (i = 0; i < 12; i++) {
			new_key();
			batch_make(n, i < 6 ? 200 : 2048, true);
			batch_seal(i % 3);
			batch_open(batch_some(i & 1), batch_some(i % 4));
		}
}

PATH_TEST(aead_batches_mixed)
{
	u32 i;

	for (i = 0; i < 1500; i++) {
		new_key();
		batch_make(1 + test_below(AEAD_VEC_MAX),
			   i % 3 ? 1 + test_below(2048) : 150, false);
		batch_seal(i % 3);
		batch_open(batch_some(i >> 1 & 1), batch_some(i % 5));
	}
}

/* Long messages, most of one length: some a little shorter, or much. */
static void batch_alike(unsigned int n)
{
	const u32 len = 300 + test_below(1749);
	const u32 less = test_below(3) ? len : 100;
	const u32 one_in = 1 + test_below(16);
	unsigned int i;

	for (i = 0; i < n; i++)
		batch.len[i] = len - (test_below(one_in) ? 0 : test_below(less));
	batch_fill(n);
}

PATH_TEST(aead_open_alike)
{
	unsigned int n, i;

	for (n = 1; n <= 33; n++)
		for (i = 0; i < 24; i++) {
			new_key();
			batch_alike(n);
			batch_open(batch_some(i % 3 ? 0 : 1 + test_below(20)),
				   batch_some(i & 1 ? 16 : 0));
		}
}

PATH_TEST(aead_open_one_forged)
{
	unsigned int i;

	for (i = 0; i < 32; i++) {
		new_key();
		batch_alike(16 + i / 16);
		batch_open(0, 1ULL << i % 16);
	}
}

/* Sources of a batch which end, or begin, where nothing may be read. */
PATH_TEST(aead_open_batch_guard_pages)
{
	struct aead_msg msg[16];
	struct test_guard g[16];
	unsigned int i, j;
	u8 *src;
	u32 len;

	for (i = 0; i < 100; i++) {
		new_key();
		batch_alike(i & 1 ? 8 : 16);
		for (j = 0; j < batch.n; j++) {
			len = batch.len[j] + 16;
			src = (i + j) & 2 ? test_guard_end(&g[j], len) :
					    test_guard_begin(&g[j], len);
			memcpy(src, batch.want[j], len);
			msg[j] = (struct aead_msg){
				.dst = batch_room(j), .src = src, .len = len,
				.nonce = batch.nonce[j],
			};
		}
		CHECK(aead_open_vec(&k.words, msg, batch.n) ==
		      (1U << batch.n) - 1, "opening %u", batch.n);
		for (j = 0; j < batch.n; j++) {
			CHECK(!memcmp(msg[j].dst, batch.plain[j], batch.len[j]),
			      "plaintext of message %u of %u", j, batch.n);
			test_guard_free(&g[j]);
		}
	}
}

/* 10^7 messages on three paths: a minute of an AMD EPYC. */
PATH_TEST(aead_random)
{
	const u32 goal = test_long ? 10 * 1000 * 1000 : 20 * 1000;
	u32 done;

	for (done = 0; done < goal; done += batch.n) {
		if (!test_below(8))
			new_key();
		batch_make(1 + test_below(test_below(4) ? 12 : AEAD_VEC_MAX),
			   test_below(3) ? 256 : 1600, test_below(2));
		batch_seal(test_below(3));
		batch_open(batch_some(test_below(2)), batch_some(test_below(8)));
	}
}

/* Under valgrind: nothing but lengths and verdicts may decide. */
PATH_TEST(secret_aead)
{
	static const u32 length[] = { 0, 1, 64, 128, 577, 1424 };
	struct aead_msg msg[AEAD_VEC_MAX];
	unsigned int n, i;
	u64 authentic;

	for (n = 1; n <= 24; n += 1 + n / 3) {
		new_key();
		batch_make(n, 0, true);
		for (i = 0; i < n; i++) {
			batch.len[i] = length[(i + n) % ARRAY_SIZE(length)];
			test_fill(batch.plain[i], batch.len[i]);
			test_secret(batch.plain[i], batch.len[i]);
			msg[i] = (struct aead_msg){
				.dst = batch.buffer[i], .src = batch.plain[i],
				.len = batch.len[i], .nonce = batch.nonce[i],
			};
		}
		test_secret(&k.words, sizeof(k.words));
		aead_seal_vec(&k.words, msg, n);
		for (i = 0; i < n; i++) {
			/* What goes over the wire is known to all. */
			test_public(batch.buffer[i], batch.len[i] + 16);
			msg[i].src = msg[i].dst;
			msg[i].len += 16;
		}
		authentic = aead_open_vec(&k.words, msg, n);
		test_public(&authentic, sizeof(authentic));
		CHECK(authentic == (1ULL << n) - 1, "batch of %u", n);
		test_public(&k, sizeof(k));
		test_public(batch.plain, sizeof(batch.plain));
	}
}
