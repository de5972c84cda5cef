#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What install.sh, DKMS and state.sh do where the module cannot be had: one
# line that names the cause and the remedy, and nothing half-installed.
#
#   refusals.sh [SUITE]                in a copy of that release   [bookworm]
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
if [ "${2-}" != inside ]; then
	copy=$(mktemp -d /tmp/refusals.XXXXXX)
	trap 'rm -rf "$copy"' EXIT
	sh "$here/sources.sh" "$copy" && mkdir -p "$copy/selftest" &&
		cp -r "$here" "$copy/selftest/" || exit 1
	SHOW=$copy sh "$here/chroot.sh" "${1:-bookworm}" \
		bash "$copy/selftest/package/refusals.sh" "${1:-bookworm}" inside
	exit
fi

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
words=/run/words
good=0 bad=0

prepare() {
	apt-get -q update && apt-get install -y -q linux-image-cloud-amd64 \
		linux-headers-cloud-amd64
} >/run/prepare 2>&1

verdict() { # NAME STATUS: of the test just made
	if [ "$2" = 0 ]; then
		echo "ok - $1"
		good=$((good + 1))
	else
		echo "not ok - $1"
		sed 's/^/# /' $words
		bad=$((bad + 1))
	fi
}

nothing_left() {
	! ls -d /usr/src/wireguard-batch* /var/lib/dkms/wireguard-batch \
		/lib/modules/*/updates/dkms/wireguard* 2>/dev/null &&
		[[ $(modinfo -k "$real" -n wireguard) == */kernel/drivers/* ]]
}

refuses() { # NAME WORDS-OF-THE-LINE KERNEL
	KERNEL=$3 sh "$here/install.sh" >$words 2>&1 </dev/null
	[ $? = 1 ] && grep -q "^install: .*$2" $words &&
		[ "$(grep -c '^install: ' $words)" = 1 ] && nothing_left
	verdict "install refuses: $1" $?
}

fake() { # RELEASE MAKEFILE CONFIG: headers
	mkdir -p "/lib/modules/$1/build/include"
	printf '%b\n' "$2" >"/lib/modules/$1/build/Makefile"
	grep -v '^CONFIG_WIREGUARD' "/lib/modules/$real/build/.config" \
		>"/lib/modules/$1/build/.config"
	echo "$3" >>"/lib/modules/$1/build/.config"
}

installs() {
	refuses "headers missing" "apt install linux-headers-6.1.0-none" 6.1.0-none
	refuses "kernel too old" "older than 5.10" 4.19.0-27-amd64
	refuses "kernel too new" "newer than this source" 9.1.0-1-amd64
	refuses "no such kernel" "no kernel 6.5.0-1 is installed" 6.5.0-1
	refuses "WireGuard built in" "CONFIG_WIREGUARD=y" 6.1.0-builtin
	refuses "no UDP tunnels" "lacks CONFIG_NET_UDP_TUNNEL" 6.1.0-notunnel
	refuses "compilation fails" "does not compile: .*nothing compiles" \
		6.1.0-broken
	mount -t tmpfs -o size=10m small /var/lib/dkms
	refuses "no room" "less than 200 MB of room" "$real"
	umount /var/lib/dkms
	local compiler
	compiler=$(readlink -f /usr/bin/gcc)
	mv "$compiler" "$compiler-away"
	printf '#!/bin/sh\necho error: not for this kernel >&2\nexit 1\n' \
		>"$compiler"
	chmod +x "$compiler"
	refuses "compiler does not work" \
		"apt install --reinstall gcc-[0-9]" "$real"
	mv "$compiler-away" "$compiler"
	mv /usr/bin/gcc /usr/bin/gcc-away
	refuses "no compiler" "apt install gcc" "$real"
	mv /usr/bin/gcc-away /usr/bin/gcc
	other_preferred
}

other_preferred() {
	case $(dkms --version) in *3.0.*) ;; *)
		echo "skip - install refuses: depmod prefers another: this" \
			"dkms puts the kernel's own aside"
		return ;;
	esac
	mkdir -p /etc/depmod.d
	echo 'search built-in updates' >/etc/depmod.d/local.conf
	refuses "depmod prefers another" "/etc/depmod.d" "$real"
	rm /etc/depmod.d/local.conf
	depmod "$real"
}

# As a kernel's own installation calls it: a skip is no failure. dkms 3.0 does
# not know the difference and ends with its status for failures.
skips() { # NAME RELEASE
	local rc=0 want=0 how=skips
	case $(dkms --version) in *3.0.*) want=11 how="(3.0) refuses" ;; esac
	dkms autoinstall -k "$2" >$words 2>&1 || rc=$?
	[ $rc = $want ] && { [ $rc = 0 ] || grep -q BUILD_EXCLUSIVE $words; } &&
		! ls /lib/modules/"$2"/updates/dkms/wireguard* 2>/dev/null
	verdict "dkms $how: $1" $?
}

with_dkms() {
	sh "$here/sources.sh" "/usr/src/wireguard-batch-$version"
	dkms add -m wireguard-batch -v "$version" >$words 2>&1
	verdict "dkms takes the source" $?
	skips "WireGuard built in" 6.1.0-builtin
	fake 4.19.0-27-amd64 'all:' ''
	skips "kernel too old" 4.19.0-27-amd64
	skips "no UDP tunnels" 6.1.0-notunnel
	sh "$here/uninstall.sh" >$words 2>&1 && nothing_left
	verdict "uninstall takes everything away" $?
	sh "$here/uninstall.sh" >$words 2>&1 && grep -q 'nothing was' $words
	verdict "uninstall may be repeated" $?
}

tells() { # NAME WORDS STATUS
	KERNEL=$real SYSFS=/run/sys sh "$here/state.sh" >$words 2>&1
	[ $? = "$3" ] && grep -q "$2" $words
	verdict "state tells: $1" $?
}

# The commands which the line above names, and what they do to the module.
mends() { # NAME DIRECTORY
	local rc=0
	# no key can be made in a chroot
	sed -n 's/.*: dkms generate_mok, then //p' $words >/run/remedy
	touch -d '2 days ago' "$2"/wireguard.ko*
	sh -ec "$(cat /run/remedy)" >>$words 2>&1 && [ -s /run/remedy ] &&
		[ "$(find "$2" -name 'wireguard.ko*' -mtime -1)" ] || rc=1
	verdict "the remedy works: $1" $rc
}

# with a module that is not signed, on a machine that wants it signed
states() {
	local to=/lib/modules/$real/updates/dkms
	tells "not built" "not built for kernel" 0
	dpkg --purge dkms >$words 2>&1
	YES=1 KERNEL=$real sh "$here/install.sh" >>$words 2>&1 &&
		ls "$to"/wireguard.ko* >>$words
	verdict "install fetches dkms and works in the end" $?
	tells "ready" "is ready" 0
	mkdir -p /run/sys/firmware/efi/efivars
	printf '\006\000\000\000\001' \
		>/run/sys/firmware/efi/efivars/SecureBoot-8be4df61
	if [ "$(modinfo -k "$real" -F signer wireguard)" ]; then
		tells "Secure Boot, no mokutil" "apt install mokutil" 1
	else
		tells "Secure Boot, unsigned" "not signed" 1
		mends "an unsigned module is built again, signed or not" "$to"
	fi
	printf '#!/bin/sh\nexit 1\n' >/usr/bin/mokutil
	chmod +x /usr/bin/mokutil
	[ ! "$(modinfo -k "$real" -F signer wireguard)" ] ||
		tells "Secure Boot, key unknown" "mokutil --import" 1
	rm -rf /run/sys/firmware
	rm "/lib/modules/$real/build"
	sh "$here/uninstall.sh" >$words 2>&1 && nothing_left
	verdict "uninstall gives the kernel's own back, without headers" $?
}

prepare || { tail -n 5 /run/prepare; echo "not ok - a kernel is installed"; exit 1; }
real=$(ls /lib/modules)
fake 6.1.0-builtin 'all:' CONFIG_WIREGUARD=y
fake 6.1.0-broken 'all modules clean:\n\t@echo error: nothing compiles; exit 1' \
	CONFIG_WIREGUARD=m
fake 6.1.0-notunnel 'all:' ''
sed -i /CONFIG_NET_UDP_TUNNEL/d /lib/modules/6.1.0-notunnel/build/.config
mkdir -p /lib/modules/6.1.0-none
installs
with_dkms
states
echo "$good passed, $bad failed"
[ $bad = 0 ] && [ $good != 0 ]
