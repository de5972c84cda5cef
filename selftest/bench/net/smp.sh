#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What takes several CPUs to be seen: shape, not speed, for the machine is an
# emulated one. The stock kernel, once with our module, once with its own.
#
#   smp.sh [KERNEL]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
kernel=${1:-6.12}
build=$(sh "$top/selftest/kernel/kernels.sh" "$kernel")/build
module=$top/build/module/$kernel
mkdir -p "$module"
tar -C "$top" -c Kbuild dkms.conf crypto src | tar -x -C "$module"
make -s -C "$build" M="$module" modules >"$module.log" 2>&1 ||
	{ cat "$module.log"; exit 1; }
make -s -C "$top/selftest/kernel"
make -s -C "$here"
for name in ours ref; do
	which=$module/wireguard.ko
	[ $name = ours ] || which=intree
	echo "# four CPUs, Linux $kernel, $name"
	bash "$top/selftest/kernel/vm.sh" -k "$kernel" -m "$which" -s 4 -M 1024 \
		-t 600 -e "NAME=$name" -f "$top/selftest/kernel/lib.sh" \
		"$here/smp-guest.sh"
done
