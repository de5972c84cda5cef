# SPDX-License-Identifier: GPL-2.0
# Without memory: every allocation of every request fails once, and the one
# after it works.

if [ ! -e /proc/self/fail-nth ]; then
	skip "A9 A15 A18 B7 allocations that fail (kernel without fault injection)"
	return
fi
for fault in failslab fail_page_alloc fail_skb_realloc; do
	dir=/sys/kernel/debug/$fault
	[ ! -e $dir/ignore-gfp-wait ] || echo N >$dir/ignore-gfp-wait
	[ ! -e $dir/min-order ] || echo 0 >$dir/min-order
	[ ! -e $dir/verbose ] || echo 0 >$dir/verbose
done
host a
oom() { a failnth "$KIND" "$1" "$2"; }
check A15 "creating a link: $(oom newlink wg7 | tee "$TMPDIR/newlink")" \
	grep -q '^[1-9][0-9]* points$' "$TMPDIR/newlink"
ip -n a link add wg8 type "$KIND"
check A9 "peers and their routes: $(oom set wg8 | tee "$TMPDIR/set")" \
	grep -q '^[1-9][0-9]* points$' "$TMPDIR/set"
check B7 "bringing it up: $(oom up wg8 | tee "$TMPDIR/up")" \
	grep -q '^[1-9][0-9]* points$' "$TMPDIR/up"
a wg set wg8 private-key "$(key a)" peer "$(pub b)" allowed-ips 10.0.0.0/8
check E9 "a dump: $(oom dump wg8 | tee "$TMPDIR/dump")" \
	grep -q '^[1-9][0-9]* points$' "$TMPDIR/dump"
ip -n a link del wg8
ip netns del a

# The head of a packet that cannot grow in place, every time [C1]
dir=/sys/kernel/debug/fail_skb_realloc
if [ ! -d $dir ]; then
	skip "C1 C13 heads that move (kernel without fail_skb_realloc)"
	return
fi
pair 4
check C1 "session" pings a 192.168.7.2
echo wg0 >$dir/devname 2>/dev/null
echo 100 >$dir/probability
echo -1 >$dir/times
check C1 "packets whose head moves" eval '
	a ping -q -n -c 200 -i 0.01 -s 977 192.168.7.2 | grep -q " 0% packet loss"'
check C13 "and in bulk" tcp_copy a b fd07::2 1024
echo 0 >$dir/probability
# With a name to look for, the kernel's check follows skb->dev even where there is
# none yet: in its own driver, which the next test loads.
echo >$dir/devname
