/* SPDX-License-Identifier: BSD-2-Clause
 *
 * pkt_util - a worker with pools, and random bytes, for the tests of packets and ports.
 */
#pragma once

#include "net/dev.h"
#include "pkt/hdr.h"
#include "pkt/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A worker that a test plays.  Pools are small, so that running out of packets is found. */
static inline void worker_init(struct worker *w)
{
	memset(w, 0, sizeof(*w));
	w->small = pool_create(512, PKT_SMALL_ROOM);
	w->large = pool_create(64, PKT_LARGE_ROOM);
	assert_non_null(w->small);
	assert_non_null(w->large);
}

/* Every packet must have come home. */
static inline void worker_done(struct worker *w)
{
	assert_int_equal(pool_available(w->small), pool_size(w->small));
	assert_int_equal(pool_available(w->large), pool_size(w->large));
	pool_destroy(w->small);
	pool_destroy(w->large);
}

/* Numbers that look random and are the same in each run: a fault can be had again. */
static inline uint32_t random_u32(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 32);
}

/* 0 .. n - 1 */
static inline uint32_t random_below(uint64_t *seed, uint32_t n)
{
	return (uint32_t)((uint64_t)random_u32(seed) * n >> 32);
}

static inline void random_bytes(uint64_t *seed, uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)random_u32(seed);
}

/* The bytes of @p are @wanted, read by pkt_copy_out. */
static inline void check_bytes(const struct pkt *p, const void *wanted, uint32_t len)
{
	uint8_t *got = malloc(len + 1);

	assert_non_null(got);
	assert_int_equal(pkt_size(p), len);
	assert_true(pkt_copy_out(p, 0, got, len));
	assert_false(pkt_copy_out(p, 0, got, len + 1));
	assert_memory_equal(got, wanted, len);
	free(got);
}
