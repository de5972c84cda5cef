#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Fetch Debian's linux-source package of the kernel the UML rigs are built
# from and unpack it in the cache; print the directory. Debian's own archive
# is asked through a private apt configuration, so the machine's package
# lists stay as they are.
set -eu

version=${WG_UML_VERSION:-7.2}
suite=${WG_UML_SUITE:-sid}
mirror=${WG_MIRROR:-http://deb.debian.org/debian}
cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
dir=$cache/linux-$version

mkdir -p "$cache"
exec 9>"$cache/linux-$version.lock"
flock 9
if [ -f "$dir/Makefile" ]; then echo "$dir"; exit 0; fi

apt=$cache/apt-$suite
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" \
	"$apt/etc/apt.conf.d"
: >"$apt/status"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
cat >"$apt/apt.conf" <<EOC
Dir::Etc "$apt/etc";
Dir::Etc::SourceList "$apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$apt";
Dir::State::Lists "$apt/lists";
Dir::State::Status "$apt/status";
Dir::Cache "$apt/cache";
// Mirrors that are snapshots serve lists past their date; signatures hold.
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "root";
EOC
export APT_CONFIG="$apt/apt.conf"
apt-get -q update >&2
new=$dir.new
rm -rf "$new"
mkdir -p "$new"
(cd "$new" && apt-get -q download "linux-source-$version" >&2)
dpkg -x "$new"/linux-source-*.deb "$new"
mkdir "$new/tree"
tar -C "$new/tree" --strip-components=1 -xf "$new"/usr/src/linux-source-*.tar.xz
mv "$new/tree" "$dir"
rm -rf "$new"
echo "$dir"
