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

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PKT_POISON
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define PKT_POISON
#endif
#ifdef PKT_POISON
#include <sanitizer/asan_interface.h>
#endif

struct dev;
struct worker;
struct pool;

/* How a packet's checksum and segments are still to be made, with the meaning of struct
 * virtio_net_hdr (virtio 1.2, 5.1.6) in host byte order. */
struct offload {
	uint8_t flags;	  /* VIRTIO_NET_HDR_F_NEEDS_CSUM, _DATA_VALID */
	uint8_t gso_type; /* VIRTIO_NET_HDR_GSO_* */
	uint16_t hdr_len; /* bytes of headers in front of the segments' payload; a hint */
	uint16_t gso_size;    /* payload bytes of a segment */
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
	uint16_t vid;	   /* VLAN that a bridge has put it in; 0 none */
	uint8_t hops;	   /* devices crossed: a loop ends at PKT_HOPS_MAX */
	uint8_t flags;	   /* PKT_F_* */
	uint16_t queue;	   /* of the port it came in by, for devices with several */
	uint32_t priority; /* what a VLAN's ingress map made of its PCP, else 0 */

	/* second: birth and death */
	cache_aligned struct pool *pool;
	const uint8_t
		*shared; /* while refs > 1: the lowest byte that a fragment points at */
	uint32_t refs;	 /* the packet itself and the fragments that point into it */
	uint32_t room;	 /* size of buf[] */
	uint32_t trace_id;
	cache_aligned uint8_t buf[];
};
static_assert(offsetof(struct pkt, pool) == 64, "the first line is full");
static_assert(sizeof(struct pkt) == 128, "descriptor is two cache lines");

#define PKT_HOPS_MAX 255

enum {
	PKT_F_IP =
		1u
		<< 0, /* layer 3: data starts with an IP header, there is no Ethernet */
	PKT_F_TAGGED = 1u << 1, /* inside a bridge: the tag of @vid stands in the frame */
	PKT_F_LEARN_ONLY =
		1u << 2,     /* inside a bridge: its VLAN learns, and forwards not yet */
	PKT_F_OWN = 1u << 3, /* from the mirror of a captured port, which has seen it */
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

/* pkt_alloc, pkt_alloc_large and pkt_alloc_burst are in pkt/worker.h. */

/* Gives a packet that holds a copy of @data: head and, if need be, a fragment.  NULL when
 * the pool is empty or @len is more than a packet holds. */
struct pkt *pkt_from(struct worker *w, const void *data, uint32_t len);

/* Gives a second packet with the same bytes and metadata: the first PKT_COPY_MAX copied, the
 * rest shared (a head in front of a fragment is copied whole).  Borrows @p.  NULL when the
 * pool is empty. */
struct pkt *pkt_clone(struct worker *w, struct pkt *p);

/* The bytes at the head's beginning that are in nobody's fragment: they may be rewritten. */
static inline uint32_t pkt_own(const struct pkt *p)
{
	if (likely(p->refs == 1) || p->shared >= p->data + p->len)
		return p->len;
	return p->shared > p->data ? (uint32_t)(p->shared - p->data) : 0;
}

bool pkt_pull_slow(struct worker *w, struct pkt *p, uint32_t len) must_check;
struct pkt *pkt_unshare_slow(struct worker *w, struct pkt *p) must_check;

/* Make the first @len bytes contiguous in the head and see that they are the packet's own.
 * False if the packet is shorter or there is no room: the caller drops it.  The first
 * PKT_COPY_MAX bytes of a clone and of what it was made from are always their own. */
must_check static inline bool pkt_pull(struct worker *w, struct pkt *p, uint32_t len)
{
	return likely(pkt_own(p) >= len) || pkt_pull_slow(w, p, len);
}

/* Make the first PKT_COPY_MAX bytes the packet's own, so that its headers may be rewritten
 * and headers pushed in front.  Returns the packet, which may be another one than @p, or NULL
 * after dropping it with DROP_NO_BUFFER.  Takes and gives. */
must_check static inline struct pkt *pkt_unshare(struct worker *w, struct pkt *p)
{
	if (likely(p->refs == 1) || p->shared >= p->data + min(p->len, PKT_COPY_MAX))
		return p;
	return pkt_unshare_slow(w, p);
}

/* Let @p, which has no fragment, share @len bytes at @data in @holder's buffer. */
static inline void pkt_share(struct pkt *p, struct pkt *holder, const uint8_t *data,
			     uint32_t len)
{
	if (holder->refs++ == 1 || data < holder->shared)
		holder->shared = data;
	p->frag = holder;
	p->frag_data = data;
	p->frag_len = len;
}

/* Make @holder, which nobody else has, the fragment of @p, which has none.  Takes @holder
 * with @len bytes at its data. */
static inline void pkt_give_frag(struct pkt *p, struct pkt *holder, uint32_t len)
{
	p->frag = holder;
	p->frag_data = holder->data;
	p->frag_len = len;
}

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

/* A pool of packets of one size, all of one worker.  Free ones are on a stack, so the ones
 * used last, which the caches still hold, are used first; ones that were never needed have
 * never been touched. */
struct pool {
	struct pkt **free;
	unsigned n_free;
	unsigned n_carved; /* packets that exist; beyond is untouched memory */
	unsigned n;
	uint32_t room;
	size_t stride;
	uint8_t *mem;
	size_t mem_size;
	bool huge; /* on 2-MiB pages, or as many as the host had */
};

struct pkt *pool_carve(struct pool *pool);

/* A packet in a pool is poison: a use after its end is found, though the memory is not the
 * allocator's. */
static inline void pkt_poison(struct pkt *p)
{
#ifdef PKT_POISON
	ASAN_POISON_MEMORY_REGION(p, sizeof(*p) + p->room);
#endif
}

static inline void pkt_unpoison(struct pkt *p, uint32_t room)
{
#ifdef PKT_POISON
	ASAN_UNPOISON_MEMORY_REGION(p, sizeof(*p) + room);
#endif
}

static always_inline void pkt_reset(struct pkt *p)
{
	p->data = p->buf + PKT_HEADROOM;
	p->len = 0;
	p->frag_len = 0;
	p->in = NULL;
	p->frag = NULL;
	p->frag_data = NULL;
	p->off = (struct offload){};
	p->vid = 0;
	p->hops = 0;
	p->queue = 0;
	p->priority = 0;
	p->flags = 0;
	p->trace_id = 0;
}

/* Gives a packet that is still as its last owner left it, or NULL. */
static always_inline struct pkt *pool_take_used(struct pool *pool)
{
	struct pkt *p;

	if (likely(pool->n_free)) {
		p = pool->free[--pool->n_free];
	} else {
		p = pool_carve(pool);
		if (!p)
			return NULL;
	}
	pkt_unpoison(p, pool->room);
	return p;
}

/* Gives an empty packet, or NULL. */
static always_inline struct pkt *pool_take(struct pool *pool)
{
	struct pkt *p = pool_take_used(pool);

	if (unlikely(!p))
		return NULL;
	pkt_reset(p);
	return p;
}

/* Fetch what the one that is taken next needs first: copies are made one after the other. */
static inline void pool_prefetch(const struct pool *pool)
{
	const struct pkt *next = pool->n_free ? pool->free[pool->n_free - 1] : NULL;

	if (unlikely(!next))
		return;
	__builtin_prefetch(next, 1);
	__builtin_prefetch(&next->pool);
	__builtin_prefetch(next->buf + PKT_HEADROOM, 1);
}

/* Give up one reference. */
static always_inline void pkt_put(struct pkt *p)
{
	struct pool *pool = p->pool;

	assert_fast(p->refs);
	if (unlikely(p->refs > 1)) {
		p->refs--;
		return;
	}
	pool->free[pool->n_free++] = p;
	pkt_poison(p);
}

/* The end of a packet that did what it was sent for.  Takes. */
static always_inline void pkt_free(struct pkt *p)
{
	if (p->frag) {
		pkt_put(p->frag);
		p->frag = NULL;
		p->frag_len = 0;
	}
	pkt_put(p);
}

/* The end of a packet that did not, counted for @dev (may be NULL): as received if it came
 * in there last, else as sent.  Takes. */
void pkt_drop(struct worker *w, struct dev *dev, struct pkt *p, enum drop why);

/* A burst: up to BURST_MAX packets that travel together. */
#define BURST_MAX 64u

struct burst {
	uint32_t n;
	struct pkt *pkt[BURST_MAX];
};

/* The body may not change @b. */
#define burst_foreach(p, b) \
	for (unsigned i_ = 0; i_ < (b)->n && ((p) = (b)->pkt[i_], true); i_++)

/* Both take and leave the burst empty. */
void burst_drop(struct worker *w, struct dev *dev, struct burst *b, enum drop why);
void burst_free(struct burst *b);

/* What the engine's pools hold: a frame of the usual MTU with room for tunnel headers, and a
 * segment of 64 KiB with its own. */
#define PKT_SMALL_ROOM (PKT_HEADROOM + 1728u)
#define PKT_LARGE_ROOM (PKT_HEADROOM + 65536u + 256u)

/* A pool of @n packets of @room bytes each after the descriptor; memory on 2-MiB pages where
 * the host gives them (hugetlb, else madvise).  Untouched packets cost no resident memory.
 * NULL when the host has no memory. */
struct pool *pool_create(unsigned n, uint32_t room);

/* Accepts NULL.  Packets that are still out are gone with it. */
void pool_destroy(struct pool *pool);

static inline unsigned pool_size(const struct pool *pool)
{
	return pool->n;
}

/* How many could be taken now. */
static inline unsigned pool_available(const struct pool *pool)
{
	return pool->n_free + (pool->n - pool->n_carved);
}
