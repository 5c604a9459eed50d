/* SPDX-License-Identifier: BSD-2-Clause
 *
 * csum - the Internet checksum.
 *
 * The sum is made of 32-bit words in 64-bit accumulators: no carry can be lost below 16 GiB,
 * and compilers turn the loop into vector code.
 */
#include "pkt/csum.h"

#include <linux/virtio_net.h>

uint64_t csum_add(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *at = data;
	uint64_t a = 0, b = 0;

	sum = (sum & 0xffffffff) + (sum >> 32);
	for (; len >= 32; at += 32, len -= 32) {
		uint64_t v[4];

		memcpy(v, at, sizeof(v));
		a += (v[0] & 0xffffffff) + (v[1] & 0xffffffff) + (v[2] & 0xffffffff) +
		     (v[3] & 0xffffffff);
		b += (v[0] >> 32) + (v[1] >> 32) + (v[2] >> 32) + (v[3] >> 32);
	}
	for (; len >= 4; at += 4, len -= 4) {
		uint32_t v;

		memcpy(&v, at, sizeof(v));
		a += v;
	}
	if (len) {
		uint32_t v = 0;

		memcpy(&v, at, len);
		a += v;
	}
	sum += (a & 0xffffffff) + (a >> 32);
	return sum + (b & 0xffffffff) + (b >> 32);
}

uint64_t csum_add_pkt(uint64_t sum, const struct pkt *p, uint32_t off, uint32_t len)
{
	uint32_t head = 0;

	if (off < p->len) {
		head = min(len, p->len - off);
		sum = csum_add(sum, p->data + off, head);
	}
	if (len > head) {
		be16 rest = csum_fold(
			csum_add(0, p->frag_data + (off + head - p->len), len - head));

		/* Behind an odd number of bytes every byte is in the other half of its word. */
		sum += head & 1 ? (uint16_t)(rest.raw << 8 | rest.raw >> 8) : rest.raw;
	}
	return sum;
}

uint64_t csum_pseudo_ipv4(const struct ipv4 *ip, uint8_t proto, uint32_t len)
{
	return (uint64_t)ip->src.raw + ip->dst.raw + to_be16(proto).raw +
	       to_be16((uint16_t)len).raw;
}

uint64_t csum_pseudo_ipv6(const struct ipv6 *ip, uint8_t proto, uint32_t len)
{
	return csum_add((uint64_t)to_be32(len).raw + to_be16(proto).raw, ip->src,
			sizeof(ip->src) + sizeof(ip->dst));
}

bool csum_complete(struct worker *w, struct pkt *p)
{
	uint32_t start = p->off.csum_start, field = start + p->off.csum_offset;
	be16 *csum;

	if (!(p->off.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM))
		return true;
	if (!pkt_pull(w, p, field + (uint32_t)sizeof(*csum)))
		return false;
	csum = (be16 *)(p->data + field);
	*csum = csum_finish_nonzero(csum_add_pkt(0, p, start, pkt_size(p) - start));
	p->off.flags &= (uint8_t)~VIRTIO_NET_HDR_F_NEEDS_CSUM;
	return true;
}
