# SPDX-License-Identifier: GPL-2.0
# Packets of more than 64 KiB between TCP and the tunnel [C19].

pair 4
check C19 "session" pings a 192.168.7.2
# IFLA_GSO_MAX_SIZE and IFLA_GSO_IPV4_MAX_SIZE
for type in 41 63; do
	a linkset wg0 $type 200000 >"$TMPDIR/out" || {
		skip "C19 packets beyond 64 KiB ($(cat "$TMPDIR/out"))"
		return
	}
done
# as large as possible however long the way is
a sysctl -q -w net.ipv4.tcp_tso_rtt_log=31
for mtu in 1420 8920; do
	for h in a b; do
		ip -n $h link set eth0 mtu $((mtu + 80))
		ip -n $h link set wg0 mtu $mtu
	done
	for to in 192.168.7.2 fd07::2; do
		check C19 "8 MiB to $to at MTU $mtu" tcp_copy a b $to 8192
	done
done
same C19 "nothing was dropped on the way in" "0 0" \
	"$(stat_of b wg0 rx_errors) $(stat_of a wg0 tx_errors)"
