/* SPDX-License-Identifier: BSD-2-Clause
 *
 * hdr - the headers of frames as they are on the wire, and access to them within bounds.
 *
 * A byte order is a type: a be16 cannot be compared with a number or assigned from one, so a
 * forgotten swap does not compile.  The structs are packed and may alias anything, because
 * behind 14 bytes of Ethernet nothing is aligned.
 *
 * The accessors return NULL when the header does not lie whole in the packet's head.  Callers
 * that want to look further use pkt_pull() first.
 */
#pragma once

#include "pkt/pkt.h"

#include <endian.h>

typedef struct {
	uint16_t raw;
} wire_struct be16;

typedef struct {
	uint32_t raw;
} wire_struct be32;

static inline be16 to_be16(uint16_t v)
{
	return (be16){htobe16(v)};
}

static inline uint16_t from_be16(be16 v)
{
	return be16toh(v.raw);
}

static inline be32 to_be32(uint32_t v)
{
	return (be32){htobe32(v)};
}

static inline uint32_t from_be32(be32 v)
{
	return be32toh(v.raw);
}

static inline bool be16_equal(be16 a, be16 b)
{
	return a.raw == b.raw;
}

static inline bool be32_equal(be32 a, be32 b)
{
	return a.raw == b.raw;
}

/* ---- Ethernet ---- */

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_VLAN = 0x8100, /* 802.1Q */
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_QINQ = 0x88a8, /* 802.1ad */
};

struct eth {
	uint8_t dst[6], src[6];
	be16 type;
} wire_struct;
static_assert(sizeof(struct eth) == 14, "wire");

/* What stands between the addresses and the real type: the type field that names it is the
 * one in front, so struct eth::type of a tagged frame is ETHERTYPE_VLAN. */
struct vlan {
	be16 tci; /* priority 3, DEI 1, id 12 */
	be16 type;
} wire_struct;
static_assert(sizeof(struct vlan) == 4, "wire");
#define VLAN_ID_MASK 0x0fffu

static inline bool eth_is_multicast(const uint8_t addr[6])
{
	return addr[0] & 1;
}

static inline bool ethertype_is_vlan(be16 type)
{
	return be16_equal(type, to_be16(ETHERTYPE_VLAN)) ||
	       be16_equal(type, to_be16(ETHERTYPE_QINQ));
}

struct arp {
	be16 htype, ptype;
	uint8_t hlen, plen;
	be16 op;
	uint8_t sender_mac[6], sender_ip[4];
	uint8_t target_mac[6], target_ip[4];
} wire_struct;
static_assert(sizeof(struct arp) == 28, "wire");
enum {
	ARP_REQUEST = 1,
	ARP_REPLY = 2
};

/* ---- layer 3 ---- */

enum {
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_GRE = 47,
	PROTO_ICMPV6 = 58,
	/* IPv6 extension headers */
	PROTO_HOPOPTS = 0,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_DSTOPTS = 60,
	PROTO_NONE = 59,
};

struct ipv4 {
	uint8_t version_ihl;
	uint8_t tos;
	be16 total_len;
	be16 id;
	be16 frag_off; /* IPV4_DF, IPV4_MF, offset in units of 8 */
	uint8_t ttl, proto;
	be16 csum;
	be32 src, dst;
} wire_struct;
static_assert(sizeof(struct ipv4) == 20, "wire");
enum {
	IPV4_DF = 0x4000,
	IPV4_MF = 0x2000,
	IPV4_OFFSET = 0x1fff
};

static inline unsigned ipv4_header_len(const struct ipv4 *ip)
{
	return (ip->version_ihl & 15u) * 4u;
}

struct ipv6 {
	be32 version_flow; /* version 4, traffic class 8, flow label 20 */
	be16 payload_len;
	uint8_t next_header, hop_limit;
	uint8_t src[16], dst[16];
} wire_struct;
static_assert(sizeof(struct ipv6) == 40, "wire");

/* What hop-by-hop, routing and destination options begin with. */
struct ipv6_ext {
	uint8_t next_header;
	uint8_t len; /* in units of 8 bytes, without the first 8 */
} wire_struct;

struct ipv6_fragment {
	uint8_t next_header, reserved;
	be16 offset; /* offset 13, reserved 2, more 1 */
	be32 id;
} wire_struct;
static_assert(sizeof(struct ipv6_fragment) == 8, "wire");

/* ---- layer 4 ---- */

struct udp {
	be16 sport, dport;
	be16 len, csum;
} wire_struct;
static_assert(sizeof(struct udp) == 8, "wire");

struct tcp {
	be16 sport, dport;
	be32 seq, ack;
	uint8_t data_off; /* header length in the upper four bits, in units of 4 */
	uint8_t flags;	  /* TCP_* */
	be16 window, csum, urgent;
} wire_struct;
static_assert(sizeof(struct tcp) == 20, "wire");
enum {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
	TCP_ECE = 0x40,
	TCP_CWR = 0x80,
};

static inline unsigned tcp_header_len(const struct tcp *tcp)
{
	return (tcp->data_off >> 4) * 4u;
}

struct icmp {
	uint8_t type, code;
	be16 csum;
	be16 id, seq; /* of an echo; else by type */
} wire_struct;
static_assert(sizeof(struct icmp) == 8, "wire");
enum {
	ICMP_TYPE_ECHO_REPLY = 0,
	ICMP_TYPE_ECHO = 8,
	ICMPV6_TYPE_ECHO = 128,
	ICMPV6_TYPE_ECHO_REPLY = 129,
	ICMPV6_TYPE_RS = 133,
	ICMPV6_TYPE_RA = 134,
	ICMPV6_TYPE_NS = 135,
	ICMPV6_TYPE_NA = 136,
};

/* ---- access within bounds ---- */

/* @len bytes at @off of the head, or NULL. */
static inline void *pkt_at(const struct pkt *p, uint32_t off, uint32_t len)
{
	if (unlikely(off > p->len || p->len - off < len))
		return NULL;
	return p->data + off;
}

/* A header of @type at @off:  const struct udp *udp = pkt_hdr(p, off, struct udp);  */
#define pkt_hdr(p, off, type) ((type *)pkt_at(p, off, sizeof(type)))

static inline struct eth *pkt_eth(const struct pkt *p)
{
	return pkt_hdr(p, 0, struct eth);
}

/* Where layer 3 begins and what it is, after up to two VLAN tags.  Returns 0 (no ethertype)
 * when the frame ends inside its headers.  A layer-3 packet begins with its own version. */
static inline uint16_t pkt_ethertype(const struct pkt *p, uint32_t *l3)
{
	const struct eth *eth;
	const struct vlan *vlan;
	be16 type;

	if (p->flags & PKT_F_IP) {
		*l3 = 0;
		if (!p->len)
			return 0;
		return p->data[0] >> 4 == 4   ? ETHERTYPE_IPV4
		       : p->data[0] >> 4 == 6 ? ETHERTYPE_IPV6
					      : 0;
	}
	*l3 = sizeof(*eth);
	eth = pkt_eth(p);
	if (unlikely(!eth))
		return 0;
	type = eth->type;
	for (unsigned tags = 0; ethertype_is_vlan(type) && tags < 2; tags++) {
		vlan = pkt_hdr(p, *l3, struct vlan);
		if (!vlan)
			return 0;
		type = vlan->type;
		*l3 += sizeof(*vlan);
	}
	return from_be16(type);
}

/* The IPv4 header at @off with its options, or NULL if it is not a sound one. */
static inline struct ipv4 *pkt_ipv4(const struct pkt *p, uint32_t off)
{
	struct ipv4 *ip = pkt_hdr(p, off, struct ipv4);

	if (!ip || ip->version_ihl >> 4 != 4 || ipv4_header_len(ip) < sizeof(*ip) ||
	    !pkt_at(p, off, ipv4_header_len(ip)))
		return NULL;
	return ip;
}

static inline struct ipv6 *pkt_ipv6(const struct pkt *p, uint32_t off)
{
	struct ipv6 *ip = pkt_hdr(p, off, struct ipv6);

	return ip && from_be32(ip->version_flow) >> 28 == 6 ? ip : NULL;
}

/* The TCP header at @off with its options, or NULL if it is not a sound one. */
static inline struct tcp *pkt_tcp(const struct pkt *p, uint32_t off)
{
	struct tcp *tcp = pkt_hdr(p, off, struct tcp);

	if (!tcp || tcp_header_len(tcp) < sizeof(*tcp) ||
	    !pkt_at(p, off, tcp_header_len(tcp)))
		return NULL;
	return tcp;
}
