#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the system tests inside a test machine, each in a shell of its own, and
# after each one cleans up and asks the kernel: anything reported, anything
# left over?
#
#	suite.sh [NN...]	only the tests whose names begin so
#
# Result lines: `ok - ...`, `not ok - ...`, `skip - ... (reason)`.
set -u
. ./lib.sh

limit=${TEST_LIMIT:-480}
[ ! "${TRAVEL-}" ] || limit=${TEST_LIMIT:-20000}

# Every object the debug lines say was made must be gone. They are printed for
# exactly this; a driver that says nothing fails.
unbalanced() {
	dmesg | awk '
		/: Interface created/ { made["interface"]++; n++ }
		/: Interface destroyed/ { made["interface"]-- }
		/: Peer [0-9]+ .*created/ { made["peer"]++; n++ }
		/: Peer [0-9]+ .*destroyed/ { made["peer"]-- }
		/: Keypair [0-9]+ created/ { made["keypair"]++; n++ }
		/: Keypair [0-9]+ destroyed/ { made["keypair"]-- }
		END {
			for (kind in made) if (made[kind]) {
				print kind, made[kind]; bad = 1
			}
			if (!n) { print "no object was ever reported"; bad = 1 }
			exit !bad
		}'
}

clean_up() {
	jobs -p | xargs -r kill 2>/dev/null
	for ns in $(ip netns list | cut -d' ' -f1); do
		for pid in $(ip netns pids "$ns"); do kill -9 "$pid"; done
		ip netns del "$ns"
	done 2>/dev/null
	for kind in $KIND wgref; do
		for dev in $(ip -o link show type "$kind" 2>/dev/null |
			cut -d: -f2 | cut -d@ -f1); do
			ip link del "$dev"
		done
	done
	rm -rf "$TMPDIR"/*
}

run_test() {
	local name=${1##*/} rc=0
	name=${name%.sh}
	echo "# $name"
	dmesg -C
	timeout -k 5 "$limit" bash -c '. ./lib.sh; . "$1"; finish' - "$1" \
		> >(exec tee /run/rows) || rc=$?
	[ $rc = 0 ] || echo "not ok - $name ended with status $rc (limit $limit s)"
	clean_up
	faults "$name"
	until_ok 5 grep -qE '^(ok|not ok|skip)' /run/rows ||
		echo "not ok - $name said nothing"
	[ "${name%%-*}" != 00 ] && grep -q '^\(not \)\?ok' /run/rows || return
	if until_ok 10 eval '! unbalanced >/dev/null'; then
		echo "ok - A1 $name objects created and destroyed balance"
	else
		echo "not ok - A1 $name objects left: $(unbalanced | tr '\n' ' ')"
		[ "${KEEP_DMESG-}" ] && dmesg | sed 's/^/# /'
	fi
}

# handshakes are refused before the kernel has randomness of its own
case ${BOOT-} in
*random.trust_cpu=off*) ;;
*) head -c 1 /dev/random >/dev/null ;;
esac
# in virtual time nothing has cost any yet, and a clock at zero is special
[ ! "${TRAVEL-}" ] || sleep 10
# Peers' lines must not be lost to rate limits.
sysctl -q -w net.core.message_cost=0 kernel.printk_ratelimit=0
sysctl -q -e -w kernel.hung_task_timeout_secs=60
load
for t in tests/*.sh; do
	[ $# = 0 ] || {
		hit=
		for want; do case ${t##*/} in "$want"*) hit=1 ;; esac; done
		[ "$hit" ] || continue
	}
	start=$(cut -d. -f1 /proc/uptime)
	run_test "$t"
	echo "# took $(($(cut -d. -f1 /proc/uptime) - start)) s"
done
leaks
watched
exit 0
