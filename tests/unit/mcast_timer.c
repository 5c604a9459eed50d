/* SPDX-License-Identifier: BSD-2-Clause
 *
 * mcast_timer - tests of the heap that holds a bridge's thousands of multicast timers.
 */
#include "net_util.h"
#include "dev/bridge_mcast.h"

#define MANY 500u

static struct yard y;
static struct bridge_mdb *db;
static struct mcast_timer timer[MANY];
static unsigned fired[MANY * 4], n_fired;

static int setup(void **state)
{
	struct link_req req = {};

	yard_init(&y);
	req.ns = y.a;
	assert_int_equal(dev_create(&y.net, &bridge_kind, &req, NULL), 0);
	db = bridge_of(req.made[0])->mdb;
	memset(timer, 0, sizeof(timer));
	n_fired = 0;
	return 0;
}

static int teardown(void **state)
{
	for (unsigned i = 0; i < MANY; i++)
		mcast_timer_stop(db, &timer[i]);
	yard_done(&y);
	return 0;
}

static void note(struct bridge_mdb *b, struct mcast_timer *t)
{
	assert_ptr_equal(b, db);
	assert_false(mcast_timer_runs(t));
	fired[n_fired++] = (unsigned)(t - timer);
}

static void set(unsigned i, unsigned ms)
{
	mcast_timer_set(db, &timer[i], clock_now() + ms * NSEC_PER_MSEC, note);
}

static void pass(unsigned ms)
{
	clock_warp(ms * NSEC_PER_MSEC);
	timers_run();
}

static void timers_fire_in_the_order_of_their_time(void **state)
{
	set(0, 30);
	set(1, 10);
	set(2, 20);
	pass(9);
	assert_int_equal(n_fired, 0);
	pass(1);
	assert_int_equal(n_fired, 1);
	pass(100);
	assert_int_equal(n_fired, 3);
	assert_int_equal(fired[0], 1);
	assert_int_equal(fired[1], 2);
	assert_int_equal(fired[2], 0);
}

static void of_those_due_together_the_one_set_first_fires_first(void **state)
{
	nsec_t at = clock_now() + NSEC_PER_MSEC;

	for (unsigned i = 0; i < 50; i++)
		mcast_timer_set(db, &timer[(i * 7) % 50], at, note);
	pass(1);
	assert_int_equal(n_fired, 50);
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(fired[i], (i * 7) % 50);
}

static void a_timer_that_is_set_again_fires_once_and_then(void **state)
{
	set(0, 10);
	set(1, 20);
	set(0, 30);
	pass(20);
	assert_int_equal(n_fired, 1);
	assert_int_equal(fired[0], 1);
	set(0, 1);
	pass(1);
	pass(100);
	assert_int_equal(n_fired, 2);
	assert_int_equal(fired[1], 0);
}

static void what_is_left_is_told_in_hundredths_rounded_up(void **state)
{
	assert_int_equal(mcast_timer_left(&timer[0]), 0);
	assert_true(mcast_timer_later(&timer[0], clock_now() + NSEC_PER_SEC));
	set(0, 25);
	assert_int_equal(mcast_timer_left(&timer[0]), 3);
	assert_true(mcast_timer_later(&timer[0], clock_now() + 24 * NSEC_PER_MSEC));
	assert_false(mcast_timer_later(&timer[0], clock_now() + 25 * NSEC_PER_MSEC));
	mcast_timer_stop(db, &timer[0]);
	assert_int_equal(mcast_timer_left(&timer[0]), 0);
}

static void set_next(struct bridge_mdb *b, struct mcast_timer *t)
{
	unsigned i = (unsigned)(t - timer);

	note(b, t);
	if (i + 1 < 10)
		mcast_timer_set(b, &timer[i + 1], clock_now(), set_next);
	mcast_timer_stop(b, &timer[100]);
}

static void a_timer_that_fires_may_set_and_stop_others(void **state)
{
	mcast_timer_set(db, &timer[0], clock_now() + NSEC_PER_MSEC, set_next);
	set(100, 1);
	pass(1);
	assert_int_equal(n_fired, 10);
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(fired[i], i);
	assert_false(mcast_timer_runs(&timer[100]));
}

/* When each should fire; 0: it does not run. */
static nsec_t due[MANY];

static void check_fired(void)
{
	nsec_t now = clock_now();

	for (unsigned i = 0; i < n_fired; i++) {
		assert_true(due[fired[i]] && due[fired[i]] <= now);
		if (i)
			assert_true(due[fired[i - 1]] <= due[fired[i]]);
	}
	for (unsigned i = 0; i < n_fired; i++)
		due[fired[i]] = 0;
	n_fired = 0;
	for (unsigned i = 0; i < MANY; i++) {
		assert_int_equal(mcast_timer_runs(&timer[i]), due[i] != 0);
		assert_true(!due[i] || due[i] > now);
	}
}

static void many_timers_do_as_a_list_of_times_would(void **state)
{
	uint64_t seed = 1;

	memset(due, 0, sizeof(due));
	for (unsigned round = 0; round < 200; round++) {
		for (unsigned n = 0; n < 40; n++) {
			uint32_t r = random_u32(&seed);
			unsigned i = r % MANY, ms = 1 + (r >> 16) % 300;

			if (r >> 12 & 1) {
				set(i, ms);
				due[i] = clock_now() + ms * NSEC_PER_MSEC;
			} else {
				mcast_timer_stop(db, &timer[i]);
				due[i] = 0;
			}
		}
		pass(random_u32(&seed) % 60);
		check_fired();
	}
}

#define ON_BRIDGE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BRIDGE(timers_fire_in_the_order_of_their_time),
		ON_BRIDGE(of_those_due_together_the_one_set_first_fires_first),
		ON_BRIDGE(a_timer_that_is_set_again_fires_once_and_then),
		ON_BRIDGE(what_is_left_is_told_in_hundredths_rounded_up),
		ON_BRIDGE(a_timer_that_fires_may_set_and_stop_others),
		ON_BRIDGE(many_timers_do_as_a_list_of_times_would),
	};

	clock_stop();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
