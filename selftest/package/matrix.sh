#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Install the package on releases of Debian and boot their kernels with it:
# `make matrix`.
#
#   matrix.sh [SUITE...]   bullseye bookworm trixie sid    [all]
#
# In a copy of each release: the package is installed before or after a kernel
# is, DKMS builds the module, a virtual machine boots the stock kernel with its
# own initramfs from that file system, guest.sh looks at what modprobe takes,
# at tunnels, at removal. One that fails does not stop the others. Everything
# fetched is kept in the cache; the copies are not.
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
out=$top/build/matrix
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
log=$out/none.log

# suite, kernel's name, when it comes, how apt is asked for it
kernels() {
	cat <<-E
	bookworm 6.1 before linux-image-cloud-amd64 linux-headers-cloud-amd64
	bookworm 6.12 upgrade linux-image-6.12-cloud-amd64 linux-headers-6.12-cloud-amd64
	trixie 6.12-trixie before linux-image-cloud-amd64 linux-headers-cloud-amd64
	trixie 7.3 upgrade -t trixie-backports linux-image-cloud-amd64 linux-headers-cloud-amd64
	sid 7.2 upgrade linux-image-cloud-amd64 linux-headers-cloud-amd64
	bullseye 5.10 before linux-image-cloud-amd64 linux-headers-cloud-amd64
	E
}

# Debian 11 has a dkms older than its packages may ask for: from the sources.
from_sources() { [ "$1" = bullseye ]; }

packages() {
	local copy=$out/wireguard-batch
	rm -rf "$out"/*.deb "$copy"
	mkdir -p "$copy"
	tar -C "$top" -c --exclude=./build --exclude=./.git --exclude='*.o' \
		--exclude='*.ko' . | tar -x -C "$copy"
	(cd "$copy" && nice dpkg-buildpackage -us -uc -j2) \
		>"$out/packages.log" 2>&1 ||
		{ tail -n 20 "$out/packages.log"; echo "matrix: no packages"; exit 1; }
}

over() { echo "$cache/chroot/matrix-$1"; }
inside() { # SUITE COMMAND...: in the copy of that release
	OVERLAY=$(over "$1") SHOW=$out sh "$here/chroot.sh" "$@" >>"$log" 2>&1
}

install_ours() { # SUITE
	if from_sources "$1"; then
		inside "$1" sh -c "cp -r '$out/wireguard-batch' /opt/ &&
			KERNEL=\$(ls /lib/modules) \
			sh /opt/wireguard-batch/selftest/package/install.sh"
	else
		inside "$1" apt-get install -y -q \
			"$out/wireguard-batch-dkms_${version}_all.deb" \
			"$out/wireguard-batch-tools_${version}_amd64.deb"
	fi
}

# An archive may have dropped the package of that name and kept what it names.
install_kernel() { # SUITE APT...
	inside "$1" apt-get install -y -q "${@:2}" && return
	# shellcheck disable=SC2016
	inside "$1" sh -c 'apt-get install -y -q $(apt-cache depends "$@" |
		sed -n "s/^ *Depends: \(linux-.*-[0-9].*\)/\1/p")' sh "${@:2}"
}

remove_ours() { # SUITE: the command for it
	if from_sources "$1"; then
		echo sh /opt/wireguard-batch/selftest/package/uninstall.sh
	else
		echo dpkg --purge wireguard-batch-dkms
	fi
}

# what the machine does not need, and is large
image() { # SUITE NAME: root.img, vmlinuz and initrd in $work
	local root=$work/root
	mkdir -p "$root"
	OVERLAY=$(over "$1") sh "$here/chroot.sh" "$1" tar -C / -c \
		--one-file-system --exclude=./usr/lib/gcc --exclude=./usr/src/linux* \
		--exclude=./usr/share/doc/* --exclude=./usr/share/locale \
		--exclude=./var/cache --exclude=./var/lib/apt/lists \
		--exclude=./usr/lib/linux-kbuild* --exclude='./usr/lib/llvm*' . |
		tar -x -C "$root" || return
	release=$(cd "$root/lib/modules" && for r in *; do
		case $r in "${2%%-*}".*) echo "$r" ;; esac
	done | sort -V | tail -n 1)
	printf 'RELEASE=%q\nVERSION=%q\nREMOVE=%q\n' "$release" "$version" \
		"$(remove_ours "$1")" >"$root/matrix.env"
	install -m 755 "$here/guest.sh" "$root/guest.sh"
	cp -L "$root/boot/vmlinuz-$release" "$work/vmlinuz" &&
		cp "$root/boot/initrd.img-$release" "$work/initrd" || return
	mke2fs -q -t ext4 -d "$root" -E lazy_itable_init=1 \
		"$work/root.img" 1500M >>"$log" 2>&1
	rm -rf "$root"
}

machine() {
	local emulator
	read -ra emulator < <(sh "$here/../kernel/emulator.sh")
	timeout -k 5 600 "${emulator[@]}" -cpu max -smp 2 \
		-m 1024 -display none -monitor none -nic none -no-reboot \
		-kernel "$work/vmlinuz" -initrd "$work/initrd" \
		-drive "file=$work/root.img,if=virtio,format=raw,cache=unsafe" \
		-serial "file:$work/console" -append "root=/dev/vda rw \
		console=ttyS0 loglevel=4 panic=-1 tsc=unstable init=/guest.sh" \
		</dev/null >>"$log" 2>&1
	tr -d '\r' <"$work/console" | sed -n 's/.*##\(ok\|not ok\| #\)/\1/p'
	grep -q '##end' "$work/console" || {
		echo "not ok - the machine ended by itself"
		tail -n 15 "$work/console" | sed 's/^/ # /'
	}
}

built() { # SUITE NAME: what DKMS has for it
	OVERLAY=$(over "$1") sh "$here/chroot.sh" "$1" sh -c '
		for r in /lib/modules/'"${2%%-*}"'.*; do
			modinfo -k "${r##*/}" -n wireguard
		done 2>/dev/null | tail -n 1
		dkms --version | tr -dc "0-9.\n"
		gcc -dumpfullversion' 2>/dev/null
}

line() { # CELL...: of the table
	printf '| %s |\n' "$(printf '%s | ' "$@" | sed 's/ | $//')" |
		tee -a "$out/table"
}
has() { # NAME: of a row
	if grep -q "^ok - $1" "$rows"; then echo yes; else echo no; fi
}

one() { # SUITE NAME WHEN APT...: rows into its log, a line of the table
	local suite=$1 name=$2 when=$3 start=$SECONDS failed=
	shift 3
	log=$out/$name.log rows=$out/$name.rows work=$(mktemp -d "$cache/run/matrix.XXXXXX")
	release=$name facts=() how="package, then kernel"
	[ "$when" = upgrade ] || how="kernel, then package"
	! from_sources "$suite" || how="kernel, then \`make install\`"
	: >"$log"
	[ "$when" = before ] || [ "$name" != 7.2 ] || install_ours "$suite" ||
		failed="the package does not install"
	[ "$failed" ] || install_kernel "$suite" "$@" ||
		failed="the kernel does not install"
	[ "$failed" ] || [ "$when" = upgrade ] || install_ours "$suite" ||
		failed="the package does not install"
	if [ ! "$failed" ]; then
		mapfile -t facts < <(built "$suite" "$name")
		case ${facts[0]-} in
		*/updates/*) ;;
		*) failed="DKMS built nothing for it" ;;
		esac
	fi
	[ "$failed" ] || image "$suite" "$name" || failed="no image of it"
	if [ "$failed" ]; then
		{ echo "not ok - $failed"; tail -n 15 "$log" | sed 's/^/ # /'; } >"$rows"
	else
		{ echo "ok - installed, built by DKMS ($when)"; machine; } >"$rows"
	fi
	[ ! -f "$work/console" ] || cp "$work/console" "$out/$name.console"
	rm -rf "$work"
	line "$suite" "$release" "$how" "${facts[1]--} and gcc ${facts[2]--}" \
		"$(has "boots the stock")" "$(has "modprobe takes ours")" \
		"$(grep -c '^ok' "$rows") of $(grep -cE '^(ok|not ok)' "$rows")" \
		"$((SECONDS - start)) s"
	grep -A 15 '^not ok' "$rows"
}

suite_of() { # SUITE
	rm -rf "$(over "$1")"
	mkdir -p "$(over "$1")"
	log=$out/$1.log
	: >"$log"
	inside "$1" apt-get -q update
	while read -r suite rest; do
		# shellcheck disable=SC2086
		[ "$suite" != "$1" ] || one "$suite" $rest </dev/null
	done < <(kernels)
	rm -rf "$(over "$1")"
	case $1 in bookworm | trixie) beside "$1" ;; esac
}

# The package from source to purge, everything that is refused, and the units
# of the tools under systemd.
beside() { # SUITE
	local part rows
	for part in deb refusals systemd; do
		rows=$out/$1-$part.rows
		bash "$here/$part.sh" "$1" >"$rows" 2>&1
		grep -q '^\(ok\|not ok\)' "$rows" ||
			echo "not ok - $part.sh $1 printed no row" >>"$rows"
		echo "$part.sh $1: $(grep -c '^ok' "$rows") passed," \
			"$(grep -c '^not ok' "$rows") failed"
		grep -A 15 '^not ok' "$rows"
	done
}

[ "$(id -u)" = 0 ] || { echo "matrix: chroots need root: sudo make matrix"; exit 1; }
[ $# -gt 0 ] || set -- bookworm trixie sid bullseye
sh "$top/selftest/deps.sh" package vm tools || exit 1
mkdir -p "$out" "$cache/run"
rm -f "$out"/*.rows "$out/table"
packages
line Debian kernel installed "built by dkms" boots "modprobe takes ours" \
	"tests passed" time
line --- --- --- --- --- --- --- ---
for suite; do suite_of "$suite"; done
ok=$(cat "$out"/*.rows | grep -c '^ok')
bad=$(cat "$out"/*.rows | grep -c '^not ok')
echo "$ok passed, $bad failed (rows and logs in build/matrix, $SECONDS s)"
[ "$bad" = 0 ] && [ "$ok" != 0 ]
