/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Poly1305 of an octet (poly1305_avx512.h) in pieces, each short enough for the
 * processor to run it beside a double round of ChaCha20: either alone leaves
 * gaps in the two vector ports that the other fills. Inline parts of
 * aead_avx512.c.
 *
 * The messages come one after the other, octet after octet. A piece is a part of
 * the powers of an octet, one vector of eight blocks (the first of a message with
 * an odd number of them), two, the last one, or the tags of an octet.
 *
 * An octet which is to be opened and has messages of about one length is taken
 * abreast (poly1305_abreast.h): 3 to 5 % of the time of opening, with both. Not
 * where one is opened in place, for the keystream comes to one after the other,
 * and what it overwrites has to be absorbed before.
 */
#ifndef WG_CRYPTO_X86_POLY1305_BESIDE_H
#define WG_CRYPTO_X86_POLY1305_BESIDE_H

#include "crypto/x86/poly1305_abreast.h"
#include "crypto/x86/poly1305_avx512.h"

#define P1305_VECTOR_LEN	128	/* eight blocks */

/* Up to so many bytes, with the tag, abreast: see crypto/README.md. */
#define P1305_ABREAST_LEN	2064

/* Of an octet, in one way or the other. */
union p1305_eight {
	struct p1305_octet octet;
	struct p1305_abreast abreast;
};

struct p1305_beside {
	p1305_v8 x[3];			/* the sum so far */
	struct p1305_scalars f8, f16;	/* of this message */
	union p1305_eight *eight;
	aead_keys *key;			/* of this octet */
	const struct aead_msg *msg;	/* of this octet */
	const struct aead_msg *msg_end;	/* of the group */
	u32 tag_len;			/* that part of a length to be opened */
	unsigned int power_n;		/* pieces of the powers that are done */
	unsigned int n, index;		/* messages of this octet; which one */
	u32 step_n;			/* vectors left of it */
	u32 lead;			/* bytes of nothing in the next one */
	const u8 *p;			/* the next vector, or its lead */
	const u8 *end;			/* what is there of this message */
	const struct aead_msg *ready;	/* those before this one are there, */
	u32 ready_len;			/* and so many bytes of it */
	u64 sum;			/* of text that is being sealed */
	const u8 *await[2];		/* what will be wanted next */
	u32 alike;			/* octets to take abreast, from the next */
	bool abreast;			/* this octet is taken so */
};

/* The ciphertext: what is sealed to, or is to be opened. */
static __always_inline const u8 *
p1305_beside_data(const struct p1305_beside *beside, const struct aead_msg *msg)
{
	return beside->tag_len ? msg->src : msg->dst;
}

/* What is there of this message may be absorbed. */
static __always_inline void p1305_beside_limit(struct p1305_beside *beside)
{
	const struct aead_msg *msg = beside->msg + beside->index;
	u32 len = 0;

	if (beside->index >= beside->n)
		return;
	if (msg < beside->ready)
		len = msg->len - beside->tag_len;
	else if (msg == beside->ready)
		len = beside->ready_len;
	beside->end = p1305_beside_data(beside, msg) + len;
}

/* The texts of this octet, which is to be opened, and then texts of no length. */
static __always_inline void
p1305_beside_texts(const struct p1305_beside *beside,
		   struct aead_text text[AEAD_OCTET])
{
	const struct aead_msg *msg = beside->msg;
	unsigned int i;

	for (i = 0; i < AEAD_OCTET; i++) {
		text[i].data = msg[i < beside->n ? i : 0].src;
		text[i].len = i < beside->n ? msg[i].len - AEAD_TAG_LEN : 0;
	}
}

/* Whether @n messages are, in bytes, seven or more of the longest of them. */
static __always_inline bool p1305_beside_alike(const struct aead_msg *msg,
					       unsigned int n)
{
	u32 most = 0, sum = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (msg[i].dst == msg[i].src)
			return false;
		most = max(most, msg[i].len);
		sum += msg[i].len;
	}
	return n >= 7 && most <= P1305_ABREAST_LEN && sum >= 7 * most;
}

/* Which octets to take abreast. */
static noinline void p1305_beside_choose(struct p1305_beside *beside,
					 const struct aead_msg *msg)
{
	unsigned int i, n;

	beside->alike = 0;
	if (!beside->tag_len)
		return;
	for (i = 0; msg < beside->msg_end; i++, msg += n) {
		n = min((unsigned int)(beside->msg_end - msg), 0U + AEAD_OCTET);
		beside->alike |= (u32)p1305_beside_alike(msg, n) << i;
	}
}

/* The octet of @msg and @key, from its powers on. */
static __always_inline void p1305_beside_octet(struct p1305_beside *beside,
					       const struct aead_msg *msg,
					       aead_keys *key)
{
	beside->key = key;
	beside->power_n = 0;
	beside->msg = msg;
	beside->n = min((unsigned int)(beside->msg_end - msg), 0U + AEAD_OCTET);
	beside->index = 0;
	beside->step_n = 0;
	beside->abreast = beside->alike & 1;
	beside->alike >>= 1;
	if (beside->abreast)
		p1305_abreast_start(&beside->eight->abreast);
}

/* Begin with message @beside->index, if there is one. */
static __always_inline void p1305_beside_start(struct p1305_beside *beside)
{
	const struct p1305_octet *octet = &beside->eight->octet;
	const unsigned int i = beside->index;
	u32 block_n;

	beside->x[0] = beside->x[1] = beside->x[2] = p1305_all(0);
	beside->step_n = 0;
	if (i >= beside->n)
		return;
	block_n = p1305_block_n(beside->msg[i].len - beside->tag_len);
	beside->step_n = (block_n + 7) / 8;
	beside->lead = 16 * (8 * beside->step_n - block_n);
	beside->p = p1305_beside_data(beside, &beside->msg[i]) - beside->lead;
	p1305_octet_factors(octet, i, &beside->f8, &beside->f16);
	p1305_beside_limit(beside);
}

static __always_inline struct p1305_limbs
p1305_beside_first(struct p1305_beside *beside)
{
	struct p1305_limbs m;

	if (!beside->lead)
		return p1305_read(beside->p);
	m = p1305_read_edge(beside->p, beside->lead, P1305_VECTOR_LEN);
	beside->lead = 0;
	return m;
}

/* One vector, or two; others follow. */
static __always_inline void p1305_beside_absorb(struct p1305_beside *beside,
						bool two)
{
	struct p1305_limbs x = { { beside->x[0], beside->x[1], beside->x[2] } };
	struct p1305_sum sum = p1305_nothing();
	struct p1305_factor f;

	x = p1305_add(x, p1305_beside_first(beside));
	beside->p += P1305_VECTOR_LEN;
	beside->step_n--;
	f = p1305_scalars_all(two ? &beside->f16 : &beside->f8);
	p1305_accumulate(&sum, x, &f);
	if (two) {
		f = p1305_scalars_all(&beside->f8);
		p1305_accumulate(&sum, p1305_read(beside->p), &f);
		beside->p += P1305_VECTOR_LEN;
		beside->step_n--;
	}
	x = p1305_carry_loose(sum);
	beside->x[0] = x.l[0];
	beside->x[1] = x.l[1];
	beside->x[2] = x.l[2];
}

/* The last vector; the sum takes the place of the powers. */
static __always_inline void p1305_beside_end(struct p1305_beside *beside)
{
	struct p1305_limbs x = { { beside->x[0], beside->x[1], beside->x[2] } };
	p1305_v8(*last)[AEAD_OCTET] = beside->eight->octet.last;
	const unsigned int i = beside->index;
	const struct p1305_limbs power = { { last[0][i], last[1][i],
					     last[2][i] } };
	const struct p1305_factor f = p1305_factor(power);
	const u32 len = beside->msg[i].len - beside->tag_len;

	x = p1305_add(x, p1305_read_edge(beside->p, beside->lead,
					 (u32)(beside->end - beside->p)));
	x = p1305_add_len(x, 0x80, _mm512_set1_epi64(len));
	x = p1305_multiply(x, &f);
	last[0][i] = x.l[0];
	last[1][i] = x.l[1];
	last[2][i] = x.l[2];
}

/* The tags of an octet; the next one, if there is one. */
static __always_inline bool p1305_beside_finish(struct p1305_beside *beside)
{
	if (!beside->n)
		return false;
	p1305_octet_finish(&beside->eight->octet, *beside->key, beside->n);
	p1305_beside_octet(beside, beside->msg + beside->n, beside->key + 1);
	return true;
}

/* A piece of the powers; then the first message. */
static __always_inline bool p1305_beside_power(struct p1305_beside *beside)
{
	p1305_octet_power(&beside->eight->octet, *beside->key, beside->power_n++);
	if (beside->power_n == P1305_POWER_PIECE_N)
		p1305_beside_start(beside);
	return true;
}

/* Whether the next @len bytes are there. */
static __always_inline bool p1305_beside_has(const struct p1305_beside *beside,
					     s64 len)
{
	return beside->end - beside->p >= len;
}

/* Whether all of this message is there. */
static __always_inline bool
p1305_beside_whole(const struct p1305_beside *beside)
{
	const struct aead_msg *msg = beside->msg + beside->index;

	return beside->end == p1305_beside_data(beside, msg) + msg->len -
			      beside->tag_len;
}

/* A piece, if one is there and this octet is not taken abreast. */
static __always_inline bool p1305_beside_step(struct p1305_beside *beside)
{
	if (beside->abreast)
		return false;
	if (!beside->step_n)
		return beside->index < beside->n ? p1305_beside_power(beside) :
						   p1305_beside_finish(beside);
	if (beside->step_n > 2 && beside->step_n % 2) {
		if (!p1305_beside_has(beside, 2 * P1305_VECTOR_LEN))
			return false;
		p1305_beside_absorb(beside, true);
		return true;
	}
	if (beside->step_n > 1) {
		if (!p1305_beside_has(beside, P1305_VECTOR_LEN))
			return false;
		p1305_beside_absorb(beside, false);
		return true;
	}
	if (!p1305_beside_whole(beside))
		return false;
	p1305_beside_end(beside);
	beside->index++;
	p1305_beside_start(beside);
	return true;
}

/*
 * What is left between two plain steps of an octet which is taken abreast: one at
 * an edge, with the factors, or the tags. Inline: a call beside ChaCha20 would
 * take a kilobyte of stack for its registers.
 */
static __always_inline bool p1305_beside_edge(struct p1305_beside *beside)
{
	struct p1305_limbs x = { { beside->x[0], beside->x[1], beside->x[2] } };
	struct p1305_abreast *abreast = &beside->eight->abreast;
	struct aead_text text[AEAD_OCTET];

	if (!beside->abreast || p1305_abreast_is_plain(abreast))
		return false;
	if (abreast->at == abreast->end) {
		p1305_tags_write(*beside->key, x);
		p1305_beside_octet(beside, beside->msg + beside->n,
				   beside->key + 1);
		return true;
	}
	p1305_beside_texts(beside, text);
	if (!abreast->at)
		p1305_abreast_init(abreast, *beside->key, text);
	p1305_abreast_aim(abreast, text);
	x = p1305_abreast_edge(p1305_abreast_begun(x, abreast), abreast);
	beside->x[0] = x.l[0];
	beside->x[1] = x.l[1];
	beside->x[2] = x.l[2];
	abreast->at += P1305_ABREAST_N;
	return true;
}

/* A plain step of an octet which is taken abreast, if it is one that is next. */
static __always_inline bool p1305_beside_plain(struct p1305_beside *beside)
{
	struct p1305_abreast *abreast = &beside->eight->abreast;
	struct p1305_limbs x = { { beside->x[0], beside->x[1], beside->x[2] } };

	if (!beside->abreast || !p1305_abreast_is_plain(abreast))
		return false;
	x = p1305_abreast_plain(x, abreast);
	beside->x[0] = x.l[0];
	beside->x[1] = x.l[1];
	beside->x[2] = x.l[2];
	abreast->at += P1305_ABREAST_N;
	return true;
}

/*
 * A piece, if this octet is taken abreast. After an edge also the step which
 * follows: the registers of ChaCha20 are in memory anyway.
 */
static __always_inline bool p1305_beside_eight(struct p1305_beside *beside)
{
	const bool edge = p1305_beside_edge(beside);

	return p1305_beside_plain(beside) || edge;
}

#endif /* WG_CRYPTO_X86_POLY1305_BESIDE_H */
