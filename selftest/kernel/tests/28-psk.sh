# SPDX-License-Identifier: GPL-2.0
# Preshared keys: both or none; a change is for the next handshake.

pair 4
again() { ip -n a link set wg0 down; ip -n b link set wg0 down
	ip -n a link set wg0 up; ip -n b link set wg0 up; }
a wg set wg0 peer "$(pub b)" preshared-key "$(psk_file)"
check P14 "a key on one side only: no session" no_ping a 192.168.7.2 2
same P14 "and no handshake" 0 "$(handshake_of a b)"
b wg set wg0 peer "$(pub a)" preshared-key "$(psk_file)"
again
check P14 "the same on both: session" pings a 192.168.7.2
check P14 "and from the other side" pings b 192.168.7.1
(umask 077; wg genpsk >"$TMPDIR/psk2")
a wg set wg0 peer "$(pub b)" preshared-key "$TMPDIR/psk2"
check P14 "a change does not end the session" pings a 192.168.7.2
again
check P14 "but there is no new one" no_ping a 192.168.7.2 2
b wg set wg0 peer "$(pub a)" preshared-key "$TMPDIR/psk2"
again
check P14 "until the other changes as well" pings a 192.168.7.2
a wg set wg0 peer "$(pub b)" preshared-key /dev/null
b wg set wg0 peer "$(pub a)" preshared-key /dev/null
again
check P14 "without any" pings a 192.168.7.2
