#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# check.sh BUILD_DIR: wg from the outside: first without any interface, then
# on wireguard-go's in namespaces of its own, beside Debian's wg.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "$1" && pwd)
. test/lib.sh
wg=$build/wg
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

is "version is one line" "$("$wg" --version | wc -l)" 1
is "help names every subcommand" "$("$wg" help | grep -c '^  [a-z]*: ')" 9
for arguments in nonsense set "set wg0" showconf "setconf wg0" "genkey x" \
	"show wg0 nonsense" "show wg0 dump more" "show interfaces dump" \
	"show --nonsense" "show --watch=0" "version x"; do
	# shellcheck disable=SC2086 # words
	fails "wg $arguments" "$wg" $arguments
done
works "show --help" "$wg" show --help

umask 077
"$wg" genkey >"$dir/key" 2>"$dir/err"
is "a key has 44 characters" "$(wc -c <"$dir/key")" 45
is "no warning about a private file" "$(cat "$dir/err")" ""
(umask 022; "$wg" genpsk >"$dir/open" 2>"$dir/err")
is "a warning about a world accessible file" \
	"$(grep -c 'world accessible' "$dir/err")" 1
# RFC 7748 6.1: Alice's keys.
is "pubkey, RFC 7748" \
	"$(echo dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo= | "$wg" pubkey)" \
	hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=
echo "$(cat "$dir/key")x" >"$dir/long"
fails "pubkey of a key and more" sh -c "'$wg' pubkey <'$dir/long'"
fails "output that cannot be written" sh -c "'$wg' genkey >/dev/full"

printf '[Interface]\nListenPort = 5\nPrivatKey = %s' "$(cat "$dir/key")" >"$dir/conf"
is "a mistake is named with file, line and column, and no key" \
	"$("$wg" setconf nosuch0 "$dir/conf" 2>&1)" \
	"wg: $dir/conf:3:1: line unrecognized: \`PrivatKey'"
is "a wrong argument is named" \
	"$("$wg" set nosuch0 listen-port 5 fwmark x 2>&1)" \
	"wg: set: argument 5, \`x': expected \"off\" or a number, 0 to 0xffffffff"
cp "$dir/key" "$dir/secret"
is "a key in the wrong place is not repeated" \
	"$("$wg" set nosuch0 peer x"$(cat "$dir/key")" 2>&1 | grep -c "$(cat "$dir/key")")" 0
fails "unknown interface" "$wg" show nosuch0
fails "long name" "$wg" show 1234567890123456
WG_ENDPOINT_RESOLUTION_RETRIES=x fails "retries that are no number" \
	"$wg" set nosuch0 peer "$(cat "$dir/key")" endpoint 1.2.3.4:5

# What wg-quick finds in files, as test/check/NAME.out has it.
mkdir -m 700 "$dir/check"
for file in test/check/*.conf; do
	name=$(basename "$file" .conf)
	cp "$file" "$dir/check"
	chmod 600 "$dir/check/$name.conf"
	is "wg-quick check: $name" "$("$build/wg-quick" check \
		"$dir/check/$name.conf" | sed 's,^/[^:]*/,,')" \
		"$(cat "test/check/$name.out")"
done
works "wg-quick check: status of a good file" \
	"$build/wg-quick" check "$dir/check/good.conf"
is "wg-quick check: status of mistakes" \
	"$("$build/wg-quick" check "$dir/check/mistakes.conf" >/dev/null; echo $?)" 1
printf '[Interface]\nAddress = x\nPrivateKey = y\n' >"$dir/check/two.conf"
is "wg-quick: of several mistakes the first is named" \
	"$("$build/wg-quick" strip "$dir/check/two.conf" 2>&1 | cut -d: -f3,4)" 2:11
printf '[Peer]\nPublicKye = %s\n' "$(cat "$dir/key")" >"$dir/check/two.conf"
is "wg-quick: a misspelled key is not missed as well" \
	"$("$build/wg-quick" check "$dir/check/two.conf" | grep -c error:)" 1
# As somebody to whom the directory is closed, as /etc/wireguard is.
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
if nobody test -x "$build/wg-quick" 2>/dev/null; then
	is "wg-quick check: a directory that is closed" \
		"$(nobody "$build/wg-quick" check "$dir/check/good.conf" 2>&1)" \
		"wg-quick: \`$dir/check/good.conf': Permission denied"
fi
chmod 644 "$dir/check/good.conf"
is "wg-quick check: a file that everyone may read" \
	"$("$build/wg-quick" check "$dir/check/good.conf" | grep -c 'mode 0600')" 1

if [ "$(id -u)" != 0 ]; then
	skip "wg with wireguard-go" "needs root"
elif [ ! -c /dev/net/tun ]; then
	skip "wg with wireguard-go" "no /dev/net/tun"
elif ! unshare -n -m true 2>/dev/null; then
	skip "wg with wireguard-go" "no namespaces here"
elif ! reference=$(test/reference.sh 2>"$dir/err"); then
	skip "wg with wireguard-go" "no packages: $(tail -n 1 "$dir/err")"
else
	REFERENCE=$reference/usr/bin/wg-quick LOG_LEVEL=silent \
	WG_QUICK_USERSPACE_IMPLEMENTATION=$reference/usr/bin/wireguard-go \
		test/in-namespace.sh none "" test/quick.sh \
		"$build/wg-quick" "$wg" "$dir" || failed=$((failed + 1))
	works "wg with wireguard-go" test/in-namespace.sh \
		"$reference/usr/bin/wireguard-go" "wg0 wg1" \
		test/user.sh "$wg" "$dir"
	test/in-namespace.sh "$reference/usr/bin/wireguard-go" wg0 \
		"$build/differential" "$wg" "$reference/usr/bin/wg" wg0 \
		"${CASES:-1000}" "${SEED:-1}" user || failed=$((failed + 1))
fi
finish
