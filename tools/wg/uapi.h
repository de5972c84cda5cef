/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The numbers of the generic netlink family "wireguard", written down here
 * because the headers of a distribution lag behind: Debian 12's lack the flags
 * of an allowed IP.
 */
#ifndef TOOLS_WG_UAPI_H
#define TOOLS_WG_UAPI_H

#define WG_FAMILY		"wireguard"
#define WG_FAMILY_VERSION	1
#define WG_LINK_KIND		"wireguard"

enum wg_command {
	WG_GET_DEVICE = 0,	/* dump only */
	WG_SET_DEVICE = 1,
};

enum wg_device_attr {
	WG_DEVICE_IFINDEX = 1,		/* u32 */
	WG_DEVICE_IFNAME = 2,		/* NUL string */
	WG_DEVICE_PRIVATE_KEY = 3,	/* 32 bytes, zero removes */
	WG_DEVICE_PUBLIC_KEY = 4,	/* 32 bytes */
	WG_DEVICE_FLAGS = 5,		/* u32, enum wg_device_flag */
	WG_DEVICE_LISTEN_PORT = 6,	/* u16 */
	WG_DEVICE_FWMARK = 7,		/* u32 */
	WG_DEVICE_PEERS = 8,		/* nested array */
};

enum wg_device_flag { WG_DEVICE_REPLACE_PEERS = 1 };

enum wg_peer_attr {
	WG_PEER_PUBLIC_KEY = 1,		/* 32 bytes */
	WG_PEER_PRESHARED_KEY = 2,	/* 32 bytes, zero removes */
	WG_PEER_FLAGS = 3,		/* u32, enum wg_peer_flag */
	WG_PEER_ENDPOINT = 4,		/* sockaddr_in or sockaddr_in6 */
	WG_PEER_KEEPALIVE = 5,		/* u16 seconds, 0 is off */
	WG_PEER_LAST_HANDSHAKE = 6,	/* s64 seconds, s64 nanoseconds */
	WG_PEER_RX_BYTES = 7,		/* u64 */
	WG_PEER_TX_BYTES = 8,		/* u64 */
	WG_PEER_ALLOWED_IPS = 9,	/* nested array */
	WG_PEER_PROTOCOL_VERSION = 10,	/* u32 */
};

enum wg_peer_flag {
	WG_PEER_REMOVE = 1,
	WG_PEER_REPLACE_ALLOWED_IPS = 2,
	WG_PEER_UPDATE_ONLY = 4,
};

enum wg_allowed_ip_attr {
	WG_ALLOWED_IP_FAMILY = 1,	/* u16 */
	WG_ALLOWED_IP_ADDR = 2,		/* 4 or 16 bytes */
	WG_ALLOWED_IP_CIDR = 3,		/* u8 */
	WG_ALLOWED_IP_FLAGS = 4,	/* u32, since 6.16 */
};

enum wg_allowed_ip_flag { WG_ALLOWED_IP_REMOVE = 1 };

#endif /* TOOLS_WG_UAPI_H */
