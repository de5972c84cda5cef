# SPDX-License-Identifier: GPL-2.0
# Every packet that leaves a tunnel is one that a strict receiver takes: lengths
# and checksums, whoever cut it and however it lay. The kernel itself does not
# look at them, for the tunnel says that they are right. Outside the same.

# inspected HOST DEV COMMAND...: what `inspect` says of the packets meanwhile
inspected() {
	local host=$1 dev=$2 pid rc=0
	shift 2
	rm -f "$TMPDIR/inspected"	# its `ready` is of the one before
	nsenter --net="/run/netns/$host" -- inspect "$dev" \
		>"$TMPDIR/inspected" &
	pid=$!
	until_ok 5 grep -q ready "$TMPDIR/inspected" || rc=1
	"$@" || rc=1
	kill $pid
	wait $pid || rc=1
	tail -n 5 "$TMPDIR/inspected"
	return $rc
}
# sound HOST DEV LEAST COMMAND...: that many packets at least, and all good
sound() {
	local least=$3 judged bad unjudged missed
	inspected "$1" "$2" "${@:4}" || return
	read -r _ judged _ bad _ unjudged _ missed _ \
		<<<"$(tail -n 1 "$TMPDIR/inspected")"
	[ "$judged" -ge "$least" ] && [ "$bad$unjudged$missed" = 000 ]
}
datagrams() { # ADDR [udpsend words...]: and an answer behind them
	local to=$1
	shift
	a udpsend "$@" && ping1 a "$to"
}
tcp_file() { # ADDR
	local server rc=0
	b stream listen 7002 &
	server=$!
	until_ok 5 eval "b ss -Hltn | grep -q ':7002 '" || rc=1
	a stream sendfile "$1" 7002 512 || rc=1
	[ $rc = 0 ] || kill $server
	wait $server || rc=1
	return $rc
}

pair 4
check T4 "session" pings a 192.168.7.2
b ethtool -K wg0 gro off
for to in 192.168.7.2 fd07::2; do
	for mtu in 1420 1413 1399 1281; do
		ip -n a link set wg0 mtu $mtu
		check T4 "TCP to $to at MTU $mtu" \
			sound b wg0 300 tcp_copy a b $to 512
	done
	check T4 "TCP to $to from a file's pages" sound b wg0 300 tcp_file $to
	a sysctl -q -w net.ipv4.tcp_timestamps=0
	check T4 "TCP to $to without options" sound b wg0 300 tcp_copy a b $to 512
	a sysctl -q -w net.ipv4.tcp_timestamps=1
	ip -n a link set wg0 mtu 1420
	check T4 "UDP of every length to $to" sound b wg0 1300 \
		datagrams $to $to 9 sweep:4,0,1300
	check T4 "UDP in fragments to $to" sound b wg0 9 \
		datagrams $to $to 9 len:1500 len:4001 len:9999
	for cut in 1 15 16 17 63 64 65 100 999 1000 1372; do
		check T4 "UDP to $to cut to $cut bytes, and a rest" sound b wg0 40 \
			datagrams $to -g $cut $to 9 len:$((cut * 30)) \
			len:$((cut * 10 + (cut + 1) / 2))
	done
done
# What the stack itself has to cut.
a ethtool -K wg0 tso off gso off >/dev/null
check T4 "TCP cut by the stack" sound b wg0 300 tcp_copy a b 192.168.7.2 512
a ethtool -K wg0 tso on gso on >/dev/null
a ethtool -K wg0 tx off >/dev/null
check T4 "TCP summed by the stack" sound b wg0 300 tcp_copy a b 192.168.7.2 512
a ethtool -K wg0 tx on tso on gso on >/dev/null
# Outside, where the cable leaves checksum and cutting to the stack.
a ethtool -K eth0 tx off gso off >/dev/null
b ethtool -K eth0 gro off >/dev/null
check T4 "TCP as the cable sees it" sound b eth0 300 tcp_copy a b fd07::2 512
a wg set wg0 peer "$(pub b)" endpoint '[fd01::2]:51820'
check T4 "session over v6" pings a 192.168.7.2
check T4 "TCP as the cable sees it over v6" \
	sound b eth0 300 tcp_copy a b 192.168.7.2 512
