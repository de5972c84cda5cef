#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# First program of a QEMU test machine: hands over to the job.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin job=/job rig=vm out=/dev/ttyS1
busybox mount -t devtmpfs dev /dev
exec bash /job/guest.sh
