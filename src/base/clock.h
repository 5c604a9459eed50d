/* SPDX-License-Identifier: BSD-2-Clause
 *
 * clock - one time type, and a clock that tests can stop and step.
 */
#pragma once

#include "base/list.h"

typedef int64_t nsec_t;

#define NSEC_PER_SEC  ((nsec_t)1000000000)
#define NSEC_PER_MSEC ((nsec_t)1000000)
#define NSEC_PER_USEC ((nsec_t)1000)

/* Monotonic time.  Any thread. */
nsec_t clock_now(void);

/* Stop the clock at its present value, and step it.  Tests only; not thread-safe. */
void clock_stop(void);
void clock_warp(nsec_t by);

/* A timer of the control thread.  Zeroed memory is an unarmed timer. */
struct timer {
	struct list link;
	nsec_t at;
	void (*fn)(struct timer *t);
};

/* Arm @t (again) for clock_now() + @in.  The caller keeps the storage. */
void timer_arm(struct timer *t, nsec_t in, void (*fn)(struct timer *t));
void timer_disarm(struct timer *t);

/* Run what is due.  Returns the nanoseconds until the next one, or -1 for none. */
nsec_t timers_run(void);
