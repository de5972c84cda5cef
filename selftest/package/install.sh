#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Register this source with DKMS, build and install the module: `make install`.
#
#   install.sh             for the running kernel, or KERNEL=release
#
# YES=1 installs the packages that are missing without asking. A run that ends
# with an error leaves neither sources nor a module behind.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
kernel=${KERNEL:-$(uname -r)}
headers=/lib/modules/$kernel/build
name=wireguard-batch
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
sources=/usr/src/$name-$version

die() { echo "install: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || die "this needs root: sudo make install"
[ ! -e "/usr/share/doc/$name-dkms" ] ||
	die "the package $name-dkms is installed: apt remove $name-dkms first"

missing() { # names of packages, for what is not there
	command -v dkms >/dev/null || echo dkms
	command -v gcc >/dev/null || echo gcc
	command -v make >/dev/null || echo make
	[ -e "$headers/Makefile" ] || echo "linux-headers-$kernel"
}

agree() {
	[ ! "${YES-}" ] || return 0
	[ -t 0 ] || return 1
	printf 'install: apt install %s - now? [y/N] ' "$1"
	read -r answer
	case $answer in y* | Y*) ;; *) return 1 ;; esac
}

free_mb() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }
number() { echo "$1" | awk -F. '{ print $1 * 1000 + $2 }'; }

# What cannot be is said before anything is written.
[ "$(number "$kernel")" -ge 5010 ] ||
	die "kernel $kernel is older than 5.10: boot a newer one"
[ "$(number "$kernel")" -lt 8000 ] ||
	die "kernel $kernel is newer than this source knows: get a newer source"
[ -d "/lib/modules/$kernel" ] ||
	die "no kernel $kernel is installed: see ls /lib/modules"
if [ -e "$headers/.config" ] &&
	grep -q '^CONFIG_WIREGUARD=y' "$headers/.config"; then
	die "kernel $kernel has WireGuard built in (CONFIG_WIREGUARD=y), which" \
		"no module can replace: boot another kernel"
fi
want=$(missing | tr '\n' ' ')
if [ "$want" ]; then
	command -v apt-get >/dev/null || die "missing: $want"
	agree "$want" || die "missing: apt install $want"
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get -q install -y \
		--no-install-recommends $want || die "apt install $want failed"
fi
for need in "/usr/src 10" "/var/lib/dkms 200" "/lib/modules 20"; do
	# shellcheck disable=SC2086
	set -- $need
	mkdir -p "$1"
	[ "$(free_mb "$1")" -ge "$2" ] ||
		die "$1 has less than $2 MB of room: apt clean, or free some"
done

undo() {
	rm -rf "$sources.new"
	KEEP_LOG=1 sh "$here/uninstall.sh" >/dev/null 2>&1 || true
}

if dkms status -m $name -v "$version" 2>/dev/null | grep -q .; then
	echo "install: replacing version $version"
fi
undo
trap 'undo; exit 130' INT TERM
sh "$here/sources.sh" "$sources.new" && mv "$sources.new" "$sources" ||
	{ undo; die "cannot copy the sources to $sources"; }
log=/var/log/$name-install.log
for verb in add build install; do
	if [ $verb = add ]; then set --; else set -- -k "$kernel"; fi
	dkms $verb -m $name -v "$version" "$@" >"$log" 2>&1 && continue
	made=/var/lib/dkms/$name/$version/build/make.log
	[ ! -f "$made" ] || cat "$made" >>"$log"
	undo
	die "nothing is installed, dkms $verb failed for kernel $kernel:" \
		"$(sh "$here/why.sh" "$kernel" "$log")"
done
file=$(modinfo -k "$kernel" -n wireguard)
case $file in
*/updates/* | */extra/*) ;;
*)	undo
	die "nothing is installed, depmod prefers $file:" \
		"grep -r search /etc/depmod.d" ;;
esac
# Its status is about rebooting: installed it is.
KERNEL=$kernel sh "$here/state.sh" || true
