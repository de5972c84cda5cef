#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the bench kernel: loads both drivers and runs one workload.
set -u
. ./lib.sh
. ./pairs.sh
head -c 1 /dev/random >/dev/null
modprobe wireguard || exit
# shellcheck disable=SC2046
modprobe -a $(modinfo -F depends ./wgref.ko | tr , ' ')
insmod ./wgref.ko || exit
sysctl -q -w net.core.rmem_max=16777216 net.core.wmem_max=16777216
. "./$1"
[ "${WATCHED-}" ] || exit 0
faults "W2 $1:" || ok "W2 $1: nothing reported"
leaks
watched
