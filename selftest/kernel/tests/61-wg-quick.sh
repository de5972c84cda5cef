# SPDX-License-Identifier: GPL-2.0
# The tests of our wg-quick, on interfaces of the kernel, beside Debian's.

[ -d tools/usr ] || { skip "W5 our wg-quick (no tools in this job)"; return; }
export LD_LIBRARY_PATH=$PWD/tools/lib
# As Debian has it: a name may have several addresses in /etc/hosts.
[ -e /etc/host.conf ] || echo 'multi on' >/etc/host.conf
mkdir "$TMPDIR/etc" "$TMPDIR/run"
REFERENCE=$(type -P wg-quick) unshare -n -m bash -c '
	mount --bind "$TMPDIR/etc" /etc/wireguard &&
	mkdir -p /var/run/wireguard &&
	exec bash tools/test/quick.sh "$PWD/tools/usr/bin/wg-quick" \
		"$PWD/tools/usr/bin/wg" "$TMPDIR/run"' ||
	not_ok "W5 all of them pass (status $?)"
