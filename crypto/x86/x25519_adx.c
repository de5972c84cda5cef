// SPDX-License-Identifier: GPL-2.0
/*
 * X25519 with MULX, ADCX and ADOX: integer registers only, no FPU section.
 */
#include "crypto/x86/curve25519.h"

#include "crypto/x86/fe64.h"
#include "crypto/x25519_comb.h"
#include "crypto/x25519_ladder.h"

void x25519_adx(u8 out[X25519_LEN], const u8 secret[X25519_LEN],
		const u8 point[X25519_LEN])
{
	x25519_climb(out, secret, point);
}

void x25519_adx_base(u8 pub[X25519_LEN], const u8 secret[X25519_LEN])
{
	x25519_comb(pub, secret);
}
