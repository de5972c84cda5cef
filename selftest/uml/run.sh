#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run a shell script as the only job of a User-Mode Linux kernel: the kernel is
# a process of this machine, its root is this machine's file system, read only.
#
#   run.sh [options] SCRIPT [ARGS...]
#	-F FLAVOUR   bench, kasan or lockdep (see build.sh)          [bench]
#	-m MODULE    path of wireguard.ko, or `intree`               [intree]
#	-t SECONDS   hard limit of the whole run                     [300]
#	-T           virtual time: waiting costs nothing (not kasan)
#	-f -e -s -M -l -a as in kernel/vm.sh (-s: kasan only)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/selftest/lib/job.sh"

# A kernel maps its memory in pages of 2 MiB. So does this one's process, on a
# file system that only it and its children see: with pages of 4 KiB every walk
# of their tables, which no other kernel makes, would be measured with it.
if [ ! "${IN_HUGE_PAGES-}" ] && unshare -m true 2>/dev/null; then
	IN_HUGE_PAGES=1 exec unshare -m bash "$0" "$@"
fi
[ ! "${IN_HUGE_PAGES-}" ] || mount -t tmpfs -o huge=always none /dev/shm ||
	echo "# memory in small pages: no such file system here" >&2

kernel=bench limit=300 smp=1 mem=1024 travel=
job_options uml "F:m:t:f:e:s:M:l:a:T" "$@"
set -- "${job_rest[@]}"

dir=$(sh "$here/build.sh" "$kernel")
release=$(cat "$dir/include/config/kernel.release")
job_env+=("MODULES=$dir/mods/lib/modules/$release")
job_make "$@"

flags=(seccomp=on)
[ "$smp" = 1 ] || flags+=("ncpus=$smp")
[ -z "$travel" ] || flags+=(time-travel=inf-cpu)
[ "$kernel" != kasan ] || flags+=(slab_debug=-)
# The machine's memory is a file; on disk it would be written back.
export TMPDIR=/dev/shm
[ -w /dev/shm ] || TMPDIR=$job_dir

exec 5>"$job_log"
job_run "$dir/linux" "mem=${mem}M" rootfstype=hostfs rootflags=/ ro \
	"init=$job_dir/job/guest.sh" "job=$job_dir/job" rig=uml out=/dev/tty1 \
	con=null con0=null,fd:5 con1=null,fd:1 console=tty0 \
	loglevel=4 log_buf_len=8M panic=-1 "${flags[@]}" \
	$job_boot
