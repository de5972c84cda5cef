/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a packet was not carried: one word a reason, one per-CPU counter a word
 * ("ethtool -S wg0"). Nothing is logged per packet.
 */
#ifndef WG_PEER_DROP_H
#define WG_PEER_DROP_H

/* name, string shown by ethtool */
#define WG_DROP_REASONS(_)					\
	_(TX_PROTOCOL,		"tx_not_ip")			\
	_(TX_NO_PEER,		"tx_no_peer_for_address")	\
	_(TX_NO_ENDPOINT,	"tx_no_endpoint")		\
	_(TX_STAGED_FULL,	"tx_staged_full")		\
	_(TX_GAVE_UP,		"tx_no_handshake")		\
	_(TX_MEMORY,		"tx_no_memory")			\
	_(TX_SEGMENT,		"tx_cannot_segment")		\
	_(TX_LIMIT,		"tx_session_limit")		\
	_(TX_OVERLOAD,		"tx_overload")			\
	_(TX_ROUTE,		"tx_no_route")			\
	_(RX_MALFORMED,		"rx_malformed")			\
	_(RX_UNKNOWN_INDEX,	"rx_unknown_index")		\
	_(RX_EXPIRED,		"rx_session_expired")		\
	_(RX_FORGED,		"rx_forged")			\
	_(RX_REPLAYED,		"rx_replayed")			\
	_(RX_LENGTH,		"rx_inner_length")		\
	_(RX_NOT_IP,		"rx_inner_not_ip")		\
	_(RX_SOURCE,		"rx_inner_source_not_allowed")	\
	_(RX_MEMORY,		"rx_no_memory")			\
	_(RX_OVERLOAD,		"rx_overload")			\
	_(HS_BAD_MAC1,		"handshake_bad_mac1")		\
	_(HS_COOKIE_ASKED,	"handshake_cookie_demanded")	\
	_(HS_RATE,		"handshake_rate_limited")	\
	_(HS_OVERLOAD,		"handshake_queue_full")		\
	_(HS_FORGED,		"handshake_forged")		\
	_(HS_REPLAYED,		"handshake_replayed")		\
	_(HS_TOO_SOON,		"handshake_too_soon")		\
	_(HS_UNASKED,		"handshake_unasked")		\
	_(HS_UNUSABLE,		"handshake_unusable_key")	\
	_(HS_UNKNOWN_PEER,	"handshake_unknown_peer")	\
	_(HS_MEMORY,		"handshake_no_memory")

enum wg_drop {
#define WG_DROP_ENUM(name, string) WG_DROP_##name,
	WG_DROP_REASONS(WG_DROP_ENUM)
#undef WG_DROP_ENUM
	WG_DROPS,
};

#endif /* WG_PEER_DROP_H */
