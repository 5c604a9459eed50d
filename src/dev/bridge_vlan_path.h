/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_vlan_path - VLAN filtering on the way through a bridge.  Workers, only with br->vlans.
 *
 * Ingress (802.1Q 8.6.1, 8.6.2): an untagged or priority-tagged frame belongs to the port's
 * PVID, another to the VLAN of its tag; a tag of another protocol than the bridge's is payload.
 * A port takes frames of its own VLANs only.  Egress (8.6.4): the frame leaves by ports that
 * are in its VLAN, with a tag or without, as the port has it.  The PCP of a tag stays.
 */
#pragma once

#include "dev/bridge_priv.h"

/* What is asked for each frame of a burst, read once. */
struct vlan_gate {
	struct dev *in; /* the port, or the bridge whose own stack sends */
	const struct bridge_vlans *vlans;
	uint16_t pvid;
	be16 tpid;
	bool any_learning;
	bool counts; /* as all tables of a bridge do, or none */
};

static inline be16 vlan_tpid(const struct bridge_vlans *v)
{
	return (be16){atomic_load_explicit(&v->tpid, memory_order_relaxed)};
}

static inline void vlan_gate_init(struct vlan_gate *g, struct dev *in,
				  const struct bridge_vlans *v)
{
	g->in = in;
	g->vlans = v;
	g->pvid = atomic_load_explicit(&v->pvid, memory_order_relaxed);
	g->tpid = vlan_tpid(v);
	g->any_learning = atomic_load_explicit(&v->any_learning, memory_order_relaxed);
	g->counts = rcu_load(&v->count);
}

/* A frame with the bridge's tag: its VLAN, or 0 after dropping it. */
uint16_t vlan_classify(struct worker *w, const struct vlan_gate *g, struct pkt *p);

/* What a port does not take is no error of its: only the reason is counted.  Takes. */
void vlan_refuse(struct worker *w, const struct vlan_gate *g, struct pkt *p);

void vlan_count_in(struct worker *w, const struct bridge_vlans *v, const struct pkt *p);
void vlan_count_out(struct worker *w, const struct bridge_vlans *v, const struct pkt *p);

/* Give @p its VLAN (p->vid, and PKT_F_TAGGED when the tag stands in the frame).  False: it may
 * not come in, and has been dropped. */
must_check static inline bool vlan_ingress(struct worker *w, const struct vlan_gate *g,
					   struct pkt *p)
{
	const struct eth *eth = (const struct eth *)p->data;
	uint16_t vid = g->pvid;

	p->flags &= (uint8_t) ~(PKT_F_TAGGED | PKT_F_LEARN_ONLY);
	if (be16_equal(eth->type, g->tpid)) {
		vid = vlan_classify(w, g, p);
		if (unlikely(!vid))
			return false;
	}
	if (unlikely(!vlan_bit(g->vlans->in,
			       vid))) { /* VLAN 0, for want of a PVID, never is */
		vlan_refuse(w, g, p);
		return false;
	}
	p->vid = vid;
	if (unlikely(g->any_learning) && !vlan_bit(g->vlans->out, vid))
		p->flags |= PKT_F_LEARN_ONLY;
	if (unlikely(g->counts))
		vlan_count_in(w, g->vlans, p);
	return true;
}

/* The same for a frame that the bridge does not forward but may learn from: its VLAN in *vid;
 * false where @bp is not in it.  Borrows. */
bool vlan_may_learn(const struct bridge_port *bp, const struct pkt *p, uint16_t *vid);

/* Put the tag in or take it out, whichever is due.  Takes and gives; NULL after dropping. */
struct pkt *vlan_retag(struct worker *w, struct dev *out, const struct bridge_vlans *v,
		       struct pkt *p) must_check;

/* Make @p as the port @out, or the stack of the bridge @out, has frames of its VLAN, which is
 * one of @v.  Takes and gives; NULL after dropping. */
must_check static inline struct pkt *vlan_egress(struct worker *w,
						 const struct vlan_gate *g,
						 struct dev *out,
						 const struct bridge_vlans *v,
						 struct pkt *p)
{
	bool tagged = p->flags & PKT_F_TAGGED, untagged = vlan_bit(v->untagged, p->vid);

	if (unlikely(g->counts))
		vlan_count_out(w, v, p);
	return likely(tagged != untagged) ? p : vlan_retag(w, out, v, p);
}
