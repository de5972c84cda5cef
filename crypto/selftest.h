/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Known answers for every primitive on every path that may be used, run once
 * before the first packet: at module load, after crypto_init(). So a CPU on which
 * a path fails can be helped by another. Process context, while nothing else
 * uses crypto/; does not sleep. Takes about 0.5 ms.
 */
#ifndef WG_CRYPTO_SELFTEST_H
#define WG_CRYPTO_SELFTEST_H

/*
 * NULL if all answers are right; otherwise a static string which names the
 * primitive and the path, "aead/avx512". The caller must then not go on.
 */
const char *crypto_selftest(void);

#endif /* WG_CRYPTO_SELFTEST_H */
