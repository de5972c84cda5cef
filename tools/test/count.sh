#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# count.sh COMMAND...: runs tests, and says in the last line how they went.
set -u
results=$(mktemp)
trap 'rm -f "$results"' EXIT
{ "$@" 2>&1; echo "status $?"; } | tee "$results" | grep -v '^status '
status=$(sed -n 's/^status //p' "$results")
number() { grep -c "$1" "$results"; }
echo "tools: $(number '^ok ') passed, $(number '^not ok ') failed, $(number '^skip ') skipped"
[ "$status" = 0 ] && ! grep -q '^not ok ' "$results"
