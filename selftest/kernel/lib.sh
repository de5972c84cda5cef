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
		[ -z "$out" ] || head -n ${SAY:-20} <<<"$out" | sed 's/^/# /'
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

# --- what the kernel says

splats() {
	dmesg | grep -E -A12 'BUG:|WARNING:|Oops|general protection|UBSAN:|possible circular|possible recursive|suspicious RCU|inconsistent lock|blocked for more than|soft lockup|rcu:.*(stall|detected)|waiting for .* to become free|refcount_t:|ODEBUG:|leaked reference'
}

# faults NAME: a row with them, if there are any
faults() {
	[ -n "$(splats)" ] || return
	not_ok "$1 kernel reported a fault"
	splats | head -60 | sed 's/^/# /'
}

# What kmemleak knows, where the kernel has it.
leaks() {
	local leaks=/sys/kernel/debug/kmemleak
	[ -w $leaks ] || return
	echo scan >$leaks
	sleep 6
	echo scan >$leaks
	if [ -s $leaks ]; then
		not_ok "C16 kmemleak found leaks"
		head -40 $leaks | sed 's/^/# /'
	else
		ok "C16 kmemleak found nothing"
	fi
}

# No report means nothing unless the deliberate faults are reported.
declare -A alive=([kasan]='BUG: KASAN: slab-out-of-bounds in canary_start'
	[lockdep]='possible circular locking dependency'
	[kcsan]='BUG: KCSAN: data-race in race ')
watched() {
	[ "${WATCHED-}" ] || return
	insmod ./canary.ko
	check A0 "$WATCHED was watching all the time" \
		eval 'dmesg | grep -q "${alive[$WATCHED]}"'
}

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

# switch HOST DEV [FEATURES...]: as `ethtool -K` has them
switch() {
	[ $# -lt 3 ] || on "$1" ethtool -K "$2" "${@:3}" >/dev/null ||
		not_ok "S0 $1 $2: ${*:3}"
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
	# shellcheck disable=SC2086
	switch "$1" "$2" ${OUTER-}
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

# wg_link HOST DEV: a link of the module under test
wg_link() {
	ip -n "$1" link add "$2" type "$KIND" || return
	# shellcheck disable=SC2086
	switch "$1" "$2" ${INNER-}
}

# tunnel HOST NUMBER [LISTEN]: wg0 with inner addresses 192.168.7.N, fd07::N
tunnel() {
	wg_link "$1" wg0
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
	{ on "$host" wgtap "$dev" "$@" >"$TMPDIR/tap.$name"; } 2>/dev/null &
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

# --- other implementations: `ours` (the module under test, wg0), `ref` (the
# kernel's driver under another name, ref0), `go` (wireguard-go, go0)

impl_dev() { case $1 in ours) echo wg0 ;; *) echo "${1}0" ;; esac; }

# impl_link HOST IMPL NUMBER: a configured link with key and port, up
impl_link() {
	local dev
	dev=$(impl_dev "$2")
	case $2 in
	ours) wg_link "$1" wg0 ;;
	ref) ip -n "$1" link add ref0 type wgref ;;
	go)
		WG_PROCESS_FOREGROUND=1 LOG_LEVEL=error nsenter \
			--net="/run/netns/$1" wireguard-go go0 \
			>"$TMPDIR/go.log" 2>&1 &
		disown $!
		until_ok 10 test -S /run/wireguard/go0.sock || return
		;;
	esac
	impl_set "$1" "$2" private-key "$(key "$1")" listen-port 51820
	ip -n "$1" addr add "192.168.7.$3/24" dev "$dev"
	ip -n "$1" addr add "fd07::$3/64" dev "$dev" nodad
	ip -n "$1" link set "$dev" mtu 1420 up
}

# impl_set HOST IMPL private-key FILE listen-port N
impl_set() {
	case $2 in
	ref) on "$1" wgconf wgref set ref0 "$3" "$(cat "$4")" "${@:5}" ;;
	*) on "$1" wg set "$(impl_dev "$2")" "${@:3}" ;;
	esac
}

# impl_peer HOST IMPL OTHER NUMBER ADDR PORT [PSKFILE]; ADDR - is none
impl_peer() {
	local words=()
	if [ "$2" = ref ]; then
		[ "$5" = - ] || words+=(endpoint "$5" "$6")
		[ -z "${7-}" ] || words+=(preshared-key "$(cat "$7")")
		on "$1" wgconf wgref set ref0 peer "$(pub "$3")" \
			"${words[@]}" replace-allowed-ips \
			allowed-ip "192.168.7.$4" 32 allowed-ip "fd07::$4" 128
		return
	fi
	case $5 in
	-) ;;
	*:*) words+=(endpoint "[$5]:$6") ;;
	*) words+=(endpoint "$5:$6") ;;
	esac
	[ -z "${7-}" ] || words+=(preshared-key "$7")
	on "$1" wg set "$(impl_dev "$2")" peer "$(pub "$3")" \
		"${words[@]}" allowed-ips "192.168.7.$4/32,fd07::$4/128"
}

impl_forget() { # HOST IMPL OTHER
	case $2 in
	ref) on "$1" wgconf wgref set ref0 peer "$(pub "$3")" remove ;;
	*) on "$1" wg set "$(impl_dev "$2")" peer "$(pub "$3")" remove ;;
	esac
}

impl_dump() { # HOST IMPL
	case $2 in
	ref) on "$1" wgconf wgref dump ref0 ;;
	*) on "$1" wg show "$(impl_dev "$2")" dump ;;
	esac
}
impl_endpoint() { impl_dump "$1" "$2" | awk -v k="$(pub "$3")" '$1 == k { print $3 }'; }
impl_handshake() { impl_dump "$1" "$2" | awk -v k="$(pub "$3")" '$1 == k { print $5 }'; }

# Everything two implementations must be able to do with each other, a being
# the module under test.
interop() { # IMPL
	local impl=$1 outer psk first at_a at_b
	two_hosts
	ip -n b addr add 10.0.0.22/24 dev eth0
	impl_link a ours 1
	impl_link b "$impl" 2 || { not_ok "$impl did not start"; return; }
	for outer in 4 6; do
		[ $outer = 4 ] && at_a=10.0.0.1 at_b=10.0.0.2 ||
			at_a=fd01::1 at_b=fd01::2
		for psk in '' "$(psk_file)"; do
			for first in a b; do
				interop_session "$impl" "$first" "$psk" "$at_a" "$at_b"
			done
		done
	done
	interop_roam "$impl"
}

interop_session() { # IMPL FIRST PSK AT_A AT_B
	local what="v6"
	case $4 in *.*) what=v4 ;; esac
	what="$what outside, ${3:+with a preshared key, }$2 begins"
	impl_forget a ours b
	impl_forget b "$1" a
	if [ "$2" = a ]; then
		impl_peer b "$1" a 1 - - "$3"
		impl_peer a ours b 2 "$5" 51820 "$3"
		check X1 "ours with $1, $what: ping" until_ok 12 pings a 192.168.7.2
		check X1 "ours with $1, $what: v6 inside" pings a fd07::2
		check X1 "ours with $1, $what: answer" pings b 192.168.7.1
	else
		impl_peer a ours b 2 - - "$3"
		impl_peer b "$1" a 1 "$4" 51820 "$3"
		check X1 "ours with $1, $what: ping" until_ok 12 pings b 192.168.7.1
		check X1 "ours with $1, $what: v6 inside" pings b fd07::1
		check X1 "ours with $1, $what: answer" pings a 192.168.7.2
	fi
	check X2 "ours with $1, $what: TCP out" tcp_copy a b fd07::2 1024
	check X2 "ours with $1, $what: TCP in" tcp_copy b a 192.168.7.1 1024
}

interop_roam() { # IMPL
	impl_peer a ours b 2 10.0.0.2 51820
	check X3 "$1: back to v4" pings a 192.168.7.2
	on a wg set wg0 listen-port 4777
	check X3 "$1: our port changes" pings a 192.168.7.2
	same X3 "$1 follows us" 10.0.0.1:4777 "$(impl_endpoint b "$1" a)"
	impl_set b "$1" private-key "$(key b)" listen-port 4888
	check X3 "$1: its port changes" pings b 192.168.7.1
	same X3 "we follow $1" 10.0.0.2:4888 "$(impl_endpoint a ours b)"
	impl_peer a ours b 2 10.0.0.22 4888
	check X3 "$1: to its other address" pings a 192.168.7.2
	check X3 "$1: and back" pings b 192.168.7.1
}

# A session kept busy through three renewals loses nothing.
interop_rekey() { # IMPL
	local seen
	two_hosts
	impl_link a ours 1
	impl_link b "$1" 2 || { not_ok "$1 did not start"; return; }
	impl_peer b "$1" a 1 - - "$(psk_file)"
	impl_peer a ours b 2 10.0.0.2 51820 "$(psk_file)"
	check X4 "$1: session" until_ok 12 pings a 192.168.7.2
	a ping -n -i 0.5 -c 760 -W 2 192.168.7.2 >"$TMPDIR/ping" &
	for _ in $(seq 380); do
		sleep 1
		impl_handshake a ours b
	done | sort -u >"$TMPDIR/seen"
	wait $!
	seen=$(wc -l <"$TMPDIR/seen")
	check X4 "$1: renewed three times in 380 s ($((seen - 1)))" [ "$seen" -ge 4 ]
	check X4 "$1: not one of 760 packets lost" \
		grep -q ' 0% packet loss' "$TMPDIR/ping"
}
