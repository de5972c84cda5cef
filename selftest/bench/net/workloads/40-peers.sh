# SPDX-License-Identifier: GPL-2.0
# Many peers: time to configure and remove them, and memory they take. Both
# drivers get the same messages from the same program (bulk.c).
#
# The kernel of this bench has one CPU, where a grace period of RCU is nearly
# free: on a machine with several, what waits for one per peer is slower still.

family() { case $1 in ours) echo wireguard ;; *) echo wgref ;; esac; }
bulk_of() { b bulk "$(family "$1")" "$(impl_dev "$1")" "${@:2}"; }

# A link with a key in host b, so that adding a peer costs all it ever costs
lone_link() {
	host b
	impl_link b "$1" 1
}
no_link() { # [IMPL]: freed behind the end of a host, and waited for
	[ ! "${1-}" ] || ip -n b link del "$(impl_dev "$1")"
	ip netns del b
	until_ok 20 eval '! ip netns list | grep -q .'
	settled >/dev/null
}

# Bytes in use that no cache would give back, once that has stopped falling.
in_use() {
	echo 3 >/proc/sys/vm/drop_caches
	awk '/^MemTotal:/ { n += $2 }
		/^(MemFree|Cached|Buffers|SReclaimable):/ { n -= $2 }
		END { printf "%.0f\n", 1024 * n }' /proc/meminfo
}
settled() {
	local last now=0 turn
	for turn in $(seq 20); do
		last=$now
		now=$(in_use)
		[ $((last - now)) -ge 65536 ] || [ $((now - last)) -ge 65536 ] || break
		sleep 0.2
	done
	echo "$now"
}

configure() { # N IMPL
	lone_link "$2" || return
	bulk_of "$2" add "$1"
	no_link "$2"
}
remove_each() { # N IMPL
	lone_link "$2" || return
	bulk_of "$2" add "$1" >/dev/null
	bulk_of "$2" remove "$1"
	no_link "$2"
}
# The same messages again, which find nobody: what of the above is not the peers
remove_none() { # N IMPL
	lone_link "$2" || return
	bulk_of "$2" remove "$1"
	no_link "$2"
}
delete_link() { # N IMPL
	lone_link "$2" || return
	bulk_of "$2" add "$1" >/dev/null
	bulk_of "$2" delete
	no_link
}

# What peers without a session take, allowed IP included
idle() { # N IMPL
	local before
	lone_link "$2" || return
	before=$(settled)
	bulk_of "$2" add "$1" >/dev/null
	echo $((($(settled) - before) / $1))
	no_link "$2"
}
pairs peers_1k_add ms configure $((1000 / LESS))
pairs peers_10k_add ms configure $((10000 / LESS))
pairs peers_10k_remove ms remove_each $((10000 / LESS))
pairs peers_10k_none ms remove_none $((10000 / LESS))
pairs peers_10k_delete ms delete_link $((10000 / LESS))
pairs peer_idle bytes idle $((10000 / LESS))
PAIRS=1 pairs peers_100k_add ms configure $((100000 / LESS))
