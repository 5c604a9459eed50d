/* SPDX-License-Identifier: BSD-2-Clause
 *
 * follow - which CPU a worker should run on while it carries much.
 *
 * What a worker writes to a mirror is handled by the receiving namespace's stack on the
 * worker's CPU and then read by the receiving program: beside it, in the same caches, is the
 * best place, beside the sender the worst, and nobody tells where they are.  So a busy worker
 * tries: now and then it spends some milliseconds on another CPU and stays there if it
 * carried more.  With little traffic the scheduler knows best.
 *
 * Only arithmetic: the caller moves itself.
 */
#pragma once

#include "base/clock.h"

#include <sched.h>

struct follow {
	int *cpu; /* that may be used */
	int n_cpus;
	int home, trial; /* index in cpu[]; home -1: wherever the scheduler likes */
	int n;		 /* slots since the last trial ended */
	int quiet;	 /* slots of little traffic in a row */
	nsec_t slot_ends;
	uint64_t bytes_before;
	uint64_t home_bytes, trial_bytes; /* a slot, on average */
};

enum {
	FOLLOW_STAY = -1, /* nothing changes */
	FOLLOW_ANY = -2,  /* the scheduler may choose among all again */
};

/* @allowed are the CPUs to choose from. */
void follow_init(struct follow *f, const cpu_set_t *allowed);
void follow_done(struct follow *f);

/* Once a round of a worker: @bytes it has carried in its life, @cpu it is on.  Returns the CPU
 * to run on from now on, or FOLLOW_*. */
int follow_next(struct follow *f, nsec_t now, uint64_t bytes, int cpu);
