/* SPDX-License-Identifier: BSD-2-Clause
 *
 * bridge_vlan_path - VLAN filtering on the way through a bridge: what not every frame needs.
 */
#include "dev/bridge_vlan_path.h"
#include "pkt/tag.h"

#include <linux/if_ether.h>

static struct bridge_vlan_counters *counters_of(struct worker *w,
						const struct bridge_vlans *v,
						unsigned vid)
{
	struct vlan_counters **count = rcu_load(&v->count);
	struct vlan_counters *c = count ? rcu_load(&count[vid]) : NULL;

	return c ? &c[w->id].n : NULL;
}

/* As Linux counts: without the Ethernet header and the tag. */
static uint64_t counted_size(const struct pkt *p)
{
	uint32_t headers = ETH_HLEN + (p->flags & PKT_F_TAGGED ? sizeof(struct vlan) : 0);

	return pkt_size(p) > headers ? pkt_size(p) - headers : 0;
}

void vlan_count_in(struct worker *w, const struct bridge_vlans *v, const struct pkt *p)
{
	struct bridge_vlan_counters *c = counters_of(w, v, p->vid);

	if (!c)
		return;
	c->rx_packets++;
	c->rx_bytes += counted_size(p);
}

void vlan_count_out(struct worker *w, const struct bridge_vlans *v, const struct pkt *p)
{
	struct bridge_vlan_counters *c = counters_of(w, v, p->vid);

	if (!c)
		return;
	c->tx_packets++;
	c->tx_bytes += counted_size(p);
}

/* ---- in ---- */

void vlan_refuse(struct worker *w, const struct vlan_gate *g, struct pkt *p)
{
	dev_worker(w, g->in)->drops[DROP_VLAN_INGRESS]++;
	pkt_free(p);
}

uint16_t vlan_classify(struct worker *w, const struct vlan_gate *g, struct pkt *p)
{
	struct vlan *tag;
	uint16_t tci, vid;

	if (unlikely(!pkt_pull(w, p, sizeof(struct eth) + sizeof(*tag)))) {
		pkt_drop(w, g->in, p,
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
	tag->tci = to_be16(tci | g->pvid);
	if (!g->pvid)
		vlan_refuse(w, g, p);
	return g->pvid;
}

bool vlan_may_learn(const struct bridge_port *bp, const struct pkt *p, uint16_t *vid)
{
	const struct bridge_vlans *v = rcu_load(&bp->vlans);
	const struct eth *eth = pkt_eth(p);
	const struct vlan *tag = NULL;

	if (be16_equal(eth->type, vlan_tpid(v)))
		tag = pkt_hdr(p, sizeof(*eth), struct vlan);
	*vid = tag ? from_be16(tag->tci) & VLAN_ID_MASK : 0;
	if (!*vid)
		*vid = atomic_load_explicit(&v->pvid, memory_order_relaxed);
	return vlan_bit(v->in, *vid);
}

/* ---- out ---- */

struct pkt *vlan_retag(struct worker *w, struct dev *out, const struct bridge_vlans *v,
		       struct pkt *p)
{
	bool fine = p->flags & PKT_F_TAGGED ? tag_pop(w, p)
					    : tag_push(w, p, vlan_tpid(v), p->vid);

	if (unlikely(!fine)) {
		pkt_drop(w, out, p, DROP_NO_HEADROOM);
		return NULL;
	}
	p->flags ^= PKT_F_TAGGED;
	return p;
}
