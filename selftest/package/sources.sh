#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Copy what a module is built from, and nothing else.
#
#   sources.sh DIRECTORY
set -eu

to=${1:?usage: sources.sh DIRECTORY}
top=$(cd "$(dirname "$0")/../.." && pwd)

mkdir -p "$to"
cd "$top"
find Kbuild dkms.conf COPYING crypto src -type f \( -name '*.[chS]' \
	-o -name '*.mk' -o -name Kbuild -o -name dkms.conf -o -name COPYING \
	-o -path src/compat/probe.sh \) ! -name '*.mod.c' \
	! -path '*/probed/*' | LC_ALL=C sort |
while read -r file; do
	install -D -m 644 "$file" "$to/$file"
done
