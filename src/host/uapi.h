/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The numbers of the generic netlink family "wireguard", version 1, which
 * existing clients have compiled in. Not the header of the kernel we are built
 * against: older ones lack attributes that we speak on every kernel.
 */
#ifndef WG_HOST_UAPI_H
#define WG_HOST_UAPI_H

#define WG_FAMILY_NAME		"wireguard"
#define WG_FAMILY_VERSION	1
#define WG_PROTOCOL_VERSION	1	/* in WG_PEER_VERSION */

enum {
	WG_GET_DEVICE,		/* a dump, and only that */
	WG_SET_DEVICE,		/* never a dump */
};

enum {
	WG_DEVICE_IFINDEX = 1,	/* u32 */
	WG_DEVICE_IFNAME,	/* string that ends with a zero byte */
	WG_DEVICE_PRIVATE_KEY,	/* 32 bytes; all zeros: none */
	WG_DEVICE_PUBLIC_KEY,	/* 32 bytes; follows from the private key */
	WG_DEVICE_FLAGS,	/* u32 */
	WG_DEVICE_LISTEN_PORT,	/* u16; 0: any */
	WG_DEVICE_FWMARK,	/* u32; 0: none */
	WG_DEVICE_PEERS,	/* array of nests */
	WG_DEVICE_ATTRS_N
};

#define WG_DEVICE_REPLACE_PEERS	(1U << 0)

enum {
	WG_PEER_UNSPEC,		/* padding before 64-bit values */
	WG_PEER_PUBLIC_KEY,	/* 32 bytes */
	WG_PEER_PRESHARED_KEY,	/* 32 bytes; all zeros: none */
	WG_PEER_FLAGS,		/* u32 */
	WG_PEER_ENDPOINT,	/* struct sockaddr_in or sockaddr_in6 */
	WG_PEER_KEEPALIVE_S,	/* u16; 0: off */
	WG_PEER_HANDSHAKE_TIME,	/* struct __kernel_timespec, wall clock */
	WG_PEER_RX_BYTES,	/* u64 */
	WG_PEER_TX_BYTES,	/* u64 */
	WG_PEER_ALLOWEDIPS,	/* array of nests */
	WG_PEER_VERSION,	/* u32 */
	WG_PEER_ATTRS_N
};

#define WG_PEER_REMOVE		(1U << 0)
#define WG_PEER_REPLACE_IPS	(1U << 1)
#define WG_PEER_UPDATE_ONLY	(1U << 2)
#define WG_PEER_FLAGS_ALL	(WG_PEER_REMOVE | WG_PEER_REPLACE_IPS | \
				 WG_PEER_UPDATE_ONLY)

enum {
	WG_IP_FAMILY = 1,	/* u16; AF_INET or AF_INET6 */
	WG_IP_ADDR,		/* 4 or 16 bytes */
	WG_IP_CIDR,		/* u8 */
	WG_IP_FLAGS,		/* u32 */
	WG_IP_ATTRS_N
};

#define WG_IP_REMOVE		(1U << 0)

#endif /* WG_HOST_UAPI_H */
