#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Ask Debian's archive about another release than this machine's: make a
# private apt configuration with its own lists, and print its path.
#
#   APT_CONFIG=$(sh apt.sh SUITE) apt-get ...
#	SUITE: bullseye bookworm trixie trixie-backports sid
#
# The lists are fetched once and again when they are a week old; with no
# network, old lists are kept.
set -eu

suite=${1:?usage: apt.sh SUITE}
mirror=${WG_MIRROR:-http://deb.debian.org/debian}
apt=${WG_CACHE:-$HOME/.cache/wireguard-batch}/apt-$suite
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

[ -f $keyring ] || {
	echo "apt.sh: no keys of Debian's archive: apt install" \
		"debian-archive-keyring" >&2
	exit 1
}
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" \
	"$apt/etc/apt.conf.d" "$apt/etc/preferences.d"
exec 9>"$apt/lock"
flock 9

{
	echo "deb [signed-by=$keyring] $mirror $suite main"
	case $suite in
	*-*|sid) ;;
	*)	echo "deb [signed-by=$keyring] $mirror $suite-updates main"
		echo "deb [signed-by=$keyring] $mirror-security $suite-security main"
		;;
	esac
} >"$apt/sources.list"
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
// or an update without a network counts as one
APT::Update::Error-Mode "any";
APT::Sandbox::User "root";
EOC
[ -f "$apt/status" ] || : >"$apt/status"
if [ ! "$(find "$apt/fresh" -mtime -7 2>/dev/null)" ]; then
	if APT_CONFIG="$apt/apt.conf" apt-get -q update >&2; then
		: >"$apt/fresh"
	elif [ ! -e "$apt/fresh" ]; then
		echo "apt.sh: cannot reach $mirror for $suite" >&2
		exit 1
	fi
fi
echo "$apt/apt.conf"
