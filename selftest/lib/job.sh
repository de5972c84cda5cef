# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the two rigs (vm.sh, uml/run.sh) have in common: options, the job
# directory handed to the guest, and watching the machine run.

job_files=() job_env=() job_module=intree job_log= job_rest=() wire=
job_boot= job_machine=()

# job_options RIG GETOPTS ARGS...: sets the variables above and those of the rig
job_options() {
	job_rig=$1
	local spec=$2 opt OPTIND=1 OPTARG
	shift 2
	while getopts "$spec" opt; do
		case $opt in
		k | F) kernel=$OPTARG ;;
		m) job_module=$OPTARG ;;
		t) limit=$OPTARG ;;
		f) job_files+=("$OPTARG") ;;
		e) job_env+=("$OPTARG") ;;
		n) wire=$OPTARG ;;
		c) cpu=$OPTARG ;;
		s) smp=$OPTARG ;;
		M) mem=$OPTARG ;;
		l) job_log=$OPTARG ;;
		T) travel=1 ;;
		a) job_boot=$OPTARG ;;
		q) job_machine+=("$OPTARG") ;;
		*) exit 2 ;;
		esac
	done
	shift $((OPTIND - 1))
	[ $# -gt 0 ] || { echo "$job_rig: no script given" >&2; exit 2; }
	job_rest=("$@")
}

# job_make SCRIPT ARGS...: $job_dir/job holds everything the guest needs
job_make() {
	local script=$1 cache=${WG_CACHE:-$HOME/.cache/wireguard-batch}
	shift
	mkdir -p "$cache/run"
	job_dir=$(mktemp -d "$cache/run/$job_rig.XXXXXX")
	trap 'rm -rf "$job_dir"' EXIT
	trap 'exit 130' INT TERM
	[ "$job_log" ] || job_log=$job_dir/console
	: >"$job_log"
	mkdir -p "$job_dir/job/bin"
	cp "$top/selftest/kernel/guest.sh" "$job_dir/job/"
	cp "$script" "$job_dir/job/main.sh"
	[ ! -d "$top/build/kernel" ] ||
		find "$top/build/kernel" -maxdepth 1 -type f -perm -u+x \
			-exec cp -t "$job_dir/job/bin" {} +
	[ ${#job_files[@]} = 0 ] || cp -r "${job_files[@]}" "$job_dir/job/"
	local in_guest=/job module=intree args=
	[ "$job_rig" = vm ] || in_guest=$job_dir/job
	if [ "$job_module" != intree ]; then
		cp "$job_module" "$job_dir/job/wireguard.ko"
		module=$in_guest/wireguard.ko
	fi
	[ $# = 0 ] || args=$(printf ' %q' "$@")
	{
		printf 'SCRIPT=%q\nARGS=%q\nMODULE=%q\n' \
			"$in_guest/main.sh" "$args" "$module"
		local v
		for v in "${job_env[@]}"; do
			printf '%s=%q\n' "${v%%=*}" "${v#*=}"
		done
	} >"$job_dir/job/env"
}

# job_last_words: of a machine that died. The first lines of an oops tell most.
job_last_words() {
	local first
	first=$(grep -n -m 1 -E 'BUG:|Oops|Kernel panic|Kernel mode fault' \
		"$job_log" | cut -d : -f 1)
	tail -n "+${first:-1}" "$job_log" |
		if [ "$first" ]; then head -n 50; else tail -n 50; fi
}

# job_run COMMAND...: runs the machine, copies the job's output, gives its status
job_run() {
	local status=125 line rc begun=
	coproc machine { exec timeout -k 5 "$limit" "$@" 2>&1 </dev/null; }
	local pid=$machine_PID in
	# bash closes its own when the machine has ended, read or not
	exec {in}<&"${machine[0]}"
	# shellcheck disable=SC2064
	trap "kill $pid 2>/dev/null || true; rm -rf '$job_dir'" EXIT
	while IFS= read -r line <&"$in"; do
		line=${line%$'\r'}
		case $line in
		'##begin') begun=1 ;;
		'##status '*) status=${line#'##status '} begun= ;;
		*) [ ! "$begun" ] || printf '%s\n' "$line" ;;
		esac
	done
	rc=0
	wait "$pid" || rc=$?
	if [ $rc = 124 ] || [ $rc = 137 ]; then
		[ "$status" != 125 ] || status=124
		echo "# $job_rig: stopped after $limit s"
	fi
	if [ "$status" = 124 ] || [ "$status" = 125 ]; then
		echo "# $job_rig: what the kernel said of it:"
		job_last_words | sed 's/^/# | /'
	fi
	exit "$status"
}
