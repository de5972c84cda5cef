#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Fetch a distribution kernel with its headers and take it apart in the cache,
# without installing anything.
#
#   kernels.sh NAME        prints the directory; NAME: 6.1 6.12 distro
#   kernels.sh list        the names this distribution can provide
#
# The directory holds `release`, `vmlinuz`, `lib/modules/RELEASE` and `build`,
# which is a KDIR for `make -C KDIR M=...`. A kernel once fetched is kept until
# its directory is removed.
set -eu

cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
die() { echo "kernels.sh: $*" >&2; exit 1; }

# image and headers meta packages of a name, best first
metas() {
	case $1 in
	6.1) echo linux-image-cloud-amd64 linux-headers-cloud-amd64 ;;
	6.12) echo linux-image-6.12-cloud-amd64 linux-headers-6.12-cloud-amd64 ;;
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
	*"-$1."*) return 0 ;;
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
	debs=$(depends "$2" '^linux-(image|modules)(-unsigned)?-[0-9]'
		depends "$3" '^linux-(headers|kbuild)-[0-9]')
	echo "kernels.sh: fetching" $debs >&2
	# shellcheck disable=SC2086
	(cd "$new/deb" && apt-get -q download $debs >&2) || die "download failed"
	for deb in "$new"/deb/*.deb; do dpkg -x "$deb" "$new"; done
	rm -rf "$new/deb"
}

arrange() { # NAME: fix the absolute paths of an unpacked kernel
	dir=$cache/kernel/$1
	new=$dir.new
	image=$(find "$new/boot" -name 'vmlinuz-*' | sort -V | tail -n 1)
	[ "$image" ] || die "$1: no image in the packages"
	release=${image##*/vmlinuz-}
	echo "$release" >"$new/release"
	ln -s "boot/${image##*/}" "$new/vmlinuz"
	[ -d "$new/lib/modules" ] || ln -s usr/lib "$new/lib"
	build=usr/src/linux-headers-$release
	[ -f "$new/$build/Makefile" ] || die "$1: no headers for $release"
	sed -i "s|/usr/src/|$dir/usr/src/|" "$new/$build/Makefile"
	ln -s "$build" "$new/build"
	depmod -b "$new" "$release"
}

[ $# = 1 ] || die "usage: kernels.sh NAME | list"
if [ "$1" = list ]; then
	any=
	for name in 6.1 6.12; do
		if [ -f "$cache/kernel/$name/release" ] || available "$name"
		then echo "$name"; any=1; fi
	done
	[ "$any" ] || echo distro
	exit 0
fi
mkdir -p "$cache/kernel"
exec 9>"$cache/kernel/$1.lock"
flock 9
if [ ! -f "$cache/kernel/$1/release" ]; then
	fetch "$1"
	arrange "$1"
	mv "$cache/kernel/$1.new" "$cache/kernel/$1"
fi
echo "$cache/kernel/$1"
