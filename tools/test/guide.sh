#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guide.sh WG_QUICK WG DIR: the configurations of the guide this project began
# with, word for word but for keys: a server that forwards and masquerades to a
# third host, and a client with each of its AllowedIPs. Needs a kernel with
# WireGuard and iptables; made for a test machine.
#
#	client 203.0.113.2 --- net --- server 192.0.2.1
#	                        |
#	                       host 198.51.100.3
set -u
wg_quick=$1 wg=$2 dir=$3
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
umask 077
on() { ip netns exec "$@"; }

# NAME ADDRESS4 GATEWAY4 ADDRESS6 GATEWAY6: a place behind the router
place() {
	ip netns add "$1"
	ip link add eth0 netns "$1" type veth peer name "$1" netns net
	ip -n net address add "$3/24" dev "$1"
	ip -n net -6 address add "$5/64" dev "$1" nodad
	ip -n net link set "$1" up
	ip -n "$1" link set lo up
	ip -n "$1" address add "$2/24" dev eth0
	ip -n "$1" -6 address add "$4/64" dev eth0 nodad
	ip -n "$1" link set eth0 up
	ip -n "$1" route add default via "$3"
	ip -n "$1" -6 route add default via "$5"
}

forward() {
	on "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
}

ip netns add net
place client 203.0.113.2 203.0.113.254 2001:db8:c::2 2001:db8:c::fe
place server 192.0.2.1 192.0.2.254 2001:db8:5::1 2001:db8:5::fe
place host 198.51.100.3 198.51.100.254 2001:db8:a::3 2001:db8:a::fe
forward net
forward server
# The host counts who asks: a fresh table for every question.
count_anew() {
	on host nft -f - <<EOF
table inet count
delete table inet count
table inet count {
	chain in {
		type filter hook input priority 0;
		ip saddr 203.0.113.2 icmp type echo-request counter comment "client4"
		ip saddr 192.0.2.1 icmp type echo-request counter comment "server4"
		ip6 saddr 2001:db8:c::2 icmpv6 type echo-request counter comment "client6"
		ip6 saddr 2001:db8:5::1 icmpv6 type echo-request counter comment "server6"
	}
}
EOF
}

# HOST_ADDRESS: who the host saw, when the client pings it
seen() {
	count_anew
	on client ping -c 1 -W 5 "$1" >"$dir/ping" 2>&1 || echo lost
	on host nft list table inet count |
		sed -n '/counter packets [1-9]/s/.*comment "\(.*\)"/\1/p'
}

state() {
	on "$1" ip rule
	on "$1" ip -6 rule
	on "$1" ip -4 route show table all
	on "$1" ip -6 route show table all | grep -v '^multicast\|fe80'
	on "$1" ip -brief address show | grep -v fe80
	on "$1" nft list tables | grep wg-quick
	on "$1" iptables-save 2>/dev/null | grep -- '^-A'
	on "$1" ip6tables-save 2>/dev/null | grep -- '^-A'
}

for i in server client; do
	"$wg" genkey >"$dir/$i.key"
	"$wg" pubkey <"$dir/$i.key" >"$dir/$i.pub"
done
mkdir -p "$dir/server" "$dir/client"
server=$dir/server/wg0.conf client=$dir/client/wg0.conf
cat >"$server" <<EOF
[Interface]
Address = 10.9.0.1/24, fd42:42:42::1/64
SaveConfig = true
PrivateKey = $(cat "$dir/server.key")
ListenPort = 51820
PostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -A FORWARD -o %i -j ACCEPT; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE; ip6tables -A FORWARD -i %i -j ACCEPT; ip6tables -A FORWARD -o %i -j ACCEPT; ip6tables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
PostDown = iptables -D FORWARD -i %i -j ACCEPT; iptables -D FORWARD -o %i -j ACCEPT; iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE; ip6tables -D FORWARD -i %i -j ACCEPT; ip6tables -D FORWARD -o %i -j ACCEPT; ip6tables -t nat -D POSTROUTING -o eth0 -j MASQUERADE
[Peer]
PublicKey = $(cat "$dir/client.pub")
AllowedIPs = 10.9.0.2/32, fd42:42:42::2/128
EOF
# ALLOWED_IPS ENDPOINT [DNS LINE]
client_conf() {
	cat >"$client" <<EOF
[Interface]
PrivateKey = $(cat "$dir/client.key")
Address = 10.9.0.2/24, fd42:42:42::2/64
${3:-}

[Peer]
PublicKey = $(cat "$dir/server.pub")
AllowedIPs = $1
Endpoint = $2
EOF
}
mkdir -p "$dir/bin"
cat >"$dir/bin/resolvconf" <<EOF
#!/bin/sh
case \$1 in
-a) cat >$dir/dns ;;
-d) rm $dir/dns ;;
esac
EOF
chmod +x "$dir/bin/resolvconf"
PATH=$dir/bin:$PATH

before_server=$(state server)
works "server: up" on server "$wg_quick" up "$server"
is "server: masquerades" "$(on server iptables-save | grep -c MASQUERADE)" 1
before_client=$(state client)

# TITLE EXPECTED4 EXPECTED6 ALLOWED_IPS ENDPOINT [DNS]
try() {
	client_conf "$4" "$5" "${6:-}"
	works "$1: up" on client "$wg_quick" up "$client"
	is "$1: the server's address" "$(on client ping -c 1 -W 5 10.9.0.1 |
		grep -c '1 received\|1 packets received')" 1
	is "$1: IPv4 comes from" "$(seen 198.51.100.3)" "$2"
	is "$1: IPv6 comes from" "$(seen 2001:db8:a::3)" "$3"
	[ -z "${6:-}" ] || is "$1: DNS" "$(cat "$dir/dns")" \
		"nameserver 176.103.130.130
nameserver 176.103.130.131"
	works "$1: down" on client "$wg_quick" down "$client"
	is "$1: nothing is left" "$(state client)" "$before_client"
	is "$1: no DNS is left" "$(ls "$dir/dns" 2>/dev/null)" ""
}
try "all traffic" server4 server6 "0.0.0.0/0, ::/0" 192.0.2.1:51820
try "all traffic, over IPv6" server4 server6 "0.0.0.0/0, ::/0" \
	"[2001:db8:5::1]:51820"
try "IPv6 only" client4 server6 "10.9.0.1/32, ::/0" 192.0.2.1:51820
try "IPv6 only, over IPv6" client4 server6 "10.9.0.1/32, ::/0" \
	"[2001:db8:5::1]:51820"
try "IPv6 in halves" client4 server6 "10.9.0.1/32, ::/1, 8000::/1" \
	192.0.2.1:51820
try "IPv4 only" server4 client6 "0.0.0.0/0" 192.0.2.1:51820
try "DNS" client4 client6 "10.9.0.1/32, fd42:42:42::1/128" 192.0.2.1:51820 \
	"DNS = 176.103.130.130, 176.103.130.131"

# With strict reverse path filtering, which the mark is for.
on client sh -c 'echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter
	echo 1 >/proc/sys/net/ipv4/conf/eth0/rp_filter'
try "all traffic, rp_filter" server4 server6 "0.0.0.0/0, ::/0" 192.0.2.1:51820

# The tunnel's address from outside of the tunnel: the firewall drops it.
client_conf "0.0.0.0/0, ::/0" 192.0.2.1:51820
works "up" on client "$wg_quick" up "$client"
ip -n net route add 10.9.0.2/32 via 203.0.113.2
on client nft add table inet seen
on client nft 'add chain inet seen in { type filter hook input priority 0; }'
on client nft 'add rule inet seen in iifname eth0 ip daddr 10.9.0.2 counter'
on net ping -c 1 -W 1 10.9.0.2 >/dev/null 2>&1
is "packets to the tunnel's address from outside do not come in" \
	"$(on client nft list table inet seen | grep -c 'counter packets 0 ')" 1
on client nft delete table inet seen
works "down" on client "$wg_quick" down "$client"

"$wg" genkey | "$wg" pubkey >"$dir/late.pub"
on server "$wg" set wg0 peer "$(cat "$dir/late.pub")" allowed-ips 10.9.0.3/32
works "server: down" on server "$wg_quick" down "$server"
is "server: nothing is left" "$(state server)" "$before_server"
is "server: saved the peer that came late" \
	"$(grep -c -F "$(cat "$dir/late.pub")" "$server")" 1
is "server: saved its hooks" "$(grep -c '^Post.*MASQUERADE' "$server")" 2
is "server: saved where the client was" \
	"$(grep -c '^Endpoint = 203.0.113.2:' "$server")" 1
works "server: up again" on server "$wg_quick" up "$server"
try "after all that" server4 server6 "0.0.0.0/0, ::/0" 192.0.2.1:51820
works "server: down again" on server "$wg_quick" down "$server"

# A plan, typed into a shell, makes what up makes.
PATH=$(dirname "$wg_quick"):$PATH
client_conf "0.0.0.0/0, ::/0, 10.9.0.1/32" 192.0.2.1:51820 \
	"DNS = 176.103.130.130
ExcludedIPs = 10.77.0.0/16
PostUp = touch $dir/plan-ran"
works "up" on client "$wg_quick" up "$client"
by_up=$(state client; on client "$wg" showconf wg0 | grep -v ListenPort
	on client nft list ruleset; cat "$dir/dns")
works "down" on client "$wg_quick" down "$client"
rm -f "$dir/plan-ran"
on client "$wg_quick" plan "$client" >"$dir/plan"
works "a plan is a script" on client bash -e "$dir/plan"
is "that makes the same" "$(state client
	on client "$wg" showconf wg0 | grep -v ListenPort
	on client nft list ruleset; cat "$dir/dns")" "$by_up"
is "its hooks included" "$(ls "$dir/plan-ran")" "$dir/plan-ran"
on client "$wg_quick" plan down "$client" >"$dir/plan"
works "the plan of down as well" on client bash -e "$dir/plan"
is "leaves nothing" "$(state client)" "$before_client"

# A world that cannot leak: once up is done there is no packet of the client
# outside of the tunnel, and a failing up leaves the old ways.
client_conf "0.0.0.0/0, ::/0" 192.0.2.1:51820
sed -i 's/^Address/PostUp = false\nAddress/' "$client"
fails "a failing PostUp" on client "$wg_quick" up "$client"
is "leaves nothing" "$(state client)" "$before_client"
is "and the old way out" "$(seen 198.51.100.3)" client4
finish
