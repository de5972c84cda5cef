# SPDX-License-Identifier: GPL-2.0
# With wireguard-go on a TUN device.

if ! type -P wireguard-go >/dev/null; then
	skip "X1 wireguard-go is not installed"
	return
fi
if [ "${TRAVEL-}" ]; then
	skip "X1 wireguard-go in virtual time (its scheduler spins, and time stands)"
	return
fi
interop go
if [ "${LONG-}" ]; then
	for pid in $(ip netns pids b); do kill "$pid"; done
	ip netns del a
	ip netns del b
	until_ok 5 test ! -e /run/wireguard/go0.sock
	interop_rekey go
else
	skip "X4 three renewals (six minutes; LONG=1 runs them)"
fi
