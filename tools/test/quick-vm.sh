#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# quick-vm.sh BUILD_DIR [OPTIONS OF vm.sh]: runs wg-quick's tests in a test
# machine, with the libraries that the programs here are linked with.
set -eu
build=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/lib" "$scratch/tools"
cp "$build/wg" "$build/wg-quick" "$scratch/tools"
ldd "$build/wg" "$build/wg-quick" | grep -o '/[^ ]*\.so[^ ]*' | sort -u |
	grep -v 'libc\.so\|ld-linux' | xargs cp -L -t "$scratch/lib"
"$here/../../selftest/kernel/vm.sh" "$@" \
	-f "$scratch/lib" -f "$scratch/tools" -f "$here/lib.sh" \
	-f "$here/plan" -f "$here/guide.sh" -f "$here/quick.sh" -f "$here/quick-speed.sh" \
	"$here/quick-vm-job.sh"
