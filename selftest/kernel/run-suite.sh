#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run the system tests in one machine.
#
#   run-suite.sh vm KERNEL|uml FLAVOUR MODULE|intree [NN...]
#
# From the environment: SUITE_LIMIT (seconds for the whole run), TEST_LIMIT (for
# one test), TRAVEL=1 (UML: virtual time), LONG=1 (tests that wait for minutes),
# CHURN, RELOADS, LOOPS, PEERS, REQUESTS, CASES (sizes), SEED, KEEP_DMESG=1 (all
# debug lines), BOOT (words for the kernel's command line, which some tests ask
# for).
# What is fast can be switched off: PARAMS ("crypto=generic spill=0", parameters
# of the module), INNER and OUTER ("gro off", features of the tunnel's links and
# of the cables between hosts). PARAMS=off, INNER=off, OUTER=off: all there is.
# Result lines go to the output.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
[ "${PARAMS-}" != off ] || PARAMS="crypto=generic whole=0 rx_wait=0 tx_wait=0 spill=0"
[ "${INNER-}" != off ] || INNER="gro off gso off tso off tx-udp-segmentation off"
[ "${OUTER-}" != off ] || OUTER="gro off gso off tso off tx-udp-segmentation off"
rig=$1 kernel=$2 module=$3
shift 3
make -s -C "$here"
tools=$(sh "$here/tools.sh")
common=(-m "$module" -t "${SUITE_LIMIT:-1500}" -f "$here/lib.sh" -f "$here/tests"
	-f "$tools" -e "KERNEL=$kernel")
for v in TEST_LIMIT TRAVEL LONG CHURN RELOADS LOOPS PEERS CASES REQUESTS SEED \
	KEEP_DMESG BOOT PARAMS INNER OUTER; do
	[ -z "${!v-}" ] || common+=(-e "$v=${!v}")
done
boot=${BOOT-}
for v in ${PARAMS-}; do boot+=" wireguard.$v"; done	# modprobe reads them there
[ -z "$boot" ] || common+=(-a "$boot")
[ -z "${SUITE_LOG-}" ] || common+=(-l "$SUITE_LOG")
watched() { # FLAVOUR: a kernel that reports, and its canary
	common+=(-f "$(sh "$here/../uml/canary.sh" "$1")" -e "WATCHED=$1")
}
case $rig in
vm)
	[ "$kernel" != kcsan ] || watched kcsan
	exec bash "$here/vm.sh" -k "$kernel" "${common[@]}" "$here/suite.sh" "$@"
	;;
uml)
	smp=1
	[ "$kernel" != kasan ] || smp=2
	[ -z "${TRAVEL-}" ] || common+=(-T)
	common+=(-f "$(sh "$here/../uml/wgref.sh" "$kernel")")
	[ "$kernel" = bench ] || watched "$kernel"
	exec bash "$here/../uml/run.sh" -F "$kernel" -s $smp "${common[@]}" \
		"$here/suite.sh" "$@" ;;
esac
