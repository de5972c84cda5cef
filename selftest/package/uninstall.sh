#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Take away what install.sh installed: `make uninstall`. The kernel's own
# module is in its place again; one that runs keeps running.
set -eu

name=wireguard-batch
die() { echo "uninstall: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || die "this needs root: sudo make uninstall"
[ ! -e "/usr/share/doc/$name-dkms" ] ||
	die "this is from the package: apt remove $name-dkms"

found=
for sources in /usr/src/$name-* "/var/lib/dkms/$name"/[0-9]*; do
	[ -d "$sources" ] || continue
	version=${sources##*/}
	version=${version#"$name-"}
	found=1
	dkms remove -m $name -v "$version" --all >/dev/null 2>&1 || true
	rm -rf "/usr/src/$name-$version" "/var/lib/dkms/$name/$version"
	# dkms 2.8 leaves the module of a kernel whose headers are gone.
	for file in /lib/modules/*/updates/wireguard.ko* \
		/lib/modules/*/updates/dkms/wireguard.ko*; do
		[ -e "$file" ] && [ "$(modinfo -F version "$file")" = "$version" ] ||
			continue
		rm "$file"
		kernel=${file#/lib/modules/}
		depmod "${kernel%%/*}"
	done
done
[ "${KEEP_LOG-}" ] || rm -f /var/log/$name-install.log
rmdir "/var/lib/dkms/$name" 2>/dev/null || true
[ "$found" ] || { echo "uninstall: nothing was installed"; exit 0; }

kernel=$(uname -r)
now=$(modinfo -k "$kernel" -F version wireguard 2>/dev/null || true)
running=$(cat /sys/module/wireguard/version 2>/dev/null || true)
echo "uninstall: done, kernel $kernel has its own module${now:+ $now}"
[ ! "$running" ] || [ "$running" = "$now" ] ||
	echo "uninstall: $running runs until the next boot, or until" \
		"\`modprobe -r wireguard\` (which deletes its interfaces)"
