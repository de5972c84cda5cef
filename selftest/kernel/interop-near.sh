#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The near machine of interop-vm.sh: runs the module under test against the
# far machine's reference driver.
. ./lib.sh
kernels="ours on $1, in-tree on $2"
modprobe virtio_pci
modprobe virtio_net
until_ok 5 test -e /sys/class/net/eth0
ip addr add 10.0.0.1/24 dev eth0
ip addr add fd01::1/64 dev eth0 nodad
ip link set eth0 up
head -c 1 /dev/random >/dev/null
load || exit

# far COMMAND: its output and status, by the wire beside the tunnel
far() {
	local out
	out=$(printf '%s\necho "=$?"\nexit\n' "$*" | busybox nc -w 20 10.0.0.2 9000)
	sed '/^=[0-9]*$/d' <<<"$out"
	[ "${out##*=}" = 0 ]
}
check X1 "$kernels: the machines see each other" until_ok 60 far true
far_key=$(far wg genkey)
far_pub=$(far "echo '$far_key' | wg pubkey")
psk=$(cat "$(psk_file)")

far "ip link add wg0 type wireguard; echo '$far_key' >/run/key
	echo '$psk' >/run/psk; wg set wg0 private-key /run/key listen-port 51820
	ip addr add 192.168.7.2/24 dev wg0; ip addr add fd07::2/64 dev wg0 nodad
	ip link set wg0 up"
ip link add wg0 type "$KIND"
wg set wg0 private-key "$(key a)" listen-port 51820
ip addr add 192.168.7.1/24 dev wg0
ip addr add fd07::1/64 dev wg0 nodad
ip link set wg0 up

answers() { ping -q -n -c 3 -i 0.2 -W 5 "$1"; }
far_answers() { far "ping -q -n -c 3 -i 0.2 -W 5 $1"; }
ips() { echo "192.168.7.$1/32,fd07::$1/128"; }
for outer in 4 6; do
	[ $outer = 4 ] && here=10.0.0.1 there=10.0.0.2 ||
		here='[fd01::1]' there='[fd01::2]'
	for secret in none psk; do
		[ $secret = psk ] && file=/run/psk own=$(psk_file) ||
			file=/dev/null own=/dev/null
		for first in ours theirs; do
			what="$kernels, v$outer outside, psk $secret, $first begins"
			wg set wg0 peer "$far_pub" remove
			far "wg set wg0 peer $(pub a) remove"
			if [ $first = ours ]; then
				far "wg set wg0 peer $(pub a) allowed-ips $(ips 1) preshared-key $file"
				wg set wg0 peer "$far_pub" allowed-ips "$(ips 2)" \
					preshared-key "$own" endpoint "$there:51820"
				check X1 "$what: ping" until_ok 12 answers 192.168.7.2
				check X1 "$what: answer" far_answers fd07::1
			else
				wg set wg0 peer "$far_pub" allowed-ips "$(ips 2)" \
					preshared-key "$own"
				far "wg set wg0 peer $(pub a) allowed-ips $(ips 1) preshared-key $file endpoint $here:51820"
				check X1 "$what: ping" until_ok 12 far_answers 192.168.7.1
				check X1 "$what: answer" answers fd07::2
			fi
		done
	done
done

far "cp /job/bin/stream /run/ && (/run/stream listen 7001 </dev/null >/dev/null 2>&1 &)"
check X2 "$kernels: TCP out" until_ok 20 stream send 192.168.7.2 7001 1024
stream listen 7002 &
check X2 "$kernels: TCP in" far "stream send fd07::1 7002 1024"

wg set wg0 listen-port 4777
check X3 "$kernels: our port changes" answers 192.168.7.2
check X3 "$kernels: they follow" eval \
	'far wg show wg0 endpoints | grep -q ":4777$"'
far wg set wg0 listen-port 4888
check X3 "$kernels: their port changes" far_answers 192.168.7.1
check X3 "$kernels: we follow" eval 'wg show wg0 endpoints | grep -q ":4888$"'
wg set wg0 peer "$far_pub" endpoint 10.0.0.22:4888
check X3 "$kernels: their other address" answers 192.168.7.2
check X3 "$kernels: back again" far_answers fd07::1

if [ "${LONG-}" ]; then
	ping -n -i 0.5 -c 760 -W 2 192.168.7.2 >"$TMPDIR/ping" &
	for _ in $(seq 380); do
		sleep 1
		wg show wg0 latest-handshakes
	done | sort -u >"$TMPDIR/seen"
	wait $!
	seen=$(wc -l <"$TMPDIR/seen")
	check X4 "$kernels: renewed three times in 380 s ($((seen - 1)))" [ "$seen" -ge 4 ]
	check X4 "$kernels: not one of 760 packets lost" \
		grep -q ' 0% packet loss' "$TMPDIR/ping"
else
	skip "X4 $kernels: three renewals (six minutes; LONG=1 runs them)"
fi
far "touch /run/stop" >/dev/null
ip link del wg0
dmesg | grep -E 'BUG:|WARNING:|Oops' && not_ok "$kernels: kernel reported a fault"
exit 0
