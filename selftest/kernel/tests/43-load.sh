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
# Of 100 with a cookie, 5 at once pass and 20 a second, if there is load all the
# time: it lasts a second.
rate() { # LIMITED MS LOADED
	local may=$((6 + 20 * $2 / 1000))
	if [ "$3" = 0 ]; then
		skip "D9 rate of who has a cookie ($2 ms, and load was over)"
		return
	fi
	check D9 "who has a cookie gets through ($1 of 100 did not)" [ "$1" -le 95 ]
	check D9 "in $2 ms $may times at the most" [ "$1" -ge $((100 - may)) ]
}
for to in 10.0.0.2 fd01::2; do
	before=$(counter b handshake_rate_limited)
	a shake $to 51820 "$(pub b)" cookie again:100 replies >"$TMPDIR/replies"
	status=$?
	same P5 "a flood to $to is answered by cookies" 0 $status
	if [ $status != 0 ]; then
		sed 's/^/# /' "$TMPDIR/replies"
		continue
	fi
	same P5 "and by nothing else" "response 0 other 0" \
		"$(awk '/^(response|other)/ { print $1, $2 }' "$TMPDIR/replies" | tr '\n' ' ' | sed 's/ $//')"
	[ ! "$before" ] || rate $(($(counter b handshake_rate_limited) - before)) \
		"$(awk '/^within/ { print $2 }' "$TMPDIR/replies")" \
		"$(awk '/^loaded/ { print $2 }' "$TMPDIR/replies")"
	check P5 "the session carries on" ping1 a 192.168.7.2
done
same D7 "the endpoint stayed" "$at" "$(endpoint_of b a)"

# The same flood beside data [B6]
(while :; do a shake 10.0.0.2 51820 "$(pub b)" flood:20000; done) 2>/dev/null &
flood=$!
messages() { b ethtool -S wg0 2>/dev/null | awk '/handshake_/ { n += $2 } END { print n + 0 }'; }
beside() { # COMMAND...: once, and again until 5000 messages have come meanwhile
	local from
	from=$(messages)
	"$@" || return
	[ ! "$(counter b handshake_rate_limited)" ] ||
		until [ $(($(messages) - from)) -gt 5000 ]; do "$@" || return; done
}
few_lost() {
	a ping -q -n -c 50 -i 0.02 -W 3 192.168.7.2 | grep -qE " [0-9]% packet loss"
}
check B6 "pings beside a flood of handshakes" beside few_lost
check B6 "TCP beside it" beside tcp_copy a b fd07::2 1024
# Who has no session needs a cookie: a few tries, five seconds apart [WP 5.3]
anew() {
	a wg set wg0 peer "$(pub b)" remove
	peer a b 2 endpoint 10.0.0.2:51820
	until_ok 90 ping1 a 192.168.7.2 1
}
check B6 "a new session beside it" beside anew
check B6 "which went on" kill -0 $flood
kill $flood
