/* SPDX-License-Identifier: BSD-2-Clause
 *
 * worker - what a data-path function may touch without asking.
 *
 * A worker is one thread of the data plane, or a test or benchmark that plays one.  It owns
 * its pools, its counters and its pending work, and nobody else touches them.  Its loop
 * (main/worker.c) reads ports, queues what they gave on devices, and drains devices until
 * none is pending: there is no recursion however deep devices are stacked.
 */
#pragma once

#include "base/clock.h"
#include "pkt/pkt.h"

#define WORKERS_MAX 16

/* Which way a burst travels through a device: out of it (the namespace or an upper device
 * sends), or in (it has arrived and is to be received). */
enum dir {
	DIR_TX,
	DIR_RX
};

struct dev_work; /* a burst waiting for its device; see net/dev_path.c */

struct worker {
	unsigned id;
	nsec_t now; /* refreshed once a round, not once a packet */
	struct pool *small, *large;
	struct dev_work *first, **last; /* devices with pending bursts, in order */
	struct dev_work *spare;
	uint64_t drops[DROP_N_REASONS]; /* of packets that no device owned */
	uint64_t n_work;		/* bursts processed; benchmarks and tests */
};

/* Gives an empty packet with PKT_HEADROOM, or NULL when the pool is empty (the caller counts
 * DROP_NO_BUFFER).  _large has room for 64 KiB and headers. */
static always_inline struct pkt *pkt_alloc(struct worker *w)
{
	return pool_take(w->small);
}

static always_inline struct pkt *pkt_alloc_large(struct worker *w)
{
	return pool_take(w->large);
}

/* Gives up to @n empty packets in @pkts; returns how many.  Cheaper than as many pkt_alloc:
 * the stack is looked at once. */
static inline unsigned pkt_alloc_burst(struct worker *w, struct pkt **pkts, unsigned n)
{
	struct pool *pool = w->small;
	unsigned i, ready = min(n, pool->n_free);

	pool->n_free -= ready;
	for (i = 0; i < ready; i++) {
		struct pkt *p = pool->free[pool->n_free + i];

		pkt_unpoison(p, pool->room);
		pkt_reset(p);
		pkts[i] = p;
	}
	for (; unlikely(i < n); i++) {
		pkts[i] = pool_take(pool);
		if (!pkts[i])
			break;
	}
	return i;
}
