#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Build a kernel with KCSAN for vm.sh and print its directory, laid out like
# those of kernels.sh: `run-suite.sh vm kcsan MODULE` runs on it.
#
# Only modules are watched for data races, not the kernel itself: it would be
# too slow where it is emulated, and its races are not ours.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
out=$cache/kcsan
dir=$cache/kernel/kcsan
config="$here/../uml/base.config $here/kcsan.config"
# shellcheck disable=SC2086
recipe=$(cat "$0" "$here/../uml/source.sh" $config | cksum)

mkdir -p "$out" "$cache/kernel"
exec 8>"$out.lock"
flock 8
if [ "$(cat "$dir/recipe" 2>/dev/null)" = "$recipe" ]; then
	echo "$dir"
	exit 0
fi
src=$(sh "$here/../uml/source.sh")
echo "kcsan: building the kernel, a matter of minutes" >&2
rm -rf "$dir"
mkdir -p "$dir"
{
	make -C "$src" O="$out" ARCH=x86 tinyconfig
	# shellcheck disable=SC2086
	cat $config >"$out/fragment"
	(cd "$src" && ARCH=x86 scripts/kconfig/merge_config.sh -O "$out" \
		-m "$out/.config" "$out/fragment")
	make -C "$src" O="$out" ARCH=x86 olddefconfig
	nice make -C "$src" O="$out" ARCH=x86 -j"$(nproc)" KCSAN_SANITIZE=n \
		bzImage modules
	make -C "$src" O="$out" ARCH=x86 INSTALL_MOD_PATH="$dir" \
		modules_install
} >"$out.log" 2>&1 || {
	tail -n 30 "$out.log" >&2
	echo "kcsan: failed, see $out.log" >&2
	exit 1
}
cp "$out/arch/x86/boot/bzImage" "$dir/vmlinuz"
ln -sfn "$out" "$dir/build"
cat "$out/include/config/kernel.release" >"$dir/release"
echo "$recipe" >"$dir/recipe"
echo "$dir"
