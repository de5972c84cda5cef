# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the workloads of make bench are written in. A workload measures by
# calling `pairs`; the two drivers are `ours` (kind wireguard, wg0) and `ref`
# (the in-tree one under the name wgref, ref0): see lib.sh.

# Where what a workload does is a number and no time: so many times less of it
LESS=${LESS:-1}

# turn PAIR WORKLOAD UNIT COMMAND...: one pair; COMMAND gets `ours` or `ref` as
# its last word and prints one number. IMPLS=ours: one of the two alone
turn() {
	local pair=$1 work=$2 unit=$3 impl
	shift 3
	for impl in ${IMPLS:-ours ref}; do
		one "$work" "$unit" "$pair" "$impl" "$@" "$impl"
	done
}

# pairs WORKLOAD UNIT COMMAND...: all pairs of a workload. Those whose figures
# are compared with each other take turns instead, for machines have slow minutes
pairs() {
	local pair
	for pair in $(seq "$PAIRS"); do
		turn "$pair" "$@"
	done
}

# one WORKLOAD UNIT PAIR MODULE COMMAND...: a single value
one() {
	local work=$1 unit=$2 pair=$3 impl=$4 value
	shift 4
	value=$("$@") || value=
	case $value in
	'' | *[!0-9.-]*) not_ok "W1 $work $impl: no number: $value" ;;
	*)
		echo "csv $work,$impl,$pair,$value,$unit"
		printf '%-22s %-6s %12s %s\n' "$work" "$impl" "$value" "$unit"
		;;
	esac
}

# two_ends A B: hosts a and b on a cable with drivers A and B; inner addresses
# 192.168.7.1 and .2, which answer
two_ends() {
	two_hosts
	impl_link a "$1" 1
	impl_link b "$2" 2
	impl_peer a "$1" b 2 10.0.0.2 51820
	impl_peer b "$2" a 1 10.0.0.1 51820
	until_ok 10 pings a 192.168.7.2
}

# behind HOST COMMAND...: runs on, $behind is the process; its output would be
# the workload's
behind() {
	local host=$1
	shift
	nsenter --net="/run/netns/$host" -- "$@" >/dev/null 2>&1 &
	behind=$!
	disown "$behind"
}

no_ends() {
	ip netns del a
	ip netns del b
	# the next one must not pay for what is freed behind
	until_ok 20 eval '! ip netns list | grep -q .'
	sleep 0.2
}
