# SPDX-License-Identifier: GPL-2.0
# Keepalives: persistent ones at once and every interval; passive ones ten
# seconds after data that was not answered, and never for a keepalive.

pair 4
tap a eth0 wire
check D12 "session" pings a 192.168.7.2
count() { tap_count wire "^$1 4 .* len 32 "; }
a wg set wg0 peer "$(pub b)" persistent-keepalive 1
check D12 "setting an interval sends at once" until_ok 2 eval '[ $(count out) -ge 1 ]'
check D12 "and goes on" until_ok 4 eval '[ $(count out) -ge 3 ]'
same D12 "keepalives are not answered" 0 "$(count in)"
a wg set wg0 peer "$(pub b)" persistent-keepalive 0
sleep 1.2
n=$(count out)
# b does not forward: what is sent to this address is never answered
a wg set wg0 peer "$(pub b)" allowed-ips 192.168.7.2/32,192.168.7.200/32
a udpsend 192.168.7.200 9 len:100
start=$(now_ms)
check D12 "data without answer gets a keepalive" until_ok 13 eval '[ $(count in) -ge 1 ]'
took=$(($(now_ms) - start))
check D12 "after ten seconds ($took ms)" [ $took -ge 9500 -a $took -le 11500 ]
same D12 "which a does not answer, having sent only data since" \
	"$n" "$(count out)"

# A key that comes later starts what was waiting.
host c
wire c eth0 10.4.0.1/24 - b eth4 10.4.0.2/24 -
ip -n c link add wg0 type "$KIND"
ip -n c addr add 192.168.7.3/24 dev wg0
ip -n c link set wg0 up
peer b c 3
on c wg set wg0 peer "$(pub b)" allowed-ips 192.168.7.2/32 \
	endpoint 10.4.0.2:51820 persistent-keepalive 1
check D13 "no key, no packet" fails eval '[ "$(rx_of b c)" -gt 0 ]'
on c wg set wg0 private-key "$(key c)"
check D13 "the first key lets it go" until_ok 4 eval '[ "$(rx_of b c)" -gt 0 ]'
check D14 "down and up shakes hands at once" eval '
	ip -n a link set wg0 down; ip -n a link set wg0 up
	ping1 a 192.168.7.2 3'
