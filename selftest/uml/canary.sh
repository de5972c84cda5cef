#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Build canary.ko for a UML flavour, or kcsan; prints its path.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
case $1 in
kcsan) dir=$(readlink -f "$(sh "$here/../kernel/kcsan.sh")/build") arch=x86 ;;
*) dir=$(sh "$here/build.sh" "$1") arch=um ;;
esac
out=$dir.canary
exec 8>"$out.lock"
flock 8
mkdir -p "$out"
cmp -s "$here/canary.c" "$out/canary.c" || cp "$here/canary.c" "$out/"
echo "obj-m := canary.o" >"$out/Kbuild"
make -s -C "$dir" M="$out" ARCH=$arch modules >"$out/log" 2>&1 ||
	{ cat "$out/log" >&2; exit 1; }
echo "$out/canary.ko"
