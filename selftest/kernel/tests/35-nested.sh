# SPDX-License-Identifier: GPL-2.0
# Tunnels in tunnels, and tunnels that lead into themselves.

pair 4
check C17 "outer tunnel" pings a 192.168.7.2
depth=5
for n in $(seq 1 $depth); do
	for h in a b; do
		[ $h = a ] && self=1 other=b to=2 || self=2 other=a to=1
		wg_link $h wg$n
		on $h wg set wg$n private-key "$(key $h)" listen-port $((52000 + n)) \
			peer "$(pub $other)" allowed-ips 192.168.$((7 + n)).$to/32 \
			endpoint 192.168.$((6 + n)).$to:$((52000 + n))
		[ $n != 1 ] && at=$((52000 + n)) || at=52001
		ip -n $h addr add 192.168.$((7 + n)).$self/24 dev wg$n
		ip -n $h link set wg$n mtu $((1420 - 80 * n)) up
	done
	check C17 "tunnel in $n tunnels" pings a 192.168.$((7 + n)).2
done
check C17 "TCP in $((depth + 1)) tunnels" tcp_copy a b 192.168.$((7 + depth)).2 1024
# The endpoint inside the tunnel itself: an error, not a crash
a wg set wg0 peer "$(pub b)" endpoint 192.168.7.2:51820
a ping -q -n -c 3 -i 0.2 -W 1 192.168.7.2 >/dev/null
ok "C17 a tunnel whose endpoint lies in itself"
check C17 "repaired by the right endpoint" eval '
	a wg set wg0 peer "$(pub b)" endpoint 10.0.0.2:51820
	until_ok 15 ping1 a 192.168.7.2 1'
