#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Everything that is tested, in one run: `make check`.
#
#   check.sh            lint, unit tests, module builds, system tests in
#                       virtual machines, and in UML where one was built
#   check.sh debug      the system tests and the workloads of the bench on UML
#                       kernels with KASAN and lockdep, and what runs on several
#                       CPUs at once with KCSAN; kernels are built for it
#
# Each step prints rows (`ok`, `not ok`, `skip`) into build/check/STEP.log; here
# only their number is shown, and what went wrong. A step that fails without
# a row is a failed row of its own. The last line has the sums.
set -u

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 1
logs=$top/build/check
modules=$top/build/module
rm -rf "$logs"
mkdir -p "$logs" "$modules"
uml=$top/selftest/uml
suite=$top/selftest/kernel/run-suite.sh

# step NAME COMMAND...: runs it with its rows in NAME.log
step() {
	local name=$1 start=$SECONDS rc=0
	shift
	"$@" >"$logs/$name.log" 2>&1 </dev/null || rc=$?
	[ $rc = 0 ] || grep -q '^not ok' "$logs/$name.log" || {
		echo "not ok - $name ended with status $rc"
		grep '^# |' "$logs/$name.log" | head -n 12
	} >>"$logs/$name.log"
	grep -q '^\(not ok\|ok\|skip\)' "$logs/$name.log" ||
		echo "not ok - $name printed no row" >>"$logs/$name.log"
	printf '%-18s %5d passed %4d failed %4d skipped %5d s\n' "$name" \
		"$(rows ok "$name")" "$(rows 'not ok' "$name")" \
		"$(rows skip "$name")" $((SECONDS - start))
	grep -A 12 '^not ok' "$logs/$name.log" | head -n 80
	grep '^skip' "$logs/$name.log" | sed 's/^/  /' | head -n 20
}

rows() { # WORD [STEP]
	cat "$logs/${2:-*}".log 2>/dev/null | grep -c "^$1 "
}
all_rows() { cat "$logs"/*.log | grep -c "^$1 "; }

unit() { # FOLDER [make words]: unit tests are plain programs
	make -s --no-print-directory -C "selftest/$1" check "${@:2}"
}

# A copy of the sources for each kernel, so that builds may run side by side
# and the tree stays as it is.
build_module() { # NAME KDIR [make words]: module without a word of the compiler
	local dir=$modules/$1 kdir=$2
	shift 2
	mkdir -p "$dir"
	tar -c Kbuild dkms.conf crypto src | tar -x -C "$dir" || return
	make -s -C "$kdir" M="$dir" W=1 "$@" modules \
		>"$dir/words" 2>&1 || { cat "$dir/words"; return 1; }
	# what the tree of headers lacks, and no fault of these sources
	grep -vE 'Skipping BTF generation|Module.symvers|compiler differs|The kernel was built by|You are using' \
		"$dir/words" >"$dir/warnings"
	[ ! -s "$dir/warnings" ]
}
build_row() { # NAME KDIR [make words]
	if build_module "$@"; then
		echo "ok - builds for $1 without a warning (W=1 ${*:3})"
	else
		echo "not ok - builds for $1"
		head -n 20 "$modules/$1"/w* | sed 's/^/# /'
	fi
}

build_all() { # every kernel there are headers for
	local kernel
	for kernel in $kernels; do
		build_row "$kernel" \
			"$(sh selftest/kernel/kernels.sh "$kernel")/build" \
			C=2 CF=-Wsparse-error
	done
	for flavour in bench kasan lockdep; do
		dir=$(sh "$uml/build.sh" --have $flavour) || continue
		build_row "uml-$flavour" "$dir" ARCH=um
	done
}

# With all that is fast switched off: bulk of all shapes, on one kernel. It takes
# twice the time there; on the bench kernel all of the suite is a matter of minutes.
slow_suite() { # KERNEL
	PARAMS=off INNER=off OUTER=off step "slow-$1" bash "$suite" vm "$1" \
		"$modules/$1/wireguard.ko" 00 20 42
}

vm_suites() {
	local kernel
	slow_suite "${kernels%%[[:space:]]*}"
	for kernel in $kernels; do
		[ -f "$modules/$kernel/wireguard.ko" ] || continue
		step "vm-$kernel" bash "$suite" vm "$kernel" \
			"$modules/$kernel/wireguard.ko"
		step "interop-vm-$kernel" bash selftest/kernel/interop-vm.sh \
			"$kernel" "$modules/$kernel/wireguard.ko"
		step "vmfork-$kernel" bash selftest/kernel/vmfork.sh \
			"$kernel" "$modules/$kernel/wireguard.ko"
		BOOT=ipv6.disable=1 step "no-ipv6-$kernel" bash "$suite" vm \
			"$kernel" "$modules/$kernel/wireguard.ko" 47
		BOOT="random.trust_cpu=off random.trust_bootloader=off" \
			step "no-random-$kernel" bash "$suite" vm \
			"$kernel" "$modules/$kernel/wireguard.ko" 16
	done
}

units() {
	step style python3 selftest/lint/lint.py
	for part in proto sim table crypto; do
		step "$part-gcc" unit $part CC=gcc
		step "$part-clang-san" unit $part CC=clang SAN=1 SECRETS=0
	done
	# The sanitizer lays out frames: what is left on the stack is seen without.
	step crypto-clang unit crypto CC=clang SECRETS=0
	step fuzz unit fuzz
	step tools make -s --no-print-directory -C tools check
}

uml_suite() { # FLAVOUR [words for the environment]
	local flavour=$1
	shift
	step "uml-$flavour${1:+-${1,,}}" env "$@" bash "$suite" uml "$flavour" \
		"$modules/uml-$flavour/wireguard.ko"
}

uml_if_built() { # FLAVOUR
	if [ -f "$modules/uml-$1/wireguard.ko" ]; then
		uml_suite "$1"
	else
		echo "skip - system tests on the $1 kernel:" \
			"not built yet (make check-debug, make bench)" |
			tee "$logs/uml-$1.log"
	fi
}

check() {
	sh selftest/deps.sh || exit 1
	kernels=$(sh selftest/kernel/kernels.sh list)
	for kernel in $kernels; do
		sh selftest/kernel/kernels.sh "$kernel" >/dev/null || exit 1
	done
	step module build_all
	# Now, and not beside the machines and the tests that all want them.
	sh selftest/kernel/tools.sh >/dev/null || exit 1
	units &
	vm_suites
	wait
	# the first two have one CPU each
	uml_if_built bench &
	uml_if_built lockdep
	wait
	SUITE_LIMIT=3000 TEST_LIMIT=900 uml_if_built kasan
}

# Data races: tests in which something happens beside something else.
kcsan() {
	local dir
	dir=$(sh selftest/kernel/kcsan.sh) || exit 1
	step module-kcsan build_row kcsan "$dir/build"
	PEERS=100 step kcsan bash "$suite" vm kcsan "$modules/kcsan/wireguard.ko" \
		00 16 20 22 27 28 31 36 42 43 44 45 46 48 49 51 52
}

debug() {
	sh selftest/deps.sh build uml vm || exit 1
	kernels=$(sh selftest/kernel/kernels.sh list | head -n 1)
	for flavour in kasan lockdep; do
		sh "$uml/build.sh" $flavour >/dev/null || exit 1
		step module-$flavour build_row uml-$flavour \
			"$(sh "$uml/build.sh" $flavour)" ARCH=um
		RELOADS=50 SUITE_LIMIT=3000 TEST_LIMIT=900 uml_suite $flavour
		step "bench-$flavour" bash selftest/bench/net/debug.sh $flavour \
			"$modules/uml-$flavour/wireguard.ko"
	done
	kcsan
	for kernel in $kernels; do
		step "module-$kernel" build_row "$kernel" \
			"$(sh selftest/kernel/kernels.sh "$kernel")/build"
		RELOADS=200 SUITE_LIMIT=1500 TEST_LIMIT=1200 step "reload-$kernel" \
			bash "$suite" vm "$kernel" \
			"$modules/$kernel/wireguard.ko" 37
	done
}

case ${1-} in
'') check ;;
debug) debug ;;
*) echo "usage: check.sh [debug]" >&2; exit 2 ;;
esac
echo "$(all_rows ok) passed, $(all_rows 'not ok') failed, $(all_rows skip) skipped" \
	"(rows in build/check, $SECONDS s)"
[ "$(all_rows 'not ok')" = 0 ] && [ "$(all_rows ok)" != 0 ]
