# SPDX-License-Identifier: GPL-2.0
# Handinitiates answered per second, and what a flood of them leaves of a stream.
# The other side is a program (initiate.c) on the same CPU.

# answering IMPL: host b with its driver, which knows 1000 peers of initiate
answering() {
	two_hosts
	case $1 in
	ref) ip -n b link add ref0 type wgref ;;
	*) ip -n b link add wg0 type "$KIND" ;;
	esac
	b initiate setup "$(family "$1")" "$(impl_dev "$1")" 51820 1000
	ip -n b link set "$(impl_dev "$1")" up
}
family() { case $1 in ours) echo wireguard ;; *) echo wgref ;; esac; }

answers() { # IMPL
	answering "$1" || return
	a initiate ask 10.0.0.2 51820 1000 5
	no_ends
}
pairs handshakes answers/s answers

# A stream through the tunnel while 100,000 initiations a second come in: with
# the wrong first MAC, with the right one, and, as the yardstick, to a port where
# they are dropped before any driver sees them.
mbits() {
	b iperf3 -s -D -I "$TMPDIR/iperf" >/dev/null
	until_ok 5 eval 'on b ss -Hltn | grep -q :5201'
	a iperf3 -c 192.168.7.2 -t 2 -O 0.3 -f m -J 2>/dev/null |
		awk '/"sum_received"/ { on = 1 } on && /bits_per_second/ {
			gsub(/[^0-9.]/, "", $2); printf "%.0f\n", $2 / 1e6; exit }'
	kill "$(tr -d '\0' <"$TMPDIR/iperf")"
}
flooded() { # none|bad|good IMPL
	local port=51820 key
	two_ends "$2" "$2" || return
	key=$(pub b | base64 -d | od -An -v -tx1 | tr -d ' \n')
	if [ "$1" = none ]; then
		port=9
		b nft 'add table inet f; add chain inet f in {
			type filter hook prerouting priority -300; }
			add rule inet f in udp dport 9 drop'
	fi
	behind a initiate flood 10.0.0.2 $port "$1" "$key" 100000 60
	mbits
	kill "$behind"
	no_ends
}
for pair in $(seq "$PAIRS"); do
	turn "$pair" flood_elsewhere Mbit/s flooded none
	turn "$pair" flood_bad_mac1 Mbit/s flooded bad
	turn "$pair" flood_good_mac1 Mbit/s flooded good
done
