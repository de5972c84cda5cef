#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The part of the tools' tests that needs a kernel with WireGuard: the job of a
# test machine (see selftest/kernel/vm.sh), with wg, wg-reference, differential
# and speed.sh beside it.
#	CASES=2000 SEED=1 vm-job.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "$here" || exit 1
modprobe wireguard 2>/dev/null
status=0
ip link add wgdiff0 type wireguard || exit 1
./differential "$here/wg" "$here/wg-reference" wgdiff0 "${CASES:-1000}" \
	"${SEED:-1}" || status=1
ip link del wgdiff0
[ "${SPEED:-yes}" = no ] || ./speed.sh "$here/wg" "$here/wg-reference" "${ROUNDS:-5}" || status=1
exit $status
