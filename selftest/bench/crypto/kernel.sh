#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# kernel.sh OUT: compile the packet cryptography of Linux 7.2, as its x86-64
# build has it, into OUT/kernel.o for the bench. Nothing of it is committed:
# the source is Debian's linux-source package (selftest/uml/source.sh caches
# it), its C and assembly are compiled as they are, in the environment that
# kernel_env.h pretends.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1
cc=${CC:-gcc}
src=$(sh "$here/../../uml/source.sh")
lib=$src/lib/crypto

rm -rf "$out/kernel"
mkdir -p "$out/kernel/include/crypto/internal"
inc=$out/kernel/include
for h in chacha.h poly1305.h curve25519.h blake2s.h chacha20poly1305.h \
	utils.h internal/poly1305.h; do
	cp "$src/include/crypto/$h" "$inc/crypto/$h"
done
# Every other header they name is kernel_env.h.
grep -hoE '^#[[:space:]]*include <(linux|asm)/[a-z0-9_/]+\.h>' -r \
	"$inc/crypto" "$lib"/*.c "$lib"/x86/*.h "$lib"/x86/*.S |
	sed 's/.*<\(.*\)>/\1/' | sort -u | while read -r h; do
	mkdir -p "$inc/$(dirname "$h")"
	echo '#include "kernel_env.h"' >"$inc/$h"
done
echo '#include "kernel_env.h"' >"$inc/linux/linkage.h"

# The scatterlist half needs sk_buffs and is slower; the bench does without.
sed '/^static$/,$d' "$lib/chacha20poly1305.c" >"$out/kernel/chacha20poly1305.c"
perl "$lib/x86/poly1305-x86_64-cryptogams.pl" >"$out/kernel/poly1305-asm.S"

flags="-O2 -w -std=gnu11 -fno-strict-aliasing -fno-stack-protector
	-fno-pie -mno-sse -mno-mmx -mno-avx -mno-80387 -mno-red-zone
	-Wa,--noexecstack
	-DCONFIG_CRYPTO_LIB_CHACHA_ARCH=1 -DCONFIG_CRYPTO_LIB_POLY1305_ARCH=1
	-DCONFIG_CRYPTO_LIB_CURVE25519_ARCH=1 -DCONFIG_CRYPTO_LIB_BLAKE2S_ARCH=1
	-DCONFIG_CRYPTO_LIB_POLY1305_RSIZE=11 -DCONFIG_AS_AVX512=1
	-I$inc -I$here -I$lib/x86"
for f in "$lib/chacha.c" "$lib/chacha-block-generic.c" "$lib/poly1305.c" \
	"$lib/curve25519.c" "$lib/curve25519-hacl64.c" "$lib/blake2s.c" \
	"$lib/x86/chacha-ssse3-x86_64.S" "$lib/x86/chacha-avx2-x86_64.S" \
	"$lib/x86/chacha-avx512vl-x86_64.S" "$lib/x86/blake2s-core.S" \
	"$out/kernel/chacha20poly1305.c" "$out/kernel/poly1305-asm.S"; do
	o=$out/kernel/$(basename "$f").o
	# shellcheck disable=SC2086
	$cc $flags -c "$f" -o "$o"
done
# shellcheck disable=SC2086
$cc $flags -c "$here/kernel_shim.c" -o "$out/kernel/shim.o"
# One object whose only public names are the shim's.
ld -r -o "$out/kernel.o" "$out"/kernel/*.o
objcopy --wildcard --keep-global-symbol='kernel_*' "$out/kernel.o"
