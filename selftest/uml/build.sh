#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Build a User-Mode Linux kernel and print its build directory.
#
#   build.sh FLAVOUR       bench, kasan or lockdep (see the .config fragments)
#   build.sh --have FLAVOUR   print the directory only if it is built already
#
# The directory holds `linux` (the kernel, a program) and is a KDIR for
# `make -C KDIR M=... ARCH=um`. Rebuilt only when its recipe changes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
have=
if [ "${1-}" = --have ]; then have=1; shift; fi
flavour=${1:?flavour: bench, kasan or lockdep}
[ -f "$here/$flavour.config" ] || { echo "no flavour $flavour" >&2; exit 2; }
dir=$cache/uml-$flavour
recipe=$(cat "$here/build.sh" "$here/source.sh" "$here/base.config" \
	"$here/$flavour.config" | cksum)

built() { [ -x "$dir/linux" ] && [ "$(cat "$dir/recipe" 2>/dev/null)" = "$recipe" ]; }

if [ "$have" ]; then built || exit 1; echo "$dir"; exit 0; fi
mkdir -p "$cache"
exec 8>"$cache/uml-$flavour.lock"
flock 8
if built; then echo "$dir"; exit 0; fi

# UML leaves out the x86 assembly of lib/crypto, and a peer with generic C
# is no peer to measure against. The assembly itself runs there as it is.
take_x86_crypto() {
	mark=$1/lib/crypto/.x86-in-uml
	[ ! -f "$mark" ] || return 0
	for alg in CHACHA POLY1305 CURVE25519; do
		sed -i "/^config CRYPTO_LIB_${alg}_ARCH\$/,/^\$/s/ && !UML//" \
			"$1/lib/crypto/Kconfig"
	done
	sed -i '/^config CRYPTO_LIB_BLAKE2S_ARCH$/,/^$/{/depends on !UML/d}' \
		"$1/lib/crypto/Kconfig"
	sed -i -e 's/\$(src)\/\$(SRCARCH)/$(src)\/$(SRCARCH:um=x86)/' \
		-e 's/\$(CONFIG_X86)/$(CONFIG_X86_64)/' \
		"$1/lib/crypto/Makefile"
	asm=$1/arch/um/include/asm
	sed -i '/^#endif/i\
#include <asm/cpufeature.h>\
#define cpu_has_xfeatures(needed, name) 1' "$asm/fpu/api.h"
	# the one processor model test there: let the peer have all there is
	sed -i 's/boot_cpu_data.x86_vfm != INTEL_SKYLAKE_X/1/' \
		"$1/lib/crypto/x86/poly1305.h"
	# the generic header would refuse vectors in softirq, x86 does not
	cat >"$asm/simd.h" <<-EOC
		#include <asm/fpu/api.h>
		static __must_check inline bool may_use_simd(void)
		{
			return irq_fpu_usable();
		}
	EOC
	touch "$mark"
}

src=$(sh "$here/source.sh")
(
	flock 7
	take_x86_crypto "$src"
) 7>"$src.patch.lock"

echo "uml: building the $flavour kernel, a matter of minutes" >&2
mkdir -p "$dir"
log=$dir.log
cat "$here/base.config" "$here/$flavour.config" >"$dir.fragment"
{
	make -C "$src" O="$dir" ARCH=um defconfig
	(cd "$src" && ARCH=um scripts/kconfig/merge_config.sh -O "$dir" \
		-m "$dir/.config" "$dir.fragment")
	make -C "$src" O="$dir" ARCH=um olddefconfig
	nice make -C "$src" O="$dir" ARCH=um -j"$(nproc)" linux modules
	rm -rf "$dir/mods"
	make -C "$src" O="$dir" ARCH=um INSTALL_MOD_PATH="$dir/mods" \
		modules_install
} >"$log" 2>&1 || { tail -n 30 "$log" >&2; echo "uml: failed, see $log" >&2; exit 1; }
echo "$recipe" >"$dir/recipe"
echo "$dir"
