# SPDX-License-Identifier: GPL-2.0
# CPUs that come and go under traffic: whatever was given to one is done [B4].

cpu=/sys/devices/system/cpu/cpu1/online
if [ ! -w $cpu ]; then
	skip "B4 CPUs that go (this machine keeps its own)"
	return
fi
pair 4
check B4 "session" pings a 192.168.7.2
a ping -q -n -i 0.01 -c 600 -W 2 192.168.7.2 >"$TMPDIR/ping" &
pinger=$!
for _ in 1 2 3 4 5; do
	echo 0 >$cpu
	check B4 "TCP with one CPU less" tcp_copy a b fd07::2 512
	echo 1 >$cpu
	check B4 "and with it again" tcp_copy b a 192.168.7.1 512
done
wait $pinger
check B4 "nothing lost meanwhile" grep -q ' 0% packet loss' "$TMPDIR/ping"
