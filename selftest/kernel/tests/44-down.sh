# SPDX-License-Identifier: GPL-2.0
# Going down ends what was under way: no session begins afterwards.

keypairs() {
	dmesg | awk '/Keypair [0-9]+ created/ { n++ }
		/Keypair [0-9]+ destroyed/ { n-- } END { print n + 0 }'
}
two_hosts
tunnel b 2
n=400
shake keys $n | awk '{ print "[Peer]\nPublicKey = " $0 }' >"$TMPDIR/many"
b wg addconf wg0 "$TMPDIR/many"
a shake 10.0.0.2 51820 "$(pub b)" peers:$n replies >"$TMPDIR/replies"
check P9 "peers get sessions" [ "$(awk '$1 == "response" { print $2 }' \
	"$TMPDIR/replies")" -ge $((n * 9 / 10)) ]
check P9 "one each" [ "$(keypairs)" -ge $((n * 9 / 10)) ]
ip -n b link set wg0 down
check P9 "none while it is down" until_ok 10 eval '[ $(keypairs) = 0 ]'
ip -n b link set wg0 up
a shake 10.0.0.2 51820 "$(pub b)" peers:$n
ip -n b link set wg0 down
sleep 1
check P9 "nor from what was queued when it went down" \
	until_ok 10 eval '[ $(keypairs) = 0 ]'
