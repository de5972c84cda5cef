# SPDX-License-Identifier: GPL-2.0
# Namespaces with tunnels made and dropped in parallel.

[ "$RIG" = vm ] && rounds=${LOOPS:-3} || rounds=${LOOPS:-20}
worker() {
	local i
	for i in $(seq "$rounds"); do
		ip netns add "n$1-$i"
		ip -n "n$1-$i" link add wg0 type "$KIND"
		on "n$1-$i" wg set wg0 private-key "$(key a)" listen-port 5 \
			peer "$(pub b)" endpoint 127.0.0.1:9 persistent-keepalive 1 \
			allowed-ips 0.0.0.0/0
		ip -n "n$1-$i" link set lo up
		ip -n "n$1-$i" link set wg0 up
		[ $((i % 2)) = 0 ] || {
			ip netns add "m$1-$i"
			ip -n "n$1-$i" link set wg0 netns "m$1-$i"
			ip netns del "m$1-$i"
		}
		ip netns del "n$1-$i"
	done
}
key a >/dev/null
key b >/dev/null
start=$(now_ms)
workers=
for w in 1 2 3 4 5 6 7 8; do
	worker $w &
	workers="$workers $!"
done
bad=0
for w in $workers; do wait "$w" || bad=1; done
same A3 "eight at once, $((8 * rounds)) namespaces in $(($(now_ms) - start)) ms" 0 $bad
ip link add wgx type "$KIND"
check A3 "the kernel still takes orders" ip link del wgx
