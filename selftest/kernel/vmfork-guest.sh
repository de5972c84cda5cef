#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# In the machine that is copied: a session before, and what follows after.
. ./lib.sh

head -c 1 /dev/random >/dev/null
load
pair 4
check D16 "session before the copy" pings a 192.168.7.2
tap a eth0 wire
forked() { dmesg | grep -q 'virtual machine fork'; }
if ! ls -d /sys/bus/*/drivers/vmgenid >/dev/null 2>&1; then
	skip "D16 copies of a machine (this kernel has no vmgenid)"
	exit 0
fi
forked && { not_ok "D16 a fork before there was one"; exit 0; }
echo "# ready"
# Saved here; the copies go on without knowing.
until_ok 120 forked || { echo "##begin"; not_ok "D16 the kernel was told"; exit 0; }
echo "##begin"
ok "D16 the kernel was told"
n=$(tapped wire | wc -l)
check D16 "packets get through" until_ok 15 ping1 a 192.168.7.2 2
same D16 "by a new session first" "out 1" \
	"$(tapped wire | awk -v n="$n" 'NR > n { print $1, $2; exit }')"
check D16 "both ways" pings b 192.168.7.1
# receiver and counter of every data message, either way
tapped wire | awk -v n="$n" 'NR > n && $2 == 4 { print "# nonce", substr($NF, 9, 24) }'
