/* SPDX-License-Identifier: BSD-2-Clause
 *
 * measure - what the benchmarks written in C share.
 */
#include "measure.h"

#include <linux/perf_event.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

unsigned bench_runs = 7;
nsec_t bench_run_ns = 300 * NSEC_PER_MSEC;

void bench_args(int argc, char **argv)
{
	if (argc > 1)
		bench_runs = (unsigned)min(max(atoi(argv[1]), 1), RUNS_MAX);
	if (argc > 2)
		bench_run_ns = atoi(argv[2]) * NSEC_PER_MSEC;
}

void bench_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

void figure(struct figures *f, double value)
{
	f->values[f->n++] = value;
}

void pin(bool on)
{
	static cpu_set_t all;
	cpu_set_t one;
	size_t last = 0;

	if (on && sched_getaffinity(0, sizeof(all), &all) == 0)
		for (size_t i = 0; i < CPU_SETSIZE; i++)
			if (CPU_ISSET(i, &all))
				last = i;
	CPU_ZERO(&one);
	CPU_SET(last, &one);
	if (sched_setaffinity(0, sizeof(one), on ? &one : &all) < 0)
		perror("pinning");
}

/* ---- cycles and instructions ---- */

static int perf_open(uint64_t config, int leader)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_HARDWARE,
				       .size = sizeof(attr),
				       .config = config,
				       .exclude_kernel = true,
				       .read_format = PERF_FORMAT_GROUP};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, 0);
}

bool counts_read(struct counts *c)
{
	static int leader = -2;
	uint64_t group[3];

	if (leader == -2) {
		leader = perf_open(PERF_COUNT_HW_CPU_CYCLES, -1);
		if (leader >= 0 && perf_open(PERF_COUNT_HW_INSTRUCTIONS, leader) < 0)
			leader = -1;
	}
	if (leader < 0 || read(leader, group, sizeof(group)) != sizeof(group))
		return false;
	*c = (struct counts){group[1], group[2]};
	return true;
}

/* The number that @command prints, if it prints one. */
static void ask(const char *command, struct figures *f)
{
	char line[64] = "";
	FILE *out = popen(command, "r");

	if (!out)
		return;
	if (!fgets(line, sizeof(line), out))
		line[0] = 0;
	pclose(out);
	if (strtod(line, NULL) > 0)
		figure(f, strtod(line, NULL));
}

void testpmd(const char *mode, struct figures *f)
{
	char command[1024];

	snprintf(command, sizeof(command), "%s/testpmd.sh %s", BENCH_DIR, mode);
	ask(command, f);
}

void kernel_bridge(unsigned n_stations, struct figures *f)
{
	char self[512], command[1024], *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return;
	self[n] = 0;
	slash = strrchr(self, '/');
	*slash = 0;
	snprintf(command, sizeof(command), "%s/kernel_bridge %u", self, n_stations);
	ask(command, f);
}

/* ---- results ---- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const struct figures *f)
{
	double sorted[RUNS_MAX];

	memcpy(sorted, f->values, sizeof(sorted));
	qsort(sorted, f->n, sizeof(sorted[0]), by_value);
	return f->n % 2 ? sorted[f->n / 2]
			: (sorted[f->n / 2 - 1] + sorted[f->n / 2]) / 2;
}

static void print_side(const char *side, const struct figures *f)
{
	double least = f->values[0], most = f->values[0];

	printf(", \"%s\": {\"median\": %.4g", side, median(f));
	for (unsigned i = 1; i < f->n; i++) {
		least = min(least, f->values[i]);
		most = max(most, f->values[i]);
	}
	printf(", \"min\": %.4g, \"max\": %.4g, \"runs\": %u, \"values\": [", least, most,
	       f->n);
	for (unsigned i = 0; i < f->n; i++)
		printf("%s%.4g", i ? ", " : "", f->values[i]);
	printf("]}");
}

void print_result(const char *name, const char *unit, const char *better,
		  const struct figures *ours, const struct figures *rival,
		  const char *rival_is, const struct figures *cycles,
		  const struct figures *instructions)
{
	printf("{\"name\": \"%s\", \"unit\": \"%s\", \"better\": \"%s\"", name, unit,
	       better);
	print_side("ours", ours);
	if (rival && rival->n) {
		print_side("rival", rival);
		printf(", \"rival_is\": \"%s\", \"ratio\": %.4g", rival_is,
		       median(ours) / median(rival));
	}
	if (cycles && cycles->n)
		printf(", \"cycles\": %.4g, \"instructions\": %.4g", median(cycles),
		       median(instructions));
	printf("}\n");
	fflush(stdout);
}
