/* SPDX-License-Identifier: BSD-2-Clause
 *
 * clock - monotonic time, timers of the control thread, and stepping both in tests.
 *
 * Timers are a list sorted by time: there are few, most are short, and an insertion walks
 * from the end.
 */
#include "base/clock.h"

#include <time.h>

static bool stopped;
static nsec_t stopped_at;
static struct list timers = LIST_INIT(timers);

static nsec_t monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

nsec_t clock_now(void)
{
	return stopped ? stopped_at : monotonic();
}

void clock_stop(void)
{
	stopped_at = clock_now();
	stopped = true;
}

void clock_warp(nsec_t by)
{
	assert(stopped && by >= 0);
	stopped_at += by;
}

void timer_arm(struct timer *t, nsec_t in, void (*fn)(struct timer *t))
{
	struct list *before = &timers;

	list_remove(&t->link);
	t->at = clock_now() + max(in, (nsec_t)0);
	t->fn = fn;
	while (before->prev != &timers &&
	       list_item(before->prev, struct timer, link)->at > t->at)
		before = before->prev;
	list_insert_before(&t->link, before);
}

void timer_disarm(struct timer *t)
{
	list_remove(&t->link);
}

nsec_t timers_run(void)
{
	struct timer *t;

	while ((t = list_first(&timers, struct timer, link))) {
		nsec_t left = t->at - clock_now();

		if (left > 0)
			return left;
		list_remove(&t->link);
		t->fn(t);
	}
	return -1;
}
