#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The service of systemd.sh's machine: every line goes to the second serial
# port. With the word `far` it is the other end of the cable: a network
# namespace with a server of the tunnel.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C SYSTEMD_PAGER=
unit=wg-quick@wg0
conf=/etc/wireguard/wg0.conf

far() {
	local keys=/etc/wireguard
	ip netns add far
	ip link set far0 netns far
	ip -n far link set lo up
	ip -n far addr add 10.8.0.1/24 dev far0
	ip -n far link set far0 up
	ip -n far link add wg0 type wireguard
	ip netns exec far wg set wg0 private-key $keys/far.key \
		listen-port 51820 peer "$(wg pubkey <$keys/near.key)" \
		allowed-ips 10.9.0.2/32,fd42:42:42::2/128
	ip -n far addr add 10.9.0.1/24 dev wg0
	ip -n far addr add fd42:42:42::1/64 dev wg0 nodad
	ip -n far link set wg0 up
}
[ "${1-}" != far ] || { far; exit; }

row() { # NAME COMMAND...
	local name=$1 words
	shift
	if words=$("$@" 2>&1); then
		echo "ok - $name"
	else
		echo "not ok - $name"
		echo "$words" | tail -n 25 | sed 's/^/# /'
	fi
}
same() { # NAME WANTED GOT
	if [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '%s\n' "wanted: $2" "got: $3" | sed 's/^/# /'
	fi
}
until_ok() { # SECONDS COMMAND...: wait for a condition, not for a time
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || { "$@"; return; }
		sleep 0.2
	done
}
not() { ! "$@"; }

# All that a tunnel could leave behind.
state() {
	ip rule
	ip -6 rule
	ip -4 route show table all
	ip -6 route show table all | grep -v '^multicast\|fe80'
	ip -brief address show | grep -v fe80
	nft list tables | grep wg-quick
	resolvectl dns
	resolvectl domain
}
rules() { ip rule; ip -6 rule; }
session() { wg show wg0 latest-handshakes | cut -f2; }
answers() { ping -q -c 2 -i 0.2 -W 5 10.9.0.1 && ping -q -c 1 -W 5 fd42:42:42::1; }
said() { journalctl --sync; journalctl -u "$1" -o cat; }

asks_through_tunnel() {
	ip netns exec far nft -f - <<-EOC
		table inet seen
		delete table inet seen
		table inet seen {
			chain in {
				type filter hook input priority 0;
				iifname wg0 ip daddr 10.9.0.1 udp dport 53 counter drop
			}
		}
	EOC
	timeout 5 resolvectl query www.example.net
	ip netns exec far nft list table inet seen | grep 'counter packets [1-9]'
}

booted() {
	row "systemd is the machine's init" \
		grep -q systemd /proc/1/comm
	row "it has started" until_ok 60 eval \
		'systemctl is-system-running --wait | grep -x running'
	row "wg-quick@wg0 has come up with it" systemctl is-active $unit
	row "behind the network" eval '
		up=$(systemctl show -P ActiveEnterTimestampMonotonic network-online.target)
		began=$(systemctl show -P ExecMainStartTimestampMonotonic '$unit')
		echo "$up $began"; [ "$up" -gt 0 ] && [ "$began" -ge "$up" ]'
	row "with our module" eval '
		[[ $(modinfo -n wireguard) == */updates/* ]] &&
		[ "$(cat /sys/module/wireguard/srcversion)" = \
		  "$(modinfo -F srcversion wireguard)" ]'
	row "the tunnel carries" answers
	row "systemctl status says so" eval '
		systemctl status '$unit' | tee /dev/stderr |
		grep -q "Active: active (exited)"'
	row "and what was done" eval 'said '$unit' | grep -F "[#] ip link add"'
	row "wg-quick-resolve@wg0.timer is active" \
		systemctl is-active wg-quick-resolve@wg0.timer
	row "and has something to start" systemctl start wg-quick-resolve@wg0
}

names() {
	row "resolved has the tunnel's server" eval \
		'resolvectl dns wg0 | grep -w 10.9.0.1'
	row "and its domains" eval \
		'resolvectl domain wg0 | grep "corp.example" | grep "~\\."'
	row "questions go through the tunnel" asks_through_tunnel
}

networkd() {
	local before
	before=$(rules)
	row "networkd restarts" systemctl restart systemd-networkd
	row "and has configured its link" until_ok 30 eval \
		'networkctl status eth0 | grep "State: routable (configured)"'
	same "the rules have survived it" "$before" "$(rules)"
	row "the tunnel carries after it" answers
}

reload() {
	local before
	before=$(session)
	sed -i 's/^Address = .*/&, 10.9.0.22\/24/; s/, ::\/0/, fd42:42:42::\/64/' $conf
	row "systemctl reload" systemctl reload $unit
	row "brings an address" eval 'ip -brief address show wg0 | grep 10.9.0.22'
	row "takes a default route away" eval 'not grep fwmark <<<"$(ip -6 rule)"'
	same "keeps the session" "$before" "$(session)"
	row "the tunnel carries after it" answers
	echo "Adress = 1.2.3.4" >>$conf
	row "a reload of a mistake fails" not systemctl reload $unit
	row "and the unit stays up" systemctl is-active $unit
	row "and says where" eval 'said '$unit' |
		grep "^wg-quick: '$conf':[0-9]*:1: line unrecognized"'
	sed -i '/^Adress/d' $conf
}

stop() {
	row "systemctl stop" systemctl stop $unit
	same "takes everything away" "$1" "$(state)"
	row "and the timer with it" not systemctl is-active wg-quick-resolve@wg0.timer
	row "systemctl start" systemctl start $unit
	row "and the timer with it" systemctl is-active wg-quick-resolve@wg0.timer
	row "systemctl restart" systemctl restart $unit
	row "the tunnel carries" answers
	row "systemctl stop wg-quick.target stops all" eval '
		systemctl start wg-quick.target &&
		systemctl stop wg-quick.target &&
		until_ok 30 eval "systemctl is-active '$unit' | grep ^inactive"'
	same "and takes everything away" "$1" "$(state)"
}

mistakes() {
	cp $conf /run/good.conf
	sed -i 's/^AllowedIPs/AllowedIP/' $conf
	row "a mistake: start fails" not systemctl start $unit
	same "the unit is failed" failed "$(systemctl is-failed $unit)"
	same "one line of ours in the journal says why" \
		"wg-quick: $conf:8:1: line unrecognized: \`AllowedIP'" \
		"$(said $unit | grep '^wg-quick: ' | tail -n 1)"
	same "nothing is left" "$1" "$(state)"
	cp /run/good.conf $conf
	sed -i 's/^Address/PostUp = false\nAddress/' $conf
	row "a failing hook: start fails" not systemctl start $unit
	same "nothing is left" "$1" "$(state)"
	mv $conf /run/none.conf
	row "no file: start fails" not systemctl start $unit
	row "and says so" eval 'said '$unit' | tail -n 8 |
		grep "^wg-quick: .*wg0.conf.*: does not exist"'
	cp /run/good.conf $conf
	row "and starts when that is mended" systemctl start $unit
}

# A name that is not known yet, as at the start of a machine.
patient() {
	systemctl stop $unit
	sed -i 's/ far.example/ later.example/' /etc/hosts
	systemctl start --no-block $unit
	row "an unknown endpoint is asked for again" until_ok 30 eval \
		'said '$unit' | tail -n 8 | grep "far.example.*trying again"'
	same "the unit is activating" activating "$(systemctl is-active $unit)"
	row "stopped meanwhile, it stops" timeout 20 systemctl stop $unit
	same "and nothing is left" "$1" "$(state)"
	systemctl reset-failed $unit
	systemctl start --no-block $unit
	until_ok 30 eval 'systemctl is-active '$unit' | grep activating'
	sed -i 's/ later.example/ far.example/' /etc/hosts
	row "known in the end, it is up" until_ok 40 systemctl is-active $unit
	row "the tunnel carries" answers
}

booted
names
networkd
reload
# What there is without a tunnel, and then shall be again after each.
systemctl stop $unit
row "no link is left" not ip link show wg0
bare=$(state)
systemctl start $unit
stop "$bare"
mistakes "$bare"
patient "$bare"
row "no unit has failed" eval 'systemctl --failed --no-legend | tee /dev/stderr |
	not grep .'
journalctl -b -o short-monotonic --no-hostname >/dev/ttyS0
echo end
systemctl poweroff
