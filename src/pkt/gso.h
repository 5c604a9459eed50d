/* SPDX-License-Identifier: BSD-2-Clause
 *
 * gso - what a packet still wants done before it is on a wire: the virtio-net header that says
 * so at the border of the process, and doing it in software where nobody behind can.
 *
 * Segmentation of TCP over IPv4 and IPv6 and of UDP (USO), with any VLAN tags in front and
 * IPv6 extension headers between, or of layer-3 packets.  A segment has its own copy of the
 * headers and refers to the original's payload.
 */
#pragma once

#include "pkt/pkt.h"

#include <linux/virtio_net.h>

/* Younger than the headers of some distributions that the program builds on. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

/* Segments that one packet may make: with the smallest sensible segments, 64 KiB. */
#define GSO_MAX_SEGMENTS 8192u

/* Can @features (a set of these) carry the packet as it is? */
enum {
	OFFLOAD_CSUM = 1u << 0, /* partial checksums */
	OFFLOAD_TSO = 1u << 1,	/* TCP segments, with ECN */
	OFFLOAD_USO = 1u << 2,	/* UDP segments */
};
bool offload_fits(const struct pkt *p, unsigned features);

/* Read @h, which stood in front of @p's frame and is untrusted, into p->off.  Afterwards all
 * positions are inside the packet's head and hdr_len is the true length of the headers.
 * False if it does not fit the packet: the caller drops it. */
bool offload_parse(struct worker *w, struct pkt *p,
		   const struct virtio_net_hdr *h) must_check;

/* The header for @p as it is now. */
void offload_fill(const struct pkt *p, struct virtio_net_hdr *h);

static inline bool pkt_is_gso(const struct pkt *p)
{
	return p->off.gso_type != VIRTIO_NET_HDR_GSO_NONE;
}

/* @len bytes were pushed in front of, or (negative) pulled off, the packet: move what the
 * offload metadata points at. */
static inline void offload_shift(struct pkt *p, int len)
{
	if (p->off.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM)
		p->off.csum_start = (uint16_t)(p->off.csum_start + len);
	if (pkt_is_gso(p))
		p->off.hdr_len = (uint16_t)(p->off.hdr_len + len);
}

/* Cutting one packet into segments:
 *
 *	if (!gso_begin(&gso, w, p)) ... drop it with DROP_NO_GSO
 *	while (gso_next(&gso, &b)) ... use the burst
 *	gso_end(&gso);
 */
struct gso {
	struct worker *w;
	struct pkt *p;
	uint32_t payload, done; /* bytes in all, bytes already in segments */
	uint16_t l3, l4, hdr_len, size;
	bool is_ipv4, is_tcp;
	unsigned n; /* segments made */
};

/* Take @p apart.  Borrows it until gso_end, which frees it.  False, and nothing changed, if
 * its headers are not what its gso_type says. */
bool gso_begin(struct gso *gso, struct worker *w, struct pkt *p) must_check;

/* Fill @b, which has room, with further segments, their checksums partial.  False when there
 * are none left or the pool is empty. */
bool gso_next(struct gso *gso, struct burst *b);

/* Frees the packet, or drops it for @dev when the pool was empty before all was cut. */
void gso_end(struct gso *gso, struct dev *dev);
