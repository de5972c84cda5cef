# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# Lines of results for the tests of the tools.
failed=0
skipped=0

ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1"; failed=$((failed + 1)); }
skip() { echo "skip $1: $2"; skipped=$((skipped + 1)); }

# NAME GOT EXPECTED
is() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		printf '# got: %s\n# expected: %s\n' "$2" "$3"
	fi
}

# NAME COMMAND...: status 0, and its output only when it is not
works() {
	name=$1
	shift
	if output=$("$@" 2>&1); then
		ok "$name"
	else
		not_ok "$name"
		printf '%s\n' "$output" | sed 's/^/# /'
	fi
	if [ -n "${SHOW:-}" ]; then printf '%s\n' "$output"; fi
}

# NAME COMMAND...: status 1, something on stderr
fails() {
	name=$1
	shift
	error=$("$@" 2>&1 >/dev/null)
	status=$?
	if [ $status = 1 ] && [ -n "$error" ]; then
		ok "fails: $name"
	else
		not_ok "fails: $name"
		printf '# status %s: %s\n' "$status" "$error"
	fi
}

finish() {
	echo "$failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
