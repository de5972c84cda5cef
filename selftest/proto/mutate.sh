#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Mutation testing of src/proto, see mutate.py. Takes some minutes.
exec python3 "$(dirname "$0")/mutate.py" "$@"
