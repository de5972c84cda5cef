# SPDX-License-Identifier: GPL-2.0
# What is counted as sent was sent.

pair 4
sent() { echo "$(tx_of a b) $(stat_of a wg0 tx_bytes) $(stat_of a wg0 tx_packets)"; }
ip -n a route add unreachable 10.0.0.2/32
before=$(sent)
a udpsend 192.168.7.2 9 len:10
sleep 6
same B9 "handshakes without a route are not counted as sent" "$before" "$(sent)"
ip -n a route del unreachable 10.0.0.2/32
check B9 "session" until_ok 15 ping1 a 192.168.7.2 1
before=$(sent)
ip -n a route add unreachable 10.0.0.2/32
a udpsend 192.168.7.2 9 len:10 len:10 len:10
same B9 "nor is data without a route" "$before" "$(sent)"
ip -n a route del unreachable 10.0.0.2/32
check B9 "traffic is back" until_ok 15 ping1 a 192.168.7.2 1
same B9 "what a sent b received" "$(tx_of a b)" "$(rx_of b a)"
ip -n a addr add 192.168.9.9/32 dev wg0
received() { echo "$(rx_of b a) $(stat_of b wg0 rx_bytes) $(stat_of b wg0 rx_packets)"; }
before=$(received)
errors=$(stat_of b wg0 rx_errors)
a udpsend -s 192.168.9.9 192.168.7.2 9 len:10
check B9 "a packet with a source not allowed is an error" \
	until_ok 3 eval '[ $(stat_of b wg0 rx_errors) -gt $errors ]'
same B9 "and not counted as received" "$before" "$(received)"
