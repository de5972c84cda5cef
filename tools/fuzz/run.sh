#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh TARGET CORPUS RUNS: fuzzes from the kept inputs, in a scratch copy, so
# that a run leaves the tree as it was. What is found stays in CORPUS's parent.
set -eu
target=$1 corpus=$2 runs=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
[ ! -d "$corpus" ] || cp -r "$corpus/." "$scratch"
dict=fuzz/$(basename "$target").dict
[ -f "$dict" ] && dict="-dict=$dict" || dict=
# shellcheck disable=SC2086 # one option or none
"$target" -runs="$runs" -max_len=2048 -verbosity=0 -print_final_stats=1 \
	-artifact_prefix="fuzz/found-$(basename "$target")-" $dict "$scratch" \
	>"$scratch.log" 2>&1 || {
	cat "$scratch.log"
	rm -f "$scratch.log"
	exit 1
}
executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$scratch.log")
rm -f "$scratch.log"
echo "ok - fuzz $(basename "$target"): $executed executions, nothing found"
[ "${executed:-0}" -ge "$runs" ]
