#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Two test machines on one wire: ours in one, the distribution's own module in
# the other, each a whole kernel of its own.
#
#   interop-vm.sh KERNEL MODULE [KERNEL-OF-THE-OTHER]
#
# LONG=1: also three renewals of the session (380 s).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 module=$2 other=${3:-$1}
make -s -C "$here"
run=${WG_CACHE:-$HOME/.cache/wireguard-batch}/run
mkdir -p "$run"
wire=$(mktemp -d "$run/wire.XXXXXX")
limit=${SUITE_LIMIT:-600}

bash "$here/vm.sh" -k "$other" -m intree -t "$limit" -s 1 \
	-n "52:54:00:00:00:02,$wire/b,$wire/a" "$here/interop-far.sh" \
	>"$wire/far.log" 2>&1 &
far=$!
trap 'kill $far 2>/dev/null || true; rm -rf "$wire"' EXIT
rc=0
bash "$here/vm.sh" -k "$kernel" -m "$module" -t "$limit" -s 1 \
	-n "52:54:00:00:00:01,$wire/a,$wire/b" -f "$here/lib.sh" \
	${LONG:+-e LONG=1} "$here/interop-near.sh" "$kernel" "$other" || rc=$?
if [ $rc != 0 ]; then
	echo "not ok - X1 two machines: ended with status $rc"
	sed 's/^/# far: /' "$wire/far.log"
fi
exit 0
