/* SPDX-License-Identifier: BSD-2-Clause
 *
 * gso - segmentation in software, and virtio-net headers checked against their packets.
 *
 * A segment differs from its original in: the lengths in the IP and UDP headers; the IPv4 id,
 * which counts up; TCP's sequence number; FIN and PSH, which only the last has; CWR, which
 * only the first has, because it answers one ECE (RFC 3168, 6.1.2); and the checksums.
 */
#include "pkt/gso.h"
#include "pkt/csum.h"
#include "pkt/worker.h"

#define CSUM_AT_TCP offsetof(struct tcp, csum)
#define CSUM_AT_UDP offsetof(struct udp, csum)

/* Smaller segments are nobody's wish but an attacker's. */
#define TCP_MIN_SEGMENT 8u

static uint8_t gso_kind(uint8_t gso_type)
{
	return gso_type & (uint8_t)~VIRTIO_NET_HDR_GSO_ECN;
}

bool offload_fits(const struct pkt *p, unsigned features)
{
	if ((p->off.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) && !(features & OFFLOAD_CSUM))
		return false;
	switch (gso_kind(p->off.gso_type)) {
	case VIRTIO_NET_HDR_GSO_NONE:
		return true;
	case VIRTIO_NET_HDR_GSO_UDP_L4:
		return features & OFFLOAD_USO;
	default:
		return features & OFFLOAD_TSO;
	}
}

/* The length of all headers, given where layer 4 begins; 0 if they are not whole or their
 * checksum is elsewhere than they say. */
static uint32_t headers_len(struct worker *w, struct pkt *p)
{
	uint32_t l4 = p->off.csum_start, len;
	struct tcp *tcp;

	if (gso_kind(p->off.gso_type) == VIRTIO_NET_HDR_GSO_UDP_L4) {
		len = l4 + (uint32_t)sizeof(struct udp);
		return p->off.csum_offset == CSUM_AT_UDP && pkt_pull(w, p, len) ? len : 0;
	}
	if (p->off.csum_offset != CSUM_AT_TCP ||
	    !pkt_pull(w, p, l4 + (uint32_t)sizeof(struct tcp)))
		return 0;
	tcp = pkt_hdr(p, l4, struct tcp);
	len = l4 + tcp_header_len(tcp);
	return tcp_header_len(tcp) >= sizeof(*tcp) && pkt_pull(w, p, len) ? len : 0;
}

/* p->off has been copied from the virtio header; is its segmentation possible? */
static bool check_gso(struct worker *w, struct pkt *p)
{
	struct offload *off = &p->off;
	uint32_t hdr_len, payload, smallest = 1;

	switch (gso_kind(off->gso_type)) {
	case VIRTIO_NET_HDR_GSO_TCPV4:
	case VIRTIO_NET_HDR_GSO_TCPV6:
		smallest = TCP_MIN_SEGMENT;
		break;
	case VIRTIO_NET_HDR_GSO_UDP_L4:
		break;
	default:
		return false;
	}
	/* The standard wants a partial checksum with every segmentation. */
	if (!(off->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) || off->gso_size < smallest)
		return false;
	hdr_len = headers_len(w, p);
	payload = pkt_size(p) - hdr_len;
	if (!hdr_len || hdr_len > UINT16_MAX || !payload)
		return false;
	if ((payload + off->gso_size - 1) / off->gso_size > GSO_MAX_SEGMENTS)
		return false;
	off->hdr_len = (uint16_t)hdr_len;
	if (payload <= off->gso_size) { /* it is one segment already */
		off->gso_type = VIRTIO_NET_HDR_GSO_NONE;
		off->gso_size = 0;
	}
	return true;
}

bool offload_parse(struct worker *w, struct pkt *p, const struct virtio_net_hdr *h)
{
	p->off = (struct offload){.flags = h->flags & (VIRTIO_NET_HDR_F_NEEDS_CSUM |
						       VIRTIO_NET_HDR_F_DATA_VALID)};
	if (p->off.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		uint32_t end =
			(uint32_t)h->csum_start + h->csum_offset + (uint32_t)sizeof(be16);

		p->off.csum_start = h->csum_start;
		p->off.csum_offset = h->csum_offset;
		if (!pkt_pull(w, p, end))
			return false;
	}
	if (likely(h->gso_type == VIRTIO_NET_HDR_GSO_NONE))
		return true;
	p->off.gso_type = h->gso_type;
	p->off.gso_size = h->gso_size;
	return check_gso(w, p);
}

void offload_fill(const struct pkt *p, struct virtio_net_hdr *h)
{
	*h = (struct virtio_net_hdr){.flags = p->off.flags,
				     .gso_type = p->off.gso_type,
				     .hdr_len = p->off.hdr_len,
				     .gso_size = p->off.gso_size,
				     .csum_start = p->off.csum_start,
				     .csum_offset = p->off.csum_offset};
}

/* Does layer 4 with @proto begin at @l4, behind the IPv6 header at @l3? */
static bool ipv6_leads_to(const struct pkt *p, uint32_t l3, uint8_t proto, uint32_t l4)
{
	const struct ipv6 *ip = pkt_ipv6(p, l3);
	uint32_t at = l3 + (uint32_t)sizeof(*ip);
	uint8_t next;

	if (!ip)
		return false;
	next = ip->next_header;
	while (at < l4) {
		const struct ipv6_ext *ext = pkt_hdr(p, at, struct ipv6_ext);

		if (!ext || (next != PROTO_HOPOPTS && next != PROTO_ROUTING &&
			     next != PROTO_DSTOPTS))
			return false;
		next = ext->next_header;
		at += (ext->len + 1u) * 8u;
	}
	return at == l4 && next == proto;
}

static bool ipv4_leads_to(const struct pkt *p, uint32_t l3, uint8_t proto, uint32_t l4)
{
	const struct ipv4 *ip = pkt_ipv4(p, l3);

	return ip && l3 + ipv4_header_len(ip) == l4 && ip->proto == proto &&
	       !(from_be16(ip->frag_off) & (IPV4_MF | IPV4_OFFSET));
}

bool gso_begin(struct gso *gso, struct worker *w, struct pkt *p)
{
	uint8_t kind = gso_kind(p->off.gso_type);
	uint32_t l3, l4 = p->off.csum_start;
	bool is_tcp = kind != VIRTIO_NET_HDR_GSO_UDP_L4;
	uint8_t proto = is_tcp ? PROTO_TCP : PROTO_UDP;
	uint16_t type;

	if (!check_gso(w, p))
		return false;
	type = pkt_ethertype(p, &l3);
	if (type == ETHERTYPE_IPV4) {
		if (kind == VIRTIO_NET_HDR_GSO_TCPV6 || !ipv4_leads_to(p, l3, proto, l4))
			return false;
	} else if (type == ETHERTYPE_IPV6) {
		if (kind == VIRTIO_NET_HDR_GSO_TCPV4 || !ipv6_leads_to(p, l3, proto, l4))
			return false;
	} else {
		return false;
	}
	/* A packet that is one segment (check_gso said so) makes one, of all its payload. */
	*gso = (struct gso){.w = w,
			    .p = p,
			    .payload = pkt_size(p) - p->off.hdr_len,
			    .l3 = (uint16_t)l3,
			    .l4 = (uint16_t)l4,
			    .hdr_len = p->off.hdr_len,
			    .size = p->off.gso_size ? p->off.gso_size : UINT16_MAX,
			    .is_ipv4 = type == ETHERTYPE_IPV4,
			    .is_tcp = is_tcp};
	return true;
}

/* Payload @off..@off+@len of the original becomes that of @q, whose head holds the headers:
 * by reference, but for what precedes the original's fragment in a segment that straddles. */
static void set_payload(struct pkt *q, struct pkt *p, uint32_t off, uint32_t len)
{
	uint32_t in_head = off < p->len ? min(len, p->len - off) : 0;

	if (in_head == len) {
		pkt_share(q, p, p->data + off, len);
		return;
	}
	memcpy(q->data + q->len, p->data + off, in_head);
	q->len += in_head;
	pkt_share(q, p->frag, p->frag_data + (off + in_head - p->len), len - in_head);
}

static void set_lengths(const struct gso *gso, struct pkt *q, uint32_t payload)
{
	uint32_t l4_len = gso->hdr_len - gso->l4 + payload;
	uint64_t pseudo;

	if (gso->is_ipv4) {
		struct ipv4 *ip = (struct ipv4 *)(q->data + gso->l3);

		ip->total_len = to_be16((uint16_t)(gso->l4 - gso->l3 + l4_len));
		ip->id = to_be16((uint16_t)(from_be16(ip->id) + gso->n));
		ip->csum = (be16){0};
		ip->csum = csum_finish(csum_add(0, ip, ipv4_header_len(ip)));
		pseudo = csum_pseudo_ipv4(ip, ip->proto, l4_len);
	} else {
		struct ipv6 *ip = (struct ipv6 *)(q->data + gso->l3);

		ip->payload_len = to_be16(
			(uint16_t)(gso->l4 - gso->l3 - (uint32_t)sizeof(*ip) + l4_len));
		pseudo =
			csum_pseudo_ipv6(ip, gso->is_tcp ? PROTO_TCP : PROTO_UDP, l4_len);
	}
	if (gso->is_tcp) {
		struct tcp *tcp = (struct tcp *)(q->data + gso->l4);

		tcp->seq = to_be32(from_be32(tcp->seq) + gso->done);
		if (gso->done)
			tcp->flags &= (uint8_t)~TCP_CWR;
		if (gso->done + payload < gso->payload)
			tcp->flags &= (uint8_t) ~(TCP_FIN | TCP_PSH);
		tcp->csum = csum_fold(pseudo);
	} else {
		struct udp *udp = (struct udp *)(q->data + gso->l4);

		udp->len = to_be16((uint16_t)l4_len);
		udp->csum = csum_fold(pseudo);
	}
}

static struct pkt *next_segment(struct gso *gso)
{
	struct pkt *p = gso->p, *q;
	uint32_t off = gso->hdr_len + gso->done;
	uint32_t len = min(gso->payload - gso->done, (uint32_t)gso->size);
	uint32_t copied = gso->hdr_len;

	if (off < p->len && off + len > p->len)
		copied += p->len - off;
	q = PKT_HEADROOM + copied <= gso->w->small->room ? pkt_alloc(gso->w)
							 : pkt_alloc_large(gso->w);
	if (!q)
		return NULL;
	if (pkt_tailroom(q) < copied) {
		pkt_free(q);
		return NULL;
	}
	memcpy(q->data, p->data, gso->hdr_len);
	q->len = gso->hdr_len;
	q->in = p->in;
	q->vid = p->vid;
	q->hops = p->hops;
	q->flags = p->flags;
	q->trace_id = p->trace_id;
	q->off.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	q->off.csum_start = p->off.csum_start;
	q->off.csum_offset = p->off.csum_offset;
	set_payload(q, p, off, len);
	set_lengths(gso, q, len);
	gso->done += len;
	gso->n++;
	return q;
}

bool gso_next(struct gso *gso, struct burst *b)
{
	unsigned before = b->n;

	while (b->n < BURST_MAX && gso->done < gso->payload) {
		struct pkt *q = next_segment(gso);

		if (!q)
			break;
		b->pkt[b->n++] = q;
	}
	return b->n > before;
}

void gso_end(struct gso *gso, struct dev *dev)
{
	if (gso->done == gso->payload)
		pkt_free(gso->p);
	else
		pkt_drop(gso->w, dev, gso->p, DROP_NO_BUFFER);
}
