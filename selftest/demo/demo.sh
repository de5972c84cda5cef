#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The first command of README.md: builds the module for the distribution's own
# kernel, boots that kernel in a virtual machine (software emulation; nothing of
# this machine is configured or loaded) and shows a tunnel there; the guest's
# part is guest.sh. Exit status and the last line say whether it worked.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
dir=$top/build/demo
step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
fail() { echo "demo: FAILED: $*"; exit 1; }

step "packages: compiler and headers for the module, QEMU and tools for the machine"
sh "$top/selftest/deps.sh" build vm || fail "packages could not be installed"

step "the distribution's kernel and its headers, taken apart in $cache"
kernel=$(sh "$top/selftest/kernel/kernels.sh" list | tail -n 1)
tree=$(sh "$top/selftest/kernel/kernels.sh" "$kernel" 2>/dev/null) ||
	fail "no kernel; selftest/kernel/kernels.sh $kernel says why"
echo "Linux $(cat "$tree/release")"

step "wireguard.ko for it"
mkdir -p "$dir"
tar -C "$top" -c Kbuild dkms.conf crypto src | tar -x -C "$dir"
make -s -j"$(nproc)" -C "$tree/build" M="$dir" modules >"$dir/log" 2>&1 ||
	{ tail -n 20 "$dir/log"; fail "the module does not build"; }
modinfo "$dir/wireguard.ko" | grep -E '^(version|description|vermagic)'

step "a machine with this kernel and module boots"
make -s -C "$top/selftest/kernel"
bash "$top/selftest/kernel/vm.sh" -k "$kernel" -m "$dir/wireguard.ko" -t 170 \
	-f "$top/selftest/kernel/lib.sh" "$top/selftest/demo/guest.sh" ||
	fail "something above did not work"
echo
echo "demo: it worked (all of it in $SECONDS s)"
