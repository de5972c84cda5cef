#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write crypto/x25519_table.h, the multiples of the base point.

    x25519_table.py > crypto/x25519_table.h
    x25519_table.py --check crypto/x25519_table.h

Entry e of block j is the sum over t = 0..3 of s(t) 2^(32 j + 8 t) B on the
Edwards form of the curve [RFC 7748 4.1], where s(3) = 1 and s(t) is 1 or -1 as
bit t of e is 1 or 0. It is kept as y + x, y - x and 2 d x y.
"""
import sys

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def root(a):
    """The even square root of a modulo p."""
    r = pow(a, (P + 3) // 8, P)
    if r * r % P != a % P:
        r = r * pow(2, (P - 1) // 4, P) % P
    assert r * r % P == a % P
    return P - r if r & 1 else r


Y = 4 * pow(5, -1, P) % P
B = (root((Y * Y - 1) * pow(D * Y * Y + 1, -1, P)), Y)


def add(p, q):
    (x1, y1), (x2, y2) = p, q
    t = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P,
            (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P)


def mul(k, p):
    r = (0, 1)
    for bit in bin(k)[2:]:
        r = add(r, r)
        if bit == "1":
            r = add(r, p)
    return r


def words(a):
    return ", ".join("0x%016x" % (a >> 64 * i & 2**64 - 1) for i in range(4))


def table():
    yield """\
/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Multiples of the base point for x25519_comb.h: eight blocks of eight, each
 * y + x, y - x and 2 d x y in 64-bit words, lowest first. Written by
 * selftest/crypto/x25519_table.py, which says what they are. Not a secret.
 */
#ifndef WG_CRYPTO_X25519_TABLE_H
#define WG_CRYPTO_X25519_TABLE_H

#include "crypto/port.h"

static const u64 x25519_table[8][8][12] = {"""
    for j in range(8):
        yield "\t{"
        for e in range(8):
            k = 2**24 + sum((1 if e >> t & 1 else -1) << 8 * t for t in range(3))
            x, y = mul(k << 32 * j, B)
            rows = [words(v % P) for v in (y + x, y - x, 2 * D * x * y)]
            yield "\t\t{ " + ",\n\t\t  ".join(rows) + " },"
        yield "\t},"
    yield "};\n\n#endif /* WG_CRYPTO_X25519_TABLE_H */"


text = "\n".join(table()) + "\n"
if sys.argv[1:2] == ["--check"]:
    with open(sys.argv[2]) as f:
        sys.exit(f.read() != text)
sys.stdout.write(text)
