# SPDX-License-Identifier: GPL-2.0
# What a packet carries beside its bytes: what crosses the tunnel, what not.

pair 4
check C14 "session" pings a 192.168.7.2
for h in a b; do
	on $h nft -f - <<-EOC
		table inet t {
			counter marked { }
			chain out { type filter hook output priority -150; }
			chain post { type filter hook postrouting priority 300; }
			chain pre { type filter hook prerouting priority -300; }
		}
	EOC
done
marked() { on "$1" nft list counter inet t marked | awk '/packets/ { print $2 }'; }
# inside, before the tunnel: not outside, not behind it
a nft add rule inet t out oifname wg0 udp dport 9 meta mark set 0x42
a nft add rule inet t post oifname eth0 meta mark 0x42 counter name marked
a nft add rule inet t post oifname wg0 meta mark 0x42 counter name marked
b nft add rule inet t pre meta mark 0x42 counter name marked
tap b wg0 inner -a
for len in 77 78 79; do a udpsend 192.168.7.2 9 len:$len; done
check C14 "marked packets arrive" until_ok 3 eval '[ $(tap_count inner "^in ip 17 .* len 8[567] ") = 3 ]'
same C14 "marked before the tunnel and not outside" 3 "$(marked a)"
same C14 "nor behind it" 0 "$(marked b)"
# outside: not inside
b nft flush chain inet t pre
b nft add rule inet t pre iifname eth0 udp dport 51820 meta mark set 0x43
b nft add rule inet t pre iifname wg0 meta mark 0x43 counter name marked
a udpsend 192.168.7.2 9 len:80
check C14 "a packet marked outside arrives" until_ok 3 eval '[ $(tap_count inner "^in ip 17 .* len 88 ") = 1 ]'
same C14 "without its mark" 0 "$(marked b)"
b nft flush chain inet t pre

# The hash of the inner flow spreads outer packets over queues [C3].
if a tc qdisc add dev eth0 root handle 1: prio bands 8 2>/dev/null &&
	a tc filter add dev eth0 parent 1: handle 1 flow map key rxhash \
		and 7 baseclass 1:1 2>/dev/null; then
	for port in $(seq 2001 2040); do a udpsend -p $port 192.168.7.2 9 len:90; done
	used=$(a tc -s class show dev eth0 | grep -c 'Sent [1-9]')
	check C3 "forty inner flows use $used of 8 bands by their hash" [ "$used" -ge 4 ]
else
	skip "C3 the flow's hash (kernel without sch_prio or cls_flow)"
fi
a tc qdisc del dev eth0 root 2>/dev/null
# The priority of an inner packet (of its TOS here) is none of the cable's.
if a tc qdisc add dev eth0 root handle 1: prio 2>/dev/null; then
	sent_in() { a tc -s class show dev eth0 | awk -v c="1:$1" '
		$3 == c { on = 1 } on && $1 == "Sent" { print $4; exit }'; }
	before=$(sent_in 1)
	a udpsend -t 0x10 192.168.7.2 9 len:91
	check C14 "a packet of high priority arrives" \
		until_ok 3 eval '[ $(tap_count inner "^in ip 17 .* len 99 ") = 1 ]'
	same C14 "outside it has none" "$before" "$(sent_in 1)"
else
	skip "C14 the priority of a packet (kernel without sch_prio)"
fi
a tc qdisc del dev eth0 root 2>/dev/null
# A time to leave, given by the sender of the inner packet [C2]
if a tc qdisc add dev eth0 root fq 2>/dev/null; then
	start=$(now_ms)
	a udpsend -T 1500 192.168.7.2 9 len:92
	check C2 "a packet that may leave in 1500 ms arrives" \
		until_ok 9 eval '[ $(tap_count inner "^in ip 17 .* len 100 ") = 1 ]'
	took=$(($(now_ms) - start))
	check C2 "not before ($took ms)" [ $took -ge 1500 ]
	start=$(now_ms)
	a udpsend 192.168.7.2 9 len:94
	check C2 "one without a time arrives" \
		until_ok 3 eval '[ $(tap_count inner "^in ip 17 .* len 102 ") = 1 ]'
	took=$(($(now_ms) - start))
	check C2 "at once ($took ms)" [ $took -lt 1500 ]
else
	skip "C2 the time to leave (kernel without sch_fq)"
fi
a tc qdisc del dev eth0 root 2>/dev/null

# A tunnel's metadata in the place of a route [C5]
if b tc qdisc add dev eth0 clsact 2>/dev/null; then
	host c
	wire c eth0 10.7.0.2/24 - a eth7 10.7.0.1/24 -
	ip -n c route add 192.168.7.2 via 10.7.0.1
	b wg set wg0 peer "$(pub a)" allowed-ips 192.168.7.1/32,10.7.0.2/32
	a tc qdisc add dev eth7 clsact
	if a tc filter add dev eth7 ingress protocol ip matchall \
		action tunnel_key set src_ip 10.0.0.1 dst_ip 10.0.0.2 id 7 \
		action mirred egress redirect dev wg0 2>"$TMPDIR/tc"; then
		on c udpsend 192.168.7.2 9 len:93
		check C5 "a packet with metadata for a route arrives" \
			until_ok 3 eval '[ $(tap_count inner "^in ip 17 .* len 101 ") = 1 ]'
	else
		skip "C5 metadata for a route ($(head -n 1 "$TMPDIR/tc"))"
	fi
else
	skip "C5 metadata for a route (kernel without sch_ingress)"
fi
