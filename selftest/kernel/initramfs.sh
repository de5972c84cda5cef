#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Make the two cached parts of a test machine's initramfs and print their
# paths: the programs (copied from this machine with their libraries) and the
# modules of one kernel. cpio archives may be concatenated, the kernel unpacks
# them in order; vm.sh adds the part that changes with every run.
#
#   initramfs.sh KERNEL_DIR         a directory printed by kernels.sh
set -eu

kernel=${1:?usage: initramfs.sh KERNEL_DIR}
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}/vm
here=$(cd "$(dirname "$0")" && pwd)
release=$(cat "$kernel/release")

programs="bash ip tc bridge wg wg-quick ping iperf3 tcpdump nft iptables
	iptables-save iptables-restore ip6tables ip6tables-save
	ip6tables-restore ethtool sysctl wireguard-go strace modprobe depmod
	ss stat cmp sha256sum head tail unshare nsenter timeout readlink
	getconf setpriv dmesg rmmod insmod modinfo lsmod"

modules="wireguard udp_tunnel ip6_udp_tunnel veth dummy tun vrf bridge
	virtio_net virtio_pci nf_conntrack nf_tables nft_ct nft_nat nft_masq
	nft_chain_nat nft_compat nft_reject_inet nft_limit nft_fib_inet nft_objref
	nf_nat iptable_nat iptable_filter iptable_mangle iptable_raw
	ip6table_filter ip6table_mangle ip6table_raw xt_nat xt_mark
	xt_MASQUERADE xt_comment xt_addrtype xt_conntrack xt_length
	xt_connmark xt_DSCP xt_dscp xt_tcpudp sch_netem sch_fq_codel
	sch_ingress sch_fq sch_prio cls_bpf cls_u32 cls_flow cls_matchall
	act_mirred act_tunnel_key
	libchacha20poly1305 libcurve25519 libchacha libpoly1305 poly1305-x86_64
	chacha-x86_64 curve25519-x86_64"

pack() { # DIR FILE
	(cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc --quiet) >"$2.tmp"
	mv "$2.tmp" "$2"
	rm -rf "$1"
}

copy_program() { # ROOT NAME
	path=$(PATH=$PATH:/usr/sbin:/sbin command -v "$2") || {
		echo "initramfs.sh: no program $2 here" >&2
		return
	}
	mkdir -p "$1/usr/bin"
	cp -L "$path" "$1/usr/bin/$2"
	{ ldd "$path" 2>/dev/null || true; } | grep -o '/[^ ]*' |
	while read -r lib; do
		[ -e "$1/$lib" ] || {
			mkdir -p "$1/${lib%/*}"
			cp -L "$lib" "$1/$lib"
		}
	done
}

make_base() { # FILE
	root=$(mktemp -d "$cache/base.XXXXXX")
	mkdir -p "$root/usr/bin" "$root/usr/sbin" "$root/etc" "$root/proc" \
		"$root/sys" "$root/dev" "$root/run" "$root/tmp" "$root/root" \
		"$root/var" "$root/usr/lib64" "$root/usr/lib"
	ln -s ../run "$root/var/run"
	for d in bin sbin lib lib64; do ln -s "usr/$d" "$root/$d"; done
	cp -L "$(command -v busybox)" "$root/usr/bin/busybox"
	for applet in $(busybox --list); do
		[ -e "$root/usr/bin/$applet" ] ||
			ln -s busybox "$root/usr/bin/$applet"
	done
	for p in $programs; do
		rm -f "$root/usr/bin/$p"
		copy_program "$root" "$p"
	done
	ln -sf bash "$root/usr/bin/sh"
	for p in modprobe ip; do ln -s "../bin/$p" "$root/usr/sbin/$p"; done
	# xtables loads its matches as libraries by name
	for d in /usr/lib/*/xtables; do
		mkdir -p "$root$d"
		cp -L "$d"/*.so "$root$d/"
	done
	mkdir -p "$root/etc/iproute2" "$root/etc/wireguard"
	cp -rL /etc/iproute2 "$root/etc/" 2>/dev/null ||
		cp -rL /usr/share/iproute2 "$root/etc/"
	echo 'root:x:0:0:root:/root:/bin/bash' >"$root/etc/passwd"
	echo 'root:x:0:' >"$root/etc/group"
	printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
	cp /etc/protocols /etc/services "$root/etc/" 2>/dev/null || true
	cp "$here/init.sh" "$root/init"
	chmod +x "$root/init"
	pack "$root" "$1"
}

make_modules() { # FILE
	root=$(mktemp -d "$cache/mods.XXXXXX")
	for m in $modules; do
		modprobe -d "$kernel" -S "$release" -a --show-depends "$m" \
			2>/dev/null || true
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u |
	while read -r ko; do
		to=$root/usr/lib/modules/$release/${ko##*/kernel/}
		to=${to%.xz}
		mkdir -p "${to%/*}"
		case $ko in
		*.xz) xz -dc "$ko" >"$to" ;;
		*.zst) zstd -qdc "$ko" >"${to%.zst}" ;;
		*) cp "$ko" "$to" ;;
		esac
	done
	cp "$kernel/lib/modules/$release"/modules.builtin* \
		"$kernel/lib/modules/$release/modules.order" "$root/usr/lib/modules/$release/" 2>/dev/null || true
	ln -s usr/lib "$root/lib"
	depmod -b "$root" "$release"
	rm "$root/lib"
	pack "$root" "$1"
}

mkdir -p "$cache"
# What the parts are made of decides their names, so that a change of either
# makes a new file and a finished file is never written again.
programs_key=$({ cat "$0" "$here/init.sh"
	dpkg-query -W bash iproute2 wireguard-tools wireguard-go iperf3 \
		tcpdump nftables iptables busybox-static strace kmod libc6 \
		2>/dev/null || true; } | cksum | cut -d' ' -f1)
base=$cache/base-$programs_key.cpio
mods=$cache/modules-$release-$(cksum <"$0" | cut -d' ' -f1).cpio
exec 9>"$cache/lock"
flock 9
[ -f "$base" ] || make_base "$base"
[ -f "$mods" ] || make_modules "$mods"
echo "$base $mods"
