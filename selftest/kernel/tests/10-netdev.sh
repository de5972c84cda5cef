# SPDX-License-Identifier: GPL-2.0
# Properties of a new link, as users see them [UAPI 1.3].

host a
ip -n a link add wg0 type "$KIND"
link=$(ip -n a -d -o link show wg0)
has() { grep -qE -- "$1" <<<"$link"; }
check N1 "point to point, no ARP" has '<POINTOPOINT,NOARP>'
check N1 "no link layer" has 'link/none'
check N1 "default MTU" has 'mtu 1420 '
check N1 "no queue" has 'qdisc noop|qdisc noqueue'
check N1 "smallest and largest MTU" has 'minmtu 0 maxmtu 2147483552'
check N1 "no offload limits below the stack's" has 'gso_max_segs 65535'
check N1 "kind is shown" has ' wireguard '
same N2 "device type" DEVTYPE=wireguard \
	"$(ip netns exec a grep DEVTYPE /sys/class/net/wg0/uevent)"
features=$(a ethtool -k wg0)
for f in tx-checksumming:\ on rx-checksumming:\ on scatter-gather:\ on \
	tcp-segmentation-offload:\ on generic-segmentation-offload:\ on \
	tx-checksum-ip-generic:\ on highdma:\ on; do
	check N3 "feature $f" grep -q "$f" <<<"$features"
done
same N4 "ethtool names the driver" "driver: wireguard" \
	"$(a ethtool -i wg0 | grep ^driver)"
check N5 "comes up" ip -n a link set wg0 up
link=$(ip -n a -d -o link show wg0)
check N5 "noqueue when up" has 'qdisc noqueue'
check N5 "state unknown, carrier on" has 'LOWER_UP'
same N6 "no link-local address of its own" "" "$(ip -n a -6 addr show dev wg0)"
same N6 "no redirects on the link" 0 \
	"$(a sysctl -n net.ipv4.conf.wg0.send_redirects)"
same N6 "no redirects at all" 0 \
	"$(a sysctl -n net.ipv4.conf.all.send_redirects)"
port=$(a wg show wg0 listen-port)
check N7 "a random port is chosen" [ "${port:-0}" -gt 0 ]
check N7 "the port is open for v4 and v6" eval \
	"[ \$(on a ss -Hlnu | grep -c ':$port ') = 2 ]"
ip -n a link set wg0 down
same N7 "closed when down" "" "$(a ss -Hlnu)"
check N8 "MTU from 0" ip -n a link set wg0 mtu 0
check N8 "MTU up to the largest" ip -n a link set wg0 mtu 2147483552
check N8 "no MTU above it" fails ip -n a link set wg0 mtu 2147483553
check N9 "no address may be set" fails ip -n a link set wg0 address 02:00:00:00:00:01
check N10 "no parameters on creation" ip -n a link add wg1 type "$KIND"
check N11 "rename" ip -n a link set wg1 name tunnel-of-15-ch
check N12 "a second port user is refused" eval '
	a wg set wg0 listen-port 4000; ip -n a link set wg0 up
	a wg set tunnel-of-15-ch listen-port 4000
	! ip -n a link set tunnel-of-15-ch up'
check N12 "with the reason" grep -qi 'in use' \
	<<<"$(ip -n a link set tunnel-of-15-ch up 2>&1)"
check N12 "a port in use cannot be set while up either" eval '
	a wg set tunnel-of-15-ch listen-port 4001
	ip -n a link set tunnel-of-15-ch up
	! a wg set tunnel-of-15-ch listen-port 4000'
