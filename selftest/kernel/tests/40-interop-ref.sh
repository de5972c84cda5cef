# SPDX-License-Identifier: GPL-2.0
# With the kernel's own driver, loaded beside ours under another name.

if [ ! -f wgref.ko ]; then
	skip "X1 the kernel's driver beside ours (the name is changed in UML only; two machines do it here)"
	return
fi
modprobe -a $(modinfo -F depends ./wgref.ko | tr , " ") && insmod ./wgref.ko || { not_ok "X1 wgref.ko loads"; return; }
interop ref
if [ "${TRAVEL-}${LONG-}" ]; then
	ip netns del a
	ip netns del b
	interop_rekey ref
else
	skip "X4 three renewals (a minute's work in virtual time only)"
fi
ip netns del a
ip netns del b
until_ok 10 rmmod wgref
