# SPDX-License-Identifier: GPL-2.0
# The inner source must belong, by longest prefix, to the peer who sent it.

pair 4
ip -n a addr add 192.168.7.50/24 dev wg0
ip -n a addr add 192.168.8.1/24 dev wg0
ip -n a addr add fd07::50/64 dev wg0 nodad
check P16 "own address" pings a 192.168.7.2
errors() { echo "$(stat_of b wg0 rx_errors) $(stat_of b wg0 rx_frame_errors)"; }
before=$(errors)
a udpsend -s 192.168.8.1 192.168.7.2 9 len:20
a udpsend -s 192.168.7.50 192.168.7.2 9 len:20
a udpsend -s fd07::50 fd07::2 9 len:20
read -r x y <<<"$before"
check P16 "addresses of nobody are errors" until_ok 3 eval \
	"[ \"\$(errors)\" = \"$((x + 3)) $((y + 3))\" ]"
b wg set wg0 peer "$(pub a)" allowed-ips 192.168.7.0/24,fd07::/64
check D6 "a wider prefix lets them in" pings a 192.168.7.2 -I 192.168.7.50
b wg set wg0 peer "$(pub c)" allowed-ips 192.168.7.50/32,fd07::50/128
before=$(errors)
a udpsend -s 192.168.7.50 192.168.7.2 9 len:20
a udpsend -s fd07::50 fd07::2 9 len:20
read -r x y <<<"$before"
check D6 "a longer prefix of another peer shuts them out" until_ok 3 eval \
	"[ \"\$(errors)\" = \"$((x + 2)) $((y + 2))\" ]"
b wg set wg0 peer "$(pub c)" remove
check D6 "which ends with that peer" pings a 192.168.7.2 -I 192.168.7.50

# Sending: longest prefix of the destination
host c
wire c eth0 10.4.0.1/24 - b eth4 10.4.0.2/24 -
tunnel c 3
peer c b 2 endpoint 10.4.0.2:51820
b wg set wg0 peer "$(pub a)" allowed-ips 0.0.0.0/0,::/0
b wg set wg0 peer "$(pub c)" allowed-ips 192.168.7.3/32 endpoint 10.4.0.1:51820
check P16 "the host route wins" pings b 192.168.7.3
check P16 "over the default route" pings b 192.168.7.1
b wg set wg0 peer "$(pub c)" allowed-ips 192.168.7.4/32
check P16 "moved away: the default route again, and rejected by c's key" \
	no_ping b 192.168.7.3
