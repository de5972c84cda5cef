#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Install our tools for a test machine, with the libraries that it may lack and
# what their own tests want, and print the directory. What is there already stays
# as it is: another machine may be about to copy it.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
built=$top/build/tools
out=$top/build/machine/tools
new=$out.new
mkdir -p "$top/build/machine"
exec 9>"$top/build/machine/lock"
flock 9
make -s --no-print-directory -C "$top/tools" all "$built/differential" >&2
rm -rf "$new"
mkdir -p "$new/lib" "$new/test"
make -s --no-print-directory -C "$top/tools" install PREFIX=/usr \
	DESTDIR="$new" >&2
ldd "$built/wg" "$built/wg-quick" | grep -o '/[^ ]*\.so[^ ]*' | sort -u |
	grep -v '/libc\.so\|/ld-linux' | xargs cp -L -t "$new/lib"
cp -r "$built/differential" "$top/tools/test/lib.sh" \
	"$top/tools/test/quick.sh" "$top/tools/test/plan" "$new/test"
if ! diff -r "$new" "$out" >/dev/null 2>&1; then
	rm -rf "$out"
	mv "$new" "$out"
fi
rm -rf "$new"
echo "$out"
