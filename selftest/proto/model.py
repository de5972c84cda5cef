#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""An independent model of the handshake, from the papers alone.

Usage: model.py COUNT SEED. Writes COUNT transcripts, one a line, as hex fields
in the order of FIELDS. Nothing but the standard library: X25519 is RFC 7748's
formulas over Python integers, ChaCha20-Poly1305 is RFC 8439's, XChaCha20 is
draft-irtf-cfrg-xchacha's; BLAKE2s and HMAC come from hashlib.
"""
import hashlib
import hmac
import random
import struct
import sys

FIELDS = ("static_i static_r psk ephemeral_i ephemeral_r label ids "
          "secret source nonce message1 message2 reply key_ir key_ri").split()

P = 2**255 - 19


def x25519(scalar, point):
    k = int.from_bytes(scalar, "little")
    k = (k & ~7 & (2**254 - 1)) | 2**254
    u = int.from_bytes(point, "little") & (2**255 - 1)
    x2, z2, x3, z3 = 1, 0, u, 1
    for t in range(254, -1, -1):
        if k >> t & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a, c * b, a * a, b * b
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
        if k >> t & 1:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def public(secret):
    return x25519(secret, (9).to_bytes(32, "little"))


def rounds(state):
    def quarter(a, b, c, d):
        for x, y, z, n in ((a, b, d, 16), (c, d, b, 12),
                           (a, b, d, 8), (c, d, b, 7)):
            s[x] = (s[x] + s[y]) & 0xffffffff
            v = s[z] ^ s[x]
            s[z] = (v << n | v >> (32 - n)) & 0xffffffff
    s = list(state)
    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return s


def start(key, last16):
    return struct.unpack("<16I", b"expand 32-byte k" + key + last16)


def chacha20(key, nonce12, counter, text):
    out = b""
    for i in range(0, len(text), 64):
        s = start(key, struct.pack("<I", counter + i // 64) + nonce12)
        block = struct.pack("<16I", *((a + b) & 0xffffffff
                                      for a, b in zip(s, rounds(s))))
        out += bytes(a ^ b for a, b in zip(text[i:i + 64], block))
    return out


def poly1305(key, text):
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    acc = 0
    for i in range(0, len(text), 16):
        acc = (acc + int.from_bytes(text[i:i + 16] + b"\1", "little")) * r
        acc %= 2**130 - 5
    acc += int.from_bytes(key[16:], "little")
    return (acc % 2**128).to_bytes(16, "little")


def aead12(key, nonce12, plain, ad):
    def pad(x):
        return x + bytes(-len(x) % 16)
    sealed = chacha20(key, nonce12, 1, plain)
    lengths = struct.pack("<QQ", len(ad), len(sealed))
    return sealed + poly1305(chacha20(key, nonce12, 0, bytes(32)),
                             pad(ad) + pad(sealed) + lengths)


def aead(key, counter, plain, ad):
    return aead12(key, struct.pack("<IQ", 0, counter), plain, ad)


def xaead(key, nonce24, plain, ad):
    s = rounds(start(key, nonce24[:16]))
    subkey = struct.pack("<8I", *(s[:4] + s[12:]))
    return aead12(subkey, bytes(4) + nonce24[16:], plain, ad)


def hash_(x):
    return hashlib.blake2s(x).digest()


def mac(key, x):
    return hashlib.blake2s(x, key=key, digest_size=16).digest()


def kdf(n, key, x):
    t0 = hmac.new(key, x, hashlib.blake2s).digest()
    out, t = [], b""
    for i in range(1, n + 1):
        t = hmac.new(t0, t + bytes([i]), hashlib.blake2s).digest()
        out.append(t)
    return out


def stamp(message, receiver, cookie):
    message += mac(hash_(b"mac1----" + receiver), message)
    return message + (mac(cookie, message) if cookie else bytes(16))


def handshake(f):
    """Both messages, the cookie reply to the first, and the keys."""
    si, sr, ei, er = (f[x] for x in ("static_i", "static_r", "ephemeral_i",
                                     "ephemeral_r"))
    i, r = f["ids"][:4], f["ids"][4:]
    # A first message without a cookie, to which a cookie reply comes.
    c = hash_(b"Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s")
    h = hash_(c + b"WireGuard v1 zx2c4 Jason@zx2c4.com")
    h = hash_(h + public(sr))
    c, = kdf(1, c, public(ei))
    h = hash_(h + public(ei))
    c, k = kdf(2, c, x25519(ei, public(sr)))
    static = aead(k, 0, public(si), h)
    h = hash_(h + static)
    c, k = kdf(2, c, x25519(si, public(sr)))
    label = aead(k, 0, f["label"], h)
    h = hash_(h + label)
    body1 = b"\1\0\0\0" + i + public(ei) + static + label
    f["message1"] = stamp(body1, public(sr), None)
    cookie = mac(f["secret"], f["source"])
    f["reply"] = b"\3\0\0\0" + i + f["nonce"] + xaead(
        hash_(b"cookie--" + public(sr)), f["nonce"], cookie,
        f["message1"][116:132])
    f["message1"] = stamp(body1, public(sr), cookie)
    c, = kdf(1, c, public(er))
    h = hash_(h + public(er))
    c, = kdf(1, c, x25519(er, public(ei)))
    c, = kdf(1, c, x25519(er, public(si)))
    c, t, k = kdf(3, c, f["psk"])
    h = hash_(h + t)
    body2 = b"\2\0\0\0" + r + i + public(er) + aead(k, 0, b"", h)
    f["message2"] = stamp(body2, public(si), None)
    f["key_ir"], f["key_ri"] = kdf(2, c, b"")


def main():
    rng = random.Random(int(sys.argv[2]))
    for n in range(int(sys.argv[1])):
        f = {x: rng.randbytes(32) for x in FIELDS[:5]}
        if n % 2:
            f["psk"] = bytes(32)
        f["label"], f["ids"] = rng.randbytes(12), rng.randbytes(8)
        f["secret"], f["nonce"] = rng.randbytes(32), rng.randbytes(24)
        f["source"] = rng.randbytes((6, 18)[n // 2 % 2])
        handshake(f)
        print(" ".join(f[x].hex() for x in FIELDS))


if __name__ == "__main__":
    main()
