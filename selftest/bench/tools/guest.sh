#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The job of the machine that bench.sh starts.
set -u
export LD_LIBRARY_PATH=$PWD/tools/lib
modprobe wireguard || exit 1
status=0
bash ./wg.sh "$PWD/tools/usr/bin/wg" "$(type -P wg)" "$ROUNDS" || status=1
bash ./wg-quick.sh "$PWD/tools/usr/bin/wg-quick" "$(type -P wg-quick)" \
	"$ROUNDS" || status=1
exit $status
