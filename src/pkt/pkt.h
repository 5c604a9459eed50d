/* SPDX-License-Identifier: BSD-2-Clause
 *
 * pkt - packets, the pools they come from, and bursts of them.
 *
 * A packet is a descriptor in front of its own buffer.  Its bytes are the @len bytes at
 * @data in that buffer (the head), followed by @frag_len bytes of another packet's buffer
 * (the fragment), if any.  Every header that the data plane looks at is in the head; a
 * fragment is payload, shared by reference and read-only.  So a 64-KiB TCP segment is one
 * packet with one fragment, a flood copies the first bytes and shares the rest, and
 * segmentation cuts headers without touching payload.
 *
 * Ownership, in every comment where a packet or burst is a parameter: *takes* (the callee
 * passes it on or drops it on every path), *borrows* (reads during the call), *gives* (the
 * caller owns the result).  A taken burst is left empty.
 *
 * Pools belong to one worker; a packet is born and freed on the same worker.  No function
 * here may be called from another thread than the pool's, but for pool_init and pool_done.
 */
#pragma once

#include "base/base.h"
#include "pkt/drop.h"

struct dev;
struct worker;
struct pool;

/* How a packet's checksum and segments are still to be made, with the meaning of struct
 * virtio_net_hdr (virtio 1.2, 5.1.6) in host byte order. */
struct offload {
	uint8_t flags;	   /* VIRTIO_NET_HDR_F_NEEDS_CSUM, _DATA_VALID */
	uint8_t gso_type;  /* VIRTIO_NET_HDR_GSO_* */
	uint16_t hdr_len;  /* bytes of headers in front of the segments' payload; a hint */
	uint16_t gso_size; /* payload bytes of a segment */
	uint16_t csum_start;  /* from the first byte of the packet */
	uint16_t csum_offset; /* from csum_start */
};

/* What a pool's packets have in front of their data when they are born. */
#define PKT_HEADROOM 128u
/* Bytes of a packet that a clone copies rather than shares. */
#define PKT_COPY_MAX 256u

struct pkt {
	/* first cache line: what every hop reads */
	uint8_t *data;
	uint32_t len; /* bytes in the head */
	uint32_t frag_len;
	struct dev *in;	  /* the device it arrived on last; NULL at birth */
	struct pkt *frag; /* holder of the fragment's bytes: one reference */
	const uint8_t *frag_data;
	struct offload off;
	uint16_t vid;  /* VLAN that a bridge has put it in; 0 none */
	uint8_t hops;  /* devices crossed: a loop ends at PKT_HOPS_MAX */
	uint8_t flags; /* PKT_F_* */

	/* second: birth and death */
	cache_aligned struct pool *pool;
	struct pkt *next_free;
	uint32_t refs; /* the packet itself and the fragments that point into it */
	uint32_t room; /* size of buf[] */
	uint32_t trace_id;
	cache_aligned uint8_t buf[];
};
static_assert(offsetof(struct pkt, pool) == 64, "the first line is full");
static_assert(sizeof(struct pkt) == 128, "descriptor is two cache lines");

#define PKT_HOPS_MAX 255

enum {
	PKT_F_IP = 1u << 0, /* layer 3: data starts with an IP header, there is no Ethernet */
};

static inline uint32_t pkt_size(const struct pkt *p)
{
	return p->len + p->frag_len;
}

static inline uint32_t pkt_headroom(const struct pkt *p)
{
	return (uint32_t)(p->data - p->buf);
}

/* Bytes that the head can grow by at its end. */
static inline uint32_t pkt_tailroom(const struct pkt *p)
{
	return p->room - pkt_headroom(p) - p->len;
}

/* Gives an empty packet with PKT_HEADROOM, or NULL when the pool is empty (the caller counts
 * DROP_NO_BUFFER).  _large has room for 64 KiB and headers. */
struct pkt *pkt_alloc(struct worker *w);
struct pkt *pkt_alloc_large(struct worker *w);

/* Gives a packet that holds a copy of @data: head and, if need be, a fragment. */
struct pkt *pkt_from(struct worker *w, const void *data, uint32_t len);

/* Gives a second packet with the same bytes: the first PKT_COPY_MAX copied, the rest
 * shared.  Borrows @p.  NULL when the pool is empty. */
struct pkt *pkt_clone(struct worker *w, struct pkt *p);

/* Make the first @len bytes contiguous in the head and, if they are shared, the packet's
 * own.  False if the packet is shorter or has no room: the caller drops it. */
bool pkt_pull(struct worker *w, struct pkt *p, uint32_t len) must_check;

/* Make the head the packet's own, so that its headers may be rewritten.  Returns @p, or
 * NULL after dropping it with DROP_NO_BUFFER.  Takes and gives. */
struct pkt *pkt_unshare(struct worker *w, struct pkt *p) must_check;

/* Room for @len bytes in front of data; NULL when there is no headroom. */
static inline void *pkt_push(struct pkt *p, uint32_t len)
{
	if (pkt_headroom(p) < len)
		return NULL;
	p->data -= len;
	p->len += len;
	return p->data;
}

/* Copy @len bytes at @off to @to, across head and fragment.  False if it is shorter. */
bool pkt_copy_out(const struct pkt *p, uint32_t off, void *to, uint32_t len);

/* The end of a packet that did what it was sent for.  Takes. */
void pkt_free(struct pkt *p);

/* The end of a packet that did not, counted for @dev (may be NULL).  Takes. */
void pkt_drop(struct worker *w, struct dev *dev, struct pkt *p, enum drop why);

/* A burst: up to BURST_MAX packets that travel together. */
#define BURST_MAX 64u

struct burst {
	uint32_t n;
	struct pkt *pkt[BURST_MAX];
};

void burst_drop(struct worker *w, struct dev *dev, struct burst *b, enum drop why);
void burst_free(struct burst *b);

/* A pool of @n packets of @room bytes each after the descriptor; memory on 2-MiB pages where
 * the host gives them (hugetlb, else madvise).  Untouched packets cost no resident memory. */
struct pool *pool_create(unsigned n, uint32_t room);
void pool_destroy(struct pool *pool);
unsigned pool_available(const struct pool *pool);
unsigned pool_size(const struct pool *pool);
