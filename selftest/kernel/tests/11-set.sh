# SPDX-License-Identifier: GPL-2.0
# What `wg set` and `wg setconf` must do to the configuration [UAPI 1.2].

host a
ip -n a link add wg0 type "$KIND"
show() { a wg show wg0 "$@"; }
conf() { a wg set wg0 "$@"; }
ips_of() { show allowed-ips | awk -v k="$(pub "$1")" '$1 == k { $1 = ""; print substr($0, 2) }'; }
psk_of() { show preshared-keys | awk -v k="$(pub "$1")" '$1 == k { print $2 }'; }

same S1 "no key at first" "(none) (none) 0 off" \
	"$(show dump | tr '\t' ' ')"
check S2 "private key" conf private-key "$(key a)"
same S2 "is shown clamped and with its public key" "$(cat "$(key a)") $(pub a)" \
	"$(show private-key) $(show public-key)"
check S2 "an unclamped key is clamped" eval '
	echo "//////////////////////////////////////////8=" >"$TMPDIR/ones"
	conf private-key "$TMPDIR/ones"
	[ "$(show private-key)" = "+P///////////////////////////////////////38=" ]'
check S2 "an empty file removes it" conf private-key /dev/null
same S2 "no key any more" "(none) (none)" "$(show private-key) $(show public-key)"
conf private-key "$(key a)"

check S3 "listen port" conf listen-port 1234
same S3 "is kept while down" 1234 "$(show listen-port)"
check S3 "fwmark" conf fwmark 0x1234
same S3 "is shown" 0x1234 "$(show fwmark)"
conf fwmark 0
same S3 "and off again" off "$(show fwmark)"

for n in 1 2 3; do
	conf peer "$(pub $n)" allowed-ips "10.$n.0.0/16,fd0$n::/32" \
		endpoint "10.9.9.$n:$((1000 + n))"
done
same S4 "peers are shown in the order of adding" \
	"$(pub 1) $(pub 2) $(pub 3)" "$(show peers | tr '\n' ' ' | sed 's/ $//')"
same S4 "endpoints too" "10.9.9.1:1001 10.9.9.2:1002 10.9.9.3:1003" \
	"$(show endpoints | cut -f2 | tr '\n' ' ' | sed 's/ $//')"
conf peer "$(pub 1)" endpoint '[fd99::1]:77'
same S4 "a v6 endpoint replaces a v4 one" '[fd99::1]:77' "$(endpoint_of a 1)"

conf peer "$(pub 1)" allowed-ips 10.200.0.0/16,10.201.7.9/16,192.0.2.77/24
same S5 "allowed ips are replaced and lose their host bits" \
	"10.200.0.0/16 10.201.0.0/16 192.0.2.0/24" "$(ips_of 1)"
conf peer "$(pub 2)" allowed-ips 10.200.0.0/16
same S5 "an allowed ip moves silently to the peer who asks" \
	"10.200.0.0/16" "$(ips_of 2)"
same S5 "and leaves the other" "10.201.0.0/16 192.0.2.0/24" "$(ips_of 1)"
conf peer "$(pub 2)" allowed-ips 0.0.0.0/0,::/0,10.200.1.1/32
same S5 "default routes and hosts" "0.0.0.0/0 ::/0 10.200.1.1/32" "$(ips_of 2)"
conf peer "$(pub 2)" allowed-ips ''
same S5 "all removed" "(none)" "$(ips_of 2)"

conf peer "$(pub 1)" preshared-key "$(psk_file)"
same S6 "preshared key" "$(cat "$(psk_file)")" "$(psk_of 1)"
conf peer "$(pub 1)" preshared-key /dev/null
same S6 "removed" "(none)" "$(psk_of 1)"
conf peer "$(pub 1)" persistent-keepalive 65535
same S6 "keepalive" "$(pub 1) 65535" "$(show persistent-keepalive | head -n 1 | tr '\t' ' ')"
conf peer "$(pub 1)" persistent-keepalive off
same S6 "keepalive off" "$(pub 1) off" "$(show persistent-keepalive | head -n 1 | tr '\t' ' ')"

conf peer "$(pub 2)" remove
same S7 "a peer is removed" "$(pub 1) $(pub 3)" \
	"$(show peers | tr '\n' ' ' | sed 's/ $//')"
check S7 "removing an absent peer is no error" conf peer "$(pub 9)" remove
same S7 "and adds nothing" 2 "$(show peers | wc -l)"
check S7 "update-only of an absent peer is no error" \
	a wgconf "$KIND" set wg0 peer "$(pub 9)" update-only keepalive 5
same S7 "and adds nothing either" 2 "$(show peers | wc -l)"

check S8 "a peer with the device's own key is ignored" conf peer "$(pub a)"
check S8 "not listed" fails has_peer a a
conf private-key "$(key 3)"
same S8 "a new private key removes the peer who has it" "$(pub 1)" "$(show peers)"
conf private-key "$(key a)"
check S9 "low-order and zero keys are accepted as peers" \
	conf peer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
	peer AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
same S9 "and listed" 3 "$(show peers | wc -l)"

# setconf, addconf, syncconf, showconf with stock wg
cat >"$TMPDIR/one.conf" <<-EOC
	[Interface]
	PrivateKey = $(cat "$(key a)")
	ListenPort = 4242
	FwMark = 7
	[Peer]
	PublicKey = $(pub 1)
	PresharedKey = $(cat "$(psk_file)")
	AllowedIPs = 10.1.0.0/16, fd01::/16
	Endpoint = 10.9.9.1:1
	PersistentKeepalive = 25
	[Peer]
	PublicKey = $(pub 2)
	AllowedIPs = 10.2.0.0/16
EOC
check S10 "setconf" a wg setconf wg0 "$TMPDIR/one.conf"
a wg showconf wg0 >"$TMPDIR/shown.conf"
same S10 "replaces everything" "$(pub 1) $(pub 2)" \
	"$(show peers | tr '\n' ' ' | sed 's/ $//')"
check S10 "setconf of showconf" a wg setconf wg0 "$TMPDIR/shown.conf"
same S10 "changes nothing" "$(cat "$TMPDIR/shown.conf")" "$(a wg showconf wg0)"
printf '[Peer]\nPublicKey = %s\nAllowedIPs = 10.3.0.0/16\n' "$(pub 3)" \
	>"$TMPDIR/three.conf"
check S10 "addconf" a wg addconf wg0 "$TMPDIR/three.conf"
same S10 "adds" 3 "$(show peers | wc -l)"
sed '/PresharedKey/d;/PersistentKeepalive/d' "$TMPDIR/one.conf" >"$TMPDIR/less.conf"
check S10 "syncconf" a wg syncconf wg0 "$TMPDIR/less.conf"
same S10 "syncconf removes the peer that went" "$(pub 1) $(pub 2)" \
	"$(show peers | tr '\n' ' ' | sed 's/ $//')"
check S10 "empty setconf removes all" a wg setconf wg0 /dev/null
same S10 "nothing left" "" "$(show peers)"

check S11 "wg show of a device that is none" fails a wg show lo
check S11 "wg show interfaces" [ "$(a wg show interfaces)" = wg0 ]
