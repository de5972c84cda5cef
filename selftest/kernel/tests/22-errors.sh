# SPDX-License-Identifier: GPL-2.0
# What senders are told when a packet cannot go: errno to local ones, ICMP to
# those behind [UAPI 1.4].

two_hosts
tunnel a 1
peer a b 2
udp() { a udpsend "$1" 9 text:hello; }
same U1 "no peer for a v4 address" "udpsend: ENOKEY" "$(udp 192.168.7.99)"
same U1 "no peer for a v6 address" "udpsend: ENOKEY" "$(udp fd07::99)"
same U2 "peer without endpoint, v4" "udpsend: EDESTADDRREQ" "$(udp 192.168.7.2)"
same U2 "peer without endpoint, v6" "udpsend: EDESTADDRREQ" "$(udp fd07::2)"
check U1 "ping says so" grep -q 'Required key not available' \
	<<<"$(a ping -n -c 1 -W 1 192.168.7.99 2>&1)"
check U3 "errors are counted" [ "$(stat_of a wg0 tx_errors)" -ge 4 ]
dropped=$(stat_of a wg0 tx_errors)
udp 192.168.7.99 >/dev/null
same U3 "one each" $((dropped + 1)) "$(stat_of a wg0 tx_errors)"

# A host behind a is told by ICMP, with the address of the router.
host c
wire c eth0 10.3.0.2/24 fd03::2/64 a eth1 10.3.0.1/24 fd03::1/64
ip -n c route add 192.168.7.0/24 via 10.3.0.1
ip -n c route add fd07::/64 via fd03::1
a sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
	net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
for to in 192.168.7.99 192.168.7.2; do
	check U4 "host unreachable for $to" grep -q '10.3.0.1.*Host Unreachable' \
		<<<"$(on c ping -n -c 1 -W 2 $to)"
done
for to in fd07::99 fd07::2; do
	check U4 "address unreachable for $to" grep -q 'Address unreachable' \
		<<<"$(on c ping -n -c 1 -W 2 $to)"
done
# A packet too big for the tunnel is answered with its MTU.
a wg set wg0 peer "$(pub b)" endpoint 10.0.0.2:51820
check U5 "too big, v4" grep -q 'mtu = 1420' \
	<<<"$(on c ping -n -c 1 -W 2 -M do -s 1440 192.168.7.2 2>&1)"
check U5 "too big, v6" grep -q 'mtu=1420' \
	<<<"$(on c ping -n -c 1 -W 2 -M do -s 1440 fd07::2 2>&1)"

# Packets that are not IP, straight to the link (AF_PACKET).
before=$(stat_of a wg0 tx_errors)
for type in 0800 86dd 0806 0000 0003; do
	for len in 0 1 3 4 19 20 39 40 64; do
		a udpsend -i wg0 $type len:$len >/dev/null
	done
	a udpsend -S $len -i wg0 $type random:200 >/dev/null
done
ok "C6 C15 junk from AF_PACKET did not stop the machine"
same U6 "a protocol that is not IP" "udpsend: EPROTONOSUPPORT" \
	"$(a udpsend -i wg0 0806 len:60)"
check C6 "junk is counted as errors" [ "$(stat_of a wg0 tx_errors)" -gt "$before" ]
tunnel b 2
peer b a 1
check C6 "the next good packet gets through" pings a 192.168.7.2

# More packets than may wait for a session: the newest stay [B13]
a wg set wg0 peer "$(pub b)" endpoint 10.0.0.77:1
ip -n a link set wg0 down; ip -n a link set wg0 up
before=$(stat_of a wg0 tx_dropped)
for _ in 1 2 3 4 5; do a udpsend 192.168.7.2 9 random:100; done
check B13 "waiting packets are bounded and the drops counted" \
	[ $(($(stat_of a wg0 tx_dropped) - before)) -ge 250 ]
