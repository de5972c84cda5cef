# SPDX-License-Identifier: GPL-2.0
# A peer behind address translation is found and kept.

host a
host r
host b
wire a eth0 10.0.1.1/24 - r eth0 10.0.1.254/24 -
wire r eth1 10.0.2.254/24 - b eth0 10.0.2.2/24 -
ip -n a route add default via 10.0.1.254
on r sysctl -q -w net.ipv4.ip_forward=1
on r nft -f - <<-EOC
	table ip nat {
		chain post {
			type nat hook postrouting priority 100;
			oifname eth1 masquerade random
		}
	}
EOC
tunnel a 1
tunnel b 2
peer a b 2 endpoint 10.0.2.2:51820 persistent-keepalive 1
peer b a 1
check O1 "b learns the outside address" until_ok 12 eval \
	'[[ $(endpoint_of b a) = 10.0.2.254:* ]]'
check O1 "b reaches a through it" pings b 192.168.7.1
first=$(endpoint_of b a)
# The translator forgets: the next keepalive opens another way.
on r nft flush ruleset
on r nft -f - <<-EOC
	table ip nat {
		chain post {
			type nat hook postrouting priority 100;
			oifname eth1 meta l4proto udp snat to 10.0.2.254:1-1024
		}
	}
EOC
on r sysctl -q -w net.netfilter.nf_conntrack_udp_timeout=1 \
	net.netfilter.nf_conntrack_udp_timeout_stream=1
a wg set wg0 peer "$(pub b)" persistent-keepalive 3
check O2 "a new mapping is followed" until_ok 12 eval \
	'[[ $(endpoint_of b a) = 10.0.2.254:* && $(endpoint_of b a) != '"$first"' ]]'
on r sysctl -q -w net.netfilter.nf_conntrack_udp_timeout=30 \
	net.netfilter.nf_conntrack_udp_timeout_stream=120
check O2 "and traffic flows both ways" until_ok 8 eval \
	'ping1 b 192.168.7.1 2 && ping1 a 192.168.7.2 2'
# Translation inside: ICMP errors of the tunnel find their way back [C7].
host c
wire c eth0 10.3.0.2/24 - a eth1 10.3.0.1/24 -
ip -n c route add default via 10.3.0.1
a sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
a nft -f - <<-EOC
	table ip nat {
		chain post {
			type nat hook postrouting priority 100;
			oifname wg0 snat to 192.168.7.1
		}
	}
EOC
check C7 "translated into the tunnel" pings c 192.168.7.2
a wg set wg0 peer "$(pub b)" allowed-ips 192.168.7.77/32
check C7 "an unreachable comes back to the one behind" grep -q \
	'From 10.3.0.1 .*Host Unreachable' <<<"$(on c ping -n -c 1 -W 2 192.168.7.2)"
