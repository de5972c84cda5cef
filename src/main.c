// SPDX-License-Identifier: GPL-2.0
/* Module load and unload: what starts last stops first. */
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>
#include "crypto/selftest.h"
#include "crypto/simd.h"
#include "flow/flow.h"
#include "host/device.h"
#include "host/netlink.h"
#include "io/pages.h"
#include "io/whole.h"
#include "peer/peer.h"
#include "peer/session.h"

/* As given, or what was chosen. */
static char *crypto;
module_param(crypto, charp, 0444);
MODULE_PARM_DESC(crypto, "use avx512, avx2 or generic code (default: the best the CPU has)");

static int crypto_start(void)
{
	const char *failed;

	crypto_init();
	if (crypto && !crypto_force(crypto)) {
		pr_err("No crypto=%s, refusing to load: this CPU has %s\n",
		       crypto, crypto_paths());
		return -EINVAL;
	}
	if (!crypto)
		crypto = (char *)crypto_path();
	failed = crypto_selftest();
	if (!failed)
		return 0;
	pr_err("Self-test of %s failed: refusing to load\n", failed);
	return -ENOTRECOVERABLE;
}

static void pages_stop(void)
{
	wg_pages_exit();
}

static int nothing_to_start(void)
{
	return 0;
}

static void nothing_to_stop(void)
{
}

static const struct {
	int (*start)(void);
	void (*stop)(void);
} parts[] = {
	{ crypto_start,		nothing_to_stop },
	{ nothing_to_start,	pages_stop },
	{ wg_whole_init,	wg_whole_exit },
	{ wg_sessions_init,	wg_sessions_exit },
	{ wg_peers_init,	wg_peers_exit },
	{ wg_crew_init,		wg_crew_exit },
	{ wg_tx_init,		wg_tx_exit },
	{ wg_rx_init,		wg_rx_exit },
	{ wg_handshakes_init,	wg_handshakes_exit },
	{ wg_device_init,	wg_device_exit },
	{ wg_netlink_init,	wg_netlink_exit },
};

static void stop_parts(unsigned int n)
{
	while (n--)
		parts[n].stop();
}

static int __init wg_start(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].start();
		if (err) {
			stop_parts(i);
			return err;
		}
	}
	pr_info("WireGuard " WG_VERSION " loaded, crypto: %s\n", crypto_path());
	return 0;
}

static void __exit wg_stop(void)
{
	stop_parts(ARRAY_SIZE(parts));
}

module_init(wg_start);
module_exit(wg_stop);
MODULE_LICENSE("GPL v2");
MODULE_DESCRIPTION("WireGuard secure network tunnel, batched");
MODULE_AUTHOR("The wireguard-batch authors");
MODULE_VERSION(WG_VERSION);
MODULE_ALIAS_RTNL_LINK(KBUILD_MODNAME);
MODULE_ALIAS_GENL_FAMILY("wireguard");
