/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_path - a burst's passage through a bridge: what bridge_path.c and bridge_flood.c share.
 * Workers.
 */
#pragma once

#include "dev/bridge_vlan_path.h"

#include <linux/virtio_net.h>

enum flood_kind {
	FLOOD_UNICAST,
	FLOOD_MULTICAST,
	FLOOD_BROADCAST,
};

/* Frames, one after the other, that are flooded alike: they wait for each other, so that a port
 * is looked at once for all of them. */
struct flood_run {
	uint32_t n;
	enum flood_kind kind;
	bool up;       /* to the bridge's own stack too */
	bool answered; /* questions for neighbours that were answered: not to all ports */
	struct pkt *pkt[BURST_MAX];
};

/* A burst on its way through, and what is read once for all of it. */
struct passage {
	struct worker *w;
	struct bridge *br;
	struct bridge_port *in; /* NULL: from the bridge's own stack */
	uint32_t in_flags;	/* BP_F_* of it */
	/* Where the flags of a port differ here from just BP_F_FORWARD, it may not be for this
	 * burst to leave by. */
	uint32_t suspect;
	const struct bridge_config *config;
	struct fdb_table *table;
	bool vlans, promisc;
	bool neigh;    /* questions for neighbours are looked at */
	bool answered; /* the frame at hand was one, and needs no flooding to some ports */
	enum mcast_counter message; /* the frame at hand is IGMP or MLD, and counts */
	uint32_t tick, second;
	struct vlan_gate gate;
	struct flood_run run;
	struct bridge_news news;
};

/* Counted by reason only: what a bridge does not forward is no error of the port's, and Linux
 * does not show it in rx_dropped or tx_dropped.  Takes. */
static inline void drop_at(const struct passage *t, struct dev *dev, struct pkt *p,
			   enum drop why)
{
	dev_worker(t->w, dev)->drops[why]++;
	pkt_free(p);
}

static inline void drop(const struct passage *t, struct pkt *p, enum drop why)
{
	drop_at(t, t->in ? t->in->dev : t->br->dev, p, why);
}

static inline bool is_too_big(const struct pkt *p, const struct dev *dev)
{
	return pkt_size(p) > dev_mtu(dev) + ETH_HLEN + sizeof(struct vlan) &&
	       p->off.gso_type == VIRTIO_NET_HDR_GSO_NONE;
}

/* Takes. */
static inline void send_by(const struct passage *t, struct bridge_port *bp, struct pkt *p)
{
	if (t->vlans) {
		p = vlan_egress(t->w, &t->gate, bp->dev, rcu_load(&bp->vlans), p);
		if (unlikely(!p))
			return;
	}
	if (unlikely(is_too_big(p, bp->dev))) {
		drop_at(t, bp->dev, p, DROP_TOO_BIG);
		return;
	}
	dev_queue(t->w, bp->dev, DIR_TX, p);
}

/* May VLAN @vid leave by @bp, if there are VLANs? */
static inline bool vlan_leaves(const struct passage *t, const struct bridge_port *bp,
			       uint16_t vid)
{
	return !t->vlans || likely(vlan_bit(rcu_load(&bp->vlans)->out, vid));
}

/* Why no frame of the burst may leave by @bp; DROP_N_REASONS: those of its VLANs may. */
static inline enum drop port_refusal(const struct passage *t,
				     const struct bridge_port *bp, uint32_t flags)
{
	if (unlikely(!(flags & BP_F_FORWARD)))
		return DROP_BRIDGE_EGRESS_STP_STATE;
	if (unlikely(bp == t->in && !(flags & BP_F_HAIRPIN)))
		return DROP_BRIDGE_HAIRPIN;
	if (unlikely(flags & t->in_flags & BP_F_ISOLATED))
		return DROP_BRIDGE_ISOLATED;
	return DROP_N_REASONS;
}

/* To the bridge's own stack.  Takes. */
void send_up(const struct passage *t, struct pkt *p);

/* ---- bridge_flood.c ---- */

/* A copy of @p by @bp.  Borrows. */
void copy_to(const struct passage *t, struct bridge_port *bp, struct pkt *p);

/* To every port that is to have it, but not before flood_end, which comes before anything else
 * is sent.  Takes. */
void flood(struct passage *t, struct pkt *p, enum flood_kind kind, bool up);
void flood_run_end(struct passage *t);

static inline void flood_end(struct passage *t)
{
	if (unlikely(t->run.n))
		flood_run_end(t);
}

/* A frame to a group other than the broadcast address.  Takes. */
void send_multicast(struct passage *t, struct pkt *p);
