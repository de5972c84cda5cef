#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Runs a command in network and mount namespaces of its own, with wireguard-go
# behind the interfaces named first:
#	in-namespace.sh WIREGUARD_GO "wg0 wg1" COMMAND [ARGUMENT]...
# The implementations end when the command does; /etc/wireguard is empty.
set -eu
if [ "${IN_NAMESPACE:-}" != yes ]; then
	IN_NAMESPACE=yes exec unshare -n -m "$0" "$@"
fi
go=$1 interfaces=$2
shift 2
mkdir -p /var/run/wireguard /etc/wireguard
mount -t tmpfs none /var/run/wireguard
mount -t tmpfs none /etc/wireguard
mount -t tmpfs none /run/systemd 2>/dev/null || :
ip link set lo up
pids=
trap 'kill $pids 2>/dev/null || :' EXIT
for interface in $interfaces; do
	LOG_LEVEL=silent "$go" -f "$interface" </dev/null >/dev/null 2>&1 &
	pids="$pids $!"
	# Until its socket is there: at most ten seconds, then it never comes.
	tries=0
	until [ -S "/var/run/wireguard/$interface.sock" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 1000 ] || { echo "no $interface" >&2; exit 2; }
		sleep 0.01
	done
done
"$@"
