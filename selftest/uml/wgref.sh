#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Build the kernel tree's own driver under another name, so that it can be
# loaded beside ours: link kind and netlink family `wgref`. Made in the cache
# from the kernel source at test time; prints the path of wgref.ko.
#
#   wgref.sh FLAVOUR
set -eu

here=$(cd "$(dirname "$0")" && pwd)
src=$(sh "$here/source.sh")
dir=$(sh "$here/build.sh" "$1")
out=$dir.wgref
exec 8>"$out.lock"
flock 8
if [ "$out/wgref.ko" -nt "$dir/recipe" ]; then echo "$out/wgref.ko"; exit 0; fi
rm -rf "$out"
mkdir -p "$out/uapi/linux"
cp -r "$src/drivers/net/wireguard/." "$out/"
rm -rf "$out/Makefile" "$out/Kconfig"
# the family's name is a macro of this header, the kind is the module's name
sed 's/\(define[ 	]*WG_GENL_NAME[ 	]*\)"wireguard"/\1"wgref"/' \
	"$src/include/uapi/linux/wireguard.h" >"$out/uapi/linux/wireguard.h"
objects=$(cd "$out" && find . -name "*.c" ! -path "./selftest/*" | sed 's|^\./||; s/\.c$/.o/' | tr '\n' ' ')
cat >"$out/Kbuild" <<-EOC
	obj-m := wgref.o
	wgref-y := $objects
	LINUXINCLUDE := -I$out -I$out/uapi \$(LINUXINCLUDE)
	ccflags-y := -D'pr_fmt(fmt)=KBUILD_MODNAME ": " fmt'
EOC
make -s -C "$dir" M="$out" ARCH=um modules >"$out.log" 2>&1 ||
	{ tail -n 20 "$out.log" >&2; exit 1; }
echo "$out/wgref.ko"
