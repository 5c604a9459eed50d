/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_mcast_timer - thousands of timers (each membership has one, and each source) on one
 * of the control thread's: a binary heap with the next to fire in front.
 */
#include "dev/bridge_mcast.h"

/* Of two that are due together the one that was set first fires first. */
static bool is_before(const struct mcast_timer *a, const struct mcast_timer *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void place(struct mcast_timers *ts, unsigned i, struct mcast_timer *t)
{
	ts->heap[i] = t;
	t->place = i;
}

static void sift_up(struct mcast_timers *ts, unsigned i, struct mcast_timer *t)
{
	for (; i > 1 && is_before(t, ts->heap[i / 2]); i /= 2)
		place(ts, i, ts->heap[i / 2]);
	place(ts, i, t);
}

static void sift_down(struct mcast_timers *ts, unsigned i, struct mcast_timer *t)
{
	for (unsigned child; (child = i * 2) <= ts->n; i = child) {
		if (child < ts->n && is_before(ts->heap[child + 1], ts->heap[child]))
			child++;
		if (!is_before(ts->heap[child], t))
			break;
		place(ts, i, ts->heap[child]);
	}
	place(ts, i, t);
}

static void take_out(struct mcast_timers *ts, struct mcast_timer *t)
{
	struct mcast_timer *last = ts->heap[ts->n--];
	unsigned i = t->place;

	t->place = 0;
	if (last == t)
		return;
	if (i > 1 && is_before(last, ts->heap[i / 2]))
		sift_up(ts, i, last);
	else
		sift_down(ts, i, last);
}

static void fire(struct timer *timer);

static void arm(struct mcast_timers *ts)
{
	if (!ts->n)
		timer_disarm(&ts->timer);
	else if (!list_is_linked(&ts->timer.link) || ts->timer.at != ts->heap[1]->at)
		timer_arm(&ts->timer, ts->heap[1]->at - clock_now(), fire);
}

static void fire(struct timer *timer)
{
	struct mcast_timers *ts = container_of(timer, struct mcast_timers, timer);
	struct bridge_mdb *db = container_of(ts, struct bridge_mdb, timers);
	nsec_t now = clock_now();

	while (ts->n && ts->heap[1]->at <= now) {
		struct mcast_timer *t = ts->heap[1];

		take_out(ts, t);
		t->fn(db, t);
	}
	arm(ts);
	mdb_settle(db);
}

void mcast_timer_set(struct bridge_mdb *db, struct mcast_timer *t, nsec_t at,
		     void (*fn)(struct bridge_mdb *db, struct mcast_timer *t))
{
	struct mcast_timers *ts = &db->timers;

	if (t->place)
		take_out(ts, t);
	if (ts->n + 2 > ts->size) {
		ts->size = max(ts->size * 2, 16u);
		ts->heap = xrealloc(ts->heap, ts->size * sizeof(struct mcast_timer *));
	}
	t->at = at;
	t->order = ++ts->last_order;
	t->fn = fn;
	sift_up(ts, ++ts->n, t);
	arm(ts);
}

void mcast_timer_stop(struct bridge_mdb *db, struct mcast_timer *t)
{
	if (!t->place)
		return;
	take_out(&db->timers, t);
	arm(&db->timers);
}

uint32_t mcast_timer_left(const struct mcast_timer *t)
{
	nsec_t left = t->place ? t->at - clock_now() : 0;

	left = (max(left, (nsec_t)0) + TICKS_NS - 1) / TICKS_NS;
	return (uint32_t)min(left, (nsec_t)UINT32_MAX);
}

void mcast_timers_done(struct bridge_mdb *db)
{
	timer_disarm(&db->timers.timer);
	free(db->timers.heap);
	db->timers = (struct mcast_timers){};
}
