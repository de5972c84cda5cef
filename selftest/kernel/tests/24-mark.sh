# SPDX-License-Identifier: GPL-2.0
# The firewall mark of the outer packets chooses their route.

host a
host b
wire a eth0 10.0.0.1/24 fd01::1/64 b eth0 10.0.0.2/24 fd01::2/64
wire a eth1 10.1.0.1/24 fd11::1/64 b eth1 10.1.0.2/24 fd11::2/64
for n in 4 6; do
	[ $n = 4 ] && far=10.99.0.2 via0=10.0.0.2 via1=10.1.0.2 ||
		far=fd99::2 via0=fd01::2 via1=fd11::2
	ip -n b addr add $far dev lo
	ip -$n -n a route add $far via $via0
	ip -$n -n a route add $far via $via1 table 77
	ip -$n -n a rule add fwmark 0x77 lookup 77
done
b sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0 \
	net.ipv4.conf.eth1.rp_filter=0
tunnel a 1
tunnel b 2
peer b a 1
for far in 10.99.0.2 '[fd99::2]'; do
	a wg set wg0 fwmark 0 peer "$(pub b)" endpoint "$far:51820"
	peer a b 2
	tap a eth0 "zero$far"
	tap a eth1 "one$far"
	check F1 "without mark to $far" pings a 192.168.7.2
	a wg set wg0 fwmark 0x77
	n0=$(tap_count "zero$far" '^out 4')
	check F1 "without, by the main route" [ "$n0" -gt 0 ]
	check F1 "with mark to $far" pings a 192.168.7.2
	check F1 "by the marked route" [ "$(tap_count "one$far" '^out 4')" -gt 0 ]
	same F1 "and none by the other any more" "$n0" "$(tap_count "zero$far" '^out 4')"
done
# The whole default route through the tunnel, the mark keeping it from itself
a wg set wg0 fwmark 0x77 peer "$(pub b)" allowed-ips 0.0.0.0/0,::/0
ip -n a rule add not fwmark 0x77 lookup 88
ip -n a route add default dev wg0 table 88
ip -n a rule add lookup main suppress_prefixlength 0 pref 10
ip -n b addr add 172.20.0.1 dev lo
check F2 "default route through the tunnel" pings a 172.20.0.1 -I 192.168.7.1
