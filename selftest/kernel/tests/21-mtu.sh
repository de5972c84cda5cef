# SPDX-License-Identifier: GPL-2.0
# Padding stays within the MTU, whatever the MTU is; big MTUs work.

pair 4
check C4 "handshake first" pings a 192.168.7.2
tap a eth0 wire
# outer payload of an inner packet of LEN bytes: 32 + LEN rounded up to 16,
# but not past the MTU
padded() { # MTU LEN
	local pad=$((($2 + 15) / 16 * 16))
	[ $pad -le "$1" ] || pad=$1
	echo $((pad + 32))
}
sent_as() { # INNER LEN: length of the data message it became
	local before
	before=$(tap_count wire '^out 4 ')
	a ping -q -n -c 1 -W 2 -M do -s $(($1 - 28)) 192.168.7.2 >/dev/null 2>&1
	# whoever writes it down may come after the answer
	until_ok 5 eval '[ "$(tap_count wire "^out 4 ")" -gt "$before" ]'
	tapped wire | awk '$1 == "out" && $2 == 4 { len = $8 } END { print len }'
}
for mtu in 1420 1400 1299 1280 576 68; do
	ip -n a link set wg0 mtu $mtu
	ip -n b link set wg0 mtu $mtu
	for len in $mtu $((mtu - 1)) $((mtu - 15)) $((mtu - 16)) $((mtu - 17)); do
		[ "$len" -ge 28 ] || continue
		same C4 "packet of $len at MTU $mtu" "$(padded $mtu $len)" \
			"$(sent_as $len)"
	done
done
ip -n a link set wg0 mtu 1300
ip -n b link set wg0 mtu 1300
ip -n a route replace 192.168.7.2/32 dev wg0 mtu 1299
same C4 "the route's MTU below the link's" 1331 "$(sent_as 1299)"
ip -n a route del 192.168.7.2/32 dev wg0
for mtu in 0 1 15 16 17 79 80; do
	ip -n a link set wg0 mtu $mtu
	a wg set wg0 peer "$(pub b)" persistent-keepalive 1
	before=$(rx_of b a)
	check C4 "keepalives pass at MTU $mtu" until_ok 5 \
		eval "[ \$(rx_of b a) -gt $before ]"
	a wg set wg0 peer "$(pub b)" persistent-keepalive 0
done
ip -n a addr replace 192.168.7.1/24 dev wg0
ip -n a link set wg0 mtu 1420
ip -n b link set wg0 mtu 1420
ip -n a addr replace 192.168.7.1/24 dev wg0
check C4 "and the link works again" pings a 192.168.7.2

# Jumbo: outer datagrams in fragments
for mtu in 9000 34816; do
	ip -n a link set wg0 mtu $mtu
	ip -n b link set wg0 mtu $mtu
	check C13 "ping at MTU $mtu" pings a 192.168.7.2 -s $((mtu - 28))
	check C13 "TCP at MTU $mtu" tcp_copy a b 192.168.7.2 2048
done
