# SPDX-License-Identifier: GPL-2.0
# Answers leave from the address they were asked at, while it exists.

two_hosts
ip -n b addr add 10.0.0.12/24 dev eth0
ip -n b addr add fd01::12/64 dev eth0 nodad
tunnel a 1
tunnel b 2
peer b a 1
source_of() { tapped src | awk '$1 == "out" && $2 == 4 { s = $3 } END { print s }'; }
tap b eth0 src
for try in '10.0.0.12 10.0.0.2' 'fd01::12 fd01::2'; do
	read -r second first <<<"$try"
	case $second in *:*) at="[$second]" bits=64 ;; *) at=$second bits=24 ;; esac
	peer a b 2 endpoint "$at:51820"
	check K1 "session with $second" pings a 192.168.7.2
	same K1 "answers come from $second" "$second" "$(source_of)"
	check K1 "b speaks first" pings b 192.168.7.1
	same K1 "still from $second" "$second" "$(source_of)"
	same K1 "a has not moved" "$at:51820" "$(endpoint_of a b)"
	ip -n b addr del "$second/$bits" dev eth0
	check K2 "address gone, b speaks on" pings b 192.168.7.1
	check K2 "from another address" [ "$(source_of)" != "$second" ]
	check K2 "and a follows" [ "$(endpoint_of a b)" != "$at:51820" ]
	check K2 "a can answer" pings a 192.168.7.2
done
# A change of mark or port forgets the source.
ip -n b addr add 10.0.0.12/24 dev eth0
peer a b 2 endpoint 10.0.0.12:51820
check K3 "session" pings a 192.168.7.2
same K3 "from the address asked at" 10.0.0.12 "$(source_of)"
b wg set wg0 fwmark 1
check K3 "after a new mark" pings b 192.168.7.1
same K3 "the route decides again" 10.0.0.2 "$(source_of)"

# Two interfaces: with v4, the route moving away drops the source.
host c
host d
wire c eth0 10.5.0.1/24 - d eth0 10.5.0.2/24 -
wire c eth1 10.6.0.1/24 - d eth1 10.6.0.2/24 -
ip -n c addr add 10.98.0.1 dev lo
ip -n d route add 10.98.0.1 via 10.5.0.1
ip -n c route add 10.5.0.0/24 dev eth0 2>/dev/null
for h in c d; do
	on $h sysctl -q -w net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.eth0.rp_filter=0 net.ipv4.conf.eth1.rp_filter=0
done
tunnel c 3
tunnel d 4
peer c d 4 endpoint 10.5.0.2:51820
peer d c 3
check K4 "session over the first link" pings c 192.168.7.4
ip -n c route replace 10.5.0.2/32 via 10.6.0.2 dev eth1
check K4 "the route moves to the second" pings c 192.168.7.4
ip -n c route del 10.5.0.2/32
check K4 "and back" pings c 192.168.7.4
