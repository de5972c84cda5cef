// SPDX-License-Identifier: GPL-2.0
/*
 * What is a stream (peer/pace.h): bytes that nobody answers, at some speed.
 */
#include "check.h"
#include "peer/pace.h"

#define MS 1000000ULL

/* @n packets of @len bytes, @gap_ns apart, each answered by @answer bytes. */
static bool is_stream(struct wg_pace *pace, unsigned int n, u32 len, u64 gap_ns,
		      u32 answer)
{
	bool stream = false;

	while (n--) {
		stream = wg_pace_note(pace, len, pace->last_ns + gap_ns);
		wg_pace_answer(pace, answer);
	}
	return stream;
}

static bool row_stream(void)
{
	struct wg_pace pace = { 0 };

	REQUIRE(!is_stream(&pace, 10, 1452, 4000, 0));
	REQUIRE(is_stream(&pace, 10, 1452, 4000, 0));
	REQUIRE(is_stream(&pace, 1, 1452, 0, 0));
	return true;
}

static bool row_acknowledged(void)
{
	struct wg_pace pace = { 0 };

	/* every second segment is, as by a receiver without GRO */
	REQUIRE(is_stream(&pace, 1000, 2 * 1452, 8000, 112));
	return true;
}

static bool row_conversation(void)
{
	struct wg_pace pace = { 0 };

	REQUIRE(!is_stream(&pace, 100000, 128, 2000, 128));
	REQUIRE(!is_stream(&pace, 100000, 1452, 2000, 1452));
	REQUIRE(!is_stream(&pace, 100000, 1452, 2000, 200));
	return true;
}

static bool row_slow(void)
{
	struct wg_pace pace = { 0 };

	REQUIRE(!is_stream(&pace, 1000, 1452, MS, 0));
	REQUIRE(is_stream(&pace, 100, 1452, 0, 0));
	/* and a stream that pauses has to become one again */
	REQUIRE(!is_stream(&pace, 1, 1452, 10 * MS, 0));
	return true;
}

/* A coarse clock: nothing passes within a tick, then all of it at once. */
static bool row_ticks(void)
{
	struct wg_pace pace = { 0 };
	unsigned int tick, stream_n = 0, i;

	for (tick = 0; tick < 100; tick++)
		for (i = 0; i < 700; i++)
			stream_n += is_stream(&pace, 1, 1452, i ? 0 : 4 * MS, 0);
	REQUIRE(stream_n > 100 * 650);
	return true;
}

int main(void)
{
	static const struct check_row row[] = {
		{ "pace: a stream after a while", row_stream },
		{ "pace: acknowledgements make no conversation", row_acknowledged },
		{ "pace: a conversation never is one", row_conversation },
		{ "pace: nor is what is slow", row_slow },
		{ "pace: whatever the clock's ticks", row_ticks },
	};

	return check_main(row, ARRAY_SIZE(row));
}
