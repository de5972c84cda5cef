#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Ask the headers of a kernel what they have, in one run of the compiler, and
# write it as a header.
#
#   probe.sh probe.c HEADER COMPILER [FLAGS...]
set -eu

probes=$1 header=$2
shift 2
words=$header.log
mkdir -p "${header%/*}"
LC_ALL=C "$@" -Wno-error -Werror=implicit-function-declaration \
	-Werror=incompatible-pointer-types -fdiagnostics-color=never \
	-fsyntax-only "$probes" >"$words" 2>&1 || :

# Complaints lead to the probe they are in; one outside of all probes means
# that nothing can be compiled against this kernel.
awk -v probes="$probes" '
	BEGIN { print "/* From probe.c and the headers of the kernel. */" }
	FNR == NR {
		if ($1 == "/*" && $2 == "PROBE") {
			name[++n] = substr($3, 1, length($3) - 1)
			first[n] = FNR
		}
		next
	}
	/error:/ {
		split($0, part, ":")
		if (part[1] != probes || part[2] < first[1]) {
			print > "/dev/stderr"
			bad = 1
		}
		for (i = n; i && first[i] > part[2] + 0; i--)
			;
		no[i] = 1
	}
	END {
		if (bad || no[1] || !no[2]) {
			print "probe.sh: the headers of this kernel do not" \
				" compile" > "/dev/stderr"
			exit 1
		}
		for (i = 3; i <= n; i++)
			if (!no[i])
				print "#define HAVE_" name[i] " 1"
	}' "$probes" "$words" >"$header.new" || { cat "$words" >&2; exit 1; }
mv "$header.new" "$header"
rm -f "$words"
