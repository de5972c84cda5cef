#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Times our wg-quick against another one on kernel interfaces:
#	wg-quick.sh OUR_WG_QUICK REFERENCE_WG_QUICK [ROUNDS]
# Prints the best time of each in milliseconds; status 1 when ours takes more
# than half of the other's anywhere.
set -eu
ours=$1 reference=$2 rounds=${3:-7}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
umask 077
conf=$dir/wgspeed1.conf

microseconds() {
	local start=${EPOCHREALTIME/./}
	"$@" >"$dir/out" 2>&1 || { cat "$dir/out"; exit 1; }
	echo $((${EPOCHREALTIME/./} - start))
}

ms() { printf '%d.%02d' $(($1 / 1000)) $(($1 % 1000 / 10)); }

times() { printf '%d.%02d' $(($1 / $2)) $(($1 * 100 / $2 % 100)); }

slower=0
# TITLE: up and down in turns, the best of all rounds
contest() {
	local word program took round
	declare -A best=()
	for ((round = 0; round < rounds; round++)); do
		for program in "$ours" "$reference"; do
			for word in up down; do
				took=$(microseconds "$program" $word "$conf")
				[ "${best[$program $word]:-999999999}" -le "$took" ] ||
					best[$program $word]=$took
			done
		done
	done
	for word in up down; do
		printf '%-42s ours %9s ms, theirs %9s ms: %s times\n' \
			"wg-quick $word, $1" "$(ms "${best[$ours $word]}")" \
			"$(ms "${best[$reference $word]}")" \
			"$(times "${best[$reference $word]}" "${best[$ours $word]}")"
		took=${best[$ours $word]}
		[ $((2 * took)) -le "${best[$reference $word]}" ] || slower=1
	done
}

configuration() { # ALLOWED_IPS
	cat <<EOF
[Interface]
PrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=
Address = 10.9.0.2/24, fd42:42:42::2/64
[Peer]
PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=
AllowedIPs = $1
Endpoint = 127.0.0.1:51820
EOF
}

configuration "10.9.0.1/32, fd42:42:42::1/128" >"$conf"
contest "two addresses"
configuration "0.0.0.0/0, ::/0" >"$conf"
contest "default routes"
configuration "$(for i in {0..49}; do printf '%s10.%d.0.0/16' "${s:-}" $((i + 10)); s=', '; done)" >"$conf"
contest "50 routes"
exit $slower
