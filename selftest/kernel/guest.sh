#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Init of a test machine, QEMU or UML: sets the machine up, runs the job with
# its output on $out, writes its status last and switches the machine off.
#
# From the environment: job (directory of the run), rig (vm or uml), out.
# The job's file `env` says: SCRIPT, ARGS, MODULE (path, or intree), and
# further variables for the tests.
set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C WG_COLOR_MODE=never

mount -t proc proc /proc 2>/dev/null
mount -t sysfs sys /sys 2>/dev/null
mount -t tmpfs run /run
mount -t debugfs debug /sys/kernel/debug 2>/dev/null
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
mkdir -p /dev/pts /dev/net /run/tmp /run/netns
mount -t devpts pts /dev/pts 2>/dev/null
[ -e /dev/net/tun ] || mknod /dev/net/tun c 10 200
export TMPDIR=/run/tmp

set -a
. "$job/env"
RIG=$rig JOB=$job
set +a

# Modules live in a directory of our own, because the root file system may be
# read only; the kernel's own requests for modules are sent there too.
release=$(uname -r)
mkdir -p "/run/mods/lib/modules/$release"
if [ "$rig" = vm ]; then
	cp -r "/usr/lib/modules/$release/." "/run/mods/lib/modules/$release/"
else
	cp -r "$MODULES/." "/run/mods/lib/modules/$release/"
fi
if [ "$MODULE" != intree ]; then
	mkdir -p "/run/mods/lib/modules/$release/updates"
	cp "$MODULE" "/run/mods/lib/modules/$release/updates/wireguard.ko"
fi
depmod -b /run/mods "$release"
mkdir -p /run/bin
printf '#!/bin/bash\nexec %s -d /run/mods "$@"\n' "$(type -P modprobe)" \
	>/run/bin/modprobe
chmod +x /run/bin/modprobe
echo /run/bin/modprobe >/proc/sys/kernel/modprobe
export PATH=/run/bin:$job/bin:$PATH

ip link set lo up
{
	cd "$job" || exit
	echo "##begin"
	eval "bash \"\$SCRIPT\" $ARGS"
	echo "##status $?"
} >"$out" 2>&1 </dev/null
sync
busybox poweroff -f
sleep 5
