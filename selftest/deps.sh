#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Install the Debian/Ubuntu packages that building and testing need.
#
#   deps.sh [--list] SET...     sets: build unit vm uml tools (default: these)
#                               and bench-crypto, package
#
# Only what is missing is installed, and it is said before it is done.
set -eu

packages() {
	case $1 in
	# compile the module against distribution headers
	build) echo gcc make libc6-dev libelf-dev sparse kmod xz-utils pahole ;;
	# unit tests, sanitizers, fuzzers and analysers in user space
	unit) echo gcc clang make libc6-dev libssl-dev valgrind python3 ;;
	# virtual machines: emulator and everything the guests run
	vm) echo qemu-system-x86 busybox-static cpio iproute2 iputils-ping \
		wireguard-tools wireguard-go iperf3 tcpdump nftables \
		iptables ethtool procps libmnl-dev bash python3-minimal \
		libc-bin strace ;;
	# kernels built from source as User-Mode Linux
	uml) echo gcc make flex bison bc libelf-dev libssl-dev libc6-dev \
		xz-utils python3-minimal rsync ;;
	# the command line tools and their tests
	tools) echo gcc clang make libc6-dev pkg-config libmnl-dev \
		libnftables-dev libqrencode-dev man-db mandoc ;;
	# Debian packages, and the releases they are installed in
	package) echo debhelper dh-dkms fakeroot mmdebstrap e2fsprogs \
		debian-archive-keyring ;;
	# the libraries which the cryptography is timed beside
	bench-crypto) echo gcc make libc6-dev libssl-dev libipsec-mb-dev perl \
		binutils python3-minimal ;;
	*) echo "deps.sh: no such set: $1" >&2; exit 2 ;;
	esac
}

list=
if [ "${1-}" = --list ]; then list=1; shift; fi
[ $# -gt 0 ] || set -- build unit vm uml tools

want=$(for s; do packages "$s"; done | tr ' ' '\n' | sort -u)
if [ "$list" ]; then echo "$want"; exit 0; fi

missing=
for p in $want; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null |
		grep -q 'ok installed' || missing="$missing $p"
done
[ "$missing" ] || exit 0

echo "deps: installing, because these tests need them:$missing"
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
export DEBIAN_FRONTEND=noninteractive
apt="apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3"
# A fresh machine may have no package lists, or lists from last year.
# shellcheck disable=SC2086
$sudo $apt update >/dev/null || echo "deps: apt-get update failed, going on"
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive $apt install -y \
	--no-install-recommends $missing >/dev/null
echo "deps: done"
