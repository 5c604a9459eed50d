/* SPDX-License-Identifier: BSD-2-Clause
 *
 * follow - which CPU a worker should run on while it carries much.
 *
 * The numbers are by bench/relay.py: on two CPUs a relay that follows carried as much as one
 * that was put beside the receiver by hand, and half as much again as one left to the
 * scheduler.  Trials take 4 % of the time.
 */
#include "port/follow.h"

#define SLOT	   (5 * NSEC_PER_MSEC)
#define PERIOD	   100	      /* slots between trials */
#define TRIAL	   4	      /* slots of a trial, of which the first is for settling */
#define BUSY_BYTES (1u << 20) /* in a slot: 1.6 Gbit/s; below is little traffic */
#define LULL	   20	      /* slots of little traffic that mean its end */

void follow_init(struct follow *f, const cpu_set_t *allowed)
{
	*f = (struct follow){.home = -1};
	f->cpu = xcalloc((size_t)max(CPU_COUNT(allowed), 1), sizeof(f->cpu[0]));
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET((size_t)i, allowed))
			f->cpu[f->n_cpus++] = i;
}

void follow_done(struct follow *f)
{
	free(f->cpu);
	*f = (struct follow){};
}

static int go_home(struct follow *f)
{
	f->n = 0;
	return f->cpu[f->home];
}

/* A slot of much traffic has ended, and @bytes were carried in it. */
static int busy_slot(struct follow *f, uint64_t bytes)
{
	f->n++;
	if (f->n < PERIOD) {
		f->home_bytes +=
			(uint64_t)(((int64_t)bytes - (int64_t)f->home_bytes) / 4);
		return FOLLOW_STAY;
	}
	if (f->n == PERIOD) {
		f->trial = (f->trial + 1) % f->n_cpus;
		if (f->trial == f->home)
			f->trial = (f->trial + 1) % f->n_cpus;
		f->trial_bytes = 0;
		return f->cpu[f->trial];
	}
	if (f->n > PERIOD + 1)
		f->trial_bytes += bytes / (TRIAL - 1);
	if (f->n < PERIOD + TRIAL)
		return FOLLOW_STAY;
	/* A tenth more, or the noise would move it. */
	if (f->trial_bytes > f->home_bytes + f->home_bytes / 10) {
		f->home = f->trial;
		f->home_bytes = f->trial_bytes;
		f->n = 0;
		return FOLLOW_STAY;
	}
	return go_home(f);
}

/* During a trial on a bad CPU traffic may be little for that reason only. */
static bool in_trial(const struct follow *f)
{
	return f->home >= 0 && f->n >= PERIOD;
}

int follow_next(struct follow *f, nsec_t now, uint64_t bytes, int cpu)
{
	uint64_t in_slot = bytes - f->bytes_before;
	nsec_t late = now - f->slot_ends;

	if (likely(now < f->slot_ends) || f->n_cpus < 2)
		return FOLLOW_STAY;
	/* A worker that slept: what it carried is not of one slot. */
	if (late > SLOT)
		in_slot = 0;
	f->slot_ends = now + SLOT;
	f->bytes_before = bytes;
	if (in_slot < BUSY_BYTES && !in_trial(f)) {
		f->quiet += 1 + (int)min(late / SLOT, (nsec_t)LULL);
		if (f->home < 0 || f->quiet < LULL)
			return FOLLOW_STAY;
		f->home = -1;
		return FOLLOW_ANY;
	}
	f->quiet = 0;
	if (f->home >= 0)
		return busy_slot(f, in_slot);
	for (int i = 0; i < f->n_cpus; i++)
		if (f->cpu[i] == cpu)
			f->home = i;
	if (f->home < 0)
		return FOLLOW_STAY;
	f->home_bytes = in_slot;
	f->n = PERIOD - 2 * TRIAL; /* the first trial soon */
	return cpu;
}
