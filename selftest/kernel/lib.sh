# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Words the system tests are written in. A test is a bash script that prints
# result lines through the functions here and ends with the shell.

KIND=${KIND:-wireguard}

ok() { echo "ok - $*"; }
not_ok() { echo "not ok - $*"; }
skip() { echo "skip - $*"; }

# check ID "what must hold" COMMAND...: a row; says the output if it fails
check() {
	local id=$1 what=$2 out rc=0
	shift 2
	out=$("$@" 2>&1) || rc=$?
	if [ $rc = 0 ]; then
		ok "$id $what"
	else
		not_ok "$id $what (status $rc: $*)"
		[ -z "$out" ] || head -n 20 <<<"$out" | sed 's/^/# /'
	fi
	return 0
}

# same ID "what" WANTED GOT
same() {
	if [ "$3" = "$4" ]; then
		ok "$1 $2"
	else
		not_ok "$1 $2"
		printf '# wanted: %s\n# got:    %s\n' "${3//$'\n'/$'\n'#         }" \
			"${4//$'\n'/$'\n'#         }"
	fi
}

# fails COMMAND...: it must not succeed
fails() { ! "$@"; }

# until_ok SECONDS COMMAND...: wait for a condition, not for a time
until_ok() {
	local end
	end=$(($(now_ms) + $1 * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(now_ms)" -lt "$end" ] || return 1
		sleep 0.1
	done
}

now_ms() {
	local up
	read -r up _ </proc/uptime
	up=${up/./}
	echo $((10#$up * 10))
}

finish() { :; }

# --- the module

# The lines that are counted at the end; all of them could push these out of
# the log, so that is only for looking at one test.
load() {
	local control=/sys/kernel/debug/dynamic_debug/control
	modprobe "$KIND" || return
	[ -w $control ] || return 0
	echo "module $KIND format \"created\" +p" >$control
	echo "module $KIND format \"destroyed\" +p" >$control
	[ ! "${KEEP_DMESG-}" ] || echo "module $KIND +p" >$control
}

unload() { rmmod "$KIND"; }

# --- hosts: network namespaces; `on a CMD` runs CMD in one

on() {
	local ns=$1
	shift
	nsenter --net="/run/netns/$ns" -- "$@"
}
a() { on a "$@"; }
b() { on b "$@"; }

host() { # NAME: a namespace
	ip netns add "$1"
	ip -n "$1" link set lo up
	on "$1" sysctl -q -w net.ipv6.conf.all.accept_dad=0 \
		net.ipv6.conf.default.accept_dad=0
}

# wire A DEVA ADDR4 ADDR6 B DEVB ADDR4 ADDR6: a cable between two hosts;
# an address `-` is left out
wire() {
	ip link add "$2" netns "$1" type veth peer name "$6" netns "$5"
	wire_end "$1" "$2" "$3" "$4"
	wire_end "$5" "$6" "$7" "$8"
}
wire_end() {
	[ "$3" = - ] || ip -n "$1" addr add "$3" dev "$2"
	[ "$4" = - ] || ip -n "$1" addr add "$4" dev "$2" nodad
	ip -n "$1" link set "$2" up
}

# Two hosts on one cable: a 10.0.0.1 fd01::1, b 10.0.0.2 fd01::2
two_hosts() {
	host a
	host b
	wire a eth0 10.0.0.1/24 fd01::1/64 b eth0 10.0.0.2/24 fd01::2/64
}

# --- keys: made once per name

key() { # NAME: file of the private key
	local file=$TMPDIR/key.$1
	[ -f "$file" ] || (umask 077; wg genkey >"$file"; wg pubkey <"$file" >"$file.pub")
	echo "$file"
}
pub() { key "$1" >/dev/null; cat "$TMPDIR/key.$1.pub"; }
psk_file() {
	[ -f "$TMPDIR/psk" ] || (umask 077; wg genpsk >"$TMPDIR/psk")
	echo "$TMPDIR/psk"
}

# --- tunnels

# tunnel HOST NUMBER [LISTEN]: wg0 with inner addresses 192.168.7.N, fd07::N
tunnel() {
	ip -n "$1" link add wg0 type "$KIND"
	on "$1" wg set wg0 private-key "$(key "$1")" listen-port "${3:-51820}"
	ip -n "$1" addr add "192.168.7.$2/24" dev wg0
	ip -n "$1" addr add "fd07::$2/64" dev wg0 nodad
	ip -n "$1" link set wg0 up
}

# peer HOST OTHER NUMBER [wg words...]
peer() {
	local host=$1 other=$2 n=$3
	shift 3
	on "$host" wg set wg0 peer "$(pub "$other")" \
		allowed-ips "192.168.7.$n/32,fd07::$n/128" "$@"
}

# The usual pair, outer family 4 or 6, b without endpoint unless asked
pair() { # [4|6] [wg words for both...]
	local family=${1:-4} to_a=10.0.0.1:51820 to_b=10.0.0.2:51820
	[ $# = 0 ] || shift
	[ "$family" = 4 ] || to_a=[fd01::1]:51820 to_b=[fd01::2]:51820
	two_hosts
	tunnel a 1
	tunnel b 2
	peer a b 2 endpoint "$to_b" "$@"
	peer b a 1 endpoint "$to_a" "$@"
}

# pings HOST ADDR [ping words...]: answered?
pings() {
	local host=$1 to=$2
	shift 2
	on "$host" ping -q -n -c 3 -i 0.1 -W 5 "$@" "$to"
}
ping1() { on "$1" ping -q -n -c 1 -W "${3:-5}" "$2"; }
no_ping() { ! on "$1" ping -q -n -c 2 -i 0.2 -W "${3:-1}" "$2"; }

endpoint_of() { # HOST PEER [DEV]
	on "$1" wg show "${3:-wg0}" endpoints | awk -v k="$(pub "$2")" '$1 == k { print $2 }'
}
handshake_of() { # HOST PEER: seconds since 1970
	on "$1" wg show wg0 latest-handshakes | awk -v k="$(pub "$2")" '$1 == k { print $2 }'
}
rx_of() { on "$1" wg show "${3:-wg0}" transfer | awk -v k="$(pub "$2")" '$1 == k { print $2 }'; }
tx_of() { on "$1" wg show "${3:-wg0}" transfer | awk -v k="$(pub "$2")" '$1 == k { print $3 }'; }
has_peer() { on "$1" wg show wg0 peers | grep -qxF "$(pub "$2")"; }
stat_of() { on "$1" cat "/sys/class/net/$2/statistics/$3" 2>/dev/null ||
	ip netns exec "$1" cat "/sys/class/net/$2/statistics/$3"; }

# --- listening on a link: tap HOST DEV NAME [-a], then `tapped NAME` is the log

tap() {
	local host=$1 dev=$2 name=$3
	shift 3
	on "$host" wgtap "$dev" "$@" >"$TMPDIR/tap.$name" &
	tap_pid=$!
	disown $tap_pid
	until_ok 5 grep -q ready "$TMPDIR/tap.$name"
}
tapped() { grep -v '^ready' "$TMPDIR/tap.$1"; }
tap_count() { tapped "$1" | grep -c -E "$2"; } # NAME REGEX

# --- bulk: copy bytes through TCP and compare what arrives

tcp_copy() { # FROM TO ADDR KIB [PORT]
	local from=$1 to=$2 addr=$3 kib=$4 port=${5:-7001} server rc=0
	on "$to" stream listen "$port" &
	server=$!
	until_ok 5 eval "on $to ss -Hltn | grep -q ':$port '" || rc=1
	on "$from" stream send "$addr" "$port" "$kib" || rc=1
	[ $rc = 0 ] || kill $server
	wait $server || rc=1
	return $rc
}
