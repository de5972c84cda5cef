# SPDX-License-Identifier: GPL-2.0
#
# What each file of this folder is compiled for; for Kbuild, the tests and the
# benches. Only code behind simd_begin() may be in a file with vector flags.
CFLAGS_aead_avx2.o := -mavx2 -mbmi2
CFLAGS_aead_avx512.o := -mavx512f -mavx512bw -mavx512vl -mavx512dq \
	-mavx512ifma -mavx512vbmi2 -mbmi2
CFLAGS_x25519_ifma4.o := -mavx512f -mavx512vl -mavx512ifma -mbmi2
CFLAGS_x25519_ifma8.o := -mavx512f -mavx512ifma -mbmi2
