# SPDX-License-Identifier: GPL-2.0
# Configuration changing under traffic: bounded in time, nothing left behind.

# one packet costs a hundred times more in an emulated machine
[ "$RIG" = vm ] && rounds=${CHURN:-10} || rounds=${CHURN:-40}
pair 4
b wg set wg0 peer "$(pub a)" persistent-keepalive 1
check A5 "session" pings a 192.168.7.2
(while :; do a ping -q -n -f -w 1 192.168.7.2; done) >/dev/null 2>&1 &
flood=$!
slowest=0
timed() { # one configuration command, its time taken
	local start took
	start=$(now_ms)
	"$@" || echo "failed: $*" >>"$TMPDIR/failed"
	took=$(($(now_ms) - start))
	[ $took -le $slowest ] || slowest=$took
}
for _ in $(seq $rounds); do
	timed b wg set wg0 peer "$(pub a)" remove
	timed peer b a 1 persistent-keepalive 1
	timed a wg set wg0 peer "$(pub b)" remove
	timed peer a b 2 endpoint 10.0.0.2:51820
done
check A5 "peers removed and added under traffic" test ! -e "$TMPDIR/failed"
check A10 "none took five seconds (slowest $slowest ms)" [ $slowest -lt 5000 ]
check A5 "traffic is back" until_ok 15 ping1 a 192.168.7.2 1
for i in $(seq $((rounds / 2))); do
	timed a wg set wg0 listen-port $((4000 + i))
	timed a wg set wg0 fwmark "$i"
	timed a wg set wg0 fwmark 0
	timed b wg set wg0 private-key "$(key b)"
	timed a wg set wg0 peer "$(pub b)" preshared-key /dev/null
	timed a wg set wg0 peer "$(pub b)" allowed-ips 192.168.7.2/32,fd07::2/128
done
check A20 "every attribute set under traffic" test ! -e "$TMPDIR/failed"
check A12 "traffic is back" until_ok 15 ping1 a 192.168.7.2 1
for _ in $(seq $((rounds / 4))); do
	timed ip -n a link set wg0 down
	timed ip -n a link set wg0 up
done &
for _ in $(seq $((rounds / 4))); do
	timed ip -n b link set wg0 down
	timed ip -n b link set wg0 up
done
wait $!
check A8 "links down and up on both sides" test ! -e "$TMPDIR/failed"
check A8 "traffic is back" until_ok 20 ping1 a 192.168.7.2 1
# wg show from many sides while peers come and go
for _ in 1 2 3 4; do
	(for _ in $(seq $rounds); do a wg show wg0 dump >/dev/null; done) &
	shows="${shows-} $!"
done
for _ in $(seq $((rounds / 4))); do
	ip -n a link add wg9 type "$KIND"
	a wg set wg9 private-key "$(key a)" peer "$(pub b)" endpoint 10.0.0.77:1 persistent-keepalive 1
	ip -n a link set wg9 up
	timed ip -n a link del wg9
done
# shellcheck disable=SC2086
wait $shows
check A16 "devices come and go beside wg show" test ! -e "$TMPDIR/failed"
kill $flood
start=$(now_ms)
ip -n a link del wg0
check A4 "deleting a loaded device takes $(($(now_ms) - start)) ms" \
	[ $(($(now_ms) - start)) -lt 5000 ]

# Many peers, all trying to shake hands with a black hole, then gone
host c
ip -n c link add wg0 type "$KIND"
on c wg set wg0 private-key "$(key c)"
awk -v n="${PEERS:-1000}" 'BEGIN { for (i = 0; i < n; i++)
	printf "[Peer]\nPublicKey = %06dAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAllowedIPs = 10.%d.%d.%d/32\nEndpoint = 127.0.0.1:9\nPersistentKeepalive = 1\n",
		i, i / 65536, i / 256 % 256, i % 256 }' >"$TMPDIR/many"
ip -n c link set wg0 up
on c wg addconf wg0 "$TMPDIR/many"
same A4 "many peers" "${PEERS:-1000}" "$(on c wg show wg0 peers | wc -l)"
start=$(now_ms)
on c wg setconf wg0 /dev/null
took=$(($(now_ms) - start))
check A4 "all removed in $took ms" [ $took -lt 10000 ]
