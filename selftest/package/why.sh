#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Why DKMS made no module, in one line: the cause, and the command that mends
# it. For install.sh and for the package, when dkms has failed.
#
#   why.sh [KERNEL [LOG]]  kernel and log of the last attempt, unless named
set -u

log=${2-}
[ "$log" ] || log=$(find /var/lib/dkms/wireguard-batch -name make.log \
	-printf '%T@ %p\n' 2>/dev/null | sort -n | sed -n '$s/[^ ]* //p')
kernel=${1-}
[ "$kernel" ] || kernel=$(sed -n 's/.* for kernel \([^ ]*\) .*/\1/p' \
	"${log:-/dev/null}" | tail -n 1)
kernel=${kernel:-$(uname -r)}
headers=/lib/modules/$kernel/build

because() { echo "$*"; exit 0; }

# The one that the headers name; else what compiled the kernel.
compiler() {
	cc=$(sed -n 's/^CC = .*[) ]\([^ )]*\)$/\1/p' \
		"$headers/.kernelvariables" 2>/dev/null)
	if [ ! "$cc" ] && grep -qs '^CONFIG_CC_IS_CLANG=y' "$headers/.config"; then
		cc=clang
	fi
	echo "${cc:-gcc}"
}
works() { echo 'int x;' | "$1" -x c -c -o /dev/null - 2>/dev/null; }

[ -e "$headers/Makefile" ] ||
	because "no headers of kernel $kernel: apt install linux-headers-$kernel"
for option in INET NET_UDP_TUNNEL DST_CACHE; do
	[ ! -e "$headers/.config" ] ||
		grep -q "^CONFIG_$option=[ym]" "$headers/.config" ||
		because "kernel $kernel lacks CONFIG_$option: boot another kernel"
done
free=$(df -Pm /var/lib/dkms | awk 'NR == 2 { print $4 }')
if [ "$free" -lt 20 ] || grep -qs 'No space left' "$log"; then
	because "/var/lib/dkms has less than 20 MB of room: apt clean, or free some"
fi
cc=$(compiler)
works "$cc" || because "the compiler of kernel $kernel, $cc, is missing or" \
	"does not work: apt install --reinstall $cc"
grep -qsiE 'unrecognized command.line option|unknown argument' "$log" &&
	because "$cc is older than the compiler of kernel $kernel:" \
		"apt install --reinstall $cc, or boot another kernel"
first=$(grep -m 1 -E '(^|[^a-z])error' "$log" 2>/dev/null | cut -c 1-100)
because "it does not compile: ${first:-no error is noted}:" \
	"less ${log:-/var/log/dpkg.log}, or boot another kernel"
