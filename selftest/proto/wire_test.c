// SPDX-License-Identifier: GPL-2.0
#include "proto/wire.h"

#include "selftest/proto/check.h"

static void every_length(void)
{
	size_t len;

	for (len = 0; len <= 65535; len++) {
		MUST(wire_classify(cpu_to_le32(1), len) ==
		     (len == 148 ? WIRE_INITIATION : WIRE_BAD));
		MUST(wire_classify(cpu_to_le32(2), len) ==
		     (len == 92 ? WIRE_RESPONSE : WIRE_BAD));
		MUST(wire_classify(cpu_to_le32(3), len) ==
		     (len == 64 ? WIRE_COOKIE_REPLY : WIRE_BAD));
		MUST(wire_classify(cpu_to_le32(4), len) ==
		     (len >= 32 ? WIRE_DATA : WIRE_BAD));
	}
}

static void every_type(void)
{
	static const size_t lens[] = { 0, 32, 64, 92, 148, 1500, 65507 };
	u32 type, i;

	for (type = 0; type < 1 << 16; type++) {
		if (type >= 1 && type <= 4)
			continue;
		for (i = 0; i < ARRAY_SIZE(lens); i++)
			MUST(wire_classify(cpu_to_le32(type), lens[i]) ==
			     WIRE_BAD);
	}
}

static void reserved_bits(void)
{
	static const size_t lens[] = { 0, 148, 92, 64, 32 };
	u32 type, bit;

	for (type = 1; type <= 4; type++)
		for (bit = 8; bit < 32; bit++)
			MUST(wire_classify(cpu_to_le32(type | 1U << bit),
					   lens[type]) == WIRE_BAD);
}

/* The type word is four bytes as they lie in the packet. */
static void type_bytes(void)
{
	static const u8 bytes[4] = { 4, 0, 0, 0 };
	__le32 type;

	memcpy(&type, bytes, sizeof(type));
	MUST(wire_classify(type, 32) == WIRE_DATA);
}

static void label_layout(void)
{
	/* 2001-09-09 01:46:40 UTC is 10^9 s: 0x3b9aca00, and ten more. */
	static const u8 want[12] = {
		0x40, 0, 0, 0, 0x3b, 0x9a, 0xca, 0x0a, 0x1d, 0, 0, 0,
	};
	u8 label[12];

	wire_tai64n(label, 1000000000, 0x1dcd6500);
	MUST(!memcmp(label, want, sizeof(want)));
}

static void label_order(void)
{
	u8 old[12], label[12];
	u64 ns = 0, step;
	int i;

	wire_tai64n(old, 0, 0);
	for (i = 0; i < 100000; i++) {
		step = (1 << 24) + check_random() % 3000000000ULL;
		ns += step;
		wire_tai64n(label, ns / 1000000000, (u32)(ns % 1000000000));
		MUST(memcmp(label, old, sizeof(old)) > 0);
		memcpy(old, label, sizeof(old));
	}
}

static void label_grain(void)
{
	u8 label[12];
	u32 nsec, got;
	int i;

	for (i = 0; i < 10000; i++) {
		nsec = (u32)(check_random() % 1000000000);
		wire_tai64n(label, 1, nsec);
		got = get_unaligned_be32(label + 8);
		MUST(got % (1 << 24) == 0);
		MUST(got <= nsec && nsec - got < 1 << 24);
	}
}

static const struct check_row rows[] = {
	{ "every length of every type [C11 P20]", every_length },
	{ "types but 1 to 4 are bad [P20]", every_type },
	{ "a reserved bit makes any type bad [P20]", reserved_bits },
	{ "the type word is little-endian", type_bytes },
	{ "a time label is 2^62 + 10 + seconds [P2]", label_layout },
	{ "memcmp orders time labels [P2]", label_order },
	{ "labels are rounded down to 2^24 ns [P8]", label_grain },
};

CHECK_FILE(wire_file, "wire", rows);
