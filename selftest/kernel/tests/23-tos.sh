# SPDX-License-Identifier: GPL-2.0
# Outer header: DSCP of handshakes, ECN in both directions (RFC 6040), nothing
# else of the inner one.

pair 4
tap a eth0 wire
check Q1 "session" pings a 192.168.7.2
same Q1 "handshake messages carry AF41" 88 \
	"$(tapped wire | awk '$2 == 1 || $2 == 2 { print $10 }' | sort -u)"
same Q1 "both were seen" "1 2" "$(tapped wire | awk '$2 < 3 { print $2 }' |
	sort -u | tr '\n' ' ' | sed 's/ $//')"
same Q2 "data carries none" 00 "$(tapped wire | awk '$2 == 4 { print $10 }' | sort -u)"
same Q2 "TTL of the host, no DF" "64 0" \
	"$(tapped wire | awk '{ print $12, $14 }' | sort -u)"

# fields after "tos" of the last data message a sent / the last packet b got
outer_tos() { tapped wire | awk '$1 == "out" && $2 == 4 { t = $10 } END { print t }'; }
inner_tos() { tapped inner | awk '$1 == "in" && $2 == "ip" && $3 == 17 { t = $9 } END { print t }'; }
# CE inside leaves as ECT(0), as from all of the kernel's tunnels
encap=(00 01 02 02)
tap b wg0 inner -a
n=0
send() { # TOS ADDR: one packet, and until it is there
	n=$((n + 1))
	a udpsend -t "$1" "$2" 9 len:$((100 + n))
	until_ok 2 eval "tapped inner | grep -q 'ip 17 .* len $((108 + n)) '"
}
for to in 192.168.7.2 fd07::2; do
	for ecn in 0 1 2 3; do
		tos=$(printf %02x $((0xb8 | ecn)))
		send 0x$tos $to
		same C9 "ECN $ecn goes out to $to, DSCP stays in" \
			"${encap[$ecn]}" "$(outer_tos)"
		same C9 "and arrives as it was" $tos "$(inner_tos)"
	done
done
# What arrives for each pair of inner and outer, never dropped
b nft -f - <<-EOC
	table inet t {
		chain in { type filter hook prerouting priority -300; }
	}
EOC
declare -A want=(
	[0,0]=0 [0,1]=0 [0,2]=0 [0,3]=0
	[1,0]=1 [1,1]=1 [1,2]=1 [1,3]=3
	[2,0]=2 [2,1]=1 [2,2]=2 [2,3]=3
	[3,0]=3 [3,1]=3 [3,2]=3 [3,3]=3)
names=(not-ect ect1 ect0 ce)
for outer in 0 1 2 3; do
	b nft flush chain inet t in
	b nft add rule inet t in iifname eth0 udp dport 51820 ip ecn set ${names[$outer]}
	for to in 192.168.7.2 fd07::2; do
		for inner in 0 1 2 3; do
			check C9 "inner $inner outer $outer to $to arrives" send $inner $to
			same C9 "as ${want[$inner,$outer]}" 0${want[$inner,$outer]} "$(inner_tos)"
		done
	done
done
# The same over v6
b nft flush chain inet t in
a wg set wg0 peer "$(pub b)" endpoint '[fd01::2]:51820'
ip -n a link set wg0 down; ip -n a link set wg0 up
check Q3 "session over v6" pings a 192.168.7.2
same Q3 "handshakes over v6 carry AF41" 88 \
	"$(tapped wire | awk '$3 ~ /:/ && $2 < 3 { print $10 }' | sort -u)"
for ecn in 0 1 2 3; do
	send $((0xb8 | ecn)) 192.168.7.2
	same C9 "ECN $ecn over v6" "${encap[$ecn]}" "$(outer_tos)"
done
