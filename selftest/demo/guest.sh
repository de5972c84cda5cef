#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the demo's machine: two hosts (network namespaces) on one cable, with
# a tunnel between them, configured with the distribution's own wg and ip.
set -u
. ./lib.sh
bad=0
step() { printf '\n\033[1m-- %s\033[0m\n' "$*"; }
say() { echo "\$ $*"; "$@"; }
must() { "$@" || { echo "!! failed: $*"; bad=1; }; }

step "the module"
head -c 1 /dev/random >/dev/null
say modprobe wireguard || exit 1
echo "wireguard $(cat /sys/module/wireguard/version), crypto:" \
	"$(dmesg | sed -n 's/.*wireguard: .*crypto: *//p' | tail -n 1)"

step "two hosts: a and b, keys from wg genkey, a tunnel from wg set"
pair 4
tap a eth0 wire
for ns in a b; do
	echo "[$ns] ip link add wg0 type wireguard; wg set wg0 private-key ... peer ..."
done

step "handshake, and ping over v4 and v6"
must a ping -n -c 3 -i 0.2 -W 5 192.168.7.2
must a ping -n -c 3 -i 0.2 -W 5 fd07::2

step "32 MiB over TCP"
began=$(now_ms)
must tcp_copy a b 192.168.7.2 32768
echo "arrived in $(($(now_ms) - began)) ms (emulated CPU), checksum is the sender's"

step "what an eavesdropper on the cable has seen"
tapped wire | awk '{ n[$2]++ } END {
	printf "%d initiations, %d responses, %d data messages\n", n[1], n[2], n[4] }'
yes ATTACK-AT-DAWN | head -c 1000 >"$TMPDIR/plain"
seen=$TMPDIR/seen.pcap
seen_bytes() { stat -c %s "$seen"; }
a tcpdump -Z root -U -n -i eth0 -w "$seen" udp 2>/dev/null &
until_ok 10 test -s "$seen"
for _ in 1 2 3 4; do a bash -c 'cat "$0" >/dev/udp/192.168.7.2/9' "$TMPDIR/plain"; done
must until_ok 10 eval '[ "$(seen_bytes)" -gt 4000 ]'
kill $!
if grep -q ATTACK "$seen"; then
	echo "!! plaintext on the wire"
	bad=1
else
	echo "four UDP packets full of ATTACK-AT-DAWN went by: no such word in" \
		"$(seen_bytes) captured bytes"
fi

step "roaming: a takes another port, b another address"
say a wg set wg0 listen-port 4777
must pings a 192.168.7.2
echo "b sees a at $(endpoint_of b a)"
[ "$(endpoint_of b a)" = 10.0.0.1:4777 ] || bad=1
b ip addr del 10.0.0.2/24 dev eth0
b ip addr add 10.0.0.22/24 dev eth0
must until_ok 10 ping1 b 192.168.7.1 2
echo "a sees b at $(endpoint_of a b)"
[ "$(endpoint_of a b)" = 10.0.0.22:51820 ] || bad=1

step "wg show on a"
a wg show
[ "$(handshake_of a b)" -gt 0 ] || bad=1
exit $bad
