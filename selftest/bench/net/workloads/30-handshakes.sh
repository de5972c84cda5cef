# SPDX-License-Identifier: GPL-2.0
# Handshakes answered per second, and what a flood of them leaves of a stream.
# The other side is a program (shake.c) on the same CPU.

# answering IMPL: host b with its driver, which knows 1000 peers of shake
answering() {
	two_hosts
	case $1 in
	ref) ip -n b link add ref0 type wgref ;;
	*) ip -n b link add wg0 type "$KIND" ;;
	esac
	b shake setup "$(family "$1")" "$(impl_dev "$1")" 51820 1000
	ip -n b link set "$(impl_dev "$1")" up
}
family() { case $1 in ours) echo wireguard ;; *) echo wgref ;; esac; }

answers() { # IMPL
	answering "$1" || return
	a shake ask 10.0.0.2 51820 1000 5
	no_ends
}
pairs handshakes answers/s answers

# A stream through the tunnel while 100,000 initiations a second come in: with
# the wrong first MAC, with the right one, and, as the yardstick, to a port where
# they are dropped before any driver sees them.
flooded() { # bad|good|none IMPL
	local port=51820 kind=$1
	[ "$kind" != none ] || port=9 kind=bad
	two_ends "$2" "$2" || return
	# the flood must know the key it is meant for
	b shake setup "$(family "$2")" "$(impl_dev "$2")" 51820 0
	b shake public >/dev/null 2>&1
	no_ends
}
