#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# user.sh WG DIR: what wg has that others have not, on wg0 and wg1 of
# wireguard-go (see in-namespace.sh), which are up and talk to each other.
set -u
cd "$(dirname "$0")/.." || exit 1
. test/lib.sh
wg=$1 dir=$2
umask 077
for i in 0 1; do
	"$wg" genkey >"$dir/key$i"
	"$wg" pubkey <"$dir/key$i" >"$dir/pub$i"
done
"$wg" genpsk >"$dir/psk"
"$wg" genkey | "$wg" pubkey >"$dir/pub2"
pub0=$(cat "$dir/pub0") pub1=$(cat "$dir/pub1") pub2=$(cat "$dir/pub2")

is "interfaces in one line" \
	"$("$wg" show interfaces | tr ' ' '\n' | sort | xargs)" "wg0 wg1"
is "interfaces as JSON" "$("$wg" show interfaces --json | tr -d '\n' |
	grep -c '^{"version":1,"interfaces":\[{"name":"wg.*"}\]}$')" 1
works "set wg0" "$wg" set wg0 private-key "$dir/key0" listen-port 5550 \
	peer "$pub1" endpoint 127.0.0.1:5551 allowed-ips 10.9.0.2/32 \
	preshared-key "$dir/psk" persistent-keepalive 1
works "set wg1" "$wg" set wg1 private-key "$dir/key1" listen-port 5551 \
	peer "$pub0" allowed-ips 10.9.0.1/32,fd00::/64 preshared-key "$dir/psk"
ip link set wg0 up && ip link set wg1 up
# A handshake: at most ten seconds, waiting for what is looked for.
tries=0
while [ "$("$wg" show wg1 latest-handshakes | cut -f2)" = 0 ]; do
	tries=$((tries + 1))
	[ $tries -lt 200 ] || break
	sleep 0.05
done
is "a handshake, as a script sees it" "$([ "$("$wg" show wg1 \
	latest-handshakes | cut -f2)" -gt 1600000000 ] && echo yes)" yes
is "a handshake, as people see it" \
	"$("$wg" show wg1 | grep -c 'latest handshake: .*\(ago\|Now\)$')" 1
is "dump has 4 and 8 columns" "$("$wg" show wg1 dump | awk -F'\t' \
	'{ printf "%d ", NF }')" "4 8 "
is "all dump has the interface in front of every line" \
	"$("$wg" show all dump | grep -c '^wg[01]	')" 4
is "all allowed-ips has the interface in front of every line" \
	"$("$wg" show all allowed-ips | grep -c '^wg[01]	')" 2

mkdir -p /etc/wireguard
cat >/etc/wireguard/wg1.conf <<EOF
[Interface]
Address = 10.9.0.2/24
# name: "A\\ tést$(printf '\033\377')
[Peer]
PublicKey = $pub0
EOF
is "a name, without what could harm a terminal" \
	"$("$wg" show wg1 | sed -n 's/^  name: //p')" \
	"\"A\\ tést?$(printf '\377')"
is "a name in JSON" "$("$wg" show wg1 peers --json | tail -n 1)" \
	"{\"public_key\":\"$pub0\",\"name\":\"\\\"A\\\\ tést\\u001b\\ufffd\"}]}]}"
is "JSON hides keys" "$("$wg" show wg1 --json | grep -c -F "$(cat "$dir/psk")")" 0
is "JSON shows keys when asked" "$(WG_HIDE_KEYS=never "$wg" show wg1 --json |
	grep -c -F "\"preshared_key\":\"$(cat "$dir/psk")\"")" 1
if command -v python3 >/dev/null; then
	works "JSON is JSON" sh -c "'$wg' show --json | python3 -m json.tool"
else
	skip "JSON is JSON" "no python3"
fi
is "watch tells rates from the second round on" \
	"$("$wg" show wg1 --watch=0.05 --count=3 | grep -c '^  rate: .*/s sent$')" 2
is "watch as JSON: a document for each round" \
	"$("$wg" show wg1 --watch=0.01 --count=4 --json |
	   grep -c '^{"version"')" 4

# syncconf: the PSK and keepalive that left the file leave the peer, the peer
# that left the file goes, and the session of the one that stays is kept.
"$wg" set wg0 peer "$pub2" allowed-ips 10.9.0.3/32
session=$("$wg" show wg0 latest-handshakes | grep -F "$pub1")
cat >"$dir/sync" <<EOF
[Interface]
PrivateKey = $(cat "$dir/key0")
ListenPort = 5550
[Peer]
PublicKey = $pub1
AllowedIPs = 10.9.0.2/32, 10.9.9.9/32
EOF
works "syncconf" "$wg" syncconf wg0 "$dir/sync"
is "syncconf: what is left" "$("$wg" show wg0 dump | tail -n +2 | cut -f 1,2,4,8)" \
	"$pub1	(none)	10.9.0.2/32,10.9.9.9/32	off"
is "syncconf: the session stays" "$("$wg" show wg0 latest-handshakes)" "$session"
printf '[Peer]\nPublicKey = %s\nAllowedIPs = 10.9.0.3/8\n' "$pub2" >"$dir/add"
is "addconf warns of host bits, with the place" \
	"$("$wg" addconf wg0 "$dir/add" 2>&1)" \
	"Warning: $dir/add:3:14: AllowedIP has nonzero host part: 10.9.0.3/8"
is "addconf adds" "$("$wg" show wg0 peers | wc -l)" 2
before=$("$wg" showconf wg0 | sort)
printf '[Interface]\nListenPort = 9\n[Peer]\nPublicKey = %s\nAllowedIPs = x\n' \
	"$pub2" >"$dir/bad"
fails "setconf with a mistake" "$wg" setconf wg0 "$dir/bad"
fails "set with a mistake" "$wg" set wg0 listen-port 9 peer "$pub2" endpoint x
is "and nothing was changed" "$("$wg" showconf wg0 | sort)" "$before"
"$wg" showconf wg0 >"$dir/conf"
works "setconf of showconf" "$wg" setconf wg0 "$dir/conf"
is "gives the same" "$("$wg" showconf wg0 | sort)" "$before"
works "private-key /dev/null" "$wg" set wg0 private-key /dev/null
is "takes the key away" "$("$wg" show wg0 private-key)" "(none)"

# A socket that nobody listens on is removed; the rest is still shown.
python3 - <<'EOF' 2>/dev/null || skip "stale socket" "no python3"
import socket
s = socket.socket(socket.AF_UNIX)
s.bind("/var/run/wireguard/stale0.sock")
EOF
if [ -S /var/run/wireguard/stale0.sock ]; then
	is "a stale socket is no interface" \
		"$("$wg" show interfaces | grep -c stale0)" 0
	is "and is removed" "$(ls /var/run/wireguard | grep -c stale0)" 0
fi
finish
