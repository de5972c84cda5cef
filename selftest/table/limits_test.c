// SPDX-License-Identifier: GPL-2.0
#include "check.h"
#include "proto/bucket.h"
#include "proto/cookie.h"
#include "table/limits.h"

#define MS 1000000ULL

static const u8 secret[16] = "not so random..";
static struct wg_limits l;

static unsigned int admit_n(unsigned int bits, const void *addr, u64 now_ns,
			    unsigned int n)
{
	unsigned int admitted = 0;

	while (n--)
		admitted += wg_limits_admit(&l, bits, addr, now_ns);
	return admitted;
}

static void start(void)
{
	wg_limits_init(&l, secret);
	wg_limits_make(&l, MS);
}

static bool row_rate(void)
{
	const u8 a[4] = { 192, 0, 2, 1 }, b[4] = { 192, 0, 2, 2 };
	u64 now = 5 * MS, admitted = 0, i;

	start();
	REQUIRE(admit_n(32, a, now, 100) == BUCKET_BURST);
	REQUIRE(admit_n(32, b, now, 100) == BUCKET_BURST);
	REQUIRE(admit_n(32, a, now + 49 * MS, 1) == 0);
	REQUIRE(admit_n(32, a, now + 50 * MS, 9) == 1);
	now += 10000 * MS;
	REQUIRE(admit_n(32, a, now, 100) == BUCKET_BURST);
	for (i = 0; i < 10000; i++)
		admitted += admit_n(32, a, now + i * MS, 3);
	REQUIRE(admitted == 10000 / 50 - 1);
	wg_limits_exit(&l);
	return true;
}

/* IPv6 by /64, and never mistaken for IPv4 */
static bool row_v6(void)
{
	u8 a[16] = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1 }, b[16], c[16], v4[4];

	start();
	memcpy(b, a, 16);
	memcpy(c, a, 16);
	b[8] = b[15] = 0xff;
	c[7] = 2;
	REQUIRE(admit_n(128, a, MS, 3) == 3);
	REQUIRE(admit_n(128, b, MS, 9) == 2);
	REQUIRE(admit_n(128, c, MS, 9) == 5);
	memset(a, 0, 16);
	memset(v4, 0, 4);
	REQUIRE(admit_n(128, a, MS, 9) == 5);
	REQUIRE(admit_n(32, v4, MS, 9) == 5);
	wg_limits_exit(&l);
	return true;
}

/* A13: any number of sources in bounded memory; who is quiet makes room */
static bool row_bounded(void)
{
	unsigned int i, admitted = 0, places = WG_LIMITS_SET_N * WG_LIMITS_WAY_N;
	long bytes = shim_live_bytes;
	u64 now = MS;
	u8 a[4];

	start();
	for (i = 0; i < 4 * places; i++) {
		put_unaligned_be32(i, a);
		admitted += wg_limits_admit(&l, 32, a, now);
	}
	REQUIRE(admitted <= places && admitted > places * 95 / 100);
	REQUIRE(shim_live_bytes - bytes <= 256 * 1024);
	now += BUCKET_COST_NS;		/* all have their burst again */
	for (admitted = 0; i < 5 * places; i++) {
		put_unaligned_be32(i, a);
		admitted += wg_limits_admit(&l, 32, a, now);
	}
	REQUIRE(admitted > places * 8 / 10);
	wg_limits_exit(&l);
	return true;
}

/* Places of those who are not quiet are not taken over. */
static bool row_crowded(void)
{
	unsigned int i;
	u8 a[4] = { 1, 1, 1, 1 }, b[4];

	start();
	REQUIRE(admit_n(32, a, MS, 9) == 5);
	for (i = 0; i < 200000; i++) {
		put_unaligned_be32(0x0a000000 + i, b);
		wg_limits_admit(&l, 32, b, MS);
	}
	REQUIRE(admit_n(32, a, MS, 9) == 0);
	wg_limits_exit(&l);
	return true;
}

/* Softirqs ask: they never take memory, and get no for an answer without it. */
static bool row_atomic(void)
{
	const u8 a[4] = { 192, 0, 2, 1 };
	long alloc_n = shim_alloc_n;

	wg_limits_init(&l, secret);
	REQUIRE(admit_n(32, a, MS, 9) == 0);
	REQUIRE(shim_alloc_n == alloc_n);
	shim_fail_at = shim_alloc_n + 1;
	REQUIRE(!wg_limits_make(&l, MS));
	shim_fail_at = 0;
	REQUIRE(wg_limits_make(&l, MS));
	alloc_n = shim_alloc_n;
	REQUIRE(wg_limits_make(&l, MS));
	REQUIRE(admit_n(32, a, MS, 9) == 5);
	REQUIRE(shim_alloc_n == alloc_n);
	wg_limits_exit(&l);
	return true;
}

/* Kept while a cookie may be good, from the last one sent or used on. */
static bool row_trim(void)
{
	const u8 a[4] = { 192, 0, 2, 1 };
	u64 end = MS + COOKIE_SECRET_TIME_NS;
	long live_n = shim_live_n;

	wg_limits_init(&l, secret);
	wg_limits_trim(&l, 2 * end);
	REQUIRE(shim_live_n == live_n);
	start();
	REQUIRE(shim_live_n == live_n + 1);
	wg_limits_trim(&l, end);
	REQUIRE(shim_live_n == live_n + 1);
	REQUIRE(admit_n(32, a, 2 * MS, 1) == 1);
	wg_limits_trim(&l, end + MS);
	REQUIRE(shim_live_n == live_n + 1);
	wg_limits_make(&l, 3 * MS);
	wg_limits_trim(&l, end + 2 * MS);
	REQUIRE(shim_live_n == live_n + 1);
	wg_limits_trim(&l, end + 2 * MS + 1);
	REQUIRE(shim_live_n == live_n);
	wg_limits_exit(&l);
	return true;
}

int main(void)
{
	static const struct check_row row[] = {
		{ "limits: 20 a second, 5 at once", row_rate },
		{ "limits: IPv6 by /64", row_v6 },
		{ "limits: bounded (A13)", row_bounded },
		{ "limits: nobody is crowded out", row_crowded },
		{ "limits: asking takes no memory", row_atomic },
		{ "limits: memory comes and goes", row_trim },
	};

	return check_main(row, ARRAY_SIZE(row));
}
