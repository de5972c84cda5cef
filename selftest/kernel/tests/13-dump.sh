# SPDX-License-Identifier: GPL-2.0
# Dumps of every size come out whole, in order, and in several messages.

host a
ip -n a link add wg0 type "$KIND"
a wg set wg0 private-key "$(key a)"

# keys N FIRST: N different public keys, printable but otherwise arbitrary
keys() {
	awk -v n="$1" -v first="${2:-0}" 'BEGIN {
		for (i = first; i < first + n; i++)
			printf "%06dAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", i
	}'
}
# config PEERS IPS: that many peers with that many allowed ips each
config() {
	keys "$1" | awk -v ips="$2" '{
		print "[Peer]\nPublicKey = " $0
		for (i = 0; i < ips; i++) {
			n = peer * ips + i
			printf "AllowedIPs = 10.%d.%d.%d/32\n",
				n / 65536, n / 256 % 256, n % 256
		}
		peer++
	}'
}
round_trip() { # PEERS IPS
	config "$1" "$2" >"$TMPDIR/big.conf"
	a wg setconf wg0 "$TMPDIR/big.conf" || return
	a wg show wg0 allowed-ips | awk '{ peers++; if ($2 != "(none)") ips += NF - 1 }
		END { print peers + 0, ips + 0 }' >"$TMPDIR/count"
	[ "$(cat "$TMPDIR/count")" = "$1 $(($1 * $2))" ] || {
		cat "$TMPDIR/count"
		return 1
	}
	[ "$(a wg show wg0 peers)" = "$(keys "$1")" ] || { echo order; return 1; }
	a wg showconf wg0 | sed -n '/^AllowedIPs/s/AllowedIPs = //p' |
		tr -d ' ' | tr ',' '\n' >"$TMPDIR/got"
	sed -n 's/AllowedIPs = //p' "$TMPDIR/big.conf" | cmp - "$TMPDIR/got"
}
for size in '1 0' '1 1' '1 2000' '2 113' '2 114' '2 115' '3 130' '7 53' \
	'30 0' '31 0' '32 1' '40 53' '197 1' '600 3'; do
	check E1 "peers and ips: $size" round_trip $size
done
check E1 "65536 allowed ips at one peer" round_trip 1 65536
a wg set wg0 peer "$(keys 1)" remove
same E1 "emptied" "" "$(a wg show wg0 peers)"
# A dump read while the configuration changes either is whole or is retried
# by wg; it never ends in an error or a crash.
config 300 3 >"$TMPDIR/big.conf"
a wg setconf wg0 "$TMPDIR/big.conf"
(for _ in 1 2 3 4 5 6 7 8; do
	a wg setconf wg0 /dev/null
	a wg setconf wg0 "$TMPDIR/big.conf"
done) &
writer=$!
good=0 bad=0
while kill -0 $writer 2>/dev/null; do
	if timeout 20 nsenter --net=/run/netns/a wg show wg0 dump >/dev/null
	then good=$((good + 1)); else bad=$((bad + 1)); fi
done
wait $writer
same A6 "dumps beside changing peers: none fails" 0 "$bad"
check A6 "some ran" [ $good -gt 0 ]
