/* SPDX-License-Identifier: BSD-2-Clause
 *
 * worker - the threads of the data plane: each polls its ports and runs what they give.
 *
 * All functions are for the control thread.  The table is the net's net_workers: give
 * &workers->net_workers to net.workers before the first port is attached.
 */
#pragma once

#include "net/net.h"

struct workers_config {
	unsigned n;	/* threads; 0: 1 */
	nsec_t spin_ns; /* how long to go on polling after traffic; < 0: the default */
	int first_cpu;	/* pin worker i to CPU first_cpu + i; -1: do not pin */
	unsigned n_small, n_large; /* packets a worker; 0: the defaults */
};
#define WORKERS_CONFIG_DEFAULT ((struct workers_config){.spin_ns = -1, .first_cpu = -1})

struct workers;

/* Start the threads for @net, whose n_workers is at least config->n.  Returns 0 or -errno
 * with a sentence. */
int workers_start(struct net *net, const struct workers_config *config,
		  struct workers **ret, struct extack *ea) must_check;

/* Stop the threads and free everything.  Ports may still be attached: they are no longer
 * polled.  Accepts NULL. */
void workers_stop(struct workers *ws);

/* Ports that died.  The descriptor is readable when there are some; then take them one by
 * one until NULL.  A port that was taken is polled no more, and still attached: its owner
 * detaches it. */
int workers_dead_fd(const struct workers *ws);
struct port *workers_take_dead(struct workers *ws);

/* What the threads did, for `wireyard` to show and benchmarks to explain. */
struct workers_stats {
	uint64_t rounds, sleeps, bursts, packets;
	uint64_t drops[DROP_N_REASONS]; /* of packets that no device owned */
};
void workers_stats(const struct workers *ws, struct workers_stats *sum);
