#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The workloads of the bench on a kernel that looks for faults: what comes in
# such numbers finds what a test of a few packets does not. How fast is not
# asked; a workload that gives no number is a failed row. Of peers, routes and
# round trips there is a twentieth, or LESS=n.
#
#   debug.sh kasan|lockdep MODULE [WORKLOAD...]	by the beginning of their names
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
flavour=$1 module=$2
shift 2
smp=1
[ "$flavour" != kasan ] || smp=2
ref=$(sh "$top/selftest/uml/wgref.sh" "$flavour")
canary=$(sh "$top/selftest/uml/canary.sh" "$flavour")
make -s -C "$top/selftest/kernel"
make -s -C "$here"
for work in "$here"/workloads/*.sh; do
	name=${work##*/}
	if [ $# != 0 ]; then
		hit=
		for want; do case $name in "$want"*) hit=1 ;; esac; done
		[ "$hit" ] || continue
	fi
	echo "# $name"
	bash "$top/selftest/uml/run.sh" -F "$flavour" -s $smp -m "$module" \
		-t "${LIMIT:-1800}" -M 4096 -e PAIRS=1 -e IMPLS=ours -e "LESS=${LESS:-20}" \
		-e "WATCHED=$flavour" -f "$canary" \
		-f "$top/selftest/kernel/lib.sh" -f "$here/pairs.sh" \
		-f "$ref" -f "$work" "$here/guest.sh" "$name" |
		sed -u 's/^csv \([^,]*\),\([^,]*\),.*/ok - W1 \1 \2 gives a number/' ||
		echo "not ok - W1 $name ended with status ${PIPESTATUS[0]}"
done
