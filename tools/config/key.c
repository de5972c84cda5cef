// SPDX-License-Identifier: GPL-2.0
/*
 * An alphabet is a list of ranges of characters. A symbol is translated by
 * asking every range and keeping, with a mask, the answer of the one it is in:
 * no branch and no table index depends on a secret.
 */
#include "tools/config/key.h"

struct range {
	u8 first_char;
	u8 last_char;
	u8 first_value;
};

static const struct range base64[] = {
	{ 'A', 'Z', 0 }, { 'a', 'z', 26 }, { '0', '9', 52 },
	{ '+', '+', 62 }, { '/', '/', 63 },
};

static const struct range hex[] = {
	{ '0', '9', 0 }, { 'a', 'f', 10 }, { 'A', 'F', 10 },
};

/* All ones when @low <= @v <= @high, else zero; all below 2^16. */
static u32 mask_within(u32 v, u32 low, u32 high)
{
	return (((v - low) | (high - v)) >> 31) - 1;
}

/* The value of @c, or all ones in *@bad when it is not in the alphabet. */
static u32 symbol_read(const struct range *range, size_t n, u8 c, u32 *bad)
{
	u32 value = 0, found = 0, mask;
	size_t i;

	for (i = 0; i < n; i++) {
		mask = mask_within(c, range[i].first_char, range[i].last_char);
		value |= mask & (c - range[i].first_char + range[i].first_value);
		found |= mask;
	}
	*bad |= ~found;
	return value;
}

static char symbol_write(const struct range *range, size_t n, u32 value)
{
	u32 c = 0, mask, span;
	size_t i;

	for (i = 0; i < n; i++) {
		span = range[i].last_char - range[i].first_char;
		mask = mask_within(value, range[i].first_value,
				   range[i].first_value + span);
		c |= mask & (value - range[i].first_value + range[i].first_char);
	}
	return c;
}

/*
 * 256 bits are 42 symbols of six bits and one of four: the last symbol has two
 * bits to spare, and a text that sets them would be a second name of one key.
 */
bool key_read_base64(u8 key[KEY_LEN], const char *text)
{
	u32 bits = 0, bit_n = 0, bad = 0;
	size_t i, out = 0;

	for (i = 0; i < KEY_BASE64_LEN - 1; i++) {
		bits = bits << 6 | symbol_read(base64, ARRAY_SIZE(base64),
					       text[i], &bad);
		bit_n += 6;
		if (bit_n >= 8) {
			bit_n -= 8;
			key[out++] = bits >> bit_n;
		}
	}
	bad |= bits & 3;
	bad |= (u8)text[KEY_BASE64_LEN - 1] ^ '=';
	if (bad)
		memzero_explicit(key, KEY_LEN);
	return !bad;
}

void key_write_base64(char text[KEY_BASE64_LEN + 1], const u8 key[KEY_LEN])
{
	u32 bits = 0, bit_n = 0;
	size_t i, out = 0;

	for (i = 0; i < KEY_LEN; i++) {
		bits = bits << 8 | key[i];
		for (bit_n += 8; bit_n >= 6; bit_n -= 6)
			text[out++] = symbol_write(base64, ARRAY_SIZE(base64),
						   bits >> (bit_n - 6) & 63);
	}
	text[out++] = symbol_write(base64, ARRAY_SIZE(base64),
				   bits << (6 - bit_n) & 63);
	text[out++] = '=';
	text[out] = 0;
}

bool key_read_hex(u8 key[KEY_LEN], const char *text)
{
	u32 bad = 0, high, low;
	size_t i;

	for (i = 0; i < KEY_LEN; i++) {
		high = symbol_read(hex, ARRAY_SIZE(hex), text[2 * i], &bad);
		low = symbol_read(hex, ARRAY_SIZE(hex), text[2 * i + 1], &bad);
		key[i] = high << 4 | low;
	}
	if (bad)
		memzero_explicit(key, KEY_LEN);
	return !bad;
}

void key_write_hex(char text[KEY_HEX_LEN + 1], const u8 key[KEY_LEN])
{
	size_t i;

	/* The third range repeats values of the second: writing uses two. */
	for (i = 0; i < KEY_LEN; i++) {
		text[2 * i] = symbol_write(hex, 2, key[i] >> 4);
		text[2 * i + 1] = symbol_write(hex, 2, key[i] & 15);
	}
	text[KEY_HEX_LEN] = 0;
}
