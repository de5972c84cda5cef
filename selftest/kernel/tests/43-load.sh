# SPDX-License-Identifier: GPL-2.0
# More handshakes than can be worked on: cookies, and a rate for each source.

counter() { # HOST NAME: of ethtool; nothing where the driver has none
	on "$1" ethtool -S wg0 2>/dev/null | awk -v n="$2:" '$1 == n { print $2 }'
}
pair 4
check P5 "session" pings a 192.168.7.2
[ "$(counter b handshake_rate_limited)" ] ||
	skip "P5 counters of the gate (this driver has none)"
at=$(endpoint_of b a)
for to in 10.0.0.2 fd01::2; do
	before=$(counter b handshake_rate_limited)
	a shake $to 51820 "$(pub b)" cookie again:40 replies >"$TMPDIR/replies"
	same P5 "a flood to $to is answered by cookies" 0 $?
	same P5 "and by nothing else" "response 0 other 0" \
		"$(awk '$1 != "cookie" { print $1, $2 }' "$TMPDIR/replies" | tr '\n' ' ' | sed 's/ $//')"
	[ "$before" ] && check D9 "who has a cookie gets through as often as it may" \
		eval '[ $(counter b handshake_rate_limited) -ge $((before + 20)) ]' &&
		check D9 "not more often" \
			eval '[ $(counter b handshake_rate_limited) -le $((before + 36)) ]'
	check P5 "the session carries on" ping1 a 192.168.7.2
done
same D7 "the endpoint stayed" "$at" "$(endpoint_of b a)"
