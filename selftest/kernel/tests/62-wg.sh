# SPDX-License-Identifier: GPL-2.0
# Our wg beside Debian's on an interface of the kernel: CASES generated
# configurations, changes, questions and mistakes.

[ -d tools/usr ] || { skip "W6 our wg (no tools in this job)"; return; }
export LD_LIBRARY_PATH=$PWD/tools/lib
case $RIG-${WATCHED-} in
vm-* | *-kasan) cases=${CASES:-40} ;;
*) cases=${CASES:-300} ;;
esac
# another seed for each kernel
seed=${KERNEL//[^0-9]/}
ip link add wgdiff0 type "$KIND"
tools/test/differential "$PWD/tools/usr/bin/wg" "$(type -P wg)" wgdiff0 \
	"$cases" "${SEED:-${seed:-1}}" || not_ok "W6 all of them pass (status $?)"
ip link del wgdiff0
