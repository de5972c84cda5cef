# SPDX-License-Identifier: GPL-2.0
# The guide this project began with, followed word for word but for keys and
# names of machines, with our tools: a server that forwards and masquerades to
# a third host, and a client with each of its AllowedIPs.
#
#	client 203.0.113.2 --- net --- server 192.0.2.1
#	                        |
#	                       web 198.51.100.3

[ -d tools/usr ] || { skip "G1 the guide (no tools in this job)"; return; }
export LD_LIBRARY_PATH=$PWD/tools/lib
unit=tools/usr/lib/systemd/system/wg-quick@.service

# at HOST COMMAND...: there, where our tools are installed, and /etc/wireguard
# is its own
at() {
	on "$1" unshare -m bash -c '
		mount --bind "$0" /etc/wireguard &&
		mount --bind tools/usr/bin/wg /usr/bin/wg &&
		mount --bind tools/usr/bin/wg-quick /usr/bin/wg-quick &&
		exec "$@"' "$TMPDIR/$1" "${@:2}"
}

# service HOST Start|Stop|Reload: the line of the unit, as systemd would run it
service() {
	local line variables
	line=$(sed -n "s/^Exec$2=//p" $unit)
	variables=$(sed -n 's/^Environment=//p' $unit)
	# shellcheck disable=SC2086 # words
	at "$1" env $variables ${line//%i/wg0}
}

place() { # HOST NET4 LAST4 NET6 LAST6: behind the router
	host "$1"
	mkdir -m 700 "$TMPDIR/$1"
	wire "$1" eth0 "$2.$3/24" "$4::$5/64" net "$1" "$2.254/24" "$4::fe/64"
	ip -n "$1" route add default via "$2.254"
	ip -n "$1" -6 route add default via "$4::fe"
}

# Who web sees when the client pings it: client4, server6 and so on.
seen() { # ADDRESS
	on web nft -f - <<-EOC
		table inet seen
		delete table inet seen
		table inet seen {
			chain in {
				type filter hook input priority 0;
				ip saddr 203.0.113.2 icmp type echo-request counter comment "client4"
				ip saddr 192.0.2.1 icmp type echo-request counter comment "server4"
				ip6 saddr 2001:db8:c::2 icmpv6 type echo-request counter comment "client6"
				ip6 saddr 2001:db8:5::1 icmpv6 type echo-request counter comment "server6"
			}
		}
	EOC
	ping1 client "$1" >/dev/null || echo lost
	on web nft list table inet seen |
		sed -n '/counter packets [1-9]/s/.*comment "\(.*\)"/\1/p'
}

state() { # HOST: all that a tunnel could leave behind
	ip -n "$1" rule
	ip -n "$1" -6 rule
	ip -n "$1" -4 route show table all
	ip -n "$1" -6 route show table all | grep -v '^multicast\|fe80'
	ip -n "$1" -brief address show | grep -v fe80
	on "$1" nft list tables | grep wg-quick
	on "$1" iptables-save 2>/dev/null | grep -- '^-A'
	on "$1" ip6tables-save 2>/dev/null | grep -- '^-A'
}

host net
place client 203.0.113 2 2001:db8:c 2
place server 192.0.2 1 2001:db8:5 1
place web 198.51.100 3 2001:db8:a 3
on net sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
on web iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE 2>/dev/null || {
	skip "G1 the guide (this kernel has no MASQUERADE)"
	return
}

# "Server Setup"
for i in server client; do
	at $i bash -c 'umask 077; cd /etc/wireguard
		wg genkey | tee private_key | wg pubkey > public_key'
done
cat >"$TMPDIR/server/wg0.conf" <<EOC
[Interface]
Address = 10.9.0.1/24, fd42:42:42::1/64
SaveConfig = true
PrivateKey = $(cat "$TMPDIR/server/private_key") # for your server side private key
ListenPort = 51820
PostUp = iptables -A FORWARD -i %i -j ACCEPT; iptables -A FORWARD -o %i -j ACCEPT; iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE; ip6tables -A FORWARD -i %i -j ACCEPT; ip6tables -A FORWARD -o %i -j ACCEPT; ip6tables -t nat -A POSTROUTING -o eth0 -j MASQUERADE
PostDown = iptables -D FORWARD -i %i -j ACCEPT; iptables -D FORWARD -o %i -j ACCEPT; iptables -t nat -D POSTROUTING -o eth0 -j MASQUERADE; ip6tables -D FORWARD -i %i -j ACCEPT; ip6tables -D FORWARD -o %i -j ACCEPT; ip6tables -t nat -D POSTROUTING -o eth0 -j MASQUERADE
[Peer]
PublicKey = $(cat "$TMPDIR/client/public_key")
AllowedIPs = 10.9.0.2/32, fd42:42:42::2/128
EOC
on server sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
before_server=$(state server)
at server bash -c 'chown root:root /etc/wireguard/wg0.conf
	chmod 644 /etc/wireguard/wg0.conf'
check G1 "server: wg-quick up wg0" at server wg-quick up wg0
same G1 "server: masquerades for both families" "1 1" \
	"$(on server iptables-save | grep -c MASQUERADE) $(on server ip6tables-save | grep -c MASQUERADE)"
running=$(state server; at server wg showconf wg0)
check G2 "wg-quick@wg0 starts over what was typed" service server Start
same G2 "and leaves it as it is" "$running" "$(state server; at server wg showconf wg0)"

client_conf() { # ALLOWED_IPS ENDPOINT [LINES]
	cat >"$TMPDIR/client/wg0.conf" <<-EOC
		[Interface]
		PrivateKey = $(cat "$TMPDIR/client/private_key")
		Address = 10.9.0.2/24, fd42:42:42::2/64
		${3-}

		[Peer]
		PublicKey = $(cat "$TMPDIR/server/public_key")
		AllowedIPs = $1
		Endpoint = $2
	EOC
	chmod 600 "$TMPDIR/client/wg0.conf"
}
mkdir "$TMPDIR/bin"
cat >"$TMPDIR/bin/resolvconf" <<EOC
#!/bin/sh
case \$1 in
-a) cat >$TMPDIR/dns ;;
-d) rm $TMPDIR/dns ;;
esac
EOC
chmod +x "$TMPDIR/bin/resolvconf"
PATH=$TMPDIR/bin:$PATH
before_client=$(state client)

# try "what" SEEN4 SEEN6 ALLOWED_IPS ENDPOINT [DNS LINE]
try() {
	client_conf "$4" "$5" "${6-}"
	check G3 "$1: up" at client wg-quick up wg0
	check G3 "$1: the server answers" ping1 client 10.9.0.1
	same G3 "$1: IPv4 comes from" "$2" "$(seen 198.51.100.3)"
	same G3 "$1: IPv6 comes from" "$3" "$(seen 2001:db8:a::3)"
	[ ! "${6-}" ] || same G5 "$1: name servers" "${6#DNS = }" \
		"$(sed 's/nameserver //' "$TMPDIR/dns" | paste -s -d, | sed 's/,/, /')"
	check G3 "$1: down" at client wg-quick down wg0
	same G3 "$1: nothing is left" "$before_client" "$(state client; ls "$TMPDIR/dns" 2>/dev/null)"
}
v4=192.0.2.1:51820 v6=[2001:db8:5::1]:51820
try "0.0.0.0/0, ::/0" server4 server6 "0.0.0.0/0, ::/0" $v4
try "0.0.0.0/0, ::/0 over IPv6" server4 server6 "0.0.0.0/0, ::/0" "$v6"
try "::/0" client4 server6 "10.9.0.1/32, ::/0" $v4
try "::/1, 8000::/1" client4 server6 "10.9.0.1/32, ::/1, 8000::/1" $v4
try "0.0.0.0/0" server4 client6 "0.0.0.0/0" $v4
try "DNS" client4 client6 "10.9.0.1/32, fd42:42:42::1/128" $v4 \
	"DNS = 176.103.130.130, 176.103.130.131"

# With strict reverse path filtering, which the marks of the firewall are for.
on client sysctl -q -w net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.eth0.rp_filter=1
client_conf "0.0.0.0/0, ::/0" $v4
check G4 "wg-quick@wg0 starts" service client Start
same G4 "with rp_filter, IPv4 comes from" server4 "$(seen 198.51.100.3)"
# The tunnel's address from outside of the tunnel: the firewall drops it.
ip -n net route add 10.9.0.2/32 via 203.0.113.2
on client nft -f - <<-EOC
	table inet outside {
		chain in {
			type filter hook input priority 0;
			iifname eth0 ip daddr 10.9.0.2 counter
		}
	}
EOC
no_ping net 10.9.0.2 >/dev/null
check G4 "nobody outside reaches the tunnel's address" \
	grep -q 'counter packets 0 ' <<<"$(on client nft list table inet outside)"
on client nft delete table inet outside

# A change of the file, and `systemctl reload`: the session stays.
session=$(at client wg show wg0 latest-handshakes)
client_conf "10.9.0.1/32, ::/0" $v4
check G6 "wg-quick@wg0 reloads" service client Reload
same G6 "IPv4 is let go, IPv6 stays in" "client4 server6" \
	"$(seen 198.51.100.3) $(seen 2001:db8:a::3)"
same G6 "the session stays" "$session" "$(at client wg show wg0 latest-handshakes)"
check G4 "wg-quick@wg0 stops" service client Stop
same G4 "nothing is left" "$before_client" "$(state client)"

# SaveConfig: what came at run time is there after the next start.
late=$(pub late)
check G7 "a peer comes late" at server wg set wg0 peer "$late" allowed-ips 10.9.0.3/32
check G7 "wg-quick@wg0 of the server stops" service server Stop
same G7 "nothing is left" "$before_server" "$(state server)"
same G7 "saved: both peers, the hooks, where the client was" "2 2 1" "$(
	grep -c '^PublicKey' "$TMPDIR/server/wg0.conf") $(
	grep -c '^Post.*MASQUERADE' "$TMPDIR/server/wg0.conf") $(
	grep -c '^Endpoint = 203.0.113.2:' "$TMPDIR/server/wg0.conf")"
check G7 "wg-quick@wg0 of the server starts again" service server Start
same G7 "with both peers" 2 "$(at server wg show wg0 peers | wc -l)"
try "after all that" server4 server6 "0.0.0.0/0, ::/0" $v4

# What fails leaves the old way out.
client_conf "0.0.0.0/0, ::/0" $v4 "PostUp = false"
check G8 "a failing PostUp fails" fails at client wg-quick up wg0
same G8 "nothing is left" "$before_client" "$(state client)"
same G8 "IPv4 comes from" client4 "$(seen 198.51.100.3)"

# A plan, typed into a shell, makes what up makes.
made() { state client; at client wg showconf wg0 | grep -v ListenPort
	on client nft list ruleset; cat "$TMPDIR/dns"; }
client_conf "0.0.0.0/0, ::/0, 10.9.0.1/32" $v4 "DNS = 176.103.130.130
ExcludedIPs = 10.77.0.0/16
PostUp = touch $TMPDIR/plan-ran"
check G9 "up" at client wg-quick up wg0
by_up=$(made)
check G9 "down" at client wg-quick down wg0
rm -f "$TMPDIR/plan-ran"
at client wg-quick plan wg0 >"$TMPDIR/plan"
check G9 "a plan is a script" at client bash -e "$TMPDIR/plan"
same G9 "that makes the same" "$by_up" "$(made)"
check G9 "its hooks included" test -e "$TMPDIR/plan-ran"
at client wg-quick plan down wg0 >"$TMPDIR/plan"
check G9 "the plan of down as well" at client bash -e "$TMPDIR/plan"
same G9 "nothing is left" "$before_client" "$(state client)"
