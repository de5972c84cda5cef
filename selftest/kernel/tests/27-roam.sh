# SPDX-License-Identifier: GPL-2.0
# The endpoint follows authentic packets, and nothing else.

pair 4
b wg set wg0 peer "$(pub a)" endpoint 10.0.0.1:9
check R1 "session" pings a 192.168.7.2
same R1 "b learned a's endpoint" 10.0.0.1:51820 "$(endpoint_of b a)"
a wg set wg0 listen-port 4999
check R1 "new port" pings a 192.168.7.2
same R1 "b follows" 10.0.0.1:4999 "$(endpoint_of b a)"
ip -n a addr add 10.0.0.31/24 dev eth0
ip -n a addr del 10.0.0.1/24 dev eth0
ip -n a addr add 10.0.0.31/24 dev eth0 2>/dev/null
check R1 "new address" pings a 192.168.7.2
same R1 "b follows again" 10.0.0.31:4999 "$(endpoint_of b a)"
a wg set wg0 peer "$(pub b)" endpoint '[fd01::2]:51820'
check R1 "to v6" pings a 192.168.7.2
same R1 "b follows to v6" '[fd01::1]:4999' "$(endpoint_of b a)"
a wg set wg0 peer "$(pub b)" endpoint 10.0.0.2:51820
check R1 "and back" pings a 192.168.7.2
check R1 "b can speak first" pings b 192.168.7.1

# A thief on the same wire repeats what it saw from its own port.
tap b eth0 wire
ip -n a link set wg0 down; ip -n a link set wg0 up
check D7 "new session under observation" pings a 192.168.7.2
at=$(endpoint_of b a)
out=$(tap_count wire '^out [12]')
payload() { tapped wire | awk -v t="$1" '$1 == "in" && $2 == t { x = $NF } END { print x }'; }
for type in 1 4; do
	hex=$(payload $type)
	check D7 "a message of type $type was seen" [ "${hex:-none}" != none ]
	rx=$(rx_of b a)
	a udpsend -p 6666 10.0.0.2 51820 "hex:$hex" "hex:$hex"
	case $hex in *0) flip=${hex%?}1 ;; *) flip=${hex%?}0 ;; esac
	a udpsend -p 6666 10.0.0.2 51820 "hex:$flip"
	same D7 "type $type repeated or forged moves nothing" "$at" "$(endpoint_of b a)"
	same D7 "and is not counted as received" "$rx" "$(rx_of b a)"
done
same P2 "no answer to a repeated initiation" "$out" "$(tap_count wire '^out [12]')"
check D7 "the session goes on" pings a 192.168.7.2
same D7 "at the same endpoint" "$at" "$(endpoint_of b a)"

# Repeats as roots of trouble after the receiver was down, too
hex=$(payload 1)
ip -n b link set wg0 down; ip -n b link set wg0 up
a udpsend -p 6666 10.0.0.2 51820 "hex:$hex"
same P2 "an old initiation after down and up moves nothing" "$at" "$(endpoint_of b a)"
check P2 "a new one is answered" pings b 192.168.7.1
