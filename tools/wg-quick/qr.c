// SPDX-License-Identifier: GPL-2.0
/*
 * Two rows of modules are one row of characters, half blocks in white on
 * black, whatever the colours of the terminal are.
 */
#include "tools/wg-quick/new.h"

#include <qrencode.h>

#define QUIET	4	/* modules of margin (ISO/IEC 18004, 6.3.8) */

static bool is_dark(const QRcode *code, int x, int y)
{
	if (x < 0 || y < 0 || x >= code->width || y >= code->width)
		return false;
	return code->data[y * code->width + x] & 1;
}

static void row_print(const QRcode *code, int y)
{
	static const char *const blocks[2][2] = {
		{ "\u2588", "\u2580" }, { "\u2584", " " },
	};
	int x;

	fputs("\033[40;97m", stdout);
	for (x = -QUIET; x < code->width + QUIET; x++)
		fputs(blocks[is_dark(code, x, y)][is_dark(code, x, y + 1)],
		      stdout);
	puts("\033[0m");
}

bool qr_print(const char *text, size_t len)
{
	QRcode *code = QRcode_encodeData(len, (const unsigned char *)text, 0,
					 QR_ECLEVEL_L);
	int y;

	if (!code)
		return false;
	for (y = -QUIET; y < code->width + QUIET; y += 2)
		row_print(code, y);
	memzero_explicit(code->data, (size_t)code->width * code->width);
	QRcode_free(code);
	return true;
}
