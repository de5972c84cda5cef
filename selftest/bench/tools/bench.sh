#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Our wg and wg-quick beside Debian's, on interfaces of one kernel: `make
# bench-tools`.
#
#   bench.sh [vm KERNEL|uml]	where: User-Mode Linux when its bench kernel was
#				built (make bench), else an emulated machine
#
# ROUNDS=n (5): how often they take turns; the best time of each is printed, and
# how many times as long Debian's takes. Status 1: ours is slower at anything,
# or wg-quick takes more than half the time.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
sh "$top/selftest/deps.sh" build vm tools
if [ $# = 0 ]; then
	if sh "$top/selftest/uml/build.sh" --have bench >/dev/null; then
		set -- uml
	else
		set -- vm "$(sh "$top/selftest/kernel/kernels.sh" list | tail -n 1)"
	fi
fi
case $1 in
uml) tree=$(sh "$top/selftest/uml/build.sh" bench) name=uml-bench
	rig=("$top/selftest/uml/run.sh" -F bench) words=(ARCH=um) ;;
vm) tree=$(sh "$top/selftest/kernel/kernels.sh" "$2")/build name=$2
	rig=("$top/selftest/kernel/vm.sh" -k "$2") words=() ;;
*) echo "usage: bench.sh [vm KERNEL|uml]" >&2; exit 2 ;;
esac
module=$top/build/module/$name
mkdir -p "$module"
tar -C "$top" -c Kbuild dkms.conf crypto src | tar -x -C "$module"
make -s -C "$tree" M="$module" "${words[@]}" modules
echo "== $name, the best of ${ROUNDS:-5}"
exec bash "${rig[@]}" -m "$module/wireguard.ko" -t "${LIMIT:-3000}" -M 2048 \
	-e "ROUNDS=${ROUNDS:-5}" -f "$(sh "$top/selftest/kernel/tools.sh")" \
	-f "$here/wg.sh" -f "$here/wg-quick.sh" "$here/guest.sh"
