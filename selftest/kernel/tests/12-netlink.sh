# SPDX-License-Identifier: GPL-2.0
# Errno of every malformed request, the kernel being alive after each.

host a
ip -n a link add wg0 type "$KIND"
a nlcheck "$KIND" wg0
same E2 "nothing of it was left behind" "" "$(a wg show wg0 peers)"
ip -n a link set wg0 up
a nlcheck "$KIND" wg0 | sed 's/netlink/netlink while up,/'

# Requests without privilege
check E11 "no privilege, no answer" fails setpriv --bounding-set -net_admin \
	--inh-caps -net_admin nsenter --net=/run/netns/a wgconf "$KIND" dump wg0
# A user namespace owns a namespace of its own, but not the tunnel's home.
check E11 "another user namespace may show its own tunnel" \
	unshare -Urn bash -c "ip link add wg0 type $KIND && wg show wg0"
