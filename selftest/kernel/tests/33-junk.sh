# SPDX-License-Identifier: GPL-2.0
# Datagrams no peer would send: dropped in silence, the next good one passes.

pair 4
check P6 "session" pings a 192.168.7.2
tap b eth0 wire
at=$(endpoint_of b a)
rx=$(rx_of b a)
for to in 10.0.0.2 fd01::2; do
	for type in 0 1 2 3 4 5 255; do
		a udpsend -S "$type" -p 7000 $to 51820 sweep:$type,0,200
	done
	ok "C11 every length 0..200 of every type sent to $to"
	a udpsend -p 7000 $to 51820 random:2000
	a udpsend -p 7000 $to 51820 len:1472 len:1473 len:9000 len:65000 \
		sweep:4,2000,2010 sweep:1,65500,65507
	ok "C18 oversized ones, in fragments, sent to $to"
done
check P6 "the tunnel works on" pings a 192.168.7.2
same P6 "nothing was answered to any" 0 "$(tap_count wire '^out .* 7000 len')"
same D7 "the endpoint stayed" "$at" "$(endpoint_of b a)"
check P6 "junk is not received" [ $(($(rx_of b a) - rx)) -lt 1000 ]

# A good initiation with one bit changed, at each of its fields
ip -n a link set wg0 down; ip -n a link set wg0 up
check D19 "a good initiation" pings a 192.168.7.2
hex=$(tapped wire | awk '$1 == "in" && $2 == 1 { x = $NF } END { print x }')
same D19 "is 148 bytes" 296 ${#hex}
kill "$tap_pid"
tap b eth0 wire2
for byte in 0 1 3 4 8 40 72 88 100 116 131 132; do
	i=$((byte * 2))
	d=${hex:$i:1}
	flip=$(printf %x $((0x$d ^ 4)))
	a udpsend -p 7001 10.0.0.2 51820 "hex:${hex:0:$i}$flip${hex:$((i + 1))}"
done
check D19 "the tunnel works on" pings a 192.168.7.2
same D19 "no answer to any changed one" 0 "$(tap_count wire2 '^out .* 7001 len')"
same D19 "endpoint unmoved" 10.0.0.1:51820 "$(endpoint_of b a)"

# Flood with traffic running: it survives, and memory does not grow
a ping -q -n -c 100 -i 0.02 -W 2 192.168.7.2 >"$TMPDIR/ping" &
a udpsend -S 9 -p 7002 10.0.0.2 51820 random:20000 sweep:1,148,148 sweep:4,32,90
wait $!
check P6 "traffic beside the flood" grep -qE ' [0-5]% packet loss' "$TMPDIR/ping"
