/* SPDX-License-Identifier: BSD-2-Clause
 *
 * pkt - packets and the pools they come from: all that is not on the fast path.
 *
 * Pool memory.  A pool reserves address space for all its packets and touches none of it.
 * Packets are carved one by one when the stack of free ones is empty, so resident memory is
 * what traffic once needed at the same time.  2-MiB pages are worth having only then: the
 * first POOL_SMALL_START bytes stay on ordinary pages, and an idle engine costs next to
 * nothing; when more are carved, the whole pool is put on huge pages.  Pages of hugetlb are
 * reserved at once, where an administrator has set some aside.
 *
 * The distance between packets is an odd number of cache lines, so that the headers of a
 * burst spread over all sets of the caches.
 */
#include "pkt/hdr.h"
#include "pkt/worker.h"

#include <sys/mman.h>

#define LINE	   64u
#define HUGE_PAGE  ((size_t)2 << 20)
#define PAGE	   ((size_t)4096)
#define MAP_HUGE_2 (21 << MAP_HUGE_SHIFT)

/* Bytes that may be carved before huge pages are asked for: two bursts of small packets. */
#define POOL_SMALL_START ((size_t)256 << 10)

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/* Address space of @size, a multiple of HUGE_PAGE and aligned to it. */
static uint8_t *map_aligned(size_t size)
{
	uint8_t *all = mmap(NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t before;

	if (all == MAP_FAILED)
		return NULL;
	before = round_up((uintptr_t)all, HUGE_PAGE) - (uintptr_t)all;
	if (before)
		munmap(all, before);
	munmap(all + before + size, HUGE_PAGE - before);
	return all + before;
}

static bool map_pool(struct pool *pool, size_t size)
{
	if (size < HUGE_PAGE) {
		pool->mem_size = round_up(size, PAGE);
		pool->mem = mmap(NULL, pool->mem_size, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		pool->huge = true; /* as huge as it gets */
		return pool->mem != MAP_FAILED;
	}
	pool->mem_size = round_up(size, HUGE_PAGE);
	pool->mem = mmap(NULL, pool->mem_size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2, -1, 0);
	pool->huge = pool->mem != MAP_FAILED;
	if (!pool->huge)
		pool->mem = map_aligned(pool->mem_size);
	return pool->mem;
}

struct pool *pool_create(unsigned n, uint32_t room)
{
	struct pool *pool = xnew(struct pool);
	size_t lines = (sizeof(struct pkt) + room + LINE - 1) / LINE;

	assert(n && room > PKT_HEADROOM);
	pool->n = n;
	pool->room = room;
	pool->stride = (lines | 1) * LINE;
	if (!map_pool(pool, n * pool->stride)) {
		free(pool);
		return NULL;
	}
	pool->free = mmap(NULL, round_up(n * sizeof(pool->free[0]), PAGE),
			  PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pool->free == MAP_FAILED) {
		munmap(pool->mem, pool->mem_size);
		free(pool);
		return NULL;
	}
#ifdef PKT_POISON
	ASAN_POISON_MEMORY_REGION(pool->mem, pool->mem_size);
#endif
	return pool;
}

void pool_destroy(struct pool *pool)
{
	if (!pool)
		return;
#ifdef PKT_POISON
	ASAN_UNPOISON_MEMORY_REGION(pool->mem, pool->mem_size);
#endif
	munmap(pool->mem, pool->mem_size);
	munmap(pool->free, round_up(pool->n * sizeof(pool->free[0]), PAGE));
	free(pool);
}

/* A packet that never was before, or NULL when all are out.  Its descriptor's second line is
 * filled here and then stays true for ever. */
struct pkt *pool_carve(struct pool *pool)
{
	struct pkt *p;

	if (pool->n_carved == pool->n)
		return NULL;
	if (unlikely(!pool->huge && pool->n_carved * pool->stride >= POOL_SMALL_START)) {
		pool->huge = true;
		(void)madvise(pool->mem, pool->mem_size, MADV_HUGEPAGE);
		(void)madvise(pool->mem, HUGE_PAGE, MADV_COLLAPSE);
	}
	p = (struct pkt *)(void *)(pool->mem + pool->n_carved++ * pool->stride);
	pkt_unpoison(p, pool->room);
	p->pool = pool;
	p->refs = 1;
	p->room = pool->room;
	return p;
}

struct pkt *pkt_from(struct worker *w, const void *data, uint32_t len)
{
	struct pkt *p = pkt_alloc(w), *rest;
	uint32_t head;

	if (!p)
		return NULL;
	head = min(len, pkt_tailroom(p));
	memcpy(p->data, data, head);
	p->len = head;
	if (head == len)
		return p;
	rest = pkt_alloc_large(w);
	if (!rest || pkt_tailroom(rest) < len - head) {
		if (rest)
			pkt_free(rest);
		pkt_free(p);
		return NULL;
	}
	memcpy(rest->data, (const uint8_t *)data + head, len - head);
	pkt_give_frag(p, rest, len - head);
	return p;
}

/* A packet with the metadata of @like, none of its bytes, as much headroom, and room for @len
 * bytes at least. */
static struct pkt *alloc_like(struct worker *w, const struct pkt *like, uint32_t len)
{
	uint32_t headroom = min(max(pkt_headroom(like), PKT_HEADROOM), 2 * PKT_HEADROOM);
	struct pool *pool = headroom + len <= w->small->room ? w->small : w->large;
	struct pkt *p;

	if (unlikely(headroom + len > pool->room))
		headroom = PKT_HEADROOM;
	if (unlikely(headroom + len > pool->room))
		return NULL;
	p = pool_take_used(pool);
	if (unlikely(!p))
		return NULL;
	pool_prefetch(pool);
	memcpy(p, like, offsetof(struct pkt, pool));
	p->data = p->buf + headroom;
	p->len = 0;
	p->frag_len = 0;
	p->frag = NULL;
	p->trace_id = like->trace_id;
	return p;
}

struct pkt *pkt_clone(struct worker *w, struct pkt *p)
{
	uint32_t copied = p->frag_len ? p->len : min(p->len, PKT_COPY_MAX);
	struct pkt *q = alloc_like(w, p, copied);

	if (unlikely(!q))
		return NULL;
	memcpy(q->data, p->data, copied);
	q->len = copied;
	if (p->frag_len)
		pkt_share(q, p->frag, p->frag_data, p->frag_len);
	else if (p->len > copied)
		pkt_share(q, p, p->data + copied, p->len - copied);
	return q;
}

bool pkt_pull_slow(struct worker *w, struct pkt *p, uint32_t len)
{
	uint32_t more;

	if (len <= p->len || pkt_size(p) < len)
		return false; /* shared, or too short */
	more = len - p->len;
	if (p->refs > 1 && p->shared < p->data + len)
		return false; /* somebody's fragment is, or may be, where it would grow */
	if (pkt_tailroom(p) < more)
		return false;
	memcpy(p->data + p->len, p->frag_data, more);
	p->len += more;
	p->frag_data += more;
	p->frag_len -= more;
	if (!p->frag_len) {
		pkt_put(p->frag);
		p->frag = NULL;
	}
	return true;
}

struct pkt *pkt_unshare_slow(struct worker *w, struct pkt *p)
{
	struct pkt *q = pkt_clone(w, p);

	if (!q) {
		pkt_drop(w, p->in, p, DROP_NO_BUFFER);
		return NULL;
	}
	pkt_free(p);
	return q;
}

bool pkt_copy_out(const struct pkt *p, uint32_t off, void *to, uint32_t len)
{
	uint32_t head = 0;

	if (off > pkt_size(p) || pkt_size(p) - off < len)
		return false;
	if (off < p->len) {
		head = min(len, p->len - off);
		memcpy(to, p->data + off, head);
	}
	if (len > head)
		memcpy((uint8_t *)to + head, p->frag_data + (off + head - p->len),
		       len - head);
	return true;
}

/* Most packets of a burst are of one pool, and nobody else's: its stack grows in a register. */
void burst_free(struct burst *b)
{
	struct pool *pool = b->n ? b->pkt[0]->pool : NULL;
	unsigned n_free = pool ? pool->n_free : 0;
	struct pkt *p;

	burst_foreach(p, b) {
		if (likely(p->pool == pool && p->refs == 1 && !p->frag)) {
			pool->free[n_free++] = p;
			pkt_poison(p);
			continue;
		}
		pool->n_free = n_free;
		pkt_free(p);
		n_free = pool->n_free;
	}
	if (pool)
		pool->n_free = n_free;
	b->n = 0;
}
