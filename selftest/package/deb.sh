#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The Debian packages as a person meets them, in a copy of a release: built
# from the source, installed without headers, upgraded, removed, purged, and
# with a compiler that fails. In between the kernel's own module has to stay
# usable.
#
#   deb.sh [SUITE...]                  [bookworm trixie]
set -u

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$top/dkms.conf")
if [ "${2-}" != inside ]; then
	[ $# -gt 0 ] || set -- bookworm trixie
	copy=$(mktemp -d /tmp/deb.XXXXXX)
	trap 'rm -rf "$copy"' EXIT
	tar -C "$top" -c --exclude=./build --exclude=./.git --exclude='*.o' \
		--exclude='*.ko' . | tar -x -C "$copy" || exit 1
	rc=0
	for suite; do
		SHOW=$copy sh "$here/chroot.sh" "$suite" \
			bash "$copy/selftest/package/deb.sh" "$suite" inside || rc=1
	done
	exit $rc
fi

words=/run/words
good=0 bad=0
package=wireguard-batch-dkms
work=/build
now=$work/${package}_${version}_all.deb
before=$work/${package}_1.9.0_all.deb

row() { # NAME COMMAND...
	local name="$1 ($suite)"
	shift
	if "$@" >$words 2>&1; then
		echo "ok - $name"
		good=$((good + 1))
	else
		echo "not ok - $name"
		tail -n 25 $words | sed 's/^/# /'
		bad=$((bad + 1))
	fi
}

get() { apt-get install -y -q "$@"; }

# Which module modprobe would take, and that it is a file that can be read.
ours() { # VERSION
	[ "$(modinfo -k "$real" -F version wireguard)" = "$1" ] &&
		[[ $(modinfo -k "$real" -n wireguard) == */updates/* ]]
}
own() {
	[[ $(modinfo -k "$real" -n wireguard) == */kernel/drivers/* ]] &&
		modinfo -k "$real" wireguard | grep -q '^vermagic' &&
		! ls /lib/modules/*/updates/dkms/wireguard* 2>/dev/null
}
nothing_left() {
	! ls -d /usr/src/wireguard-batch* /var/lib/dkms/wireguard-batch \
		/usr/lib/wireguard-batch 2>/dev/null && own &&
		! dpkg-query -s $package 2>/dev/null | grep '^Status: .*[^t]-'
}
state_is() { dpkg-query -W -f '${db:Status-Status}\n' $package | grep -x "$1"; }

# One line of ours, that says this.
explains() { # WORDS
	grep "^wireguard-batch-dkms: .*$1" $words.apt &&
		[ "$(grep -c '^wireguard-batch-dkms: ' $words.apt)" = 1 ]
}
fails() { # WORDS COMMAND...: apt ends badly, and the cause is said
	local say=$1
	shift
	! "$@" >$words.apt 2>&1 && cat $words.apt && explains "$say" && own
}

build() {
	cp -r "$top" $work/source && cd $work/source &&
		apt-get build-dep -y -q ./ && dpkg-buildpackage -us -uc
}
clean_lintian() {
	get lintian >/dev/null 2>&1 || return
	cd $work && lintian --allow-root --fail-on warning,error ./*.changes |
		tee /run/lintian
	! grep '^[EW]:' /run/lintian
}

# The same under an older version, to upgrade from.
older() {
	dpkg-deb -R "$now" $work/old &&
		mv "$work/old/usr/src/wireguard-batch-$version" \
			$work/old/usr/src/wireguard-batch-1.9.0 &&
		sed -i "s/\"$version\"/\"1.9.0\"/" \
			$work/old/usr/src/wireguard-batch-1.9.0/dkms.conf &&
		sed -i "s/$version/1.9.0/g" $work/old/DEBIAN/* &&
		dpkg-deb -b $work/old "$before"
}

without_headers() {
	get "$now" >$words.apt 2>&1 || { cat $words.apt; return 1; }
	cat $words.apt
	grep -q 'headers' $words.apt && state_is installed && own
}
only() { # VERSION: nothing of another one
	ours "$1" && [ "$(dkms status -m wireguard-batch -k "$real" | wc -l)" = 1 ] &&
		[ "$(ls -d /usr/src/wireguard-batch-*)" = "/usr/src/wireguard-batch-$1" ]
}
purge() { dpkg --purge $package; }

# A compiler that fails, or is not there.
hide_compiler() { # [script]
	compiler=$(readlink -f /usr/bin/gcc)
	mv "$compiler" "$compiler-away"
	[ $# = 0 ] || { printf '%b' "$1" >"$compiler" && chmod +x "$compiler"; }
}
show_compiler() { mv "$compiler-away" "$compiler"; }

failures() {
	row "the older one is back" get "$before"
	hide_compiler '#!/bin/sh\necho error: not for this kernel >&2\nexit 1\n'
	row "an upgrade that does not compile names the compiler" \
		fails 'apt install --reinstall gcc' get "$now"
	show_compiler
	row "what was begun is finished" eval \
		'dpkg --configure -a && only "$version"'
	row "is purged" eval 'purge && nothing_left'
	hide_compiler
	row "without the compiler, names it" fails 'apt install --reinstall gcc' get "$now"
	show_compiler
	row "can be purged in that state" eval 'purge && nothing_left'
	mount -t tmpfs -o size=1m small /var/lib/dkms
	row "without room, says so" fails 'less than .* of room' get "$now"
	row "can be purged without room" eval purge
	umount -l /var/lib/dkms
	row "nothing is left of that" nothing_left
}

suite=$1
mkdir -p $work
row "apt knows the release" apt-get -q update
row "the stock kernel is installed" get linux-image-cloud-amd64
real=$(ls /lib/modules)
row "dpkg-buildpackage -us -uc" build
row "lintian has nothing to say" clean_lintian
row "installs without headers, and says so" without_headers
row "the headers bring the module" eval \
	'get linux-headers-cloud-amd64 && only "$version"'
row "is removed" eval 'get --remove $package- && own'
row "is purged" eval 'purge && nothing_left'
row "an older one is installed" eval 'older && get "$before" && only 1.9.0'
row "is upgraded" eval 'get "$now" && only "$version"'
row "is installed again" eval 'get --reinstall "$now" && only "$version"'
row "is purged at once" eval 'purge && nothing_left'
failures
echo "$good passed, $bad failed"
[ $bad = 0 ] && [ $good != 0 ]
