/* SPDX-License-Identifier: BSD-2-Clause
 *
 * c2c - nanoseconds to hand a cache line from one core to another, one way.
 *
 * On a virtual machine the host may place two virtual cores side by side or far apart, and
 * move them at will; figures that need two cores differ several times between these states.
 * The benchmarks print this figure next to each such result, so that a slow run can be told
 * from a slow program.
 *
 *	c2c [CPU CPU]		the first two that we may use unless named
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	ROUNDS = 200000,
	TRIES = 5
};

static _Alignas(128) _Atomic int ball;

static int cpu[2];

static void pin(int n)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)n, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		perror("c2c: sched_setaffinity");
}

/* Turn even numbers into the next odd one. */
static void *bounce(void *arg)
{
	pin(cpu[1]);
	for (int i = 0; i < ROUNDS * TRIES; i++) {
		while (atomic_load_explicit(&ball, memory_order_acquire) != 2 * i + 1)
			;
		atomic_store_explicit(&ball, 2 * i + 2, memory_order_release);
	}
	return NULL;
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* The first two CPUs that we may run on. */
static int pick(void)
{
	cpu_set_t set;
	int n = 0;

	if (sched_getaffinity(0, sizeof(set), &set))
		return -1;
	for (size_t i = 0; i < CPU_SETSIZE && n < 2; i++)
		if (CPU_ISSET(i, &set))
			cpu[n++] = (int)i;
	return n == 2 ? 0 : -1;
}

int main(int argc, char **argv)
{
	double best = 0;
	pthread_t other;

	if (argc == 3) {
		cpu[0] = atoi(argv[1]);
		cpu[1] = atoi(argv[2]);
	} else if (pick()) {
		fprintf(stderr, "c2c: needs two CPUs\n");
		return 1;
	}
	pin(cpu[0]);
	if (pthread_create(&other, NULL, bounce, NULL)) {
		fprintf(stderr, "c2c: cannot make a thread\n");
		return 1;
	}
	/* The best of some tries: another program in between is not distance. */
	for (int try = 0, i = 0; try < TRIES; try++) {
		double start = now_ns(), each;

		for (int n = 0; n < ROUNDS; n++, i++) {
			atomic_store_explicit(&ball, 2 * i + 1, memory_order_release);
			while (atomic_load_explicit(&ball, memory_order_acquire) !=
			       2 * i + 2)
				;
		}
		each = (now_ns() - start) / (2.0 * ROUNDS);
		if (!try || each < best)
			best = each;
	}
	pthread_join(other, NULL);
	printf("%.0f\n", best);
	return 0;
}
