/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_vlan - VLANs inside a bridge: what its files share of them (802.1Q clauses 6.9, 8.6,
 * 8.8, 8.10).
 *
 * The bridge and each of its ports has a table of the VLANs that it is in, whether filtering
 * is on or not.  What the data path asks of a table is bits by VID, which control sets and
 * clears one word at a time while workers read: a frame costs a test on its way in and one on
 * its way out, and one that leaves as it came is not touched.
 *
 * A frame's VLAN is p->vid.  PKT_F_TAGGED says that the tag stands in the frame; then its VID
 * is p->vid, also where the frame came with none but a priority.
 */
#pragma once

#include "dev/bridge.h"
#include "pkt/hdr.h"

#define VLAN_WORDS (4096u / 64u)

/* What has been counted of one VLAN of one device: one per worker. */
struct vlan_counters {
	cache_aligned struct bridge_vlan_counters n;
};

/* The VLANs of a port or of a bridge. */
struct bridge_vlans {
	/* Written by control, read by workers. */
	_Atomic uint16_t pvid;	       /* of untagged frames; 0: they are dropped */
	_Atomic uint16_t tpid;	       /* the bridge's protocol, as the wire has it */
	_Atomic bool any_learning;     /* some VLAN learns: @in has it, @out not */
	uint64_t in[VLAN_WORDS];       /* frames may come in */
	uint64_t out[VLAN_WORDS];      /* they may leave */
	uint64_t untagged[VLAN_WORDS]; /* they leave without a tag */
	uint64_t suppress[VLAN_WORDS]; /* neigh_suppress, of ports */
	struct vlan_counters **count;  /* by VID; NULL: nobody counts; RCU */

	/* control */
	uint64_t member[VLAN_WORDS];
	uint8_t state[4096];		 /* BR_STATE_* of members */
	struct vlan_counters **counters; /* kept while nobody counts; NULL: none yet */
	/* Of a bridge: VLANs that are known because a port is in them, and how many are. */
	uint64_t known[VLAN_WORDS];
	uint16_t n_ports[4096];
};

static inline bool vlan_bit(const uint64_t *bits, unsigned vid)
{
	return __atomic_load_n(&bits[vid / 64], __ATOMIC_RELAXED) >> vid % 64 & 1;
}
