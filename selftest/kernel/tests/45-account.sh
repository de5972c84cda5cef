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
