#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tunnel beside the in-tree driver, in one boot of one kernel: `make bench`.
#
#   bench.sh [WORKLOAD...]	files of workloads/, by the beginning of their names
#
# PAIRS=n (5): how often ours and the in-tree driver take turns. Values go to
# build/bench/net.csv, a table of medians is printed, charts are drawn beside.
# The kernel is UML with one CPU, so that throughput is the inverse of what all
# of the path costs; the in-tree driver has its x86 assembly (selftest/uml). What
# takes several CPUs to be seen is run in an emulated machine at last (smp.sh).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
out=$top/build/bench
mkdir -p "$out" "$top/build/module"
sh "$top/selftest/deps.sh" build uml vm
dir=$(sh "$top/selftest/uml/build.sh" bench)
ref=$(sh "$top/selftest/uml/wgref.sh" bench)
module=$top/build/module/uml-bench
mkdir -p "$module"
tar -C "$top" -c Kbuild dkms.conf crypto src | tar -x -C "$module"
make -s -C "$dir" M="$module" ARCH=um modules
make -s -C "$top/selftest/kernel"
make -s -C "$here"

# One processor for the kernel and the processes that are its user space: woken
# each on another they take twice as long, and only the waking is measured.
cpu=$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')

csv=$out/net.csv
[ $# = 0 ] || csv=$out/net-part.csv
echo workload,module,pair,value,unit >"$csv"
for work in "$here"/workloads/*.sh; do
	name=${work##*/}
	if [ $# != 0 ]; then
		hit=
		for want; do case $name in "$want"*) hit=1 ;; esac; done
		[ "$hit" ] || continue
	fi
	echo "== $name"
	taskset -c "$cpu" bash "$top/selftest/uml/run.sh" -F bench -m "$module/wireguard.ko" \
		-t "${LIMIT:-1200}" -M 3072 -e "PAIRS=${PAIRS:-5}" \
		-f "$top/selftest/kernel/lib.sh" -f "$here/pairs.sh" \
		-f "$ref" -f "$work" "$here/guest.sh" "$name" |
		tee "$out/last.log" | sed -u '/^csv /d'
	sed -n 's/^csv //p' "$out/last.log" >>"$csv"
done
if [ $# = 0 ]; then
	bash "$here/smp.sh" | tee "$out/last.log" | sed -u '/^csv /d'
	sed -n 's/^csv //p' "$out/last.log" >>"$csv"
fi
python3 "$here/report.py" "$csv" "$dir"
