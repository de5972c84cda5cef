# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2207 # names of interfaces have no spaces
# Completion of wg(8) for bash.

_wg_reply() { COMPREPLY+=($(compgen -W "$1" -- "${COMP_WORDS[COMP_CWORD]}")); }

_wg_files() {
	compopt -o filenames 2>/dev/null
	COMPREPLY+=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
}

_wg_peers() {
	_wg_reply "$(wg show "${COMP_WORDS[2]}" peers 2>/dev/null)"
}

_wg_set() {
	local word in_peer=
	for word in "${COMP_WORDS[@]:3:COMP_CWORD-3}"; do
		[[ $word == peer ]] && in_peer=yes
	done
	case ${COMP_WORDS[COMP_CWORD-1]} in
	private-key | preshared-key) _wg_files ;;
	peer) _wg_peers ;;
	fwmark | persistent-keepalive) _wg_reply off ;;
	listen-port | endpoint | allowed-ips) ;;
	*)
		if [[ $in_peer ]]; then
			_wg_reply "peer remove preshared-key endpoint
				persistent-keepalive allowed-ips"
		else
			_wg_reply "listen-port fwmark private-key peer"
		fi
		;;
	esac
}

_wg_show() {
	case $COMP_CWORD in
	2) _wg_reply "all interfaces --json --watch $(wg show interfaces 2>/dev/null)" ;;
	*) _wg_reply "public-key private-key listen-port fwmark peers
		preshared-keys endpoints allowed-ips latest-handshakes
		transfer persistent-keepalive dump --json --watch --count=" ;;
	esac
}

_wg() {
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		_wg_reply "show showconf set setconf addconf syncconf genkey
			genpsk pubkey help version"
		return
	fi
	case ${COMP_WORDS[1]} in
	show) _wg_show ;;
	showconf | set | setconf | addconf | syncconf)
		if ((COMP_CWORD == 2)); then
			_wg_reply "$(wg show interfaces 2>/dev/null)"
		elif [[ ${COMP_WORDS[1]} == set ]]; then
			_wg_set
		elif [[ ${COMP_WORDS[1]} == *conf && ${COMP_WORDS[1]} != show* ]]; then
			_wg_files
		fi
		;;
	esac
}

complete -F _wg wg
