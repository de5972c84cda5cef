#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Exchange the running WireGuard module for the installed one.
#
#   load.sh                only when no interface exists
#   FORCE=1 load.sh        save the interfaces, exchange, make them again
#
# If ours does not load, the kernel's own is loaded and the interfaces are made
# on that. Rules, name servers and firewalls are not touched.
set -eu

release=$(uname -r)
die() { echo "load: $*" >&2; exit 1; }
field() { modinfo -F "$1" wireguard 2>/dev/null; }

# links: "NAMESPACE INTERFACE" of every WireGuard interface
links() {
	for ns in /proc/[0-9]*/ns/net /run/netns/*; do
		echo "$(stat -L -c %i "$ns" 2>/dev/null) $ns"
	done | sort -u -k1,1 | while read -r inode ns; do
		[ "$ns" ] || continue
		nsenter --net="$ns" ip -o link show type wireguard 2>/dev/null |
			awk -F': ' -v ns="$inode" '{ print ns, $2 }'
	done
}

save() { # INTERFACE: everything of it into $kept
	ip -o link show dev "$1" >"$kept/$1.link"
	wg showconf "$1" >"$kept/$1.conf"
	ip addr save dev "$1" >"$kept/$1.addr"
	ip -4 route save table all dev "$1" >"$kept/$1.route4"
	ip -6 route save table all dev "$1" >"$kept/$1.route6"
}

# The dumps of ip speak of numbers of interfaces: it gets its old one.
restore() { # INTERFACE
	index=$(cut -d: -f1 "$kept/$1.link")
	mtu=$(sed 's/.* mtu \([0-9]*\).*/\1/' "$kept/$1.link")
	ip link add "$1" index "$index" mtu "$mtu" type wireguard
	wg setconf "$1" "$kept/$1.conf"
	ip addr restore <"$kept/$1.addr" || true
	grep -q '[<,]UP[,>]' "$kept/$1.link" || return 0
	ip link set "$1" up
	# what the kernel adds by itself is there already
	ip -4 route restore <"$kept/$1.route4" 2>/dev/null || true
	ip -6 route restore <"$kept/$1.route6" 2>/dev/null || true
}

# The kernel's own module, which newer versions of dkms put aside.
own() {
	find "/lib/modules/$release/kernel" \
		"/var/lib/dkms/wireguard-batch/original_module/$release" \
		-name 'wireguard.ko*' ! -name '*.origin' 2>/dev/null | head -n 1
}

fall_back() {
	echo "load: it does not load (dmesg says why):" \
		"going on with the kernel's own" >&2
	needs=$(modinfo -F depends "$(own)" | tr ',' ' ')
	# shellcheck disable=SC2086
	[ ! "$needs" ] || modprobe -a $needs
	insmod "$(own)"
}

[ "$(id -u)" = 0 ] || die "this needs root: sudo $0"
case $(field filename) in
*/updates/* | */extra/*) ;;
*) die "not installed for kernel $release: make install" ;;
esac
running=$(cat /sys/module/wireguard/srcversion 2>/dev/null || true)
if [ "$running" ] && [ "$running" = "$(field srcversion)" ]; then
	echo "load: version $(field version) runs already"
	exit 0
fi

here=$(stat -L -c %i /proc/self/ns/net)
found=$(links)
if [ "$found" ] && [ ! "${FORCE-}" ]; then
	die "interfaces are up: $(echo "$found" | cut -d' ' -f2 | tr '\n' ' ')-" \
		"take them down, or FORCE=1 to interrupt them"
fi
if echo "$found" | grep . | grep -qv "^$here "; then
	die "interfaces in other network namespaces cannot be kept:" \
		"take them down"
fi
mine=$(echo "$found" | cut -d' ' -f2)
[ ! "$mine" ] || command -v wg >/dev/null || die "no wg: install the tools"

umask 077
kept=$(mktemp -d /run/wireguard-batch.XXXXXX)
trap 'rm -rf "$kept"' EXIT
for link in $mine; do save "$link"; done
status=0
[ ! "$running" ] || modprobe -r wireguard || die "the old module is in use"
modprobe wireguard || { status=1; fall_back; }
for link in $mine; do
	restore "$link" || { echo "load: $link is not back" >&2; status=1; }
done
echo "load: version $(cat /sys/module/wireguard/version) runs${mine:+, again with}" $mine
exit $status
