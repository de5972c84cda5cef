#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run a shell script as the only job of a virtual machine (QEMU, software
# emulation: no /dev/kvm needed) with a distribution's own kernel.
#
#   vm.sh [options] SCRIPT [ARGS...]
#	-k NAME      kernel: 6.1, 6.12 or distro (see kernels.sh)    [6.1]
#	-m MODULE    path of wireguard.ko, or `intree`               [intree]
#	-t SECONDS   hard limit of the whole run                     [300]
#	-f PATH      copy this file or directory into the job, repeatable
#	-e VAR=VAL   variable for the script, repeatable
#	-n MAC,A,B   a network card on a wire between two machines: the
#	             datagram sockets A (ours) and B (the other's)
#	-c CPU       processor model (for example Nehalem: no AVX)   [max]
#	-s N         number of processors                            [2]
#	-M MB        memory                                          [768]
#	-l FILE      keep the kernel's messages in this file
#	-a WORDS     more words for the kernel's command line
#	-q WORD      one more word for the emulator, repeatable
#
# The script runs under bash in a directory with the job's files; programs
# from build/kernel are in its PATH. Its output is copied here as it comes and
# its status is ours; 124: time is up, 125: the machine died.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
. "$top/selftest/lib/job.sh"

kernel=6.1 limit=300 cpu=max smp=2 mem=768
job_options vm "k:m:t:f:e:n:c:s:M:l:a:q:" "$@"
set -- "${job_rest[@]}"

dir=$(sh "$here/kernels.sh" "$kernel")
read -ra emulator < <(sh "$here/emulator.sh")
# shellcheck disable=SC2207
parts=($(sh "$here/initramfs.sh" "$dir"))
job_make "$@"
(cd "$job_dir" && mkdir root && mv job root/job &&
	cd root && find . | cpio -o -H newc --quiet) >"$job_dir/job.cpio"
cat "${parts[@]}" "$job_dir/job.cpio" >"$job_dir/initrd"
rm -rf "$job_dir/root" "$job_dir/job.cpio"

card=(-nic none)
if [ "${wire-}" ]; then
	IFS=, read -r mac own other <<<"$wire"
	card=(-netdev "dgram,id=n0,local.type=unix,local.path=$own,remote.type=unix,remote.path=$other"
		-device "virtio-net-pci,netdev=n0,mac=$mac,romfile=")
fi

job_run "${emulator[@]}" -cpu "$cpu" -smp "$smp" \
	-m "$mem" -display none -monitor none -no-reboot "${card[@]}" \
	"${job_machine[@]}" \
	-kernel "$dir/vmlinuz" -initrd "$job_dir/initrd" \
	-serial "file:$job_log" -serial stdio \
	-append "console=ttyS0 panic=-1 loglevel=4 log_buf_len=8M tsc=unstable $job_boot"
