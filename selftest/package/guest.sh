#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Init of matrix.sh's machine: a release of Debian with its own kernel, and
# with our package in it. Every row goes to the first serial port.
#
# From /matrix.env: RELEASE (kernel), VERSION (ours), REMOVE (the command that
# takes the package away).
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C
export DEBIAN_FRONTEND=noninteractive
. /matrix.env
mountpoint -q /proc || mount -t proc proc /proc
mountpoint -q /sys || mount -t sysfs sys /sys
mountpoint -q /run || mount -t tmpfs run /run
ip link set lo up

row() { # NAME COMMAND...
	local name=$1 words
	shift
	if words=$("$@" 2>&1); then
		echo "##ok - $name"
	else
		echo "##not ok - $name"
		echo "$words" | tail -n 15 | sed 's/^/## # /'
	fi
}

ours() { # would modprobe take ours, and does it run?
	[[ $(modinfo -n wireguard) == */updates/* ]] &&
		[ "$(cat /sys/module/wireguard/version)" = "$VERSION" ]
}
kernels_own() {
	[[ $(modinfo -n wireguard) == */kernel/drivers/net/* ]] &&
		[ "$(cat /sys/module/wireguard/version)" != "$VERSION" ]
}

end() { # NAMESPACE OWN-NUMBER OTHER-NUMBER: one end of the tunnel
	local on=(ip netns exec "$1")
	"${on[@]}" ip link add wg0 mtu 1400 type wireguard &&
	"${on[@]}" wg set wg0 private-key "/run/key$2" listen-port 5182"$2" \
		peer "$(wg pubkey <"/run/key$3")" allowed-ips 10.9.0.0/24,fd09::/64 \
		endpoint "10.8.0.$3:5182$3" &&
	"${on[@]}" ip addr add "10.9.0.$2/24" dev wg0 &&
	"${on[@]}" ip addr add "fd09::$2/64" dev wg0 nodad &&
	"${on[@]}" ip link set wg0 up
}

wires() { # two hosts on a cable; the first is this machine itself
	umask 077
	wg genkey >/run/key1
	wg genkey >/run/key2
	mkdir -p /run/netns
	touch /run/netns/near
	mount --bind /proc/self/ns/net /run/netns/near
	ip netns add far
	ip link add c1 type veth peer name c2
	ip link set c2 netns far
	ip addr add 10.8.0.1/24 dev c1
	ip link set c1 up
	ip -n far addr add 10.8.0.2/24 dev c2
	ip -n far link set c2 up
	ip -n far link set lo up
}

bytes() { cat /sys/class/net/wg0/statistics/"$1"_bytes; }

carries() { # the tunnel: pings, TCP, and counters that agree with it
	ping -q -c 3 -i 0.3 -W 5 10.9.0.2 && ping -q -c 2 -W 5 fd09::2 || return
	ip netns exec far iperf3 -s -1 -D
	sleep 1
	timeout 90 iperf3 -c 10.9.0.2 -n 8M || return
	echo "counted: sent $(bytes tx), received $(bytes rx) bytes"
	[ "$(bytes tx)" -gt 4000000 ] && [ "$(bytes rx)" -gt 10000 ]
}

clean_log() {
	! dmesg | grep -E 'BUG:|WARNING:|Oops|Call Trace|general protection'
}

load=/usr/lib/wireguard-batch/load
[ -x "$load" ] || load=/opt/wireguard-batch/selftest/package/load.sh

# The kernel's own runs with an interface; exchange it under that.
own() {
	local file needs
	# newer versions of dkms put it aside
	file=$(find "/lib/modules/$RELEASE/kernel" \
		"/var/lib/dkms/wireguard-batch/original_module/$RELEASE" \
		-name 'wireguard.ko*' ! -name '*.origin' 2>/dev/null)
	needs=$(modinfo -F depends "$file" | tr ',' ' ')
	# shellcheck disable=SC2086
	modprobe -a $needs && insmod "$file"
}
state=${load%load*}state
[ "$load" = "${load%.sh}" ] || state=$state.sh
asks() { # STATUS WORDS: what state says is to be done
	local said
	said=$("$state")
	[ $? = "$1" ] || { echo "$said"; return 1; }
	echo "$said" | grep "$2"
}
refused() { ! "$load" && [ "$(cat /sys/module/wireguard/version)" != "$VERSION" ]; }
same() { # interface as it was: address, peer, MTU
	[ "$(cat /sys/module/wireguard/version)" != "$VERSION" ] &&
	FORCE=1 "$load" && ours && ip -br addr show wg0 | grep 10.9.0.1/24 &&
		ip -o link show wg0 | grep 'mtu 1400' &&
		[ "$(wg show wg0 peers)" = "$(wg pubkey </run/key2)" ]
}
fresh() { ip link del wg0; ip -n far link del wg0; modprobe -r wireguard; }

tests() {
	row "boots the stock kernel" test "$(uname -r)" = "$RELEASE"
	wires
	row "modprobe takes ours" eval 'modprobe wireguard && ours'
	row "carries a tunnel" eval 'end near 1 2 && end far 2 1 && carries'
	fresh
	row "state names it" asks 0 'no WireGuard is loaded'
	row "the kernel's own loads beside it" own
	row "state asks for an exchange" asks 1 'still runs, without an interface'
	row "load refuses while an interface is up" eval 'end near 1 2 && refused'
	row "load keeps the interface" same
	row "state is content" asks 0 'the one that runs'
	row "carries that tunnel" eval 'end far 2 1 && carries'
	fresh
	row "is removed" eval "$REMOVE"
	row "the kernel's own is back" eval 'modprobe wireguard && kernels_own'
	row "carries its tunnel" eval 'end near 1 2 && end far 2 1 && carries'
	row "the kernel has nothing to complain about" clean_log
}
tests >/dev/ttyS0 2>&1 </dev/null
echo "##end" >/dev/ttyS0
sync
echo o >/proc/sysrq-trigger
sleep 30
