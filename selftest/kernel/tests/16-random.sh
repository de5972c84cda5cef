# SPDX-License-Identifier: GPL-2.0
# Before the kernel has randomness: nobody waits with a lock held, handshakes
# are dropped, and it all begins when there is some [D15].

case ${BOOT-} in
*random.trust_cpu=off*) ;;
*)
	skip "D15 a kernel without randomness (BOOT='random.trust_cpu=off random.trust_bootloader=off' boots one)"
	return ;;
esac
ready() { dmesg | grep -q 'crng init done'; }
counter() { b ethtool -S wg0 2>/dev/null | awk '$1 == "handshake_unusable_key:" { print $2 }'; }
# No program here may ask the kernel for any: keys are what they are.
for h in a b; do
	printf "$h%.0s" {1..32} | base64 >"$TMPDIR/key.$h"
	wg pubkey <"$TMPDIR/key.$h" >"$TMPDIR/key.$h.pub"
done
pair 4
if ready; then
	skip "D15 this kernel found randomness too soon"
	return
fi
before=$(counter)
a shake 10.0.0.2 51820 "$(pub b)" flood:20
if [ "$before" ] && ! ready; then
	same D15 "handshakes that arrive are dropped, and counted" \
		$((before + 20)) "$(counter)"
fi
ask() { # how long six requests take
	local start
	start=$(now_ms)
	for _ in 1 2 3; do
		a wg show wg0 dump >/dev/null
		a wg set wg0 peer "$(pub b)" preshared-key /dev/null
	done
	echo $(($(now_ms) - start))
}
usual=$(ask)
a udpsend 192.168.7.2 9 len:10
ready && early=1
took=$(ask)
if ready && [ "${early-}" ]; then
	skip "D15 requests meanwhile (randomness came at once)"
else
	check D15 "who configures does not wait for it ($took ms, $usual before)" \
		[ $took -lt $((usual * 3 + 1000)) ]
fi
check D15 "there is randomness after a while" until_ok 60 ready
check D15 "and then a session" until_ok 15 ping1 a 192.168.7.2 2
