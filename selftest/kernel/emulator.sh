#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Print the command that emulates a machine, without the machine's options.
#
# QEMU before 8.1 translates code while another of the machine's processors
# patches it, as each static key of the kernel does, and then executes a half
# of it: any kernel panics on that within minutes of traffic beside rules that
# come and go (multipath-tcp/mptcp_net-next #471). Debian 12 has 7.2; there the
# one of its backports is taken apart in the cache, and nothing is installed.
# Where that cannot be had, the processors of a machine take turns.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
name=qemu-system-x86_64
suite=bookworm-backports
packages="qemu-system-x86 qemu-system-data seabios"
dir=${WG_CACHE:-$HOME/.cache/wireguard-batch}/emulator

sound() { # COMMAND...: is a QEMU that runs here, of 8.1 or later
	version=$("$@" --version 2>/dev/null |
		sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p')
	[ "$version" ] &&
		printf '8.1\n%s\n' "$version" | sort -V -C
}

taken_apart() {
	sound "$dir/usr/bin/$name"
}

debian_12() {
	# shellcheck disable=SC1091
	[ "$(. /etc/os-release; echo "${VERSION_CODENAME-}")" = bookworm ]
}

take_apart() {
	APT_CONFIG=$(sh "$here/../package/apt.sh" $suite) || return 1
	export APT_CONFIG
	rm -rf "$dir.new"
	mkdir -p "$dir.new/deb" "$dir"
	echo "emulator.sh: fetching" $packages "of $suite" >&2
	# shellcheck disable=SC2086
	(cd "$dir.new/deb" && apt-get -q download $packages >&2) || return 1
	for deb in "$dir.new"/deb/*.deb; do
		dpkg -x "$deb" "$dir.new" || return 1
	done
	rm -rf "$dir.new/deb" "$dir"
	mv "$dir.new" "$dir"
}

if sound $name; then
	echo "$name -accel tcg,thread=multi"
	exit 0
fi
mkdir -p "${dir%/*}"
exec 9>"$dir.lock"
flock 9
if taken_apart || { debian_12 && take_apart && taken_apart; }; then
	echo "$dir/usr/bin/$name -L $dir/usr/share/qemu" \
		"-L $dir/usr/share/seabios -accel tcg,thread=multi"
else
	echo "emulator.sh: the processors of a machine take turns" >&2
	echo "$name -accel tcg,thread=single"
fi
