# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2207 # names of interfaces have no spaces
# Completion of wg-quick(8) for bash.

_wg_quick_reply() {
	COMPREPLY+=($(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]}"))
}

# Interfaces that could be meant, and files.
_wg_quick_tunnels() {
	local file names=
	case $1 in
	down | save | reload | resolve) names=$(wg show interfaces 2>/dev/null) ;;
	*)
		for file in /etc/wireguard/*.conf; do
			[[ -e $file ]] || continue
			file=${file##*/}
			names+=" ${file%.conf}"
		done
		;;
	esac
	_wg_quick_reply "$names"
	compopt -o filenames 2>/dev/null
	COMPREPLY+=($(compgen -f -X '!*.conf' -- "${COMP_WORDS[COMP_CWORD]}")
		$(compgen -d -- "${COMP_WORDS[COMP_CWORD]}"))
}

_wg_quick_new() {
	case $COMP_CWORD,${COMP_WORDS[2]} in
	2,*) _wg_quick_reply "server client" ;;
	3,*) _wg_quick_tunnels new ;;
	*,server) _wg_quick_reply "--address --port --nat" ;;
	*,client) _wg_quick_reply "--endpoint --dns --allow --output --no-qr" ;;
	esac
}

_wg_quick() {
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_wg_quick_reply "up start down reload save strip plan check
			new resolve --help"
		return
	fi
	case ${COMP_WORDS[1]} in
	new) _wg_quick_new ;;
	plan)
		((COMP_CWORD > 2)) || _wg_quick_reply "up start down reload"
		_wg_quick_tunnels up
		;;
	*) ((COMP_CWORD > 2)) || _wg_quick_tunnels "${COMP_WORDS[1]}" ;;
	esac
}

complete -F _wg_quick wg-quick
