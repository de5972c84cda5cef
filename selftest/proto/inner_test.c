// SPDX-License-Identifier: GPL-2.0
#include "proto/inner.h"

#include "selftest/proto/check.h"

static void make_v4(u8 *p, u16 tot_len)
{
	check_random_bytes(p, 40);
	p[0] = 0x45;
	put_unaligned_be16(tot_len, p + 2);
}

static void make_v6(u8 *p, u16 payload_len, u8 ds)
{
	check_random_bytes(p, 40);
	p[0] = (u8)(0x60 | ds >> 4);
	p[1] = (u8)(ds << 4 | (p[1] & 15));
	put_unaligned_be16(payload_len, p + 4);
}

static void v4_fields(void)
{
	struct inner_view v;
	u8 p[40];

	make_v4(p, 40);
	MUST(inner_read(&v, p, 40, 48) == INNER_V4);
	MUST(v.kind == INNER_V4 && v.bits == 32 && v.len == 40);
	MUST(v.src == p + 12 && v.dst == p + 16 && v.ds == p[1]);
}

static void v6_fields(void)
{
	struct inner_view v;
	unsigned int ds;
	u8 p[40];

	for (ds = 0; ds < 256; ds++) {
		make_v6(p, 100, (u8)ds);
		MUST(inner_read(&v, p, 40, 140) == INNER_V6);
		MUST(v.kind == INNER_V6 && v.bits == 128 && v.len == 140);
		MUST(v.src == p + 8 && v.dst == p + 24 && v.ds == ds);
	}
}

/* Sent by the kernel's TCP in one piece: longer than 16 bits can say */
static void v4_beyond_64k(void)
{
	struct inner_view v;
	u8 p[40];

	make_v4(p, 0);
	MUST(inner_read(&v, p, 40, 65535) == INNER_BAD);
	MUST(inner_read(&v, p, 40, 65536) == INNER_V4 && v.len == 65536);
	MUST(inner_read(&v, p, 40, 200000) == INNER_V4 && v.len == 200000);
	make_v4(p, 19);
	MUST(inner_read(&v, p, 40, 200000) == INNER_BAD);
}

static void v4_length_lies(void)
{
	struct inner_view v;
	u32 says, len;
	u8 p[40];

	for (says = 0; says < 200; says++)
		for (len = 0; len < 200; len++) {
			bool good = says >= 20 && says <= len;
			size_t head = len < 40 ? len : 40;

			make_v4(p, (u16)says);
			MUST(inner_read(&v, p, head, len) ==
			     (good ? INNER_V4 : INNER_BAD));
		}
	make_v4(p, 65535);
	MUST(inner_read(&v, p, 40, 65535) == INNER_V4);
	MUST(inner_read(&v, p, 40, 65534) == INNER_BAD);
}

static void v6_length_lies(void)
{
	struct inner_view v;
	u32 says, len;
	u8 p[40];

	for (says = 0; says < 200; says++)
		for (len = 0; len < 300; len++) {
			bool good = says + 40 <= len;
			size_t head = len < 40 ? len : 40;

			make_v6(p, (u16)says, 0);
			MUST(inner_read(&v, p, head, len) ==
			     (good ? INNER_V6 : INNER_BAD));
		}
	make_v6(p, 65535, 0);
	MUST(inner_read(&v, p, 40, 65575) == INNER_V6);
	MUST(inner_read(&v, p, 40, 65574) == INNER_BAD);
}

/* Only what can be read at the head counts, however long the packet is. */
static void short_heads(void)
{
	struct inner_view v;
	size_t head;
	u8 p[40];

	for (head = 0; head <= 40; head++) {
		make_v4(p, 20);
		MUST(inner_read(&v, p, head, 1500) ==
		     (head >= 20 ? INNER_V4 : INNER_BAD));
		make_v6(p, 0, 0);
		MUST(inner_read(&v, p, head, 1500) ==
		     (head >= 40 ? INNER_V6 : INNER_BAD));
	}
}

static void other_versions(void)
{
	struct inner_view v;
	unsigned int version;
	u8 p[40];

	for (version = 0; version < 16; version++) {
		if (version == 4 || version == 6)
			continue;
		make_v4(p, 20);
		p[0] = (u8)(version << 4 | 5);
		MUST(inner_read(&v, p, 40, 1500) == INNER_BAD);
	}
}

static void padding(void)
{
	u32 len, mtu, got, full;

	for (mtu = 0; mtu < 200; mtu++)
		for (len = 0; len < 400; len++) {
			got = inner_padded_len(len, mtu);
			full = (len + 15) / 16 * 16;
			if (len > mtu)
				MUST(got == len);
			else
				MUST(got == (full < mtu ? full : mtu));
		}
	MUST(inner_padded_len(0, 1420) == 0);
	MUST(inner_padded_len(1420, 1420) == 1420);
	MUST(inner_padded_len(65535, 65535) == 65535);
}

/* [RFC 6040 4.2] figure 4: Not-ECT 0, ECT(1) 1, ECT(0) 2, CE 3. */
static void ecn_in(void)
{
	static const struct {
		u8 inner, outer, want;
	} t[16] = {
		{ 0, 0, 0 }, { 0, 2, 0 }, { 0, 1, 0 }, { 0, 3, 0 },
		{ 2, 0, 2 }, { 2, 2, 2 }, { 2, 1, 1 }, { 2, 3, 3 },
		{ 1, 0, 1 }, { 1, 2, 1 }, { 1, 1, 1 }, { 1, 3, 3 },
		{ 3, 0, 3 }, { 3, 2, 3 }, { 3, 1, 3 }, { 3, 3, 3 },
	};
	u32 i, dscp;

	for (dscp = 0; dscp < 256; dscp += 4)
		for (i = 0; i < 16; i++)
			MUST(inner_ecn_in((u8)(dscp | t[i].inner),
					  (u8)(~dscp & 0xfc) | t[i].outer) ==
			     (dscp | t[i].want));
}

static void ecn_out(void)
{
	u32 ds;

	for (ds = 0; ds < 256; ds++)
		MUST(inner_ecn_out((u8)ds) == ((ds & 3) == 3 ? 2 : ds & 3));
}

static const struct check_row rows[] = {
	{ "fields of an IPv4 packet [P16]", v4_fields },
	{ "fields of an IPv6 packet [P16]", v6_fields },
	{ "IPv4 beyond 64 KiB, on its way out [C19]", v4_beyond_64k },
	{ "IPv4 lengths that lie [P16]", v4_length_lies },
	{ "IPv6 lengths that lie [P16]", v6_length_lies },
	{ "heads cut short [P16 C15]", short_heads },
	{ "versions but 4 and 6 [P16]", other_versions },
	{ "padding to 16, never past the MTU [P17 C4]", padding },
	{ "16 pairs of ECN, never drops, keeps DSCP [C9]", ecn_in },
	{ "ECN goes out, CE as ECT(0), DSCP does not [P22]", ecn_out },
};

CHECK_FILE(inner_file, "inner", rows);
