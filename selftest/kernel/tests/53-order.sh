# SPDX-License-Identifier: GPL-2.0
# A sender that moves between CPUs while its datagrams wait on them, on arrival,
# for others of their stream: they are delivered in the order in which they came.
# What moves is a replay of datagrams that were sealed for a host that is not there.

pair 4
# datagrams NAME WAY: the data messages that a tap saw, keepalives left out
datagrams() {
	tapped "$1" | awk -v way="$2" \
		'$1 == way && $2 == 4 && !/ len 32 / { print $NF }'
}
lengths() { tapped "$1" | awk '$1 == "in" && $6 == 9 { print $8 }'; }
at_least() { [ "$("${@:2}" | wc -l)" -ge "$1" ]; } # N COMMAND...

check T3 "a session" pings a 192.168.7.2
a ethtool -K wg0 tx-udp-segmentation off	# else some leave as one
a ip neigh add 10.0.0.3 dev eth0 \
	lladdr "$(b ip -br link show eth0 | awk '{ print $3 }')"
a wg set wg0 peer "$(pub b)" endpoint 10.0.0.3:51820
tap a eth0 sealed
a udpsend 192.168.7.2 9 sweep:4,1000,1300
check T3 "301 datagrams of one session are made" \
	until_ok 10 at_least 301 datagrams sealed out
kill $tap_pid
made=$(datagrams sealed out)

tap b eth0 cable
cable_pid=$tap_pid
tap b wg0 inner
# shellcheck disable=SC2046
a udpsend -m 20 10.0.0.2 51820 $(echo "$made" | sed 's/^/hex:/')
check T3 "301 datagrams of a sender that moves arrive" \
	until_ok 10 at_least 301 lengths inner
kill $tap_pid $cable_pid
# the cable's receivers may have overtaken each other: its order is what counts
of_cable() {
	{ echo "$made"; echo; datagrams cable in; } | awk '
		!NF { all = 1; next }
		!all { len[$1] = 999 + NR; next }
		{ print len[$1] }'
}
same T3 "each of them once" "$(seq 1000 1300)" "$(lengths inner | sort -n)"
same T3 "in the order of the cable" "$(of_cable)" "$(lengths inner)"
