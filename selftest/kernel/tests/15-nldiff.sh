# SPDX-License-Identifier: GPL-2.0
# The same random requests, right and wrong, to the kernel's own driver and to
# this one: the same answers, and the same configuration after each.

if [ ! -f wgref.ko ]; then
	skip "E2 requests compared with the kernel's driver (its name is changed in UML only)"
	return
fi
modprobe -a $(modinfo -F depends ./wgref.ko | tr , " ") && insmod ./wgref.ko ||
	{ not_ok "E2 wgref.ko loads"; return; }
host a
host b
ip -n a link add wg0 type "$KIND"
ip -n b link add wg0 type wgref
# another SEED, or LONG=1, looks further
seed=${SEED:-1}
SAY=60
diff() { nldiff "$KIND" /run/netns/a wgref /run/netns/b wg0 "$1" "$2"; }
case ${LONG:+long}${WATCHED-} in
long*) n=1000000 ;;
kasan) n=${REQUESTS:-2000} ;;
*) n=${REQUESTS:-20000} ;;
esac
check E2 "$n requests to links that are down: $(diff "$n" "$seed" | tee "$TMPDIR/down" | tail -n 1)" \
	eval 'grep -q "accepted by both$" "$TMPDIR/down" || { cat "$TMPDIR/down"; false; }'
ip -n a link set lo up
ip -n a link set wg0 up
ip -n b link set wg0 up
check E2 "$n to links that are up: $(diff "$n" $((seed + 1)) | tee "$TMPDIR/up" | tail -n 1)" \
	eval 'grep -q "accepted by both$" "$TMPDIR/up" || { cat "$TMPDIR/up"; false; }'
ip netns del a
ip netns del b
until_ok 10 rmmod wgref
