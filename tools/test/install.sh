#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# install.sh BUILD_DIR: what stands beside the programs: man pages, completions
# and units, as they are installed.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(cd "$1" && pwd)
. test/lib.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
share=$dir/usr/local/share
units=$dir/usr/local/lib/systemd/system

works "make install" make -s --no-print-directory install O="$build" \
	DESTDIR="$dir" PREFIX=/usr/local
[ "$failed" = 0 ] || exit 1
is "the directory of configurations is root's alone" \
	"$(stat -c %a "$dir/etc/wireguard")" 700
is "units name the programs where they are" \
	"$(grep -h '^Exec' "$units"/* | grep -vc '=/usr/local/bin/wg-quick ')" 0

for page in wg wg-quick; do
	file=$share/man/man8/$page.8
	if command -v mandoc >/dev/null; then
		works "mandoc finds nothing in $page.8" \
			mandoc -T lint -W warning "$file"
	else
		skip "mandoc finds nothing in $page.8" "no mandoc"
	fi
	if command -v man >/dev/null; then
		is "man has no warning about $page.8" "$(MANWIDTH=80 man \
			--warnings -E UTF-8 -P cat -l "$file" 2>&1 >"$dir/text")" ""
		is "$page.8 is text" "$(grep -c "^     $page — " "$dir/text")" 1
	else
		skip "man has no warning about $page.8" "no man"
	fi
done

# Every subcommand is in the page, and offered by both shells.
"$build/wg" help | sed -n 's/^  \([a-z]*\): .*/wg \1/p' >"$dir/words"
"$build/wg-quick" help | sed -n 's/^  \([a-z][a-z]*\) .*/wg-quick \1/p' >>"$dir/words"
is "there are that many subcommands" "$(wc -l <"$dir/words")" 19
while read -r program word; do
	grep -q "^\.\(It \|Nm \)*Cm .*\b$word\b" "$share/man/man8/$program.8" ||
		echo "$program.8: $word"
	grep -q "^		'$word:" "$share/zsh/vendor-completions/_$program" ||
		echo "_$program: $word"
	bash -c '. "$1"; COMP_WORDS=("$2" "$3") COMP_CWORD=1
		"_${2/-/_}"; [ "${COMPREPLY[0]}" = "$3" ]' - \
		"$share/bash-completion/completions/$program" "$program" "$word" ||
		echo "bash: $program $word"
done <"$dir/words" >"$dir/missing"
is "all of them are described and completed" "$(cat "$dir/missing")" ""
if command -v zsh >/dev/null; then
	works "zsh reads the completions" zsh -n "$share"/zsh/vendor-completions/*
else
	skip "zsh reads the completions" "no zsh"
fi

if command -v systemd-analyze >/dev/null; then
	sed -i "s,=/usr/local/bin/wg-quick,=$build/wg-quick," "$units"/*
	is "systemd has nothing to say about the units" \
		"$(systemd-analyze verify --man=no "$units"/* 2>&1 |
		   grep wg-quick)" ""
else
	skip "systemd has nothing to say about the units" "no systemd-analyze"
fi
finish
