# SPDX-License-Identifier: GPL-2.0
# Small packets one by one, and round trips, idle and beside a bulk stream.

small() { # IMPL: 128 bytes of payload, packets arriving per second
	two_ends "$1" "$1" || return
	behind b traffic sink 9000
	until_ok 5 eval 'on b ss -Hlun | grep -q :9000'
	a traffic flood 192.168.7.2 9000 128 2
	kill "$behind"
	no_ends
}
pairs udp_128 packets/s small

# A packet from a host behind a is routed from a to b and back until its time
# is up: the round trip of the tunnel without a process at either end. A plain
# ping-pong would measure how UML switches between processes.
behind_a() { # IMPL: host c, and both ends routing to each other
	local h
	host c
	wire c eth0 10.3.0.2/24 - a eth1 10.3.0.1/24 -
	ip -n c route add default via 10.3.0.1
	for h in a b; do
		on $h sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0 \
			net.ipv4.icmp_msgs_per_sec=1000000 \
			net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.all.send_redirects=0 \
			net.ipv4.conf."$(impl_dev "$1")".send_redirects=0
		ip -n $h route add 10.77.0.0/16 dev "$(impl_dev "$1")"
	done
	ip -n b route add 10.3.0.0/24 dev "$(impl_dev "$1")"
	impl_any a "$1" b
	impl_any b "$1" a
}
impl_any() { # HOST IMPL OTHER
	case $2 in
	ref) on "$1" wgconf wgref set ref0 peer "$(pub "$3")" allowed-ip 0.0.0.0 0 ;;
	*) on "$1" wg set wg0 peer "$(pub "$3")" allowed-ips 0.0.0.0/0 ;;
	esac
}
hop() { # IMPL: one way through the tunnel, median
	two_ends "$1" "$1" || return
	behind_a "$1"
	on c traffic bounce 10.77.0.1 $((400 / LESS)) 200 | cut -d' ' -f1
	ip netns del c
	no_ends
}
pairs hop_idle us hop

beside_bulk() { # IMPL: 99th percentile of single packets beside a bulk stream
	two_ends "$1" "$1" || return
	behind_a "$1"
	b iperf3 -s -D -I "$TMPDIR/iperf" >/dev/null
	until_ok 5 eval 'on b ss -Hltn | grep -q :5201'
	behind a iperf3 -c 192.168.7.2 -t 30
	until_ok 5 eval '[ "$(tx_bytes)" -gt 50000000 ]'
	on c traffic bounce 10.77.0.1 $((3000 / LESS)) 4 | cut -d' ' -f2
	kill "$behind" "$(tr -d '\0' <"$TMPDIR/iperf")"
	ip netns del c
	no_ends
}
tx_bytes() { stat_of a eth0 tx_bytes; }
pairs hop_loaded_p99 us beside_bulk
