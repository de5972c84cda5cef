# SPDX-License-Identifier: GPL-2.0
# Everything at once on every CPU: both directions of both families, sent from
# each CPU, beside changes of what the data path reads [B10]. For KCSAN, which
# sees only what really happens at the same time.

pair 4
check B10 "session" pings a 192.168.7.2
cpus=$(nproc)
ping=$(type -P ping)	# busybox would take its own for the bare name
from_cpu() { # CPU HOST ADDR: packets of many sizes, as fast as they go
	local size
	while :; do
		for size in 10 1000 10 3000; do
			on "$2" taskset -c "$1" "$ping" -q -f -w 1 -s $size "$3"
		done
	done
}
streams=()
for ((cpu = 0; cpu < cpus; cpu++)); do
	from_cpu $cpu a 192.168.7.2 &
	streams+=($!)
	from_cpu $((cpus - 1 - cpu)) b fd07::1 &
	streams+=($!)
done >/dev/null 2>&1
before=$(rx_of a b)
[ "$RIG" = vm ] && rounds=${CHURN:-15} || rounds=${CHURN:-30}
changed() {
	a wg set wg0 fwmark $((i % 2)) listen-port $((5000 + i % 3)) &&
		b wg set wg0 peer "$(pub a)" persistent-keepalive $((i % 2)) &&
		a wg set wg0 peer "$(pub b)" allowed-ips 192.168.7.2/32,fd07::2/128 &&
		b wg set wg0 peer "$(pub a)" endpoint "10.0.0.1:$((5000 + i % 3))" &&
		a wg show wg0 dump >/dev/null && b ip -s link show wg0 >/dev/null
}
for ((i = 0; i < rounds; i++)); do
	changed || echo "round $i" >>"$TMPDIR/failed"
	sleep 0.3
done
check B10 "changed $rounds times beside traffic on $cpus CPUs" test ! -e "$TMPDIR/failed"
kill "${streams[@]}"
check B10 "which carried something" [ $(($(rx_of a b) - before)) -gt 100000 ]
check B10 "traffic is back" until_ok 25 ping1 a 192.168.7.2 1
