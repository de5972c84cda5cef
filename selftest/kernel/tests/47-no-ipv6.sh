# SPDX-License-Identifier: GPL-2.0
# A machine booted without IPv6: v6 endpoints lead nowhere, v4 works [C12].

case ${BOOT-} in
*ipv6.disable=1*) ;;
*)
	skip "C12 a machine without IPv6 (BOOT=ipv6.disable=1 boots one)"
	return ;;
esac
for h in a b; do
	ip netns add $h
	ip -n $h link set lo up
done
wire a eth0 10.0.0.1/24 - b eth0 10.0.0.2/24 -
for h in a b; do
	[ $h = a ] && n=1 other=b m=2 || n=2 other=a m=1
	wg_link $h wg0
	on $h wg set wg0 private-key "$(key $h)" listen-port 51820 \
		peer "$(pub $other)" endpoint 10.0.0.$m:51820 \
		allowed-ips "192.168.7.$m/32,fd07::$m/128"
	ip -n $h addr add 192.168.7.$n/24 dev wg0
	check C12 "$h comes up" ip -n $h link set wg0 up
done
check C12 "is without IPv6" test ! -e /proc/net/if_inet6
check C12 "session" pings a 192.168.7.2
check C12 "in bulk" tcp_copy a b 192.168.7.2 1024
a wg set wg0 peer "$(pub b)" endpoint '[fd01::2]:51820'
same C12 "a v6 endpoint may be set" '[fd01::2]:51820' "$(endpoint_of a b)"
a udpsend 192.168.7.2 9 len:10 len:1000
a wg set wg0 peer "$(pub b)" persistent-keepalive 1
check C12 "packets to it go nowhere" no_ping a 192.168.7.2
ip -n a link set wg0 down; ip -n a link set wg0 up
a udpsend 192.168.7.2 9 len:10
sleep 1
ok "C12 nor do handshakes"
a wg set wg0 peer "$(pub b)" endpoint 10.0.0.2:51820
check C12 "back to v4" until_ok 15 ping1 a 192.168.7.2 1
check C12 "another port" a wg set wg0 listen-port 5000
check C12 "works as well" pings a 192.168.7.2
