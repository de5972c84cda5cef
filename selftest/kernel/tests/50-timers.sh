# SPDX-License-Identifier: GPL-2.0
# Deadlines of the protocol, in virtual time [WP 6].

if [ ! "${TRAVEL-}" ]; then
	skip "P11 deadlines of the protocol (virtual time only)"
	return
fi
# No more than one message a second apart matters here; milliseconds since
# boot stamp what the tap sees.
pair 4
on a wgtap eth0 | while read -r line; do echo "$(now_ms) $line"; done >"$TMPDIR/times" &
disown $!
until_ok 5 grep -q ready "$TMPDIR/times"
# Virtual time moves on only when nobody has anything left to do: after it has,
# the log is complete.
times() { sleep 0.01; awk -v way="$1" -v type="$2" '$2 == way && $3 == type { print $1 }' "$TMPDIR/times"; }
count() { times "$@" | wc -l; }
near() { [ "$1" -ge "$2" ] && [ "$1" -le "$3" ] || { echo "$1 not in $2..$3"; return 1; }; }
idle() { sleep "$1"; }
deaf() { # b hears nothing from now on
	b nft -f - <<-EOC
		table inet t {
			chain in {
				type filter hook prerouting priority -300;
				udp dport 51820 drop
			}
		}
	EOC
}

a udpsend 192.168.7.2 9 len:10
check P11 "session" until_ok 10 eval '[ $(count out 4) -ge 1 ]'
same P11 "one initiation made it" 1 "$(count out 1)"
first=$(times out 1 | head -n 1)

# Busy for 119 s: no renewal; then one, by the initiator, at 120 s
a ping -n -i 1 -c 115 -W 1 192.168.7.2 >"$TMPDIR/ping"
same P11 "no renewal before 120 s" 1 "$(count out 1)"
a ping -n -i 1 -c 15 -W 1 192.168.7.2 >>"$TMPDIR/ping"
same P11 "one after" 2 "$(count out 1)"
second=$(times out 1 | tail -n 1)
check P11 "at 120 s" near $((second - first)) 119500 121500
same P11 "by the initiator alone" 0 "$(count in 1)"
same P11 "nothing lost" "" "$(grep -E '[1-9][0-9]*% packet loss' "$TMPDIR/ping")"

# Idle past 180 s: the next packet needs a new session first
idle 200
n=$(count out 1)
a udpsend 192.168.7.2 9 len:10
until_ok 5 eval "[ \$(count out 1) -gt $n ]"
same P11 "idle for 200 s: a handshake before data" $((n + 1)) "$(count out 1)"
check P11 "and the packet arrives" pings a 192.168.7.2

# Receive only: the initiator renews at 165 s when it is the one listening
ip -n a link set wg0 down; ip -n a link set wg0 up
a ping -n -c 1 -W 2 192.168.7.2 >/dev/null
n=$(count out 1)
start=$(times out 1 | tail -n 1)
b ping -n -i 4 -c 43 -W 1 192.168.7.1 >/dev/null
echo "# the last initiations at $(times out 1 | tail -n 4 | tr '\n' ' ')ms"
check P11 "a session is renewed before it ends, once" near $(($(count out 1) - n)) 1 1
check P11 "when it is due" near $(($(times out 1 | tail -n 1) - start)) 119500 171000

# No answer: again every 5 s plus jitter, for 90 s, then silence
deaf
ip -n a link set wg0 down; ip -n a link set wg0 up
n=$(count out 1)
a udpsend 192.168.7.2 9 len:10
idle 150
tries=$(($(count out 1) - n))
check P11 "unanswered: $tries initiations, then none" near $tries 18 20
gaps=$(times out 1 | tail -n "$tries" | awk 'NR > 1 { d = $1 - last
	if (d < 5000 || d > 6000) bad++ } { last = $1 } END { print bad + 0 }')
# 5 s, a third of jitter, and the grain of the timer wheel (0.64 s at 100 Hz)
same P11 "5 to 6 s apart" 0 "$gaps"
idle 60
same P11 "silence after giving up" $((n + tries)) "$(count out 1)"
dropped=$(stat_of a wg0 tx_dropped)
check P11 "what waited was dropped" [ "$dropped" -ge 1 ]
b nft flush ruleset
check P11 "the next packet starts over" pings a 192.168.7.2

# Data without any answer for 15 s: a new handshake. The pings' last answer is
# answered by a keepalive before: else b starts one at about the same time.
idle 30
deaf
n=$(count out 1)
start=$(now_ms)
a udpsend 192.168.7.2 9 len:10
until_ok 20 eval "[ \$(count out 1) -gt $n ]"
check P11 "data unanswered: a handshake after 15 s" \
	near $(($(times out 1 | tail -n 1) - start)) 15000 16000 # as above
b nft flush ruleset
check P11 "which heals" until_ok 15 ping1 a 192.168.7.2 1

# Keys are gone 540 s after the last session [P9]
idle 600
if dmesg | grep -q 'Keypair .* destroyed'; then
	same P9 "every keypair is gone" 0 "$(dmesg | awk '
		/Keypair [0-9]+ created/ { n++ } /Keypair [0-9]+ destroyed/ { n-- }
		END { print n + 0 }')"
else
	not_ok "P9 no keypair was ever destroyed"
fi
check P9 "and a session comes back" pings a 192.168.7.2

# Persistent keepalives alone keep a session alive for an hour, and no more
# handshakes are made than are due (one in 120 s; A11: no storm)
a wg set wg0 peer "$(pub b)" persistent-keepalive 25
n=$(count out 1)
k=$(count out 4)
idle 3600
check A11 "handshakes of an idle hour with keepalives" near $(($(count out 1) - n)) 24 31
check A11 "keepalives of an hour" near $(($(count out 4) - k)) 140 180
check A11 "still up" ping1 a 192.168.7.2 1

# Suspend: sessions are erased, and come back
if echo freezer >/sys/power/pm_test 2>/dev/null; then
	a wg set wg0 peer "$(pub b)" persistent-keepalive 0
	check D16 "session before suspend" pings a 192.168.7.2
	n=$(count out 1)
	made=$(dmesg | grep -c 'Keypair .* destroyed')
	echo freeze >/sys/power/state
	check D16 "keys are destroyed" [ "$(dmesg | grep -c 'Keypair .* destroyed')" -gt "$made" ]
	check D16 "the next packet makes a new session" pings a 192.168.7.2
	check D16 "by a handshake" [ "$(count out 1)" -gt "$n" ]
else
	skip "D16 suspend (this kernel cannot)"
fi
