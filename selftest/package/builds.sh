#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Compile the module, and nothing more, against what nobody boots for a test:
# every flavour of Debian's kernels in a copy of its release, and trees
# configured from kernel sources for other compilers and processors.
#
#   builds.sh [NAME...]    names as `builds.sh list` shows them    [all]
#
# A row is `ok` when the module was made, without a word of the compiler, and
# asks the kernel for none of its cryptography.
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
out=$top/build/builds
kernels=$here/../kernel/kernels.sh
mkdir -p "$out"

# a name, and words for make and for the configuration of a tree
trees() {
	cat <<-E
	clang ARCH=x86_64 LLVM=$(clang_suffix)
	i386 ARCH=i386 -m X86_PAE
	arm64 ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu-
	no-ipv6 ARCH=x86_64 -d IPV6
	no-crypto ARCH=x86_64 -d CRYPTO -d WIREGUARD
	E
}

clang_suffix() { # the newest; kernels of today refuse those before 17
	local newest
	newest=$(ls /usr/bin/clang-[0-9]* 2>/dev/null | sed 's/.*clang//' |
		sort -V | tail -n 1)
	echo "${newest:-1}"
}

names() {
	local suite name flavour
	while read -r suite name; do
		for flavour in '' -generic -rt; do
			echo "$name$flavour"
		done
	done < <(sh "$kernels" others)
	trees | sed 's/ .*//'
}

suite_of() { # NAME: the release whose tools fit these headers
	local base=${1%-generic}
	sh "$kernels" others | sed -n "s/\(-backports\)\{0,1\} ${base%-rt}\$//p"
}

# quiet_words: what is no fault of these sources
no_fault='Skipping BTF|Module.symvers|compiler differs|kernel was built|You are using|pahole version|Symbol info of vmlinux|will probably not'
# modpost, where no kernel was built
no_fault+='|Modules may not have|many unresolved|KBUILD_MODPOST_WARN|own risk|unresolved symbol warnings'

judge() { # NAME STATUS SECONDS
	local dir=$out/$1 asks
	if [ "$2" != 0 ] || [ ! -f "$dir/wireguard.ko" ]; then
		echo "not ok - $1 builds"
		grep -E 'error|Error' "$dir.log" | head -n 8 | sed 's/^/# /'
		return
	fi
	if grep -vE "$no_fault" "$dir.log" >"$dir.words"; then
		echo "not ok - $1 builds without a warning"
		head -n 8 "$dir.words" | sed 's/^/# /'
		return
	fi
	asks=$(nm "$dir/wireguard.ko" | grep -E \
		' U .*(chacha|poly1305|curve25519|blake2s|crypto_)')
	if [ "$asks" ]; then
		echo "not ok - $1 brings its cryptography"
		echo "$asks" | sed 's/^/# /'
		return
	fi
	echo "ok - $1 builds without a warning ($3 s)"
}

copy() { # NAME
	rm -rf "${out:?}/$1"
	sh "$here/sources.sh" "$out/$1"
}

distribution() { # NAME: in its release
	local start=$SECONDS rc=0 dir suite
	suite=$(suite_of "$1")
	case $1 in
	*-rt | *-generic) dir=$(sh "$kernels" "$1-headers") ;;
	*) dir=$(sh "$kernels" "$1") ;;
	esac || { echo "not ok - $1 can be fetched"; return; }
	copy "$1"
	BIND=$out/$1 SHOW=$dir sh "$here/chroot.sh" "$suite" make -s -j2 \
		-C "$dir/build" M="$out/$1" modules >"$out/$1.log" 2>&1 || rc=$?
	judge "$1" $rc $((SECONDS - start))
}

prepare() { # NAME [words]: a tree configured so, without building a kernel
	local name=$1 tree=$cache/prepared/$1 source word=() option=()
	shift
	[ ! -f "$tree/done" ] || return 0
	source=$(sh "$top/selftest/uml/source.sh") || return
	while [ $# -gt 0 ]; do
		case $1 in -*) option+=("$1" "$2"); shift ;; *) word+=("$1") ;; esac
		shift
	done
	rm -rf "$tree"
	mkdir -p "$tree"
	nice make -s -C "$source" O="$tree" "${word[@]}" defconfig &&
		"$source/scripts/config" --file "$tree/.config" -m NET_UDP_TUNNEL \
			-e INET -e DST_CACHE -d DEBUG_INFO_BTF -m WIREGUARD \
			"${option[@]}" &&
		nice make -s -C "$source" O="$tree" "${word[@]}" olddefconfig &&
		nice make -s -j2 -C "$source" O="$tree" "${word[@]}" \
			modules_prepare && touch "$tree/done"
}

reason() { # LOG: what Kconfig minds, or the last word
	grep '^\*\*\* [^*]' "$1" | tr -d '*\n' | grep . || tail -n 1 "$1"
}

tree() { # NAME WORDS...
	local name=$1 word=() rc=0 start=$SECONDS
	shift
	for w; do case $w in *=*) word+=("$w") ;; esac; done
	prepare "$name" "$@" >"$out/$name.prepare.log" 2>&1 || {
		echo "skip $name: no such tree here: $(reason "$out/$name.prepare.log")"
		return
	}
	copy "$name"
	make -s -j2 -C "$cache/prepared/$name" M="$out/$name" "${word[@]}" \
		KBUILD_MODPOST_WARN=1 modules >"$out/$name.log" 2>&1 || rc=$?
	# without a built kernel, modpost knows no symbol
	sed -i '/WARNING: modpost: .* undefined!/d' "$out/$name.log"
	judge "$name" $rc $((SECONDS - start))
}

if [ "${1-}" = list ]; then names; exit 0; fi
[ $# -gt 0 ] || mapfile -t all < <(names)
for name in "${all[@]:-$@}"; do
	words=$(trees | sed -n "s/^$name //p")
	# shellcheck disable=SC2086
	if [ "$words" ]; then tree "$name" $words
	elif [ "$(suite_of "$name")" ]; then distribution "$name"
	else echo "not ok - $name is a name: see builds.sh list"
	fi
done | tee "$out/rows"
echo "$(grep -c '^ok' "$out/rows") passed, $(grep -c '^not ok' "$out/rows")" \
	"failed, $(grep -c '^skip' "$out/rows") skipped"
! grep -q '^not ok' "$out/rows" && grep -q '^ok' "$out/rows"
