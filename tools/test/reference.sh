#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Unpacks Debian's wireguard-tools and wireguard-go where nothing else sees
# them, and prints the directory. Nothing is installed.
set -eu
cache="${WG_CACHE:-$HOME/.cache/wireguard-batch}/reference"
if [ ! -x "$cache/root/usr/bin/wg" ] || [ ! -x "$cache/root/usr/bin/wireguard-go" ]
then
	mkdir -p "$cache/deb"
	(cd "$cache/deb" &&
	 apt-get -o APT::Sandbox::User=root download wireguard-tools wireguard-go) >&2
	for deb in "$cache"/deb/*.deb; do
		dpkg -x "$deb" "$cache/root"
	done
fi
printf '%s\n' "$cache/root"
