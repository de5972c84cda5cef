# SPDX-License-Identifier: GPL-2.0
# BIG TCP: packets of the stack longer than an IP header can say are cut.

pair 4
check C19 "session" pings a 192.168.7.2
# Debian 12's ip knows the word for IPv6 only
big() { ip -n a link set wg0 "$1" 185000 && ip -n b link set wg0 "$1" 185000; }
row() { # WORD ADDR
	if big "$1" 2>"$TMPDIR/big"; then
		check C19 "16 MiB to $2 by packets of up to 185,000 bytes" \
			tcp_copy a b "$2" 16384
	else
		skip "C19 BIG TCP to $2 ($(head -n 1 "$TMPDIR/big"))"
	fi
}
row gso_max_size fd07::2
row gso_ipv4_max_size 192.168.7.2
same C19 "nothing that could not be cut" 0 "$(stat_of a wg0 tx_errors)"
