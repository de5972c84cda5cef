#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A machine with a tunnel is saved, and two copies of it go on: neither may
# send with the nonces of the other [D16].
#
#	vmfork.sh KERNEL MODULE
#
# Needs a kernel that learns of it by the emulator's vmgenid device.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
kernel=$1 module=$2
make -s -C "$here"
run=${WG_CACHE:-$HOME/.cache/wireguard-batch}/run
mkdir -p "$run"
state=$(mktemp -d "$run/fork.XXXXXX")
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$state"' EXIT
machine() { # generation, then options
	local id=$1
	shift
	bash "$here/vm.sh" -k "$kernel" -m "$module" -t 240 -f "$here/lib.sh" \
		-q -device -q "vmgenid,guid=$id" "$@" "$here/vmfork-guest.sh"
}
rows() { grep -E '^(ok|not ok|skip|# [^nr])' "$1" || true; }

mkfifo "$state/mon.in" "$state/mon.out"
exec 7<>"$state/mon.in" 8<>"$state/mon.out"
machine 00000000-0000-0000-0000-000000000001 \
	-q -chardev -q "pipe,id=mon,path=$state/mon" -q -mon -q chardev=mon \
	>"$state/first" 2>&1 &
first=$!
until grep -q '^# ready' "$state/first"; do
	if ! kill -0 $first 2>/dev/null; then
		rows "$state/first"
		grep -q '^skip' "$state/first" ||
			echo "not ok - D16 no machine to copy"
		exit 0
	fi
	sleep 0.1
done
echo "migrate \"exec:cat >$state/ram\"" >&7
echo quit >&7
wait $first || true
rows "$state/first" | grep -v '^#'
for copy in 1 2; do
	machine "00000000-0000-0000-0000-00000000001$copy" \
		-q -incoming -q "exec:cat $state/ram" >"$state/copy$copy" 2>&1 || true
	rows "$state/copy$copy" | sed "s/D16/D16 copy $copy:/"
	sed -n 's/^# nonce //p' "$state/copy$copy" | sort -u >"$state/nonces$copy"
done
if [ ! -s "$state/nonces1" ] || [ ! -s "$state/nonces2" ]; then
	echo "not ok - D16 the copies sent nothing"
elif [ "$(comm -12 "$state/nonces1" "$state/nonces2")" ]; then
	echo "not ok - D16 the same index and counter in both copies"
	comm -12 "$state/nonces1" "$state/nonces2" | sed 's/^/# /'
else
	echo "ok - D16 no index and counter in both copies"
fi
