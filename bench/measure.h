/* SPDX-License-Identifier: BSD-2-Clause
 *
 * measure - what the benchmarks written in C share: runs, counters, rivals, results as lines
 * of JSON (bench/lib.py).
 */
#pragma once

#include "base/clock.h"

#define RUNS_MAX 64

/* From the command line: [RUNS [MILLISECONDS]]. */
extern unsigned bench_runs;
extern nsec_t bench_run_ns;
void bench_args(int argc, char **argv);

_Noreturn void bench_die(const char *format, ...) format_printf(1, 2);

/* A figure for each run. */
struct figures {
	double values[RUNS_MAX];
	unsigned n;
};
void figure(struct figures *f, double value);

/* Cycles and instructions so far; false where they cannot be counted. */
struct counts {
	uint64_t cycles, instructions;
};
bool counts_read(struct counts *c);

/* Measure on the last core that may be used; testpmd needs them all, so it is let go again. */
void pin(bool on);

/* What testpmd reaches in Mpps (bench/testpmd.sh), if it is installed. */
void testpmd(const char *mode, struct figures *f);

/* What the kernel's own bridge of two ports reaches in Mpps on the core that is pinned. */
void kernel_bridge(unsigned n_stations, struct figures *f);

/* One line; @rival, @cycles and @instructions may be NULL. */
void print_result(const char *name, const char *unit, const char *better,
		  const struct figures *ours, const struct figures *rival,
		  const char *rival_is, const struct figures *cycles,
		  const struct figures *instructions);
