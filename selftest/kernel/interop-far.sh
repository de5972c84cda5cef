#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The far machine of interop-vm.sh: has the reference driver, and does what it
# is told over the wire, until it is told to stop.
modprobe wireguard || exit
ip addr add 10.0.0.2/24 dev eth0 2>/dev/null || { modprobe virtio_pci; modprobe virtio_net; }
for _ in $(seq 50); do [ -e /sys/class/net/eth0 ] && break; sleep 0.1; done
ip addr replace 10.0.0.2/24 dev eth0
ip addr add 10.0.0.22/24 dev eth0
ip addr add fd01::2/64 dev eth0 nodad
ip link set eth0 up
head -c 1 /dev/random >/dev/null
busybox nc -ll -p 9000 -e /bin/bash &
until [ -e /run/stop ]; do sleep 0.2; done
