#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run the system tests in one machine.
#
#   run-suite.sh vm KERNEL|uml FLAVOUR MODULE|intree [NN...]
#
# SUITE_LIMIT: seconds for the whole run. Result lines go to the output.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
rig=$1 kernel=$2 module=$3
shift 3
make -s -C "$here"
common=(-m "$module" -t "${SUITE_LIMIT:-900}" -f "$here/lib.sh" -f "$here/tests"
	-e "TEST_LIMIT=${TEST_LIMIT:-120}" -e "KERNEL=$kernel"
	-e "KEEP_DMESG=${KEEP_DMESG-}" -l "${SUITE_LOG:-/dev/null}")
case $rig in
vm) exec bash "$here/vm.sh" -k "$kernel" "${common[@]}" "$here/suite.sh" "$@" ;;
uml)
	smp=1
	[ "$kernel" != kasan ] || smp=2
	exec bash "$here/../uml/run.sh" -F "$kernel" -s $smp "${common[@]}" \
		"$here/suite.sh" "$@" ;;
esac
