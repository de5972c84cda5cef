# SPDX-License-Identifier: GPL-2.0
# Look-ups among many allowed IPs, by what they add to the cost of a packet.
#
# Packets to random addresses are handed to the link by a packet socket (bulk.c)
# through a queue that lets them pass at once, and refused by the driver because
# the peer has no endpoint: so a packet costs the socket, a buffer, the look-up
# and the refusal. A value is that cost among N routes of 1000 peers
# less the cost with one route of one peer, on the same link: the walk through
# N routes and its misses in the caches, without the rest.
# Of five runs the fastest counts, because noise of the machine only adds.

family() { case $1 in ours) echo wireguard ;; *) echo wgref ;; esac; }
bulk_of() { b bulk "$(family "$1")" "$(impl_dev "$1")" "${@:2}"; }

packet_ns() { # IMPL ROUTES
	for _ in 1 2 3 4 5; do
		bulk_of "$1" send "$2" $((200000 / LESS))
	done | sort -n | head -n 1
}

among() { # ROUTES IMPL
	local one many
	host b
	impl_link b "$2" 1
	on b tc qdisc add dev "$(impl_dev "$2")" root pfifo limit 1000
	bulk_of "$2" routes 1 1
	one=$(packet_ns "$2" 1)
	bulk_of "$2" routes "$1" 1000
	many=$(packet_ns "$2" "$1")
	echo "# $2: $one ns with one route, $many with $1" >&2
	awk -v one="$one" -v many="$many" 'BEGIN { printf "%.1f\n", many - one }'
	ip -n b link del "$(impl_dev "$2")"
	ip netns del b
	until_ok 20 eval '! ip netns list | grep -q .'
}

pairs routes_1k ns among 1000
pairs routes_100k ns among $((100000 / LESS))
pairs routes_1m ns among $((1000000 / LESS))
