# SPDX-License-Identifier: GPL-2.0
# Packets get through: v4 and v6 inside and outside, small and bulk, and the
# statistics on both sides add up.

pair 4
for outer in 4 6; do
	if [ $outer = 6 ]; then
		a wg set wg0 peer "$(pub b)" endpoint '[fd01::2]:51820'
		b wg set wg0 peer "$(pub a)" endpoint '[fd01::1]:51820'
	fi
	for to in 192.168.7.2 fd07::2; do
		check T1 "ping $to over v$outer" pings a "$to"
		check T1 "ping $to with 1300 bytes over v$outer" \
			pings a "$to" -s 1300
		check T1 "ping $to in fragments over v$outer" \
			pings a "$to" -s 8000
		check T2 "4 MiB by TCP to $to over v$outer" \
			tcp_copy a b "$to" 4096
	done
	check T1 "other direction over v$outer" pings b fd07::1
	same T1 "endpoint is the v$outer address" \
		"$([ $outer = 4 ] && echo 10.0.0.1 || echo '[fd01::1]'):51820" \
		"$(endpoint_of b a)"
done
# Packets of a stream that come one by one wait for each other, on both sides:
# all of them must arrive, in order. The lengths are numbers. Whether the sender
# may move to another CPU, or stays on its own, where they wait on arrival, too.
# Who moves while his packets wait for a busy CPU's softirq overtakes them in the
# veth, which has a queue on each CPU (53-order has what comes behind it).
arrived() { [ "$(tap_count "$1" '^in .* 9 len')" -ge 501 ]; }
lengths() { tapped "$1" | awk '$1 == "in" && $6 == 9 { print $8 }'; }
# merged N NAME: no more than N rising sequences, merged, are what arrived
merged() {
	lengths "$2" | awk -v max="$1" '{
		best = 0
		for (i = 1; i <= n; i++)
			if (last[i] < $1 && (!best || last[i] > last[best]))
				best = i
		if (!best) best = ++n
		last[best] = $1
	} END { exit n > max }'
}
stream() { # NAME [words before the sender...]
	local name=$1
	tap b wg0 "$name"
	a "${@:2}" udpsend 192.168.7.2 9 sweep:4,100,600
	check T3 "501 single packets of a $name arrive" until_ok 10 arrived "$name"
	same T3 "each of them once" "$(seq 100 600)" "$(lengths "$name" | sort -n)"
	if [ "$name" = bound-stream ] || [ "$(nproc)" = 1 ] ||
	   lengths "$name" | sort -nc 2>/dev/null; then
		same T3 "in order" "$(seq 100 600)" "$(lengths "$name")"
	else
		check T3 "in order on each CPU" merged "$(nproc)" "$name"
		skip "T3 in order (the sender moved and overtook, in the veth)"
	fi
	kill $tap_pid
}
stream stream
stream bound-stream taskset 1
same B9 "a sent what b received" "$(tx_of a b)" "$(rx_of b a)"
same B9 "b sent what a received" "$(tx_of b a)" "$(rx_of a b)"
same B9 "link counts what the peer counts" "$(tx_of a b)" \
	"$(stat_of a wg0 tx_bytes)"
check B9 "which is something" [ "$(stat_of a wg0 tx_bytes)" -gt 8388608 ]
same B9 "packets sent are packets received" "$(stat_of a wg0 tx_packets)" \
	"$(stat_of b wg0 rx_packets)"
same B9 "no errors counted" "0 0 0 0" "$(for s in rx_errors tx_errors \
	rx_dropped tx_dropped; do stat_of a wg0 $s; done | tr '\n' ' ' | sed 's/ $//')"
