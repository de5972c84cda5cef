#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# quick.sh WG_QUICK WG DIR: wg-quick in a network namespace of its own (see
# in-namespace.sh), with whatever implementation of WireGuard there is.
# /etc/wireguard is empty; name services are programs made here that keep notes.
set -u
wg_quick=$1 wg=$2 dir=$3
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
umask 077
conf=/etc/wireguard/wgq0.conf
private=yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
public=xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
other=TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=

# All that a tunnel could leave behind.
state() {
	ip -4 rule
	ip -6 rule
	ip -4 route show table all
	ip -6 route show table all | grep -v '^multicast\|fe80'
	ip -brief address show | grep -v fe80
	nft list tables
	cat /proc/sys/net/ipv4/conf/all/src_valid_mark
	cat "$dir"/notes
}

# NAME [COMMAND...]: down again, and nothing may be left
all_gone() {
	is "$1: nothing is left" "$(state)" "$before"
}

mtu() { ip link show dev "$1" | sed -n 's/.* mtu \([0-9]*\).*/\1/p'; }

write() { cat >"$conf"; }

interface() {
	printf '[Interface]\nPrivateKey = %s\n' "$private"
}

peer() { # ALLOWED_IPS [LINE]...
	printf '[Peer]\nPublicKey = %s\nAllowedIPs = %s\n' "$public" "$1"
	shift
	[ $# = 0 ] || printf '%s\n' "$@"
}

ip link set lo up
ip link add qa type veth peer name qb
ip address add 192.0.2.1/24 dev qa
ip -6 address add 2001:db8::1/64 dev qa nodad
ip link set qa mtu 1400 up
ip link set qb up
ip route add default via 192.0.2.9
ip -6 route add default via 2001:db8::9
mkdir -p "$dir/bin" /run/systemd
cat >"$dir/bin/resolvconf" <<EOF
#!/bin/sh
case \$1 in
-a) { echo "\$*"; cat; } >"$dir/dns" ;;
-d) rm "$dir/dns" ;;
esac
EOF
cat >"$dir/bin/resolvectl" <<EOF
#!/bin/sh
echo "\$*" >>"$dir/resolved"
[ "\$1" != domain ] || [ ! -e "$dir/domain-fails" ]
EOF
chmod +x "$dir/bin/resolvconf" "$dir/bin/resolvectl"
PATH=$dir/bin:$PATH
: >"$dir/notes"
# Waits for what comes in its own time; at most ten seconds.
until_true() {
	local tries=0
	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.05
	done
}
before=$(state)

# Up and down, everything in it.
{ interface; cat <<EOF
Address = 10.9.0.2/24, fd42:42:42::2/64
DNS = 176.103.130.130, corp.example
ListenPort = 51821
PreUp = ip link show dev %i >/dev/null && echo pre-up %i >>$dir/hooks # comment
PostUp = echo post-up "\$(ip route | grep -c %i)" >>$dir/hooks
PreDown = echo pre-down >>$dir/hooks
PostDown = ! ip link show dev %i 2>/dev/null && echo post-down >>$dir/hooks
EOF
peer "0.0.0.0/0, ::/0, 10.9.0.1/32, 172.16.0.0/12" "Endpoint = 192.0.2.9:51820"
} | write
works "up" "$wg_quick" up wgq0
is "the interface is configured" "$("$wg" show wgq0 allowed-ips | tr '\t' ' ' |
	tr ' ' '\n' | sort | xargs)" \
	"0.0.0.0/0 10.9.0.1/32 172.16.0.0/12 ::/0 $public"
is "MTU: of the way to the endpoint, less 80" \
	"$(mtu wgq0)" 1320
is "the default route is in a table of its own" \
	"$(ip -4 route show table 51820; ip -6 route show table 51820 | cut -d' ' -f1-3)" \
	"default dev wgq0 scope link 
default dev wgq0"
is "and the mark is its number" "$("$wg" show wgq0 fwmark)" 0xca6c
is "the tunnel takes packets of others" \
	"$(ip route get 8.8.8.8 | grep -c 'dev wgq0')" 1
is "not its own" "$(ip route get 192.0.2.77 mark 51820 | grep -c 'dev qa')" 1
is "and no local networks" "$(ip route get 192.0.2.77 | grep -c 'dev qa')" 1
is "IPv6 as well" "$(ip -6 route get 2001:db8:1::1 | grep -c 'dev wgq0')" 1
is "a route that the address brings is not made twice" \
	"$(ip -4 route show dev wgq0 | sort)" \
	"10.9.0.0/24 proto kernel scope link src 10.9.0.2 
172.16.0.0/12 scope link "
is "rules are of protocol kernel" \
	"$(ip -d -4 rule | grep -c 'suppress_prefixlength 0 proto kernel\|lookup 51820 proto kernel')" 2
is "a firewall for both families" "$(nft list tables | sort)" \
	"table ip wg-quick-wgq0
table ip6 wg-quick-wgq0"
is "resolvconf was told" "$(cat "$dir/dns")" "-a wgq0 -m 0 -x
nameserver 176.103.130.130
search corp.example"
fails "up twice" "$wg_quick" up wgq0
up_state=$(state; "$wg" showconf wgq0)
works "start of what is up" "$wg_quick" start wgq0
is "leaves it as it is" "$(state; "$wg" showconf wgq0)" "$up_state"

# A second one takes another number, and they do not mix when they go.
sed -e '/^DNS\|^P.*[nU]p\? = [ie!]/d; s/51821/51822/; s/10\.9\.0/10.8.0/; s/fd42/fd43/; /Up\|Down/d' \
	$conf >/etc/wireguard/wgq1.conf
sed -i 's/, 172.16.0.0.12//' /etc/wireguard/wgq1.conf
works "a second default route" "$wg_quick" up wgq1
is "has another table" "$("$wg" show wgq1 fwmark)" 0xca6d
is "is in front" "$(ip route get 8.8.8.8 | grep -c 'dev wgq1')" 1
is "spares local networks" "$(ip route get 192.0.2.77 | grep -c 'dev qa')" 1
works "the first goes" "$wg_quick" down wgq0
is "the second still spares local networks" \
	"$(ip route get 192.0.2.77 | grep -c 'dev qa')" 1
is "and still has the default route" \
	"$(ip route get 8.8.8.8 | grep -c 'dev wgq1')" 1
works "the second goes" "$wg_quick" down wgq1
is "hooks ran at their times" "$(cat "$dir/hooks")" "pre-up wgq0
post-up 2
pre-down
post-down"
is "resolvconf was told again" "$(ls "$dir/dns" 2>/dev/null)" ""
echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
all_gone "up and down"
fails "down twice" "$wg_quick" down wgq0

# A process behind the interface that takes its time: at its end it removes its
# socket, or that of the next one.
{ interface; echo "PreDown = kill -STOP \$(cat $dir/process)"
peer 10.7.0.0/16; } | write
works "up" "$wg_quick" up wgq0
ss -Hxlp 2>/dev/null | sed -n 's/.*wgq0\.sock.*pid=\([0-9]*\).*/\1/p' >"$dir/process"
if [ -s "$dir/process" ]; then
	{ until_true sh -c '! ip link show dev wgq0' && sleep 0.5
	kill -CONT "$(cat "$dir/process")"; } >/dev/null &
	works "down" "$wg_quick" down wgq0
	: >/var/run/wireguard/wgq0.sock
	until_true sh -c "! kill -0 $(cat "$dir/process")"
	is "down waits until a socket in that place is safe" \
		"$(ls /var/run/wireguard)" wgq0.sock
	rm -f /var/run/wireguard/wgq0.sock
else
	skip "down waits until a socket in its place is safe" \
		"the kernel has WireGuard"
	works "down" ip link delete dev wgq0
fi
fails "down of what is no tunnel" sh -c \
	"echo '[Interface]' >/etc/wireguard/qa.conf; '$wg_quick' down qa"

# At the same time: all wait for one hand to open the fifo.
mkfifo "$dir/gate"
tunnels="0 1 2 3 4 5 6 7"
for i in $tunnels; do
	{ interface; printf 'Address = 10.%d.0.2/24\n' $((i + 20))
	printf 'PreUp = touch %s/waits%d; : <%s/gate\n' "$dir" "$i" "$dir"
	peer 0.0.0.0/0; } >"/etc/wireguard/wgp$i.conf"
	"$wg_quick" up "wgp$i" >"$dir/out$i" 2>&1 &
	pids[i]=$!
done
all_wait() { [ "$(find "$dir" -name 'waits*' | wc -l)" = 8 ]; }
until_true all_wait
: >"$dir/gate"
failures=0
for i in $tunnels; do wait "${pids[i]}" || failures=$((failures + 1)); done
is "eight default routes at once" $failures 0
is "have eight tables" "$(for i in $tunnels; do "$wg" show "wgp$i" fwmark; done |
	sort -u | wc -l)" 8
for i in $tunnels; do "$wg_quick" down "wgp$i" >/dev/null 2>&1; done
echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
all_gone "eight at once"

# One family leaves the other alone.
{ interface; echo 'Address = 10.9.0.2/24, fd42:42:42::2/64'
peer "10.9.0.1/32, ::/0"; } | write
rules=$(ip -4 rule; ip -4 route show table all | grep -v wgq0)
works "start, ::/0 alone" "$wg_quick" start wgq0
is "IPv4 goes where it went" "$(ip route get 8.8.8.8 | grep -c 'dev qa')" 1
is "its rules are what they were" \
	"$(ip -4 rule; ip -4 route show table all | grep -v wgq0)" "$rules"
is "IPv6 goes into the tunnel" \
	"$(ip -6 route get 2001:db8:1::1 | grep -c 'dev wgq0')" 1
works "down" "$wg_quick" down wgq0
all_gone "::/0 alone"
{ interface; echo 'Address = 10.9.0.2/24'; peer "0.0.0.0/0"; } | write
works "up, 0.0.0.0/0 alone" "$wg_quick" up wgq0
is "IPv6 goes where it went" \
	"$(ip -6 route get 2001:db8:1::1 | grep -c 'dev qa')" 1
works "down" "$wg_quick" down wgq0
echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
all_gone "0.0.0.0/0 alone"

# Table, FwMark, ExcludedIPs, MTU.
{ interface; printf 'Address = 10.9.0.2/24\nTable = 1234\nMTU = 1300\n'
peer "0.0.0.0/0, 10.7.0.0/16"; } | write
works "up, Table = 1234" "$wg_quick" up wgq0
is "all routes are in it" "$(ip route show table 1234)" \
	"default dev wgq0 scope link 
10.7.0.0/16 dev wgq0 scope link "
is "the MTU is what was said" "$(mtu wgq0)" 1300
works "down" "$wg_quick" down wgq0
all_gone "Table"
{ interface; printf 'Address = 10.9.0.2/32\nTable = off\n'; peer 0.0.0.0/0; } | write
works "up, Table = off" "$wg_quick" up wgq0
is "no route at all" "$(ip -4 route show table all dev wgq0 | grep -cv '^local')" 0
works "down" "$wg_quick" down wgq0
{ interface; cat <<EOF
Address = 10.9.0.2/32
ExcludedIPs = 192.168.0.0/16, 10.7.128.0/17
FwMark = 0x77
EOF
peer "0.0.0.0/0, 10.7.0.0/16"; } | write
works "up, ExcludedIPs and FwMark" "$wg_quick" up wgq0
is "the mark is the table" "$(ip route show table 119 | sort)" \
	"default dev wgq0 scope link 
throw 10.7.128.0/17 
throw 192.168.0.0/16 "
is "excluded: not into the tunnel" \
	"$(ip route get 192.168.1.1 | grep -c 'dev qa')" 1
is "excluded of a prefix" "$(ip route get 10.7.200.1 | grep -c 'dev qa')" 1
is "the rest of it" "$(ip route show dev wgq0)" "10.7.0.0/17 scope link "
works "down" "$wg_quick" down wgq0
echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
all_gone "ExcludedIPs"

# What fails leaves nothing, wherever it fails.
failing() { # NAME: up fails, and all is as before
	fails "up: $1" "$wg_quick" up wgq0
	all_gone "$1"
}
full() {
	interface
	printf 'Address = 10.9.0.2/24, fd42:42:42::2/64\n%s\n' "$@"
	peer "0.0.0.0/0, ::/0"
}
full 'PreUp = false' | write
failing "PreUp fails"
full 'PostUp = true' 'PostUp = exit 3' "PostDown = rm -f $dir/made" \
	"PreUp = touch $dir/made" | write
failing "PostUp fails"
is "what PreUp did, PostDown undid" "$(ls "$dir/made" 2>/dev/null)" ""
full 'DNS = 1.2.3.4' | write
mv "$dir/bin/resolvconf" "$dir/resolvconf"
mkdir -p /run/systemd/resolve
touch "$dir/domain-fails"
failing "resolvectl fails halfway"
is "and is reverted" "$(cat "$dir/resolved")" "dns wgq0 1.2.3.4
domain wgq0 ~.
revert wgq0"
rm "$dir/domain-fails" "$dir/resolved"
works "up with systemd-resolved" "$wg_quick" up wgq0
works "down" "$wg_quick" down wgq0
is "resolvectl was told, and again" "$(cat "$dir/resolved")" "dns wgq0 1.2.3.4
domain wgq0 ~.
revert wgq0"
echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
# Its directory stays when it is stopped.
if command -v python3 >/dev/null; then
	mv "$dir/resolvconf" "$dir/bin/resolvconf"
	python3 -c 'import socket
socket.socket(socket.AF_UNIX).bind("/run/systemd/resolve/io.systemd.Resolve")'
	rm -f "$dir/resolved"
	works "up with a systemd-resolved that is stopped" "$wg_quick" up wgq0
	is "resolvconf is told then" "$(ls "$dir/dns" "$dir/resolved" 2>/dev/null)" \
		"$dir/dns"
	works "down" "$wg_quick" down wgq0
	echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
	mv "$dir/bin/resolvconf" "$dir/resolvconf"
	rm /run/systemd/resolve/io.systemd.Resolve
else
	skip "up with a systemd-resolved that is stopped" "no python3"
fi
rmdir /run/systemd/resolve
if PATH=${PATH#"$dir/bin:"} command -v resolvconf >/dev/null; then
	skip "no name service" "resolvconf is installed"
else
	failing "no name service"
	"$wg_quick" up wgq0 2>"$dir/err"
	is "is said" "$(grep -c 'neither systemd-resolved nor resolvconf' "$dir/err")" 1
fi
mv "$dir/resolvconf" "$dir/bin/resolvconf"
{ interface; echo 'Address = 10.9.0.2/24'; peer "192.0.2.0/24"; } | write
failing "a route that is there"
"$wg_quick" up wgq0 2>"$dir/err"
is "is explained" "$(grep -c ":6:14: .*through qa" "$dir/err")" 1 || cat "$dir/err"
{ interface; peer 10.7.0.0/16 "Endpoint = nosuch.invalid:5"; } | write
WG_ENDPOINT_RESOLUTION_RETRIES=0 failing "an endpoint that is not found"
printf 'nameserver 127.0.0.1\n' >"$dir/resolv"
[ ! -e /etc/resolv.conf ] || mount --bind "$dir/resolv" /etc/resolv.conf
{ interface; peer 10.7.0.0/16 "Endpoint = peer.example.com:5"; } | write
WG_ENDPOINT_RESOLUTION_RETRIES=infinity "$wg_quick" up wgq0 2>"$dir/err" &
pid=$!
until_true grep -q 'trying again' "$dir/err"
kill -INT $pid
kill -TERM $pid
wait $pid
is "a signal while a name is looked up: status" $? 1
all_gone "a signal while a name is looked up"
# A server that takes questions and says nothing: the look-up itself waits.
if command -v python3 >/dev/null; then
	python3 -c 'import signal, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
open("'"$dir/asked"'", "wb").write(s.recv(512))
signal.pause()' &
	silent=$!
	"$wg_quick" up wgq0 2>"$dir/err" &
	pid=$!
	until_true test -s "$dir/asked"
	kill -TERM $pid
	start=$SECONDS
	wait $pid
	is "a signal while a server is silent: status" $? 1
	is "a signal while a server is silent: at once" \
		$((SECONDS - start <= 2)) 1
	all_gone "a signal while a server is silent"
	"$wg" set wgq0 peer "$other" endpoint peer.example.com:5 2>/dev/null &
	pid=$!
	until_true sh -c "pgrep -P $pid >/dev/null"
	child=$(pgrep -P $pid)
	start=$SECONDS
	kill $pid
	wait $pid 2>/dev/null
	until_true sh -c "! kill -0 $child"
	is "nobody goes on asking for wg" $((SECONDS - start <= 2)) 1
	kill $silent
else
	skip "a signal while a server is silent" "no python3"
fi
[ ! -e /etc/resolv.conf ] || umount /etc/resolv.conf
full "PostUp = touch $dir/hook-runs; sleep 60" | write
rm -f "$dir/hook-runs"
"$wg_quick" up wgq0 2>/dev/null &
pid=$!
until_true test -e "$dir/hook-runs"
kill -TERM $pid
wait $pid
is "a signal during a hook: status" $? 1
all_gone "a signal during a hook"

# IPv6 disabled.
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
full | write
"$wg_quick" up wgq0 2>"$dir/err"
is "up without IPv6: status" $? 0
is "one warning" "$(grep -c warning "$dir/err")" 1
is "the rest is there" "$(ip -brief address show dev wgq0 | grep -c 10.9.0.2)" 1
works "down" "$wg_quick" down wgq0
echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
echo 0 >/proc/sys/net/ipv6/conf/default/disable_ipv6
all_gone "IPv6 disabled"

# Reload.
{ interface; printf 'Address = 10.9.0.2/24, 10.9.0.3/24\nListenPort = 51821\n'
peer "10.7.0.0/16, 10.6.0.0/16" "PersistentKeepalive = 25"; } | write
works "up" "$wg_quick" up wgq0
{ interface; printf 'Address = 10.9.0.3/24, 10.5.0.1/24, fd42::1/64\nListenPort = 51821\n'
peer "10.7.0.0/16, 10.8.0.0/16, 0.0.0.0/0"
printf '[Peer]\nPublicKey = %s\nAllowedIPs = 10.4.0.0/16\n' "$other"; } | write
works "reload" "$wg_quick" reload wgq0
is "addresses" "$(ip -4 -o address show dev wgq0 | awk '{ print $4 }' | sort | xargs)" \
	"10.5.0.1/24 10.9.0.3/24"
is "routes" "$(ip -4 route show dev wgq0 | cut -d' ' -f1 | sort | xargs)" \
	"10.4.0.0/16 10.5.0.0/24 10.7.0.0/16 10.8.0.0/16 10.9.0.0/24"
is "the new default route" "$(ip route get 8.8.8.8 | grep -c 'dev wgq0')" 1
is "peers" "$("$wg" show wgq0 peers | sort | xargs)" "$(printf '%s\n' "$public" "$other" | sort | xargs)"
is "keepalive" "$("$wg" show wgq0 persistent-keepalive | grep -c off)" 2
ip route add 10.7.99.0/24 dev wgq0
works "reload, nothing new" "$wg_quick" reload wgq0
is "routes of others stay" "$(ip route show 10.7.99.0/24)" \
	"10.7.99.0/24 dev wgq0 scope link "
ip route del 10.7.99.0/24 dev wgq0
{ interface; printf 'Address = 10.9.0.3/24\nListenPort = 51821\n'
printf 'ExcludedIPs = 10.7.0.0/17, 192.168.0.0/16\n'
peer "10.7.0.0/16, 0.0.0.0/0"; } | write
works "reload, with something excluded" "$wg_quick" reload wgq0
is "its half is left" "$(ip -4 route show dev wgq0 | cut -d' ' -f1 | sort | xargs)" \
	"10.7.128.0/17 10.9.0.0/24"
sed -i 's,10.7.0.0/17,10.7.128.0/17,; s/168/169/' $conf
works "reload, with something else excluded" "$wg_quick" reload wgq0
is "the other half is left" "$(ip -4 route show dev wgq0 | cut -d' ' -f1 | sort | xargs)" \
	"10.7.0.0/17 10.9.0.0/24"
is "and other holes" "$(ip -4 route show table all | sed -n 's/^throw //p')" \
	"10.7.128.0/17 table 51820 
192.169.0.0/16 table 51820 "
{ interface; printf 'Address = 10.9.0.3/24\nListenPort = 51821\n'
peer "10.7.0.0/16"; } | write
works "reload, default route gone" "$wg_quick" reload wgq0
is "goes where it went" "$(ip route get 8.8.8.8 | grep -c 'dev qa')" 1
is "no rules, no firewall" "$(ip rule | wc -l) $(nft list tables)" "3 "
full_state=$(state; "$wg" showconf wgq0)
{ interface; printf 'Address = 10.9.0.4/24\nListenPort = 51821\n'
peer "10.3.0.0/16, 192.0.2.0/24"; } | write
fails "reload that cannot be" "$wg_quick" reload wgq0
is "changes nothing" "$(state; "$wg" showconf wgq0)" "$full_state"
works "down" "$wg_quick" down wgq0
echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
all_gone "reload"

# A peer that does not answer: the next address of its name.
printf '192.0.2.200 peer.test\n2001:db8::200 peer.test\n' >"$dir/hosts"
mount --bind "$dir/hosts" /etc/hosts
{ interface; echo 'Address = 10.9.0.2/24'
peer 10.7.0.0/16 "Endpoint = peer.test:5" "PersistentKeepalive = 1"; } | write
works "up" "$wg_quick" up wgq0
first=$("$wg" show wgq0 endpoints | cut -f2)
works "resolve" "$wg_quick" resolve wgq0
second=$("$wg" show wgq0 endpoints | cut -f2)
is "resolve goes to the other address" "$(printf '%s\n' "$first" "$second" | sort)" \
	"192.0.2.200:5
[2001:db8::200]:5"
printf '192.0.2.201 peer.test\n' >"$dir/hosts"
works "resolve again" "$wg_quick" resolve wgq0
is "resolve goes to a new address" "$("$wg" show wgq0 endpoints | cut -f2)" \
	192.0.2.201:5
works "down" "$wg_quick" down wgq0
umount /etc/hosts
{ interface; peer 10.7.0.0/16 "Endpoint = 192.0.2.200:5"; } | write
works "up" "$wg_quick" up wgq0
works "resolve where there are no names" "$wg_quick" resolve wgq0
works "down" "$wg_quick" down wgq0
all_gone "resolve"

# Beside the wg-quick of wireguard-tools: what one makes, the other takes away.
if [ -x "${REFERENCE:-}" ]; then
	{ interface; echo 'Address = 10.9.0.2/24, fd42:42:42::2/64'
	peer "0.0.0.0/0, ::/0, 172.16.0.0/12" "Endpoint = 192.0.2.9:51820"; } | write
	works "up by the reference" "$REFERENCE" up wgq0
	theirs=$(ip -4 route show table all dev wgq0; ip -6 route show table 51820
		"$wg" show wgq0 allowed-ips; "$wg" show wgq0 fwmark; mtu wgq0)
	works "down by us" "$wg_quick" down wgq0
	echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
	all_gone "up by the reference, down by us"
	works "up by us" "$wg_quick" up wgq0
	is "is the same as theirs" "$(ip -4 route show table all dev wgq0
		ip -6 route show table 51820
		"$wg" show wgq0 allowed-ips; "$wg" show wgq0 fwmark; mtu wgq0)" \
		"$theirs"
	works "down by the reference" "$REFERENCE" down wgq0
	# It does not wait for the process behind the interface.
	until_true sh -c '! ss -Hxl | grep -q wgq0.sock'
	echo 0 >/proc/sys/net/ipv4/conf/all/src_valid_mark
	all_gone "up by us, down by the reference"
	for file in "$here"/plan/*.conf; do
		! grep -q 'ExcludedIPs' "$file" || continue
		"$REFERENCE" strip "$file" >"$dir/theirs" 2>/dev/null
		"$wg_quick" strip "$file" >"$dir/ours"
		works "strip: $(basename "$file")" cmp "$dir/ours" "$dir/theirs"
	done
else
	skip "beside another wg-quick" "there is none"
fi

# Save.
printf '%s\n' "$private" >/etc/wireguard/key
{ printf '[Interface]\nPrivateKeyFile = key\nAddress = 10.9.0.2/24\n'
echo 'SaveConfig = true'; echo 'PostUp = true # not a comment'
echo '# name: first'; peer "10.7.0.0/16"; } | write
works "up" "$wg_quick" up wgq0
"$wg" set wgq0 listen-port 51821 peer "$other" allowed-ips 10.6.0.0/16
ip address add 10.5.0.1/24 dev wgq0
works "save" "$wg_quick" save wgq0
saved="[Interface]
Address = 10.9.0.2/24
Address = 10.5.0.1/24
SaveConfig = true
PostUp = true # not a comment
ListenPort = 51821
PrivateKeyFile = key

[Peer]
# name: first
PublicKey = $public
AllowedIPs = 10.7.0.0/16

[Peer]
PublicKey = $other
AllowedIPs = 10.6.0.0/16"
sort_peers() { # the user-space protocol keeps no order of peers
	awk 'BEGIN { RS = ""; ORS = "\n\n" } { print | "sort" }' "$1" | sed '/^$/d' | sort
}
printf '%s\n' "$saved" >"$dir/saved"
is "what is saved" "$(sort_peers $conf)" "$(sort_peers "$dir/saved")"
is "mode of the saved" "$(stat -c %a $conf)" 600
"$wg" set wgq0 peer "$other" remove
works "down saves" "$wg_quick" down wgq0
is "saved by down" "$(grep -c PublicKey $conf)" 1
works "up of what was saved" "$wg_quick" up wgq0
works "down" "$wg_quick" down wgq0

# What stops the way down.
{ interface; printf 'Address = 10.9.0.2/24\nPreDown = false\n'; } | write
works "up" "$wg_quick" up wgq0
fails "down that PreDown forbids" "$wg_quick" down wgq0
works "it is still there" ip link show wgq0
{ interface; printf 'Address = 10.9.0.2/24\nSaveConfig = true\n'; } | write
mkdir $conf.tmp
fails "down that cannot save" "$wg_quick" down wgq0
works "it is still there" ip link show wgq0
rmdir $conf.tmp
{ interface; printf 'PostDown = false\nPostDown = touch %s/second\n' "$dir"; } | write
fails "down, PostDown fails" "$wg_quick" down wgq0
is "but it is gone, and the rest was done" \
	"$(ip link show wgq0 2>&1 | grep -c 'does not exist') $(ls "$dir/second")" \
	"1 $dir/second"
printf '%s\n' "$private" >/etc/wireguard/key
{ printf '[Interface]\nPrivateKeyFile = key\n'
peer 10.7.0.0/16 "PresharedKeyFile = /etc/wireguard/key"; } | write

# strip.
is "strip puts the key in its file's place" \
	"$("$wg_quick" strip wgq0 | grep -c "^PrivateKey = $private")" 1
is "of both" "$("$wg_quick" strip wgq0 | grep -c "^PresharedKey = $private")" 1
works "wg takes what strip prints" sh -c \
	"'$wg_quick' strip wgq0 >'$dir/stripped' && ! grep -q 'Address\|PostUp\|File' '$dir/stripped'"
all_gone "save"

# Mistakes change nothing and are named.
full 'MTU = x' | write
is "a mistake is named with its place" "$("$wg_quick" up wgq0 2>&1)" \
	"wg-quick: $conf:4:7: expected bytes, 68 to 65535: \`x'"
fails "no such file" "$wg_quick" up nosuch0
fails "no name of an interface" "$wg_quick" up /etc/hosts
fails "no command" "$wg_quick"
fails "unknown command" "$wg_quick" sideways wgq0
fails "too many words" "$wg_quick" up wgq0 wgq1
works "help" "$wg_quick" --help

# new.
cd "$dir" || exit 1
works "new server" "$wg_quick" new server wgn0.conf
works "new client" "$wg_quick" new client ./wgn0.conf phone --endpoint 192.0.2.1
is "modes" "$(stat -c %a wgn0.conf phone.conf | xargs)" "600 600"
for file in wgn0 phone; do
	is "$file: no mistake" "$("$wg_quick" check "./$file.conf" |
		sed 's/.*: //')" "0 errors, 0 warnings"
done
is "the pair fits: addresses" "$(sed -n 's/^Address = //p' phone.conf)" \
	"$(sed -n 's/^AllowedIPs = //p' wgn0.conf)"
is "the pair fits: keys" "$(sed -n 's/^PrivateKey = //p' phone.conf | "$wg" pubkey)" \
	"$(sed -n 's/^PublicKey = //p' wgn0.conf)"
is "a mistake in an option is named" \
	"$("$wg_quick" new client ./wgn0.conf bad --endpoint x:99999 2>&1)" \
	"wg-quick: new: --endpoint \`x:99999': expected a port, 0 to 65535, or the name of a UDP service"
is "of a list as well" "$("$wg_quick" new client ./wgn0.conf bad --endpoint x \
	--allow 10.0.0.0/8,x 2>&1)" \
	"wg-quick: new: --allow \`10.0.0.0/8,x': expected an IP address, with or without /CIDR"
fails "an option that brings a line along" "$wg_quick" new client ./wgn0.conf \
	bad --endpoint x --dns '1.1.1.1
PostUp = touch bad'
fails "white space in an endpoint" "$wg_quick" new client ./wgn0.conf bad \
	--endpoint "x y"
is "and nothing is written" "$(ls bad.conf 2>/dev/null; grep -c bad wgn0.conf)" 0
fails "a client of that name is there" "$wg_quick" new client ./wgn0.conf phone --endpoint x
is "and the server is as before" "$(grep -c Peer wgn0.conf)" 1
works "another client" "$wg_quick" new client ./wgn0.conf tablet --endpoint x:5 --no-qr
is "gets another address" "$(sed -n 's/^Address = \([^,]*\).*/\1/p' tablet.conf)" 10.9.0.3/32
is "IPv6 endpoint" "$("$wg_quick" new client ./wgn0.conf six --endpoint 2001:db8::1 --no-qr 2>/dev/null
	sed -n 's/^Endpoint = //p' six.conf)" "[2001:db8::1]:51820"
is "the QR code is in one piece" "$("$wg_quick" new client ./wgn0.conf qr \
	--endpoint x 2>&1 | tail -n 1 | grep -c 'qr.conf is written')" 1
works "the server comes up" "$wg_quick" up wgn0.conf
works "and goes" "$wg_quick" down wgn0.conf
{ interface; echo 'Address = 10.9.0.9/24'; } >/etc/wireguard/wgn0.conf.conf
is "an interface may be called so, too" \
	"$("$wg_quick" plan wgn0.conf | head -n 1)" \
	"ip link add dev wgn0.conf type wireguard"
finish
