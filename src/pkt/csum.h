/* SPDX-License-Identifier: BSD-2-Clause
 *
 * csum - the Internet checksum (RFC 1071) of memory and packets, its change when a field
 * changes (RFC 1624), and finishing the partial checksums of offloading senders.
 *
 * A running sum is a uint64_t of 16-bit words in the wire's byte order as the host loads them,
 * so nothing is swapped; add what you like, fold once.
 */
#pragma once

#include "pkt/hdr.h"

/* Add @len bytes, which begin at an even offset of what is summed. */
uint64_t csum_add(uint64_t sum, const void *data, size_t len);

/* Add @len bytes at @off of a packet, across head and fragment, as if @off were even.  They
 * are within the packet. */
uint64_t csum_add_pkt(uint64_t sum, const struct pkt *p, uint32_t off, uint32_t len);

/* The pseudo headers of TCP and UDP (RFC 9293, RFC 8200); @len is header and payload. */
uint64_t csum_pseudo_ipv4(const struct ipv4 *ip, uint8_t proto, uint32_t len);
uint64_t csum_pseudo_ipv6(const struct ipv6 *ip, uint8_t proto, uint32_t len);

/* The sum of all words, not yet complemented: what a partial checksum field holds. */
static inline be16 csum_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (be16){(uint16_t)((sum & 0xffff) + (sum >> 16))};
}

/* What goes into a checksum field. */
static inline be16 csum_finish(uint64_t sum)
{
	return (be16){(uint16_t)~csum_fold(sum).raw};
}

/* The same for UDP and everything that may be UDP: 0 would mean "none", so its other form is
 * written, which every receiver takes for the same. */
static inline be16 csum_finish_nonzero(uint64_t sum)
{
	be16 csum = csum_finish(sum);

	return csum.raw ? csum : (be16){0xffff};
}

/* A word that @csum covers has changed: RFC 1624, equation 3. */
static inline be16 csum_update16(be16 csum, be16 from, be16 to)
{
	return csum_finish((uint64_t)(uint16_t)~csum.raw + (uint16_t)~from.raw + to.raw);
}

static inline be16 csum_update32(be16 csum, be32 from, be32 to)
{
	return csum_finish((uint64_t)(uint16_t)~csum.raw + (uint32_t)~from.raw + to.raw);
}

/* Fill the partial checksum that p->off asks for (NEEDS_CSUM) and clear the request; nothing
 * to do for others.  False if the packet is too short or has no room: the caller drops it. */
bool csum_complete(struct worker *w, struct pkt *p) must_check;
