#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# wg-quick@ under systemd: boot Debian's userland with the package of the tools
# in it and wg-quick@wg0 enabled, and look at what comes up.
#
#   systemd.sh [SUITE KERNEL]           [bookworm 6.12]
#
# SUITE is a release of chroot.sh with the C library of this machine or a newer
# one, KERNEL a name of kernels.sh. The whole system is the initramfs, so that
# it needs no disk: systemd is what the kernel starts, systemd-guest.sh a
# service of it. Its rows are printed; the console stays in build/systemd.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
suite=${1:-bookworm} kernel=${2:-6.12}
out=$top/build/systemd
[ "$(id -u)" = 0 ] || { echo "systemd.sh: chroots need root: sudo $0" >&2; exit 1; }
sh "$top/selftest/deps.sh" build vm tools package
mkdir -p "$out" "$cache/run"
log=$out/log
: >"$log"
work=$(mktemp -d "$cache/run/systemd.XXXXXX")
step=
finish() {
	[ ! "$step" ] || { tail -n 20 "$log"; echo "not ok - $step"; }
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# The package of the tools alone; it is the one that depends on the machine.
package() {
	local copy=$out/source
	rm -rf "$out"/*.deb "$copy"
	mkdir -p "$copy"
	tar -C "$top" -c --exclude=./build --exclude=./.git --exclude='*.o' \
		--exclude='*.ko' . | tar -x -C "$copy"
	(cd "$copy" && dpkg-buildpackage -us -uc -B -j2)
}

module() {
	local at=$top/build/module/$kernel
	mkdir -p "$at"
	tar -C "$top" -c Kbuild dkms.conf crypto src | tar -x -C "$at"
	make -s -C "$dir/build" M="$at" modules
}

inside() { OVERLAY=$work/over SHOW=$out sh "$here/chroot.sh" "$suite" "$@"; }

install_all() {
	inside apt-get -q update
	inside apt-get install -y -q --no-install-recommends systemd \
		systemd-sysv systemd-resolved udev dbus nftables \
		"$out"/wireguard-batch-tools_*_amd64.deb
}

settle() { # ROOT: what an administrator would have set up
	local private public
	install -m 755 "$here/systemd-guest.sh" "$1/guest.sh"
	umask 077
	for private in near far; do
		inside wg genkey >"$1/etc/wireguard/$private.key"
	done
	public=$(inside wg pubkey <"$1/etc/wireguard/far.key")
	cat >"$1/etc/wireguard/wg0.conf" <<-E
		[Interface]
		PrivateKeyFile = near.key
		Address = 10.9.0.2/24, fd42:42:42::2/64
		DNS = 10.9.0.1, corp.example

		[Peer]
		PublicKey = $public
		AllowedIPs = 0.0.0.0/0, ::/0
		Endpoint = far.example:51820
	E
	umask 022
	echo '10.8.0.1 far.example' >>"$1/etc/hosts"
	cat >"$1/etc/systemd/network/eth0.netdev" <<-E
		[NetDev]
		Name=eth0
		Kind=veth
		[Peer]
		Name=far0
	E
	cat >"$1/etc/systemd/network/eth0.network" <<-E
		[Match]
		Name=eth0
		[Network]
		Address=10.8.0.2/24
		Gateway=10.8.0.1
		DNS=10.8.0.1
		LinkLocalAddressing=no
		IPv6AcceptRA=no
	E
	cat >"$1/etc/systemd/network/far0.network" <<-E
		[Match]
		Name=far0
		[Link]
		Unmanaged=yes
	E
	cat >"$1/etc/systemd/system/far.service" <<-E
		[Unit]
		Requires=sys-subsystem-net-devices-far0.device
		After=sys-subsystem-net-devices-far0.device
		Before=network-online.target
		[Service]
		Type=oneshot
		RemainAfterExit=yes
		ExecStart=/guest.sh far
	E
	cat >"$1/etc/systemd/system/guest.service" <<-E
		[Unit]
		After=multi-user.target
		[Service]
		ExecStart=/guest.sh
		StandardOutput=file:/dev/ttyS1
		StandardError=inherit
	E
	chroot "$1" systemctl enable wg-quick@wg0 wg-quick-resolve@wg0.timer \
		systemd-networkd systemd-networkd-wait-online
	chroot "$1" systemctl add-wants multi-user.target far.service \
		guest.service
	chroot "$1" systemctl mask serial-getty@ttyS0 getty@tty1
}

image() {
	local root=$work/root mods release
	mkdir -p "$root"
	inside tar -C / -c --one-file-system --exclude=./usr/lib/gcc \
		--exclude=./usr/src --exclude=./usr/share --exclude=./var/cache \
		--exclude=./var/lib/apt --exclude=./boot --exclude=./usr/libexec/gcc \
		--exclude='./usr/bin/x86_64-linux-gnu-*' \
		--exclude=./usr/lib/modules --exclude='*.a' . | tar -x -C "$root"
	# what D-Bus knows its services by is needed after all
	inside tar -C / -c ./usr/share/dbus-1 | tar -x -C "$root"
	mods=$(sh "$top/selftest/kernel/initramfs.sh" "$dir")
	release=$(cat "$dir/release")
	(cd "$root" && cpio -id --quiet <"${mods#* }")
	install -D "$top/build/module/$kernel/wireguard.ko" \
		"$root/usr/lib/modules/$release/updates/wireguard.ko"
	depmod -b "$root" "$release"
	ln -sf lib/systemd/systemd "$root/init"
	ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
	settle "$root"
	(cd "$root" && find . | cpio -o -H newc --quiet) >"$work/initrd"
}

machine() {
	local emulator
	read -ra emulator < <(sh "$top/selftest/kernel/emulator.sh")
	timeout -k 5 600 "${emulator[@]}" -cpu max -smp 2 \
		-m 2048 -display none -monitor none -nic none -no-reboot \
		-kernel "$dir/vmlinuz" -initrd "$work/initrd" \
		-serial "file:$out/console" -serial "file:$out/rows" -append \
		"console=ttyS0 loglevel=4 panic=-1 tsc=unstable rdinit=/init \
		systemd.show_status=1 systemd.default_timeout_start_sec=300" </dev/null
}

dir=$(sh "$top/selftest/kernel/kernels.sh" "$kernel")
for step in package module install_all image; do
	$step >>"$log" 2>&1
	echo "== $step: $SECONDS s" >>"$log"
done
step=
machine >>"$log" 2>&1 || :
rows() { tr -d '\r' <"$out/rows"; }
{
	rows | sed '/^end/d'
	if rows | grep -q '^end' &&
		tail -n 60 "$out/console" | grep -q 'Stopped.*wg-quick@wg0'; then
		echo "ok - the machine takes it down when it is switched off"
	else
		echo "not ok - the machine ended by itself"
		tail -n 30 "$out/console" | sed 's/^/# /'
	fi
} | tee "$out/result"
if grep -q '^not ok' "$out/result"; then exit 1; fi
