# SPDX-License-Identifier: GPL-2.0
# Receiving in threads of the kernel, switched on and off under traffic [A19].

knob() { ip netns exec "$1" cat /sys/class/net/wg0/threaded; }
turn() { ip netns exec "$1" sh -c "echo $2 >/sys/class/net/wg0/threaded"; }
pair 4
if ! turn b 1 2>/dev/null; then
	skip "A19 NAPI in threads (kernel without the switch)"
	return
fi
[ "$RIG" = vm ] && rounds=${CHURN:-8} || rounds=${CHURN:-30}
same A19 "threads are on" 1 "$(knob b)"
check A19 "session in threads" pings a 192.168.7.2
check A19 "TCP in threads" tcp_copy a b fd07::2 2048
(while :; do a ping -q -n -f -w 1 192.168.7.2; done) >/dev/null 2>&1 &
flood=$!
for i in $(seq $rounds); do
	turn b $((i % 2)) || echo "turn $i" >>"$TMPDIR/failed"
	b wg set wg0 peer "$(pub a)" remove
	# b asks for a session itself: a would after 15 s only [WP 6.5]
	peer b a 1 endpoint 10.0.0.1:51820 persistent-keepalive 1
	[ $((i % 4)) != 0 ] || { ip -n b link set wg0 down; ip -n b link set wg0 up; }
done
check A19 "switched $rounds times beside changing peers" test ! -e "$TMPDIR/failed"
turn b 1
check A19 "traffic is back" until_ok 15 ping1 a 192.168.7.2 1
for i in 1 2 3 4; do
	ip -n b link add wg9 type "$KIND"
	# a driver may have nothing to switch before there is a peer
	ip netns exec b sh -c 'echo 1 >/sys/class/net/wg9/threaded' 2>/dev/null
	ip -n b link set wg9 up
	ip -n b link del wg9
done
check A19 "deleted with threads, under traffic" ip -n b link del wg0
kill $flood
