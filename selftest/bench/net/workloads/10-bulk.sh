# SPDX-License-Identifier: GPL-2.0
# One TCP stream over veth: plain, both ends of one driver, and mixed; then with
# the cable's segmentation and GRO off, which is what an old card gives.

mbits() { # ADDR: one stream from a to b
	iperf3_server
	a iperf3 -c "$1" -t 2 -O 0.3 -f m -J 2>/dev/null |
		awk '/"sum_received"/ { on = 1 } on && /bits_per_second/ {
			gsub(/[^0-9.]/, "", $2); printf "%.0f\n", $2 / 1e6; exit }'
}
iperf3_server() {
	[ ! -e "$TMPDIR/iperf" ] || return 0
	b iperf3 -s -D -I "$TMPDIR/iperf" >/dev/null
	until_ok 5 eval 'on b ss -Hltn | grep -q :5201'
}
stop() {
	kill "$(tr -d '\0' <"$TMPDIR/iperf")"
	rm -f "$TMPDIR/iperf"
	no_ends
}

both() { # IMPL: both ends
	two_ends "$1" "$1" || return
	[ ! "${old_card-}" ] || old_card
	mbits 192.168.7.2
	stop
}
from() { # IMPL: this one sends to the in-tree driver
	two_ends "$1" ref || return
	mbits 192.168.7.2
	stop
}
to() { # IMPL: the in-tree driver sends to this one
	two_ends ref "$1" || return
	mbits 192.168.7.2
	stop
}
plain() {
	two_hosts
	mbits 10.0.0.2
	stop
}

old_card() {
	local end
	for end in a b; do
		on $end ethtool -K eth0 tx-udp-segmentation off tso off gso off \
			gro off >/dev/null
	done
}
old() { # IMPL: both ends, on an old card
	old_card=1
	both "$1"
	old_card=
}

for pair in $(seq "$PAIRS"); do
	one tcp_plain Mbit/s "$pair" veth plain
	turn "$pair" tcp_both Mbit/s both
	turn "$pair" tcp_to_intree Mbit/s from
	turn "$pair" tcp_from_intree Mbit/s to
	turn "$pair" tcp_old_card Mbit/s old
done
