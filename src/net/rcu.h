/* SPDX-License-Identifier: BSD-2-Clause
 *
 * rcu - how control publishes what workers read.
 *
 * Workers are liburcu readers of the QSBR flavour: reading costs nothing, and a worker says
 * once a round, with no burst pending, that it holds no pointer (main/worker.c).  These are
 * the two halves of publication, typed and inline; waiting for readers is dev_defer.
 */
#pragma once

/* For workers: the pointer's target is seen as it was when it was published. */
#define rcu_load(p) __atomic_load_n(p, __ATOMIC_CONSUME)

/* For control: what @v points at is complete. */
#define rcu_publish(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)
