/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_stp - what the files of the spanning tree share.  Control.
 */
#pragma once

#include "dev/bridge_priv.h"

#define ID_SIZE 8 /* of an identifier: priority, then address */

#define ports_foreach(bp, br) \
	for (unsigned i_ = 0; \
	     (br)->ports && i_ < (br)->ports->n && ((bp) = (br)->ports->port[i_], true); \
	     i_++)

static inline int id_cmp(const uint8_t a[ID_SIZE], const uint8_t b[ID_SIZE])
{
	return memcmp(a, b, ID_SIZE);
}

static inline bool stp_on(const struct bridge *br)
{
	return bridge_config(br)->stp_state;
}

static inline bool is_root(const struct bridge *br)
{
	return !id_cmp(br->stp.bridge_id, br->stp.designated_root);
}

static inline bool is_disabled(const struct bridge_port *bp)
{
	return port_state(bp) == BR_STATE_DISABLED;
}

/* Is this port the one that its LAN reaches the root by? */
static inline bool is_designated(const struct bridge_port *bp)
{
	return !id_cmp(bp->stp.designated_bridge, bp->br->stp.bridge_id) &&
	       bp->stp.designated_port == bp->stp.port_id;
}

static inline bool is_running(const struct timer *t)
{
	return list_is_linked(&t->link);
}

static inline uint32_t ticks_left(const struct timer *t)
{
	nsec_t left = is_running(t) ? t->at - clock_now() : 0;

	return left > 0 ? (uint32_t)(left / TICKS_NS) : 0;
}

static inline void arm(struct timer *t, uint32_t ticks, void (*fn)(struct timer *t))
{
	timer_arm(t, ticks * TICKS_NS, fn);
}

/* ---- bridge_stp.c: procedures of 8.6 and 8.7 ---- */

void stp_set_topology_change(struct bridge *br, bool on);
void stp_config_bpdu_generation(struct bridge *br);
void stp_become_designated_port(struct bridge_port *bp);
void stp_configuration_update(struct bridge *br);
void stp_port_state_selection(struct bridge *br);
void stp_hello_due(struct timer *t);

/* Recompute everything; whether this bridge was the root before tells what else to do. */
void stp_update(struct bridge *br, bool was_root);
