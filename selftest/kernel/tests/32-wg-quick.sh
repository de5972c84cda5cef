# SPDX-License-Identifier: GPL-2.0
# wg-quick, unchanged, with everything through the tunnel.

[ "$(type -P wg-quick)" ] || { skip "W1 wg-quick is not installed"; return; }
two_hosts
tunnel b 2
peer b a 1
ip -n b addr add 172.20.0.1 dev lo
ip -n b addr add fd20::1 dev lo nodad
ip -n a route add default via 10.0.0.2
ip -n a -6 route add default via fd01::2
b sysctl -q -w net.ipv4.conf.all.rp_filter=0
(umask 077; cat >"$TMPDIR/tun0.conf") <<-EOC
	[Interface]
	PrivateKey = $(cat "$(key a)")
	Address = 192.168.7.1/24, fd07::1/64
	PostUp = echo up > $TMPDIR/hook
	PreDown = echo down > $TMPDIR/hook
	[Peer]
	PublicKey = $(pub b)
	Endpoint = 10.0.0.2:51820
	AllowedIPs = 0.0.0.0/0, ::/0
EOC
rules() { ip -n a rule; ip -n a -6 rule; a nft list ruleset; }
before=$(rules)
check W1 "wg-quick up" ip netns exec a wg-quick up "$TMPDIR/tun0.conf"
same W1 "hook ran" up "$(cat "$TMPDIR/hook")"
same W1 "MTU leaves room" 1420 "$(ip -n a -o link show tun0 | grep -o 'mtu [0-9]*' | cut -d' ' -f2)"
tap a eth0 wire
check W2 "anything v4 goes through" pings a 172.20.0.1
check W2 "anything v6 goes through" pings a fd20::1
check W2 "only the tunnel is on the wire" eval \
	'[ $(tap_count wire "^out 4") -gt 0 ] && [ $(tap_count wire "^out -") = 0 ]'
check W2 "TCP" tcp_copy a b 172.20.0.1 1024
check W3 "wg-quick save" ip netns exec a wg-quick save "$TMPDIR/tun0.conf"
check W3 "strip gives what wg takes" eval \
	'wg-quick strip "$TMPDIR/tun0.conf" >"$TMPDIR/s" && a wg syncconf tun0 "$TMPDIR/s"'
check W3 "still up" pings a 172.20.0.1
check W4 "wg-quick down" ip netns exec a wg-quick down "$TMPDIR/tun0.conf"
same W4 "rules as before" "$before" "$(rules)"
check W4 "link gone" fails ip -n a link show tun0
