# SPDX-License-Identifier: GPL-2.0
# The module's own facts: names it answers to, loading on demand, unloading.

info() { modinfo -b /run/mods -F "$1" "$KIND"; }
if [ "$MODULE" = intree ]; then
	same M1 "version of the reference driver" 1.0.0 "$(info version)"
else
	check M1 "version is above the one it replaces" eval \
		'[ "$(printf "%s\n" 1.0.0 "$(info version)" | sort -V | tail -n 1)" != 1.0.0 ]'
	check M1 "depmod prefers it to the kernel's own" \
		grep -q updates/wireguard.ko <<<"$(info filename)"
fi
check M2 "alias of the link kind" grep -qx rtnl-link-wireguard <<<"$(info alias)"
check M2 "alias of the netlink family" \
	grep -qx net-pf-16-proto-16-family-wireguard <<<"$(info alias)"
same M3 "licence" GPL "$(info license | cut -d' ' -f1)"
# Parameters switch off what is fast; the machine may have been started with some.
shown() { cat "/sys/module/$KIND/parameters/$1"; }
said() { case $1 in *=0) echo "${1%%=*}=N" ;; *=1) echo "${1%%=*}=Y" ;; *) echo "$1" ;; esac; }
refused() { # WORD: not loaded, and why, in one line that has the possible ones
	dmesg -C
	fails modprobe "$KIND" "$1" && fails test -d "/sys/module/$KIND" &&
		[ "$(dmesg | grep -c "$KIND: .*$1, .* has .*generic")" = 1 ]
}
if [ "$MODULE" = intree ]; then
	same M3 "no parameters" "" "$(info parm)"
else
	same M3 "parameters" "crypto rx_wait spill tx_wait whole" \
		"$(info parm | cut -d: -f1 | sort | xargs)"
	for word in ${PARAMS-}; do
		same M3 "$word was heard" "$(said "$word")" \
			"${word%%=*}=$(shown "${word%%=*}")"
	done
	chosen=$(shown crypto)
	unload
	load
	check M3 "the log names the same code as the parameter" \
		eval 'dmesg | grep -q "loaded, crypto: $chosen$"'
	unload
	check M3 "loads with portable code" modprobe "$KIND" crypto=generic
	same M3 "which is shown" generic "$(shown crypto)"
	unload
	check M3 "an unknown name is refused" refused crypto=fast
	grep -q avx512ifma /proc/cpuinfo || [ "$RIG" != vm ] ||
		check M3 "and what this CPU lacks" refused crypto=avx512
	load
	same M3 "back to what it was" "$chosen" "$(shown crypto)"
fi

check M4 "unloads" unload
check M4 "is gone" fails test -d /sys/module/wireguard
check M5 "a new link loads it" ip link add wg0 type wireguard
check M5 "is there" test -d /sys/module/wireguard
check M6 "unloads with a link present" unload
check M6 "the link is gone with it" fails ip link show wg0
wg show wg0 >"$TMPDIR/out" 2>&1
check M5 "asking for the netlink family loads it" test -d /sys/module/wireguard
unload
load
