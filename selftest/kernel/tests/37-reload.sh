# SPDX-License-Identifier: GPL-2.0
# Load, carry traffic, unload, again and again: memory is where it was.

# A round takes seconds under emulation and under KASAN, where `make check-debug`
# asks for more.
case $RIG-${WATCHED-} in
vm-* | *-kasan) rounds=${RELOADS:-10} ;;
*) rounds=${RELOADS:-50} ;;
esac
# Bytes in use in slabs that cannot shrink on their own, after tidying.
slab_use() {
	local d
	sync
	echo 3 >/proc/sys/vm/drop_caches
	for d in /sys/kernel/slab/*/shrink; do echo 1 >"$d"; done 2>/dev/null
	awk 'NR > 2 && $1 !~ /dentry|inode|radix_tree|buffer_head|vm_area|anon_vma|filp|task|cred|pid|signal|sighand|maple|lsm|names|vmap|skbuff|kernfs/ {
		sum += $2 * $4 } END { print sum }' /proc/slabinfo
}
round() {
	load || return
	host a
	host b
	wire a eth0 10.0.0.1/24 fd01::1/64 b eth0 10.0.0.2/24 fd01::2/64
	tunnel a 1
	tunnel b 2
	peer a b 2 endpoint 10.0.0.2:51820
	peer b a 1
	ping1 a 192.168.7.2 >/dev/null || echo "no answer" >>"$TMPDIR/failed"
	[ "$1" = loaded ] || { ip netns del a; ip netns del b; }
	unload || echo "no unload" >>"$TMPDIR/failed"
	[ "$1" != loaded ] || { ip netns del a; ip netns del b; }
}
unload
for _ in 1 2 3; do round; round loaded; done
# namespaces are freed behind our back
until_ok 20 eval '[ -z "$(ip netns list)" ]'
sleep 2
before=$(slab_use)
for i in $(seq "$rounds"); do
	[ $((i % 2)) = 0 ] && round loaded || round
done
sleep 2
after=$(slab_use)
check A15 "loaded, used and unloaded $rounds times" test ! -e "$TMPDIR/failed"
if [ "${WATCHED-}" = kasan ]; then
	skip "B14 slab use (KASAN keeps what is freed; kmemleak looks at it here)"
else
	check B14 "slab use is back: $before then $after bytes" \
		[ $((after - before)) -lt $((64 * 1024 + rounds * 1024)) ]
fi
load
