#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In a machine with several CPUs: what one CPU cannot show. The driver is the
# one that the machine was started with, called $NAME in the results.
set -u
. ./lib.sh
head -c 1 /dev/random >/dev/null
modprobe wireguard || exit

# Removing peers one by one: whoever waits for a grace period each, waits.
peers=10000
host b
ip -n b link add wg0 type wireguard
b wg set wg0 private-key "$(key b)"
ip -n b link set wg0 up
b bulk wireguard wg0 add $peers >/dev/null
ms=$(b bulk wireguard wg0 remove $peers)
awk -v n="$NAME" -v ms="$ms" \
	'BEGIN { printf "csv smp_peers_10k_remove,%s,1,%.0f,ms\n", n, ms }'
ip netns del b

# One stream of one peer: which CPUs work on it, and does it stay in order?
pair 4
check SMP "session" pings a 192.168.7.2
trace=/sys/kernel/tracing
mount -t tracefs trace $trace 2>/dev/null
echo 20000 >$trace/buffer_size_kb
echo 1 >$trace/events/workqueue/workqueue_execute_start/enable
check SMP "64 MiB by TCP, equal at both ends" tcp_copy a b 192.168.7.2 65536
echo 0 >$trace/tracing_on
# function names: ours is work_off (flow/crew.c)
awk '/workqueue_execute_start/ && /\[wireguard\]/ {
		match($0, /\[[0-9]+\]/); cpu[substr($0, RSTART, RLENGTH)]++
		n++ }
	END { for (c in cpu) printf "# CPU %s: %d pieces of work of %d\n",
		c, cpu[c], n }' $trace/trace | sort
cpus=$(awk '/workqueue_execute_start/ && /\[wireguard\]/ {
	match($0, /\[[0-9]+\]/); print substr($0, RSTART, RLENGTH) }' \
	$trace/trace | sort | uniq -c | awk '$1 > 50' | wc -l)
check SMP "$cpus CPUs worked for one peer" [ "$cpus" -ge 2 ]
# segments that came before others of their stream
disorder=$(on b cat /proc/net/netstat | awk '$1 == "TcpExt:" {
	if (!n) n = split($0, name); else for (i = 2; i <= n; i++)
		if (name[i] == "TCPOFOQueue") print $i }')
same SMP "segments out of order" 0 "$disorder"
