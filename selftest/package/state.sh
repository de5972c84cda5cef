#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Say which WireGuard module runs, which would be loaded, and what has to be
# done so that it is ours.
#
# Status: 0 when nothing has to be done before the next `modprobe wireguard`,
# 1 when a reboot (or an exchange by `load`) has to come first.
set -u

sys=${SYSFS:-/sys}
release=${KERNEL:-$(uname -r)}
sources=wireguard-batch
case $0 in /usr/lib/*) load=/usr/lib/wireguard-batch/load ;;
*) load='make load' ;; esac
say() { echo "wireguard-batch: $*"; }

# field FILE-FIELD: of the module that modprobe would take
field() { modinfo -k "$release" -F "$1" wireguard 2>/dev/null; }

built() { # is the module of this kernel ours? if not, why
	file=$(modinfo -k "$release" -n wireguard 2>/dev/null)
	case $file in */updates/* | */extra/*) return 0 ;; esac
	headers=/lib/modules/$release/build
	if [ "$file" = '(builtin)' ]; then
		say "kernel $release has WireGuard built in, which no module can" \
			"replace: boot another kernel"
	elif [ ! -e "$headers/Makefile" ]; then
		say "not built for the running kernel, whose headers are missing:" \
			"apt install linux-headers-$release"
	elif grep -qs '^CONFIG_WIREGUARD=y' "$headers/.config"; then
		say "kernel $release has WireGuard built in, which no module can" \
			"replace: boot another kernel"
	else
		say "not built for kernel $release: see" \
			"/var/lib/dkms/$sources/*/build/make.log, then" \
			"dkms autoinstall -k $release"
	fi
	return 1
}

secure_boot() {
	[ "$(cat "$sys"/firmware/efi/efivars/SecureBoot-* 2>/dev/null |
		tail -c 1 | od -An -tu1 | tr -d ' ')" = 1 ]
}

# With Secure Boot a kernel loads only what is signed by a key it was told of.
enrolled() {
	secure_boot || return 0
	key=/var/lib/dkms/mok.pub
	[ -e $key ] || key=/var/lib/shim-signed/mok/MOK.der
	if [ ! "$(field signer)" ]; then
		say "Secure Boot is on and the module is not signed:" \
			"dkms generate_mok, then" \
			"dkms build --force $sources/$(field version) -k $release &&" \
			"dkms install --force $sources/$(field version) -k $release"
	elif ! command -v mokutil >/dev/null; then
		say "Secure Boot is on: apt install mokutil, then" \
			"mokutil --import $key"
	elif mokutil --test-key $key 2>/dev/null | grep -q 'already enrolled'
	then
		return 0
	else
		say "Secure Boot is on and does not know the key of the module:" \
			"mokutil --import $key (choose a password), reboot," \
			"\"Enroll MOK\" in the blue menu, the password"
	fi
	return 1
}

# interfaces of all network namespaces
interfaces() {
	for ns in /proc/[0-9]*/ns/net /run/netns/*; do
		echo "$(stat -L -c %i "$ns" 2>/dev/null) $ns"
	done | sort -u -k1,1 | while read -r inode ns; do
		[ ! "$ns" ] || nsenter --net="$ns" ip -o link show \
			type wireguard 2>/dev/null
	done | awk -F': ' '{ print $2 }'
}

built || exit 0
say "version $(field version) is ready for kernel $release ($file)"
enrolled || exit 1
[ "$release" = "$(uname -r)" ] || exit 0
if [ ! -d "$sys/module/wireguard" ]; then
	say "no WireGuard is loaded; \`modprobe wireguard\` takes it"
	exit 0
fi
running=$(cat "$sys/module/wireguard/srcversion" 2>/dev/null)
if [ "$running" ] && [ "$running" = "$(field srcversion)" ]; then
	say "it is the one that runs"
	exit 0
fi
was=$(cat "$sys/module/wireguard/version" 2>/dev/null || echo of the kernel)
up=$(interfaces | tr '\n' ' ')
if [ "$up" ]; then
	say "version $was still runs, with interfaces up: ${up% }." \
		"Reboot, or FORCE=1 $load (interrupts them for seconds)"
else
	say "version $was still runs, without an interface: $load"
fi
exit 1
