/* SPDX-License-Identifier: BSD-2-Clause
 *
 * fdb - the forwarding database: what is learned is found, control's deletions and workers'
 * refreshes do not undo each other, and several workers may do all that at once.
 */
#include <urcu/urcu-qsbr.h>

#include "net/fdb.h"
#include "net/net.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct net net;
static struct fdb *fdb;
static atomic_uint n_calls;
static nsec_t now;

static void on_call(struct fdb *f)
{
	n_calls++;
}

static int setup(void **state)
{
	clock_stop();
	now = clock_now();
	net_init(&net, NULL, 1);
	fdb = fdb_create(&net, on_call, NULL);
	n_calls = 0;
	return 0;
}

static int teardown(void **state)
{
	fdb_destroy(fdb);
	net_done(&net);
	return 0;
}

static uint64_t station(uint32_t i)
{
	uint8_t addr[6] = {
		2,	   0, (uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8),
		(uint8_t)i};

	return fdb_key(addr, 0);
}

static enum fdb_news learn(uint64_t key, uint16_t port)
{
	struct fdb_table *t = fdb_table(fdb);

	return fdb_learn(fdb, t, fdb_hash(t, key), key, port, 0, now, fdb_tick(now));
}

static uint64_t look(uint64_t key)
{
	struct fdb_table *t = fdb_table(fdb);

	return fdb_lookup(t, fdb_hash(t, key), key);
}

static void wait(nsec_t by)
{
	clock_warp(by);
	now = clock_now();
}

/* ---- one worker ---- */

static void a_key_is_an_address_and_a_vlan(void **state)
{
	static const uint8_t addr[6] = {0x02, 0x34, 0x56, 0x78, 0x9a, 0xbc};
	uint64_t key = fdb_key(addr, 4094);
	uint8_t back[6];

	fdb_key_addr(key, back);
	assert_memory_equal(addr, back, 6);
	assert_int_equal(fdb_key_vid(key), 4094);
	assert_true(fdb_key(addr, 1) != fdb_key(addr, 2));
}

static void what_was_learned_is_found_at_once(void **state)
{
	uint64_t key = station(1);

	assert_int_equal(look(key), FDB_NONE);
	assert_int_equal(learn(key, 3), FDB_NEW);
	assert_int_equal(fdb_port(look(key)), 3);
	assert_int_equal(learn(key, 3), FDB_KNOWN);
	assert_int_equal(learn(key, 1023), FDB_MOVED);
	assert_int_equal(fdb_port(look(key)), 1023);
	assert_int_equal(fdb_n_learned(fdb), 1);
}

static void a_sticky_station_stays_and_a_local_one_is_not_learned(void **state)
{
	fdb_set(fdb, station(1), fdb_value(3, FDB_F_STATIC | FDB_F_STICKY, now), NULL);
	fdb_set(fdb, station(2), fdb_value(4, FDB_F_STATIC | FDB_F_LOCAL, now), NULL);
	fdb_set(fdb, station(3), fdb_value(5, FDB_F_STATIC | FDB_F_EXT, now), NULL);
	assert_int_equal(learn(station(1), 9), FDB_KNOWN);
	assert_int_equal(learn(station(2), 9), FDB_KNOWN);
	assert_int_equal(learn(station(3), 9), FDB_MOVED);
	assert_int_equal(fdb_port(look(station(1))), 3);
	assert_int_equal(fdb_port(look(station(2))), 4);
	assert_int_equal(fdb_port(look(station(3))), 9);
	/* It is no other control plane's any more. */
	assert_int_equal(fdb_flags(look(station(3))), FDB_F_STATIC | FDB_F_READY);
	assert_int_equal(fdb_n_learned(fdb), 0);
}

static void ages_begin_anew_with_each_frame(void **state)
{
	uint64_t key = station(1);

	learn(key, 1);
	wait(10 * NSEC_PER_SEC);
	assert_int_equal(fdb_age(look(key), now), 10 * NSEC_PER_SEC);
	assert_int_equal(fdb_idle(look(key), now), 10 * NSEC_PER_SEC);
	assert_int_equal(learn(key, 1), FDB_KNOWN);
	assert_int_equal(fdb_age(look(key), now), 0);
	assert_int_equal(fdb_idle(look(key), now), 10 * NSEC_PER_SEC);
	fdb_use(fdb_table(fdb), fdb_hash(fdb_table(fdb), key), key, fdb_second(now));
	assert_int_equal(fdb_idle(look(key), now), 0);
	assert_int_equal(fdb_port(look(key)), 1);
}

static void no_more_are_learned_than_allowed(void **state)
{
	fdb->max_learned = 2;
	assert_int_equal(learn(station(1), 1), FDB_NEW);
	assert_int_equal(learn(station(2), 1), FDB_NEW);
	assert_int_equal(learn(station(3), 1), FDB_REFUSED);
	assert_int_equal(look(station(3)), FDB_NONE);
	/* Known ones move, and what users enter is not counted. */
	assert_int_equal(learn(station(1), 2), FDB_MOVED);
	fdb_set(fdb, station(4), fdb_value(1, FDB_F_USER, now), NULL);
	assert_true(fdb_delete(fdb, station(1)));
	assert_int_equal(learn(station(3), 1), FDB_NEW);
	assert_int_equal(fdb_n_learned(fdb), 2);
}

/* ---- deletion ---- */

static void what_was_deleted_is_unknown_and_may_be_learned_again(void **state)
{
	uint64_t key = station(1);

	learn(key, 1);
	assert_true(fdb_delete(fdb, key));
	assert_false(fdb_delete(fdb, key));
	assert_false(fdb_is_live(look(key)));
	/* Before the grace period is over the slot comes to life again... */
	assert_int_equal(learn(key, 2), FDB_NEW);
	net_run_deferred(&net);
	assert_int_equal(fdb_port(look(key)), 2);
	assert_int_equal(fdb_n_learned(fdb), 1);
	/* ...and after it is free. */
	fdb_delete(fdb, key);
	net_run_deferred(&net);
	assert_int_equal(look(key), FDB_NONE);
	assert_int_equal(fdb->table->n, 0);
	assert_int_equal(fdb_n_learned(fdb), 0);
}

struct refresher {
	unsigned n_shown;
	bool refresh;
};

static enum fdb_visit delete_but_refresh(void *arg, uint64_t key, uint64_t value)
{
	struct refresher *r = arg;

	if (r->n_shown++ == 0 && r->refresh) {
		wait(NSEC_PER_SEC);
		learn(key, fdb_port(value));
		return FDB_DELETE; /* as of before: in vain */
	}
	return r->refresh ? FDB_GO_ON : FDB_DELETE;
}

static void a_refresh_wins_over_ageing(void **state)
{
	struct refresher r = {.refresh = true};
	uint32_t cursor = 0;

	learn(station(1), 1);
	fdb_visit(fdb, &cursor, delete_but_refresh, &r);
	assert_int_equal(r.n_shown, 2);
	assert_int_equal(fdb_port(look(station(1))), 1);
	r = (struct refresher){};
	cursor = 0;
	fdb_visit(fdb, &cursor, delete_but_refresh, &r);
	assert_false(fdb_is_live(look(station(1))));
}

/* ---- growth ---- */

static void attend(void)
{
	if (n_calls) {
		n_calls = 0;
		fdb_attend(fdb);
		net_run_deferred(&net);
	}
}

static void it_grows_as_it_is_filled_and_loses_nothing(void **state)
{
	enum {
		N = 50000
	};
	size_t before = fdb_memory(fdb);
	unsigned refused = 0;

	for (uint32_t i = 0; i < N; i++) {
		if (learn(station(i), (uint16_t)(1 + i % 1023)) == FDB_REFUSED) {
			attend();
			refused++;
			assert_int_equal(learn(station(i), (uint16_t)(1 + i % 1023)),
					 FDB_NEW);
		}
		attend();
	}
	assert_true(refused < N / 1000);
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(fdb_port(look(station(i))), 1 + i % 1023);
	assert_int_equal(fdb_n_learned(fdb), N);
	assert_int_equal(fdb->table->n, N);
	assert_true(fdb_memory(fdb) > before && fdb_memory(fdb) / N < 128);

	for (uint32_t i = 0; i < N; i++)
		assert_true(fdb_delete(fdb, station(i)));
	net_run_deferred(&net);
	fdb_trim(fdb);
	net_run_deferred(&net);
	assert_int_equal(fdb_memory(fdb), before);
	assert_int_equal(fdb_n_learned(fdb), 0);
}

/* What a worker still learns into the old table is brought over. */
static void what_is_learned_while_it_grows_is_kept(void **state)
{
	struct fdb_table *old = fdb_table(fdb);
	struct fdb_hash h = fdb_hash(old, station(1));
	uint64_t v;

	learn(station(2), 2);
	learn(station(3), 3);
	fdb->full = true;
	fdb_attend(fdb);
	assert_ptr_not_equal(fdb_table(fdb), old);
	fdb_learn(fdb, old, h, station(1), 7, 0, now, fdb_tick(now));
	fdb_delete(fdb, station(3));
	assert_int_equal(look(station(1)), FDB_NONE);
	net_run_deferred(&net);
	v = look(station(1));
	assert_int_equal(fdb_port(v), 7);
	assert_int_equal(fdb_port(look(station(2))), 2);
	assert_false(fdb_is_live(look(station(3))));
}

/* ---- several workers ---- */

enum {
	N_THREADS = 3,
	N_STATIONS = 300,
	ROUNDS = 20000,
};

static atomic_bool stop;

static void *work(void *arg)
{
	uint32_t self = (uint32_t)(uintptr_t)arg, seed = self * 7919 + 1;

	urcu_qsbr_register_thread();
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct fdb_table *t = fdb_table(fdb);
		uint32_t n;
		uint64_t key, v;

		seed = seed * 1664525 + 1013904223;
		n = (seed >> 8) % N_STATIONS;
		key = station(n);
		/* Station n is only ever behind ports of its own. */
		fdb_learn(fdb, t, fdb_hash(t, key), key, (uint16_t)(1 + n + self * 300),
			  0, now, i % ((1u << FDB_UPDATED_BITS) - 1));
		v = fdb_lookup(t, fdb_hash(t, key), key);
		if (fdb_is_live(v) && (fdb_port(v) - 1u) % N_STATIONS != n)
			stop = true;
		urcu_qsbr_quiescent_state();
	}
	urcu_qsbr_unregister_thread();
	return NULL;
}

static enum fdb_visit delete_some(void *arg, uint64_t key, uint64_t value)
{
	unsigned *n = arg;

	return ++*n % 3 ? FDB_GO_ON : FDB_DELETE;
}

static enum fdb_visit count_one(void *arg, uint64_t key, uint64_t value)
{
	++*(unsigned *)arg;
	return FDB_GO_ON;
}

static void several_workers_learn_while_control_deletes(void **state)
{
	pthread_t threads[N_THREADS];
	unsigned n = 0;
	uint32_t cursor;

	for (uintptr_t i = 0; i < N_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, (void *)i), 0);
	for (unsigned i = 0; i < 300; i++) {
		cursor = 0;
		fdb_visit(fdb, &cursor, delete_some, &n);
		fdb_attend(fdb);
		net_run_deferred(&net);
	}
	for (unsigned i = 0; i < N_THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_false(stop); /* nobody was ever found behind another's port */
	fdb->doubled = true;
	fdb_attend(fdb);
	net_run_deferred(&net);
	n = 0;
	cursor = 0;
	fdb_visit(fdb, &cursor, count_one, &n);
	assert_true(n <= N_STATIONS); /* none twice */
	assert_int_equal(fdb->table->n, n);
	for (uint32_t i = 0; i < N_STATIONS; i++)
		fdb_delete(fdb, station(i));
	net_run_deferred(&net);
	assert_int_equal(fdb->table->n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_key_is_an_address_and_a_vlan),
		TEST(what_was_learned_is_found_at_once),
		TEST(a_sticky_station_stays_and_a_local_one_is_not_learned),
		TEST(ages_begin_anew_with_each_frame),
		TEST(no_more_are_learned_than_allowed),
		TEST(what_was_deleted_is_unknown_and_may_be_learned_again),
		TEST(a_refresh_wins_over_ageing),
		TEST(it_grows_as_it_is_filled_and_loses_nothing),
		TEST(what_is_learned_while_it_grows_is_kept),
		TEST(several_workers_learn_while_control_deletes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
