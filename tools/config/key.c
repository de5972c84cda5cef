// SPDX-License-Identifier: GPL-2.0
/*
 * An alphabet is a list of ranges of characters. All symbols of a key are
 * translated at once: every range is asked about every symbol, and a mask keeps
 * the answer of the one it is in. No branch and no table index depends on a
 * secret, and loops over whole vectors are what compilers make vectors of.
 */
#include "tools/config/key.h"

/* Room for the symbols of any key, in whole vectors. */
#define BASE64_ROOM	48
#define HEX_ROOM	64

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

/*
 * Adds to @to[] what the symbols of @from[] between @first and @first + @span
 * are, counted from @value, and to @found[] that they were.
 */
static inline void range_map(u8 *to, u8 *found, const u8 *from, size_t n,
			     u8 first, u8 span, u8 value)
{
	size_t i;
	u8 above, mask;

	for (i = 0; i < n; i++) {
		above = from[i] - first;
		mask = ~(u8)((u16)(span - above) >> 8);
		to[i] |= mask & (u8)(above + value);
		found[i] |= mask;
	}
}

static void symbols_read(const struct range *range, size_t range_n, u8 *value,
			 u8 *found, const u8 *text, size_t n)
{
	for (; range_n--; range++)
		range_map(value, found, text, n, range->first_char,
			  range->last_char - range->first_char,
			  range->first_value);
}

static void symbols_write(const struct range *range, size_t range_n, u8 *text,
			  u8 *found, const u8 *value, size_t n)
{
	for (; range_n--; range++)
		range_map(text, found, value, n, range->first_value,
			  range->last_char - range->first_char,
			  range->first_char);
}

/* Whether all of the first @n were found, all ones each. */
static bool all_found(const u8 *found, size_t n)
{
	u8 missing = 0;
	size_t i;

	for (i = 0; i < n; i++)
		missing |= ~found[i];
	return !missing;
}

/*
 * 256 bits are 42 symbols of six bits and one of four: the last symbol has two
 * bits to spare, and a text that sets them would be a second name of one key.
 */
bool key_read_base64(u8 key[KEY_LEN], const char *text)
{
	u8 symbol[BASE64_ROOM] = { 0 }, value[BASE64_ROOM] = { 0 };
	u8 found[BASE64_ROOM] = { 0 }, bytes[KEY_LEN + 1];
	size_t i;
	bool good;
	u32 bits;

	memcpy(symbol, text, KEY_BASE64_LEN);
	symbols_read(base64, ARRAY_SIZE(base64), value, found, symbol,
		     BASE64_ROOM);
	good = all_found(found, KEY_BASE64_LEN - 1) &
	       (symbol[KEY_BASE64_LEN - 1] == '=');
	for (i = 0; i < KEY_BASE64_LEN / 4; i++) {
		bits = (u32)value[4 * i] << 18 | (u32)value[4 * i + 1] << 12 |
		       (u32)value[4 * i + 2] << 6 | value[4 * i + 3];
		bytes[3 * i] = bits >> 16;
		bytes[3 * i + 1] = bits >> 8;
		bytes[3 * i + 2] = bits;
	}
	good &= !bytes[KEY_LEN];
	memcpy(key, bytes, KEY_LEN);
	memzero_explicit(symbol, sizeof(symbol));
	memzero_explicit(value, sizeof(value));
	memzero_explicit(bytes, sizeof(bytes));
	if (!good)
		memzero_explicit(key, KEY_LEN);
	return good;
}

void key_write_base64(char text[KEY_BASE64_LEN + 1], const u8 key[KEY_LEN])
{
	u8 symbol[BASE64_ROOM] = { 0 }, value[BASE64_ROOM] = { 0 };
	u8 found[BASE64_ROOM] = { 0 }, bytes[KEY_LEN + 1] = { 0 };
	size_t i;
	u32 bits;

	memcpy(bytes, key, KEY_LEN);
	for (i = 0; i < KEY_BASE64_LEN / 4; i++) {
		bits = (u32)bytes[3 * i] << 16 | (u32)bytes[3 * i + 1] << 8 |
		       bytes[3 * i + 2];
		value[4 * i] = bits >> 18;
		value[4 * i + 1] = bits >> 12 & 63;
		value[4 * i + 2] = bits >> 6 & 63;
		value[4 * i + 3] = bits & 63;
	}
	symbols_write(base64, ARRAY_SIZE(base64), symbol, found, value,
		      BASE64_ROOM);
	memcpy(text, symbol, KEY_BASE64_LEN);
	text[KEY_BASE64_LEN - 1] = '=';
	text[KEY_BASE64_LEN] = 0;
	memzero_explicit(symbol, sizeof(symbol));
	memzero_explicit(value, sizeof(value));
	memzero_explicit(bytes, sizeof(bytes));
}

bool key_read_hex(u8 key[KEY_LEN], const char *text)
{
	u8 value[HEX_ROOM] = { 0 }, found[HEX_ROOM] = { 0 };
	size_t i;
	bool good;

	symbols_read(hex, ARRAY_SIZE(hex), value, found, (const u8 *)text,
		     HEX_ROOM);
	good = all_found(found, KEY_HEX_LEN);
	for (i = 0; i < KEY_LEN; i++)
		key[i] = value[2 * i] << 4 | value[2 * i + 1];
	memzero_explicit(value, sizeof(value));
	if (!good)
		memzero_explicit(key, KEY_LEN);
	return good;
}

void key_write_hex(char text[KEY_HEX_LEN + 1], const u8 key[KEY_LEN])
{
	u8 value[HEX_ROOM], symbol[HEX_ROOM] = { 0 }, found[HEX_ROOM] = { 0 };
	size_t i;

	for (i = 0; i < KEY_LEN; i++) {
		value[2 * i] = key[i] >> 4;
		value[2 * i + 1] = key[i] & 15;
	}
	/* The third range repeats values of the second: writing uses two. */
	symbols_write(hex, 2, symbol, found, value, HEX_ROOM);
	memcpy(text, symbol, KEY_HEX_LEN);
	text[KEY_HEX_LEN] = 0;
	memzero_explicit(value, sizeof(value));
	memzero_explicit(symbol, sizeof(symbol));
}
