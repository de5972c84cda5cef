#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Times our wg against another one on kernel interfaces:
#	wg.sh OUR_WG REFERENCE_WG [ROUNDS]
# Needs a kernel with WireGuard, root, bash and ip; made for a test machine.
# Prints the best time of each in milliseconds; status 1 when ours is slower
# by more than a twentieth anywhere.
set -eu
ours=$1 reference=$2 rounds=${3:-7}
dir=$(mktemp -d)
interface=wgspeed0
trap 'ip link del $interface 2>/dev/null; rm -rf "$dir"' EXIT
ip link add $interface type wireguard

# Digits are base64, and 'A=' ends 32 bytes.
key() { printf '%042dA=' "$1"; }

# PEERS ALLOWED_IPS_EACH
configuration() {
	local peer ip n=0 list
	printf '[Interface]\nListenPort = 4242\n'
	for ((peer = 1; peer <= $1; peer++)); do
		list=
		for ((ip = 0; ip < $2; ip++)); do
			list+=", 10.$((n >> 16)).$((n >> 8 & 255)).$((n & 255))/32"
			n=$((n + 1))
		done
		printf '[Peer]\nPublicKey = %042dA=\n' "$peer"
		printf 'Endpoint = 192.0.2.1:%d\n' $((peer % 60000 + 1))
		[ -z "$list" ] || printf 'AllowedIPs = %s\n' "${list#, }"
	done
}

# Microseconds that a command takes; its output goes to a file.
measure() {
	local start=${EPOCHREALTIME/./}
	"$@" >"$dir/out"
	echo $((${EPOCHREALTIME/./} - start))
}

ms() { printf '%d.%02d' $(($1 / 1000)) $(($1 % 1000 / 10)); }

times() { printf '%d.%02d' $(($1 / $2)) $(($1 * 100 / $2 % 100)); }

slower=0
# NAME ARGUMENTS...: in turns, the best of all rounds
contest() {
	local name=$1 best_ours= best_reference= took round
	shift
	for ((round = 0; round < rounds; round++)); do
		took=$(measure "$ours" "$@")
		[ -n "$best_ours" ] && [ "$best_ours" -le "$took" ] || best_ours=$took
		took=$(measure "$reference" "$@")
		[ -n "$best_reference" ] && [ "$best_reference" -le "$took" ] ||
			best_reference=$took
	done
	printf '%-42s ours %9s ms, theirs %9s ms: %s times\n' "$name" \
		"$(ms "$best_ours")" "$(ms "$best_reference")" \
		"$(times "$best_reference" "$best_ours")"
	[ $((best_ours * 20)) -le $((best_reference * 21)) ] || slower=1
}

configuration 1000 100 >"$dir/100k-ips"
configuration 1 100000 >"$dir/100k-ips-1-peer"
configuration 10000 1 >"$dir/10k-peers"
contest "setconf, 100k allowed IPs of 1000 peers" setconf $interface "$dir/100k-ips"
contest "show, 100k allowed IPs of 1000 peers" show $interface
contest "setconf, 100k allowed IPs of one peer" setconf $interface "$dir/100k-ips-1-peer"
contest "setconf, 10k peers" setconf $interface "$dir/10k-peers"
contest "syncconf, 10k peers, nothing new" syncconf $interface "$dir/10k-peers"
contest "show, 10k peers" show $interface
contest "show dump, 10k peers" show $interface dump
contest "showconf, 10k peers" showconf $interface
exit $slower
