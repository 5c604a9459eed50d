/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_vlan_path - VLAN filtering on the way through a bridge.
 *
 * Ingress (802.1Q 8.6.1, 8.6.2): an untagged or priority-tagged frame belongs to the port's
 * PVID, another to the VLAN of its tag; a tag of another protocol than the bridge's is payload.
 * A port takes frames of its own VLANs only.  Egress (8.6.4): the frame leaves by ports that
 * are in its VLAN, with a tag or without, as the port has it.  The PCP of a tag stays.
 */
#include "dev/bridge_priv.h"
#include "pkt/tag.h"

#include <linux/if_ether.h>

static const struct bridge_vlans *vlans_of(const struct bridge *br,
					   const struct bridge_port *bp)
{
	return bp ? rcu_load(&bp->vlans) : rcu_load(&br->vlan_table);
}

static struct bridge_vlan_counters *counters_of(struct worker *w,
						const struct bridge_vlans *v,
						unsigned vid)
{
	struct vlan_counters **count = rcu_load(&v->count);
	struct vlan_counters *c = unlikely(count) ? rcu_load(&count[vid]) : NULL;

	return c ? &c[w->id].n : NULL;
}

/* As Linux counts: without the Ethernet header and the tag. */
static uint64_t counted_size(const struct pkt *p)
{
	uint32_t headers = ETH_HLEN + (p->flags & PKT_F_TAGGED ? sizeof(struct vlan) : 0);

	return pkt_size(p) > headers ? pkt_size(p) - headers : 0;
}

static be16 tpid_of(const struct bridge_vlans *v)
{
	return (be16){atomic_load_explicit(&v->tpid, memory_order_relaxed)};
}

/* What a port does not take is no error of its: only the reason is counted.  Takes. */
static void refuse(struct worker *w, struct dev *in, struct pkt *p)
{
	dev_worker(w, in)->drops[DROP_VLAN_INGRESS]++;
	pkt_free(p);
}

/* ---- in ---- */

/* A frame with the bridge's tag.  Returns its VLAN, or 0 after dropping it. */
static uint16_t classify_tagged(struct worker *w, const struct bridge_vlans *v,
				struct dev *in, struct pkt *p)
{
	struct vlan *tag;
	uint16_t tci, vid;

	if (unlikely(!pkt_pull(w, p, sizeof(struct eth) + sizeof(*tag)))) {
		pkt_drop(w, in, p,
			 pkt_size(p) < sizeof(struct eth) + sizeof(*tag)
				 ? DROP_TOO_SHORT
				 : DROP_NO_BUFFER);
		return 0;
	}
	tag = (struct vlan *)(p->data + sizeof(struct eth));
	tci = from_be16(tag->tci);
	vid = tci & VLAN_ID_MASK;
	p->flags |= PKT_F_TAGGED;
	if (likely(vid))
		return vid;
	/* 802.1Q 6.9: only a priority.  It stays, and the VLAN is the port's. */
	vid = atomic_load_explicit(&v->pvid, memory_order_relaxed);
	tag->tci = to_be16(tci | vid);
	if (!vid)
		refuse(w, in, p);
	return vid;
}

/* Returns false after dropping. */
static bool admit(struct worker *w, const struct bridge_vlans *v, struct dev *in,
		  struct pkt *p, uint16_t pvid, be16 tpid)
{
	const struct eth *eth = (const struct eth *)p->data;
	uint16_t vid = pvid;
	struct bridge_vlan_counters *c;

	p->flags &= (uint8_t) ~(PKT_F_TAGGED | PKT_F_LEARN_ONLY);
	if (be16_equal(eth->type, tpid)) {
		vid = classify_tagged(w, v, in, p);
		if (unlikely(!vid))
			return false;
	}
	if (unlikely(!vlan_bit(v->in,
			       vid))) { /* VLAN 0, for want of a PVID, is never in */
		refuse(w, in, p);
		return false;
	}
	if (unlikely(atomic_load_explicit(&v->any_learning, memory_order_relaxed)) &&
	    !vlan_bit(v->out, vid))
		p->flags |= PKT_F_LEARN_ONLY;
	p->vid = vid;
	c = counters_of(w, v, vid);
	if (unlikely(c)) {
		c->rx_packets++;
		c->rx_bytes += counted_size(p);
	}
	return true;
}

void vlan_ingress(struct worker *w, struct bridge *br, struct bridge_port *bp,
		  struct burst *b)
{
	const struct bridge_vlans *v = vlans_of(br, bp);
	struct dev *in = bp ? bp->dev : br->dev;
	uint16_t pvid = atomic_load_explicit(&v->pvid, memory_order_relaxed);
	be16 tpid = tpid_of(v);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		struct pkt *p = b->pkt[i];

		if (likely(admit(w, v, in, p, pvid, tpid)))
			b->pkt[kept++] = p;
	}
	b->n = kept;
}

bool vlan_may_learn(const struct bridge_port *bp, const struct pkt *p, uint16_t *vid)
{
	const struct bridge_vlans *v = vlans_of(bp->br, bp);
	const struct eth *eth = pkt_eth(p);
	const struct vlan *tag = NULL;

	if (be16_equal(eth->type, tpid_of(v)))
		tag = pkt_hdr(p, sizeof(*eth), struct vlan);
	*vid = tag ? from_be16(tag->tci) & VLAN_ID_MASK : 0;
	if (!*vid)
		*vid = atomic_load_explicit(&v->pvid, memory_order_relaxed);
	return vlan_bit(v->in, *vid);
}

/* ---- out ---- */

bool vlan_egress_ok(const struct bridge *br, const struct bridge_port *bp, uint16_t vid)
{
	return vlan_bit(vlans_of(br, bp)->out, vid);
}

struct pkt *vlan_egress(struct worker *w, struct bridge *br, struct bridge_port *bp,
			struct pkt *p)
{
	const struct bridge_vlans *v = vlans_of(br, bp);
	bool tagged = p->flags & PKT_F_TAGGED, wanted = !vlan_bit(v->untagged, p->vid),
	     fine;
	struct bridge_vlan_counters *c = counters_of(w, v, p->vid);

	if (unlikely(c)) {
		c->tx_packets++;
		c->tx_bytes += counted_size(p);
	}
	if (likely(tagged == wanted))
		return p;
	if (!wanted)
		fine = tag_pop(w, p);
	else
		fine = tag_push(w, p, tpid_of(v), p->vid);
	if (unlikely(!fine)) {
		pkt_drop(w, bp ? bp->dev : br->dev, p, DROP_NO_HEADROOM);
		return NULL;
	}
	p->flags ^= PKT_F_TAGGED;
	return p;
}
