#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The part of wg-quick's tests that wants a kernel with WireGuard: the job of a
# test machine, started by quick-vm.sh.
set -u
here=$(cd "$(dirname "$0")" && pwd)
export LD_LIBRARY_PATH=$here/lib
modprobe wireguard 2>/dev/null
# As Debian has it: a name may have several addresses in /etc/hosts.
[ -e /etc/host.conf ] || echo 'multi on' >/etc/host.conf
mkdir -p /etc/wireguard "$here/d1" "$here/d2"
status=0
"$here/guide.sh" "$here/tools/wg-quick" "$here/tools/wg" "$here/d1" || status=1
REFERENCE=$(command -v wg-quick) \
	unshare -n -m "$here/quick.sh" "$here/tools/wg-quick" "$here/tools/wg" \
	"$here/d2" || status=1
[ "${SPEED:-yes}" = no ] || "$here/quick-speed.sh" "$here/tools/wg-quick" \
	wg-quick "${ROUNDS:-3}" || status=1
exit $status
