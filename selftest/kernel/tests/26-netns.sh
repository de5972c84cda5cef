# SPDX-License-Identifier: GPL-2.0
# The socket stays where the link was made; neither keeps the other alive.

two_hosts
host inner
tunnel b 2
peer b a 1
ip -n a link add wg0 type "$KIND"
ip -n a link set wg0 netns inner
on inner wg set wg0 private-key "$(key a)" listen-port 51820 \
	peer "$(pub b)" allowed-ips 0.0.0.0/0,::/0 endpoint 10.0.0.2:51820
ip -n inner addr add 192.168.7.1/24 dev wg0
ip -n inner link set wg0 up
ip -n inner route add default dev wg0
check G1 "a namespace whose only way out is the tunnel" pings inner 192.168.7.2
check G1 "the socket is at home" eval "a ss -Hlnu | grep -q :51820"
same G1 "not where the link is" "" "$(on inner ss -Hlnu)"
on inner wg set wg0 listen-port 4001
check G1 "a new port opens at home too" eval "a ss -Hlnu | grep -q :4001"
check G1 "and works" pings inner 192.168.7.2

ip netns del a
check G2 "home gone: carrier off" until_ok 10 eval \
	"ip -n inner link show wg0 | grep -q NO-CARRIER"
check G2 "the link stays" ip -n inner link show wg0
check G2 "its port cannot be set" fails on inner wg set wg0 listen-port 7
check G2 "nor its mark" fails on inner wg set wg0 fwmark 7
check G2 "because it may not" grep -q 'not permitted' \
	<<<"$(on inner wg set wg0 fwmark 7 2>&1)"
check G2 "other settings can" on inner wg set wg0 peer "$(pub b)" persistent-keepalive 9
check G2 "traffic ends" no_ping inner 192.168.7.2
ip -n inner link set wg0 down
check G2 "it cannot come up" fails ip -n inner link set wg0 up
check G2 "for want of a machine on the network" grep -qi 'not on the network' \
	<<<"$(ip -n inner link set wg0 up 2>&1)"
check G2 "and can be deleted" ip -n inner link del wg0

# Two links that live in each other's home
host e
host f
ip -n e link add wg1 type "$KIND"
ip -n f link add wg2 type "$KIND"
ip -n e link set wg1 netns f
ip -n f link set wg2 netns e
on f wg set wg1 private-key "$(key a)" peer "$(pub b)"
on e wg set wg2 private-key "$(key b)" peer "$(pub a)"
ip -n f link set wg1 up
ip -n e link set wg2 up
ip netns del e
ip netns del f
ok "A1 circular homes deleted"

# A route cached by the tunnel must not keep the way out alive.
host g
wire g eth0 10.8.0.1/24 fd08::1/64 b eth1 10.8.0.2/24 fd08::2/64
ip -n g -6 route add default via fd08::2
ip -n b addr add fd99::2 dev lo nodad
tunnel g 8
peer g b 2 endpoint '[fd99::2]:51820'
b wg set wg0 peer "$(pub g)" allowed-ips 192.168.7.8/32,fd07::8/128
b sysctl -q -w net.ipv6.conf.all.forwarding=1
check A2 "session through a v6 default route" pings g 192.168.7.2
check A2 "deleting the namespace" ip netns del g
check A2 "does not wait for references" until_ok 10 eval \
	"! ip -n b link show eth1 2>/dev/null"

# Privilege in the home is needed for port and mark [E11].
ip link add wgu type "$KIND"
unshare -Urn sleep 60 &
child=$!
until_ok 5 eval "[ \"\$(readlink /proc/$child/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
ip link set wgu netns $child
inside() { nsenter -t $child -U -n --preserve-credentials "$@"; }
check E11 "root of another user namespace sets peers" inside wg set wgu peer "$(pub b)"
check E11 "but not the port" fails inside wg set wgu listen-port 99
check E11 "nor the mark" fails inside wg set wgu fwmark 99
check E11 "not permitted" grep -q 'not permitted' \
	<<<"$(inside wg set wgu listen-port 99 2>&1)"
kill $child
wait
# a link returns to the first namespace only if it can; this one is virtual
until_ok 5 eval "! ip link show wgu 2>/dev/null" || ip link del wgu
