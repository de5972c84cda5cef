#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Fetch a distribution kernel with its headers and take it apart in the cache,
# without installing anything.
#
#   kernels.sh NAME        prints the directory; NAME: 6.1 6.12 distro, or one
#                          of another release of Debian (below)
#   kernels.sh list        the names this distribution can provide
#   kernels.sh others      the names of other releases: SUITE and NAME
#
# The directory holds `release`, `vmlinuz`, `lib/modules/RELEASE` and `build`,
# which is a KDIR for `make -C KDIR M=...`. A kernel once fetched is kept until
# its directory is removed. Any name may end in -generic or -rt, and then in
# -headers: only `release` and `build`. The tools in the headers of a newer
# release want its C library: use them in selftest/package/chroot.sh.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
die() { echo "kernels.sh: $*" >&2; exit 1; }

# what Debian's releases name their kernels: suite, our name
others() {
	cat <<-E
	bullseye 5.10
	bookworm 6.1
	bookworm 6.12
	trixie 6.12-trixie
	sid 7.2
	trixie-backports 7.3
	E
}

# flavour of a name, and what remains of the name
flavour() {
	case $1 in
	*-rt) echo rt-amd64 "${1%-rt}" ;;
	*-generic) echo amd64 "${1%-generic}" ;;
	*) echo cloud-amd64 "$1" ;;
	esac
}

# image and headers meta packages of a name, best first
metas() {
	# shellcheck disable=SC2046
	set -- "$1" $(flavour "${1%-headers}")
	case $3 in
	5.10 | 6.1 | 6.12-trixie | 7.2 | 7.3)
		echo "linux-image-$2 linux-headers-$2" ;;
	6.12) echo "linux-image-6.12-$2 linux-headers-6.12-$2" ;;
	distro) for flavour in cloud-amd64 virtual generic amd64; do
			if known "linux-image-$flavour"; then
				echo "linux-image-$flavour linux-headers-$flavour"
				return
			fi
		done ;;
	*) die "no such kernel: $1" ;;
	esac
}

known() { [ "$(apt-cache --names-only search "^$1\$")" ]; }

# every package below a meta package whose name matches
depends() {
	apt-cache depends --recurse --no-recommends --no-suggests \
		--no-conflicts --no-breaks --no-replaces --no-enhances \
		"$1" | grep -E "$2" | sort -u
}

available() {
	# shellcheck disable=SC2046
	set -- "$1" $(metas "$1")
	[ $# = 3 ] || return 1
	known "$2" || return 1
	case $(depends "$2" '^linux-image-[0-9]') in
	*"-${1%%-*}."*) return 0 ;;
	*) [ "$1" = distro ] ;;
	esac
}

fetch() { # NAME: packages into $cache/kernel/NAME.new
	# shellcheck disable=SC2046
	set -- "$1" $(metas "$1")
	[ $# = 3 ] || die "this distribution has no kernel $1"
	new=$cache/kernel/$1.new
	rm -rf "$new"
	mkdir -p "$new/deb"
	want='^linux-(image|binary|modules)(-unsigned)?-[0-9]'
	case $1 in *-headers) want='^$' ;; esac
	debs=$(depends "$2" "$want"
		depends "$3" '^linux-(headers|kbuild|compiler-gcc)-[0-9]')
	echo "kernels.sh: fetching" $debs >&2
	# shellcheck disable=SC2086
	(cd "$new/deb" && apt-get -q download $debs >&2) || die "download failed"
	for deb in "$new"/deb/*.deb; do dpkg -x "$deb" "$new"; done
	rm -rf "$new/deb"
}

arrange() { # NAME: fix the absolute paths of an unpacked kernel
	dir=$cache/kernel/$1
	new=$dir.new
	build=$(for d in "$new"/usr/src/linux-headers-*; do
		[ ! -f "$d/.config" ] || echo "$d"
	done | sort -V | tail -n 1)
	[ -f "$build/Makefile" ] || die "$1: no headers in the packages"
	release=${build##*/linux-headers-}
	echo "$release" >"$new/release"
	ln -s "usr/src/${build##*/}" "$new/build"
	# absolute paths: of the common part, of the scripts and programs
	sed -i "s|/usr/src/|$dir/usr/src/|" "$build/Makefile"
	find "$build" "$new/usr/lib" -type l -lname '/usr/*' |
	while read -r link; do
		ln -sfn "$dir$(readlink "$link")" "$link"
	done
	case $1 in *-headers) return ;; esac
	[ -d "$new/lib/modules" ] || ln -s usr/lib "$new/lib"
	for image in "boot/vmlinuz-$release" "lib/modules/$release/vmlinuz"; do
		[ ! -f "$new/$image" ] || ln -sfn "$image" "$new/vmlinuz"
	done
	[ -e "$new/vmlinuz" ] || die "$1: no image $release"
	depmod -b "$new" "$release"
}

# the archive to ask: this machine's own, or a release's
archive() { # NAME
	# shellcheck disable=SC2046
	set -- "$1" $(flavour "${1%-headers}")
	suite=$(others | sed -n "s/ $3\$//p")
	[ "$suite" ] || return 0
	if [ "$suite" = bookworm ] && available "$1"; then return 0; fi
	APT_CONFIG=$(sh "$here/../package/apt.sh" "$suite")
	export APT_CONFIG
}

[ $# = 1 ] || die "usage: kernels.sh NAME | list | others"
if [ "$1" = list ]; then
	any=
	for name in 6.1 6.12; do
		if [ -f "$cache/kernel/$name/release" ] || available "$name"
		then echo "$name"; any=1; fi
	done
	[ "$any" ] || echo distro
	exit 0
fi
if [ "$1" = others ]; then others; exit 0; fi
mkdir -p "$cache/kernel"
exec 9>"$cache/kernel/$1.lock"
flock 9
if [ ! -f "$cache/kernel/$1/release" ]; then
	archive "$1"
	fetch "$1"
	arrange "$1"
	mv "$cache/kernel/$1.new" "$cache/kernel/$1"
fi
echo "$cache/kernel/$1"
