# SPDX-License-Identifier: GPL-2.0
# Whoever finds a new link first can configure it: it has its home by then.

host a
[ "$RIG" = vm ] && n=100 || n=300
a early "$KIND" wg0 $n >"$TMPDIR/early" &
early=$!
while kill -0 $early 2>/dev/null; do
	ip -n a link add wg0 type "$KIND"
	ip -n a link del wg0
done
wait $early
same E11 "the first request for each of $n new links is granted" "" \
	"$(cat "$TMPDIR/early")"
