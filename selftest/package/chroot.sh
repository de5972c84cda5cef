#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A Debian release to install packages into: make it in the cache and print
# its directory.
#
#   chroot.sh SUITE                    bullseye bookworm trixie sid
#   chroot.sh SUITE COMMAND...         run the command in a copy of it
#
# A command sees a writable overlay that is gone when it ends, or is kept in
# the directory $OVERLAY if that is set. The paths in $BIND (default: none)
# and $SHOW (read only) are the same inside as outside. The machine's own
# mounts are not touched: everything happens in a mount namespace.
set -eu

suite=${1:?usage: chroot.sh SUITE [COMMAND...]}
shift
here=$(cd "$(dirname "$0")" && pwd)
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
root=$cache/chroot/$suite
mirror=${WG_MIRROR:-http://deb.debian.org/debian}

# What dkms and a bootable kernel need, and what the tunnel's test uses.
packages=dkms,gcc,make,libc6-dev,libelf1,kmod,initramfs-tools,zstd,xz-utils
[ "$suite" = bullseye ] || packages=$packages,pahole
packages=$packages,iproute2,iputils-ping,iperf3,procps,wireguard-tools,sudo

die() { echo "chroot.sh: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || die "chroots need root: sudo $0 $suite"

sources() {
	echo "deb $mirror $suite main"
	[ "$suite" != sid ] || return 0
	echo "deb $mirror $suite-updates main"
	echo "deb $mirror-security $suite-security main"
	[ "$suite" != trixie ] || echo "deb $mirror $suite-backports main"
}

make_root() {
	command -v mmdebstrap >/dev/null ||
		die "no mmdebstrap: apt install mmdebstrap"
	sh "$here/apt.sh" "$suite" >/dev/null	# is the archive there?
	rm -rf "$root.new"
	mkdir -p "$cache/chroot"
	echo "chroot.sh: making $suite (some minutes, kept in $root)" >&2
	sources | mmdebstrap --variant=minbase --mode=root --format=directory \
		--include="$packages" --skip=cleanup/apt/lists \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--aptopt='Acquire::Languages "none"' \
		--aptopt='APT::Install-Recommends "false"' \
		--aptopt='Binary::apt::APT::Keep-Downloaded-Packages "true"' \
		--keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
		"$suite" "$root.new" - >"$root.log" 2>&1 ||
		{ tail -n 20 "$root.log" >&2; die "making $suite failed"; }
	mv "$root.new" "$root"
}

mkdir -p "$cache/chroot" "$cache/archives/$suite/partial"
exec 9>"$root.lock"
flock 9
[ -d "$root" ] || make_root
exec 9>&-
if [ $# = 0 ]; then echo "$root"; exit 0; fi

over=${OVERLAY:-}
if [ ! "$over" ]; then
	over=$(mktemp -d "$cache/chroot/over.XXXXXX")
	trap 'rm -rf "$over"' EXIT
	trap 'exit 130' INT TERM
fi
mkdir -p "$over/upper" "$over/work" "$over/root"
export root over suite cache
rc=0
# shellcheck disable=SC2016
unshare --mount --pid --fork sh -euc '
	mount -t overlay over -o \
		"lowerdir=$root,upperdir=$over/upper,workdir=$over/work" \
		"$over/root"
	mount -t proc proc "$over/root/proc"
	mount --rbind --make-rslave /dev "$over/root/dev"
	for dir in "$cache/archives/$suite=/var/cache/apt/archives" \
		$(for d in ${BIND-} ${SHOW-}; do echo "$d=$d"; done); do
		mkdir -p "$over/root${dir#*=}"
		mount --bind "${dir%%=*}" "$over/root${dir#*=}"
	done
	for dir in ${SHOW-}; do
		mount -o remount,bind,ro "$over/root$dir"
	done
	cp -L --remove-destination /etc/resolv.conf "$over/root/etc/resolv.conf"
	for v in http_proxy https_proxy; do	# as the machine has them
		eval "[ -z \"\${$v-}\" ] || export $v"
	done
	exec env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive \
		PATH=/usr/sbin:/usr/bin:/sbin:/bin \
		${http_proxy:+http_proxy=$http_proxy} \
		chroot "$over/root" "$@"' sh "$@" || rc=$?
exit $rc
