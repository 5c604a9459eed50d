/* SPDX-License-Identifier: BSD-2-Clause
 *
 * pkt_pool - tests of packets: pools, sharing, and what is written never being another's.
 */
#include "pkt_util.h"

#include <stdio.h>
#include <unistd.h>

static struct worker w;
static uint8_t bytes[70000];

static int setup(void **state)
{
	uint64_t seed = 1;

	worker_init(&w);
	random_bytes(&seed, bytes, sizeof(bytes));
	return 0;
}

static int teardown(void **state)
{
	worker_done(&w);
	return 0;
}

static void a_new_packet_is_empty_and_has_headroom(void **state)
{
	struct pkt *p = pkt_alloc(&w), *q;

	p->off.gso_type = 1;
	p->flags = PKT_F_IP;
	p->hops = 9;
	p->vid = 7;
	p->trace_id = 5;
	p->len = 40;
	pkt_free(p);
	q = pkt_alloc(&w);
	assert_ptr_equal(p, q); /* the one used last is used first */
	assert_int_equal(pkt_size(q), 0);
	assert_int_equal(pkt_headroom(q), PKT_HEADROOM);
	assert_int_equal(q->off.gso_type | q->flags | q->hops | q->vid | q->trace_id, 0);
	assert_null(q->in);
	pkt_free(q);
}

static void an_empty_pool_gives_null_and_recovers(void **state)
{
	struct pool *pool = pool_create(3, 256);
	struct pkt *p[4];

	for (int i = 0; i < 3; i++)
		assert_non_null(p[i] = pool_take(pool));
	assert_int_equal(pool_available(pool), 0);
	assert_null(pool_take(pool));
	pkt_free(p[1]);
	assert_int_equal(pool_available(pool), 1);
	assert_ptr_equal(pool_take(pool), p[1]);
	for (int i = 0; i < 3; i++)
		pkt_free(p[i]);
	assert_int_equal(pool_available(pool), 3);
	pool_destroy(pool);
	pool_destroy(NULL);
}

static void a_burst_of_packets_stops_where_the_pool_ends(void **state)
{
	struct burst b;
	unsigned in_bursts = 0, n;
	struct burst all[16];

	for (n = 0; n < array_size(all); n++) {
		all[n].n = pkt_alloc_burst(&w, all[n].pkt, BURST_MAX);
		in_bursts += all[n].n;
		if (all[n].n < BURST_MAX)
			break;
	}
	assert_int_equal(in_bursts, pool_size(w.small));
	b.n = pkt_alloc_burst(&w, b.pkt, BURST_MAX);
	assert_int_equal(b.n, 0);
	for (unsigned i = 0; i <= n; i++) {
		burst_free(&all[i]);
		assert_int_equal(all[i].n, 0);
	}
}

/* Kilobytes of this process in memory. */
static long resident(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size, rss;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%ld %ld", &size, &rss), 2);
	fclose(f);
	return rss * (sysconf(_SC_PAGESIZE) / 1024);
}

/* The sanitizer's shadow of a pool is memory, too: an eighth of the pool. */
#ifdef PKT_POISON
#define SHADOW_KB (16384l * (PKT_SMALL_ROOM + 256) / 1024 / 8)
#else
#define SHADOW_KB 0l
#endif

static void a_large_pool_that_is_not_used_costs_no_memory(void **state)
{
	long before = resident();
	struct pool *pool = pool_create(16384, PKT_SMALL_ROOM);
	struct burst b;

	for (b.n = 0; b.n < BURST_MAX; b.n++)
		b.pkt[b.n] = pool_take(pool);
	burst_free(&b);
	assert_in_range(resident() - before, 0, 1024 + SHADOW_KB);
	pool_destroy(pool);
}

static void bytes_copied_in_come_out_at_every_length(void **state)
{
	static const uint32_t lens[] = {0, 1, 60, 1514, 1728, 1729, 9000, 65535, 65700};

	for (size_t i = 0; i < array_size(lens); i++) {
		struct pkt *p = pkt_from(&w, bytes, lens[i]);

		assert_non_null(p);
		check_bytes(p, bytes, lens[i]);
		pkt_free(p);
	}
	assert_null(pkt_from(&w, bytes, sizeof(bytes)));
}

static void push_takes_headroom_until_there_is_none(void **state)
{
	struct pkt *p = pkt_from(&w, bytes + 100, 50);

	assert_non_null(pkt_push(p, 100));
	memcpy(p->data, bytes, 100);
	check_bytes(p, bytes, 150);
	assert_non_null(pkt_push(p, 28));
	assert_null(pkt_push(p, 1));
	pkt_free(p);
}

static void a_clone_has_the_same_bytes_and_its_own_headers(void **state)
{
	static const uint32_t lens[] = {10, 256, 257, 1500, 30000};

	for (size_t i = 0; i < array_size(lens); i++) {
		struct pkt *p = pkt_from(&w, bytes, lens[i]), *q, *r;
		uint32_t own = min(lens[i], PKT_COPY_MAX);

		p->vid = 3;
		q = pkt_clone(&w, p);
		r = pkt_clone(&w, q);
		assert_int_equal(r->vid, 3);
		assert_true(pkt_pull(&w, p, own) && pkt_pull(&w, q, own) &&
			    pkt_pull(&w, r, own));
		memset(p->data, 1, own);
		memset(q->data, 2, own);
		check_bytes(r, bytes, lens[i]);
		pkt_free(p); /* the payload lives on in the clones */
		memcpy(q->data, bytes, own);
		check_bytes(q, bytes, lens[i]);
		pkt_free(r);
		check_bytes(q, bytes, lens[i]);
		pkt_free(q);
	}
}

static void pull_moves_bytes_of_the_fragment_into_the_head(void **state)
{
	struct pkt *p = pkt_from(&w, bytes, 1000), *q = pkt_clone(&w, p);

	assert_int_equal(q->len, PKT_COPY_MAX);
	assert_true(pkt_pull(&w, q, 300));
	assert_int_equal(q->len, 300);
	check_bytes(q, bytes, 1000);
	assert_true(pkt_pull(&w, q, 1000));
	assert_null(q->frag);
	check_bytes(q, bytes, 1000);
	assert_int_equal(p->refs, 1);
	assert_false(pkt_pull(&w, q, 1001));
	pkt_free(q);
	pkt_free(p);
}

static void pull_refuses_bytes_that_another_packet_reads(void **state)
{
	struct pkt *p = pkt_from(&w, bytes, 1000), *q = pkt_clone(&w, p);

	assert_true(pkt_pull(&w, p, PKT_COPY_MAX));
	assert_false(pkt_pull(&w, p, PKT_COPY_MAX + 1));
	pkt_free(q);
	assert_true(pkt_pull(&w, p, PKT_COPY_MAX + 1));
	pkt_free(p);
}

static void unshare_gives_headers_of_its_own_after_a_pull_of_data(void **state)
{
	struct pkt *p = pkt_from(&w, bytes, 1000), *q = pkt_clone(&w, p);

	p->data += 50; /* an outer header is taken off */
	p->len -= 50;
	p = pkt_unshare(&w, p);
	assert_non_null(p);
	assert_true(pkt_own(p) >= PKT_COPY_MAX);
	memset(p->data, 0, PKT_COPY_MAX);
	check_bytes(q, bytes, 1000);
	assert_true(pkt_headroom(p) >= PKT_HEADROOM);
	pkt_free(p);
	pkt_free(q);
}

static void unshare_without_buffers_drops_and_says_why(void **state)
{
	struct pkt *p = pkt_from(&w, bytes, 1000), *q = pkt_clone(&w, p);
	static struct burst all[16];
	unsigned n = 0;

	p->data += 50;
	p->len -= 50;
	while ((all[n].n = pkt_alloc_burst(&w, all[n].pkt, BURST_MAX)))
		n++;
	assert_null(pkt_unshare(&w, p));
	assert_int_equal(w.drops[DROP_NO_BUFFER], 1);
	for (unsigned i = 0; i < n; i++)
		burst_free(&all[i]);
	check_bytes(q, bytes, 1000);
	pkt_free(q);
}

static void a_drop_is_counted_for_its_device_by_direction(void **state)
{
	struct dev_worker pw = {};
	struct dev dev = {.pw = &pw};
	struct burst b = {};
	struct pkt *p = pkt_from(&w, bytes, 60);

	p->in = &dev;
	pkt_drop(&w, &dev, p, DROP_TOO_BIG);
	assert_int_equal(pw.drops[DROP_TOO_BIG], 1);
	assert_int_equal(pw.counters.rx_dropped, 1);
	b.n = pkt_alloc_burst(&w, b.pkt, 5);
	burst_drop(&w, &dev, &b, DROP_PEER_DOWN);
	assert_int_equal(b.n, 0);
	assert_int_equal(pw.drops[DROP_PEER_DOWN], 5);
	assert_int_equal(pw.counters.tx_dropped, 5);
	pkt_drop(&w, NULL, pkt_alloc(&w), DROP_LOOP);
	assert_int_equal(w.drops[DROP_LOOP], 1);
}

static void every_reason_has_a_name_and_a_sentence(void **state)
{
	for (enum drop why = 0; why < DROP_N_REASONS; why++) {
		assert_true(strlen(drop_name(why)) > 2);
		assert_true(strchr(drop_text(why), ' '));
	}
	assert_string_equal(drop_name(DROP_PEER_DOWN), "PEER_DOWN");
}

/* Whatever is cloned, pulled, trimmed, unshared and freed in whatever order, the bytes that a
 * packet should have are the bytes that it has. */
static void random_sharing_never_mixes_packets(void **state)
{
	enum {
		N = 24
	};
	struct pkt *p[N] = {};
	static uint8_t model[N][9000];
	uint32_t len[N] = {};
	uint64_t seed = 42;

	for (int round = 0; round < 20000; round++) {
		unsigned i = random_below(&seed, N), j = random_below(&seed, N);
		uint32_t n = random_below(&seed, 600);

		if (!p[i]) {
			len[i] = random_below(&seed, 4)
					 ? random_below(&seed, 1700)
					 : random_below(&seed, sizeof(model[0]));
			random_bytes(&seed, model[i], min(len[i], 64u));
			p[i] = pkt_from(&w, model[i], len[i]);
			continue;
		}
		switch (random_below(&seed, 5)) {
		case 0:
			if (p[j])
				break;
			p[j] = pkt_clone(&w, p[i]);
			memcpy(model[j], model[i], len[i]);
			len[j] = len[i];
			break;
		case 1: /* rewrite headers */
			if (pkt_pull(&w, p[i], n)) {
				random_bytes(&seed, p[i]->data, n);
				memcpy(model[i], p[i]->data, n);
			}
			break;
		case 2: /* take a header off */
			n = min(n, p[i]->len);
			p[i]->data += n;
			p[i]->len -= n;
			len[i] -= n;
			memmove(model[i], model[i] + n, len[i]);
			break;
		case 3: /* put one in front */
			p[i] = pkt_unshare(&w, p[i]);
			n = 20;
			if (len[i] + n > sizeof(model[0]) || !pkt_push(p[i], n))
				break;
			random_bytes(&seed, p[i]->data, n);
			memmove(model[i] + n, model[i], len[i]);
			memcpy(model[i], p[i]->data, n);
			len[i] += n;
			break;
		default:
			check_bytes(p[i], model[i], len[i]);
			pkt_free(p[i]);
			p[i] = NULL;
		}
		if (p[j])
			check_bytes(p[j], model[j], len[j]);
	}
	for (unsigned i = 0; i < N; i++)
		if (p[i])
			pkt_free(p[i]);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(a_new_packet_is_empty_and_has_headroom),
		T(an_empty_pool_gives_null_and_recovers),
		T(a_burst_of_packets_stops_where_the_pool_ends),
		T(a_large_pool_that_is_not_used_costs_no_memory),
		T(bytes_copied_in_come_out_at_every_length),
		T(push_takes_headroom_until_there_is_none),
		T(a_clone_has_the_same_bytes_and_its_own_headers),
		T(pull_moves_bytes_of_the_fragment_into_the_head),
		T(pull_refuses_bytes_that_another_packet_reads),
		T(unshare_gives_headers_of_its_own_after_a_pull_of_data),
		T(unshare_without_buffers_drops_and_says_why),
		T(a_drop_is_counted_for_its_device_by_direction),
		T(every_reason_has_a_name_and_a_sentence),
		T(random_sharing_never_mixes_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
