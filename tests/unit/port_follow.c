/* SPDX-License-Identifier: BSD-2-Clause
 *
 * port_follow - tests of the search for a CPU, in a machine whose CPUs carry what a table says.
 */
#include "pkt_util.h"
#include "port/follow.h"

#define SLOT (5 * NSEC_PER_MSEC)
#define MB   (1u << 20)

static struct follow f;
static cpu_set_t all;
static nsec_t now;
static uint64_t carried;
static int at; /* the CPU that the worker is on */

static int setup(void **state)
{
	CPU_ZERO(&all);
	for (size_t cpu = 4; cpu < 8; cpu++)
		CPU_SET(cpu, &all);
	follow_init(&f, &all);
	now = 0;
	carried = 0;
	at = 4;
	return 0;
}

static int teardown(void **state)
{
	follow_done(&f);
	return 0;
}

/* @slots of work, with so many bytes in each as the CPU allows; returns those spent on @cpu. */
static unsigned work(unsigned slots, const uint32_t bytes[4], int cpu)
{
	unsigned there = 0;

	for (unsigned i = 0; i < slots * 10; i++) {
		int next;

		now += SLOT / 10;
		carried += bytes[at - 4] / 10;
		next = follow_next(&f, now, carried, at);
		if (next >= 0)
			at = next;
		assert_in_range(at, 4, 7);
		there += at == cpu;
	}
	return there / 10;
}

static void the_best_cpu_is_found_and_kept(void **state)
{
	static const uint32_t bytes[4] = {4 * MB, 3 * MB, 6 * MB, 5 * MB};

	work(500, bytes, 6);
	assert_true(work(1000, bytes, 6) > 900);
}

static void a_change_of_the_best_is_followed(void **state)
{
	static const uint32_t before[4] = {6 * MB, 4 * MB, 4 * MB, 4 * MB};
	static const uint32_t after[4] = {4 * MB, 4 * MB, 4 * MB, 6 * MB};

	work(1000, before, 4);
	assert_true(work(1000, before, 4) > 900);
	work(1000, after, 7);
	assert_true(work(1000, after, 7) > 900);
}

static void a_trial_where_nothing_gets_through_ends(void **state)
{
	static const uint32_t bytes[4] = {6 * MB, 0, 0, 0};

	assert_true(work(1000, bytes, 4) > 900);
}

static void equal_cpus_cause_no_wandering(void **state)
{
	static const uint32_t bytes[4] = {4 * MB, 4 * MB + MB / 10, 4 * MB, 4 * MB};

	assert_true(work(1000, bytes, 4) > 900);
}

static void little_traffic_is_left_to_the_scheduler(void **state)
{
	static const uint32_t busy[4] = {6 * MB, 4 * MB, 4 * MB, 4 * MB};

	work(20, busy, 4);
	now += 5 * SLOT; /* a short silence means nothing */
	assert_int_equal(follow_next(&f, now, carried, at), FOLLOW_STAY);
	now += 30 * SLOT;
	assert_int_equal(follow_next(&f, now, carried, at), FOLLOW_ANY);
	for (int i = 0; i < 1000; i++) {
		now += SLOT;
		carried += MB / 2;
		assert_int_equal(follow_next(&f, now, carried, at), FOLLOW_STAY);
	}
}

static void one_cpu_leaves_no_choice(void **state)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(3, &one);
	follow_done(&f);
	follow_init(&f, &one);
	for (int i = 0; i < 1000; i++) {
		now += SLOT;
		carried += 10 * MB;
		assert_int_equal(follow_next(&f, now, carried, 3), FOLLOW_STAY);
	}
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(the_best_cpu_is_found_and_kept),
		T(a_change_of_the_best_is_followed),
		T(a_trial_where_nothing_gets_through_ends),
		T(equal_cpus_cause_no_wandering),
		T(little_traffic_is_left_to_the_scheduler),
		T(one_cpu_leaves_no_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
