# SPDX-License-Identifier: GPL-2.0
# Keys nobody should have, and keys that change.

pair 4
check I1 "session" pings a 192.168.7.2
a wg set wg0 private-key "$(key z)"
b wg set wg0 peer "$(pub a)" remove
peer b z 1
check I1 "new private key on one side, known to the other" pings a 192.168.7.2
b wg set wg0 private-key "$(key y)"
check I1 "unknown to the other: nothing new" eval '
	ip -n b link set wg0 down; ip -n b link set wg0 up
	no_ping b 192.168.7.1 2'
a wg set wg0 peer "$(pub b)" remove
peer a y 2 endpoint 10.0.0.2:51820
check I1 "told: session" pings a 192.168.7.2
check I2 "setting the same key again disturbs nothing" eval '
	a wg set wg0 private-key "$(key z)"; ping1 a 192.168.7.2 1'
check A21 "a peer's key as own, under traffic" eval '
	a ping -q -n -c 20 -i 0.02 192.168.7.2 >/dev/null &
	a wg set wg0 private-key "$(key y)"; wait
	! has_peer a y'

# Points of small order, and one that is not reduced: no packet ever
tap a eth0 wire
a wg set wg0 private-key "$(key a)"
for point in AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
	AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
	4Ot6fDtBuK4WVuP68Z/EatoJjeucMrH9hmIFFl9JuAA= \
	X5yVvKNQjCSx0LFVnIPvWwREXMRYHI6G2CJO3dCfEVc= \
	7P///////////////////////////////////////38= \
	7f///////////////////////////////////////38= \
	7v///////////////////////////////////////38=; do
	a wg set wg0 peer "$point" persistent-keepalive 1 endpoint 10.0.0.2:51820
done
same D3 "the points are listed" 7 "$(a wg show wg0 peers | wc -l)"
sleep 2.5
same D3 "no packet went out for them" 0 "$(tap_count wire '^out')"
